"""Prepares a cut-out plate for Tesseract: straightened, 96 px high, characters only."""

import cv2
import numpy as np

HEIGHT = 96
MARGIN = 24


def strips_of(plate: np.ndarray) -> list[np.ndarray]:
    """Six black-on-white passes over one plate (BGR); fewer where a pass finds no characters."""
    grey = cv2.cvtColor(plate, cv2.COLOR_BGR2GRAY) if plate.ndim == 3 else plate
    passes = []
    for cut in (0.0, 0.08):
        rows = grey.shape[0]
        inner = grey[int(rows * cut) : rows - int(rows * cut)]
        scaled = cv2.resize(
            inner, (max(1, round(inner.shape[1] * HEIGHT / inner.shape[0])), HEIGHT), interpolation=cv2.INTER_CUBIC
        )
        smooth = cv2.bilateralFilter(scaled, 9, 45, 9)
        straight = _straight(smooth)
        _, otsu = cv2.threshold(straight, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        local = cv2.adaptiveThreshold(straight, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, 45, 9)
        even = cv2.createCLAHE(3.0, (4, 2)).apply(straight)
        _, evened = cv2.threshold(even, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        passes += [_characters_only(binary) for binary in (otsu, local, evened)]
    return [one for one in passes if one is not None]


def characters(binary: np.ndarray) -> list[tuple[int, int, int, int, int]]:
    """Components of ``binary`` (white ground) that may be characters: label, x, y, width, height, left to right."""
    height, width = binary.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(255 - binary, connectivity=8)
    found = []
    for label, (x, y, w, h, area) in enumerate(stats[1:], 1):
        is_tall = 0.35 * height <= h <= 0.95 * height
        is_slim = 0.05 * h <= w <= 1.1 * h and area >= 0.12 * w * h
        touches_side = x <= 0 or x + w >= width
        if is_tall and is_slim and not touches_side:
            found.append((label, int(x), int(y), int(w), int(h)))
    return sorted(_in_line(found), key=lambda each: each[1])


def _in_line(found: list[tuple[int, int, int, int, int]]) -> list[tuple[int, int, int, int, int]]:
    """Those about as high as most of them, on one line: screws, frames and flags go."""
    if not found:
        return []
    middle_height = float(np.median([h for *_, h in found]))
    middle_y = float(np.median([y + h / 2 for _, _, y, _, h in found]))
    return [
        one
        for one in found
        if 0.72 < one[4] / middle_height < 1.35 and abs(one[2] + one[4] / 2 - middle_y) < 0.28 * middle_height
    ]


def _characters_only(binary: np.ndarray) -> np.ndarray | None:
    found = characters(binary)
    if len(found) < 4:
        return None
    _, labels = cv2.connectedComponents(255 - binary, connectivity=8)
    page = np.full_like(binary, 255)
    page[np.isin(labels, [label for label, *_ in found])] = 0
    left, right = found[0][1], max(x + w for _, x, _, w, _ in found)
    top, bottom = min(y for _, _, y, _, _ in found), max(y + h for _, _, y, _, h in found)
    return cv2.copyMakeBorder(
        page[top:bottom, left:right], MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_CONSTANT, value=255
    )


def _straight(grey: np.ndarray) -> np.ndarray:
    """Turned so that the feet of the characters stand on a level line."""
    _, binary = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    found = characters(binary)
    if len(found) < 4:
        return grey
    xs = np.array([x + w / 2 for _, x, _, w, _ in found])
    ys = np.array([y + h / 2 for _, _, y, _, h in found])
    slope = float(np.polyfit(xs, ys, 1)[0])
    if abs(slope) < 0.01 or abs(slope) > 0.3:
        return grey
    shear = np.array([[1, 0, 0], [-slope, 1, slope * xs.mean()]])
    return cv2.warpAffine(grey, shear, (grey.shape[1], HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

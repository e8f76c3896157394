"""Where a plate may be on a photo: boxes of the detector where it has weights, else what looks like letters."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from cv.detector.detector import Detector, open_detector
from cv.plates.strips import characters

WORKING_WIDTH = 800
SURE = 0.3
MOST = 4
"""So many candidates are read at most: each costs six passes."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cut-out plate (BGR) and its box in pixels of the photo: left, top, right, bottom."""

    plate: np.ndarray
    box: tuple[float, float, float, float]
    score: float


def find_plates(photo: np.ndarray, detector_weights: Path | None) -> list[Candidate]:
    """The detector's boxes; what it misses, and everything without it, is looked for by hand."""
    found = detected_candidates(photo, detector_weights) if detector_weights else []
    return found or classical_candidates(photo)


def classical_candidates(photo: np.ndarray) -> list[Candidate]:
    """Row-like places of many upright edges, and bright or dark quadrilaterals; the likeliest first."""
    scale = min(1.0, WORKING_WIDTH / max(photo.shape[:2]))
    small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else photo
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    quads = [*_quads_of_edges(grey), *_quads_of_hats(grey)]
    found = [_rectified(photo, quad / scale) for quad in quads]
    scored = sorted((one for one in found if one is not None), key=lambda one: -one.score)
    return _apart(scored)[:MOST]


def detected_candidates(photo: np.ndarray, weights: Path) -> list[Candidate]:
    """The detector's boxes, the surest first."""
    found = [cut_out(photo, one.corners, one.confidence) for one in _detector(weights).detect(photo, SURE)]
    return _apart([one for one in found if min(one.plate.shape[:2]) >= 8])[:MOST]


@cache
def _detector(weights: Path) -> Detector:
    return open_detector(weights)


def cut_out(photo: np.ndarray, box: tuple[float, float, float, float], score: float) -> Candidate:
    """A box of the detector with a small margin."""
    left, top, right, bottom = box
    dx, dy = (right - left) * 0.04, (bottom - top) * 0.12
    height, width = photo.shape[:2]
    x0, x1 = max(0, round(left - dx)), min(width, round(right + dx))
    y0, y1 = max(0, round(top - dy)), min(height, round(bottom + dy))
    return Candidate(photo[y0:y1, x0:x1], box, score)


def _quads_of_hats(grey: np.ndarray) -> list[np.ndarray]:
    """Dark characters on light ground: black hat, upright edges, closed to a block."""
    quads = []
    for width in (13, 25):
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (width, max(3, width // 3)))
        hat = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel)
        edges = np.abs(cv2.Sobel(hat, cv2.CV_32F, 1, 0, ksize=3))
        edges = cv2.GaussianBlur(cv2.normalize(edges, np.zeros_like(edges), 0, 255, cv2.NORM_MINMAX), (5, 5), 0)
        block = cv2.morphologyEx(edges.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
        _, binary = cv2.threshold(block, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        binary = cv2.morphologyEx(binary, cv2.MORPH_OPEN, np.ones((3, 5), np.uint8))
        quads += _quads(binary, grow=1.12)
    return quads


def _quads_of_edges(grey: np.ndarray) -> list[np.ndarray]:
    """Light quadrilaterals with a clear border, by local thresholds of several sizes."""
    quads = []
    for block in (25, 61, 121):
        binary = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, block, -4)
        quads += _quads(binary, grow=1.0)
    return quads


def _quads(binary: np.ndarray, grow: float) -> list[np.ndarray]:
    """Corners of what has about the shape of a plate."""
    contours, _ = cv2.findContours(binary, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    limit = binary.shape[0] * binary.shape[1]
    quads = []
    for contour in contours:
        if cv2.contourArea(contour) < 0.0008 * limit:
            continue
        centre, (w, h), angle = cv2.minAreaRect(contour)
        if w < h:
            w, h, angle = h, w, angle - 90
        angle = (angle + 90) % 180 - 90
        if h > 7 and 2.2 < w / h < 8.5 and abs(angle) < 25 and w * h < 0.25 * limit:
            quads.append(cv2.boxPoints((centre, (w * grow, h * grow), angle)))
    return quads


def _rectified(photo: np.ndarray, quad: np.ndarray) -> Candidate | None:
    by_row = quad[np.argsort(quad.sum(axis=1))]
    first, last = by_row[0], by_row[-1]
    right, low = sorted(by_row[1:3], key=lambda corner: corner[1] - corner[0])
    corners = np.array([first, right, last, low], np.float32)
    width = max(np.linalg.norm(right - first), np.linalg.norm(last - low))
    height = max(np.linalg.norm(low - first), np.linalg.norm(last - right))
    if height < 8 or width < 2 * height:
        return None
    size = (round(width * 48 / height), 48)
    goal = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    plate = cv2.warpPerspective(
        photo, cv2.getPerspectiveTransform(corners, goal), size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    low_corner, high_corner = quad.min(axis=0), quad.max(axis=0)
    box = (float(low_corner[0]), float(low_corner[1]), float(high_corner[0]), float(high_corner[1]))
    return Candidate(plate, box, _likeness(plate))


def _likeness(plate: np.ndarray) -> float:
    """How much it looks like a row of five to eight characters, 0..1."""
    grey = cv2.resize(cv2.cvtColor(plate, cv2.COLOR_BGR2GRAY), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    _, binary = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    found = characters(binary)
    if len(found) < 3:
        return 0.0
    heights = [h for *_, h in found]
    evenness = 1 - float(np.std(heights) / np.mean(heights))
    span = (found[-1][1] + found[-1][3] - found[0][1]) / grey.shape[1]
    return (1 - abs(min(len(found), 9) - 7) / 7) * evenness * min(1.0, span / 0.7)


def _apart(found: list[Candidate]) -> list[Candidate]:
    """Without those that lie on a better one."""
    kept: list[Candidate] = []
    for one in found:
        if one.score > 0.2 and all(_overlap(one.box, other.box) < 0.75 for other in kept):
            kept.append(one)
    return kept


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(0.0, width) * max(0.0, height) / smaller

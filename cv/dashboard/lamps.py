"""Lit lights on a dashboard by their colour; which symbol it is, is not told."""

from collections.abc import Sequence

import cv2
import numpy as np

from cv.dashboard.figures import Seen

HUES = {"red": ((0, 8), (171, 180)), "amber": ((12, 29),), "green": ((45, 88),), "blue": ((100, 126),)}
"""Of OpenCV: 0..180."""
WIDTH = 1280
SMALLEST, LARGEST = 14, 80
"""The side of a light, in pixels of a photo ``WIDTH`` wide."""
FILLED = 0.22
"""Of its box; a needle or a piece of a red zone fills less."""


def lit_lamps(picture: np.ndarray, seen: Sequence[Sequence[Seen]]) -> tuple[str, ...]:
    """The colour of each light, red first."""
    scale = WIDTH / picture.shape[1]
    small = cv2.resize(
        picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    )
    small = cv2.GaussianBlur(small, (0, 0), 1.0)
    hsv = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)
    glows = (hsv[..., 1] > 120) & (hsv[..., 2] > 85)
    glows &= ~_figures(glows.shape, [one for level in seen for one in level], scale)
    found: list[str] = []
    for colour, ranges in HUES.items():
        has_hue = np.zeros(glows.shape, bool)
        for low, high in ranges:
            has_hue |= (hsv[..., 0] >= low) & (hsv[..., 0] <= high)
        found += [colour] * _count((glows & has_hue).astype(np.uint8))
    return tuple(found)


def _figures(shape: tuple[int, ...], seen: Sequence[Seen], scale: float) -> np.ndarray:
    """Where figures and words stand: those glow too and are no lights."""
    mask = np.zeros(shape, np.uint8)
    for one in seen:
        if one.score < 0.6 or one.char == "point":
            continue
        w, h = one.width * scale * 0.8, one.height * scale * 0.7
        x, y = one.x * scale, one.y * scale
        cv2.rectangle(mask, (round(x - w), round(y - h)), (round(x + w), round(y + h)), 1, -1)
    return mask.astype(bool)


def _count(mask: np.ndarray) -> int:
    """A ring and the stroke inside it are one light."""
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    lights = 0
    for label, (_, _, width, height, _) in enumerate(stats[1:], 1):
        is_sized = min(width, height) >= SMALLEST and max(width, height) <= LARGEST
        own = int(mask[labels == label].sum()) if is_sized else 0
        lights += bool(is_sized and 0.45 < width / height < 2.2 and own > FILLED * width * height)
    return lights

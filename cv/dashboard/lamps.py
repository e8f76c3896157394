"""Lit lights on a dashboard by their colour; which symbol it is, is not told."""

from collections.abc import Sequence

import cv2
import numpy as np

from cv.dashboard.figures import Seen
from cv.dashboard.lines import POINTS

HUES = {"red": ((0, 8), (171, 180)), "amber": ((12, 29),), "green": ((45, 88),), "blue": ((100, 126),)}
"""Of OpenCV: 0..180."""
WIDTH = 1280
SMALLEST, LARGEST = 14, 80
"""The side of a light, in pixels of a photo ``WIDTH`` wide."""
DULLEST = 90
"""Of 0..255: what glows less is a dark light, or noise."""
BESIDE = 1.5
"""Heights of a character beside it in which more of its word may stand, in characters that are not known."""
WRITTEN = 0.6
"""How sure a character has to be."""
FILLED = 0.22
"""Of its box; a piece of a red zone fills less."""
SLIMMEST = 0.45
"""A light's shorter side to its longer one."""


def lit_lamps(picture: np.ndarray, seen: Sequence[Sequence[Seen]]) -> tuple[str, ...]:
    """The colour of each light, red first."""
    scale = WIDTH / picture.shape[1]
    small = cv2.resize(
        picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    )
    small = cv2.GaussianBlur(small, (0, 0), 1.0)
    hsv = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)
    glows = (hsv[..., 1] > 120) & (hsv[..., 2] > DULLEST)
    written = _figures(glows.shape, [one for level in seen for one in level], scale)
    found: list[str] = []
    for colour, ranges in HUES.items():
        has_hue = np.zeros(glows.shape, bool)
        for low, high in ranges:
            has_hue |= (hsv[..., 0] >= low) & (hsv[..., 0] <= high)
        found += [colour] * _count((glows & has_hue).astype(np.uint8), written)
    return tuple(found)


def _figures(shape: tuple[int, ...], seen: Sequence[Seen], scale: float) -> np.ndarray:
    """Where figures and words stand: those glow too and are no lights."""
    mask = np.zeros(shape, np.uint8)
    sure = [one for one in seen if one.score >= WRITTEN and one.char not in POINTS]
    for one in sure:
        if not any(_are_neighbours(one, other) for other in sure):
            continue  # a light that looks like a character
        w, h = (one.width / 2 + BESIDE * one.height) * scale, one.height * scale * 0.7
        x, y = one.x * scale, one.y * scale
        cv2.rectangle(mask, (round(x - w), round(y - h)), (round(x + w), round(y + h)), 1, -1)
    return mask.astype(bool)


def _are_neighbours(one: Seen, other: Seen) -> bool:
    apart = abs(one.x - other.x)
    return 0.4 * one.height < apart < 3 * one.height and abs(one.y - other.y) < 0.8 * one.height


def _count(mask: np.ndarray, written: np.ndarray) -> int:
    """A ring and the stroke inside it are one light; what belongs to a word is none."""
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    lights = 0
    for label, (x, y, width, height, _) in enumerate(stats[1:], 1):
        is_sized = min(width, height) >= SMALLEST and max(width, height) <= LARGEST
        if not is_sized:
            continue
        box = np.s_[y : y + height, x : x + width]
        own = (labels[box] == label) & (mask[box] > 0)
        is_full = own.sum() > FILLED * width * height
        lights += bool(is_full and not _is_slim(own) and (own & written[box]).sum() < 0.3 * own.sum())
    return lights


def _is_slim(own: np.ndarray) -> bool:
    """A needle is, however it is turned."""
    sides = cv2.minAreaRect(np.argwhere(own).astype(np.float32))[1]
    return min(sides) < SLIMMEST * max(sides)

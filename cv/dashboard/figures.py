"""Finds figures and a few letters in a picture: a small net of our own says where each stands and how large it is."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cv.detector.session import open_session

if TYPE_CHECKING:
    import onnxruntime

CLASSES = (*"0123456789", "t", ".", ":", *"kmTRPDEF")
"""``t`` is the wheel of tenths, whose figure nobody needs."""
WEIGHTS = Path(__file__).parent.parent / "models" / "digits" / "figures.onnx"
LEVELS = (500, 1000, 1700)
"""The long sides at which a photo is looked at."""
LIKELY = 0.3
STRIDE = 4
"""Pixels of the picture to one cell of the answer."""
COARSEST = 16
"""The sides of what the net takes are multiples of it."""
USUAL = 16.0
"""Pixels; the net tells a size as the logarithm of how many times that it is."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One character: what, how sure (0..1), and where (centre and size in pixels)."""

    char: str
    score: float
    x: float
    y: float
    width: float
    height: float

    def times(self, by: float) -> "Seen":
        return replace(self, x=self.x * by, y=self.y * by, width=self.width * by, height=self.height * by)


def find_all(picture: np.ndarray) -> list[list[Seen]]:
    """Characters of a whole photo, at several scales; places are those in the photo."""
    levels = []
    for long_side in LEVELS:
        scale = long_side / max(picture.shape[:2])
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        scaled = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=way)
        levels.append([one.times(1 / scale) for one in find(scaled)])
    return levels


def find(picture: np.ndarray) -> list[Seen]:
    """Characters of about 10 to 50 pixels in height, and the points and colons between them."""
    plane = even(picture)
    height, width = plane.shape
    padded = np.pad(plane, ((0, -height % COARSEST), (0, -width % COARSEST)))
    peaks, places = (np.asarray(told)[0] for told in _session().run(None, {"plane": padded[None, None]}))
    kinds, rows, columns = np.nonzero(peaks >= LIKELY)
    seen = []
    for kind, row, column in zip(kinds.tolist(), rows.tolist(), columns.tolist(), strict=True):
        right, down, wide, high = places[:, row, column].tolist()
        x, y = (column + right) * STRIDE, (row + down) * STRIDE
        size = (USUAL * float(np.exp(wide)), USUAL * float(np.exp(high)))
        seen.append(Seen(CLASSES[kind], float(peaks[kind, row, column]), x, y, *size))
    return _without_doubles(seen)


def even(picture: np.ndarray) -> np.ndarray:
    """The brightest colour of each pixel with its local contrast evened out, about -1..1."""
    blue, green, red = cv2.split(picture)
    plane = cv2.max(cv2.max(blue, green), red).astype(np.float32)
    mean = cv2.blur(plane, (61, 61), borderType=cv2.BORDER_REFLECT_101)
    spread = cv2.blur((plane - mean) ** 2, (61, 61), borderType=cv2.BORDER_REFLECT_101)
    return np.clip((plane - mean) / (2.5 * np.sqrt(spread + 200)), -1, 1)


@cache
def _session() -> "onnxruntime.InferenceSession":
    return open_session(WEIGHTS, threads=1)


def _without_doubles(seen: list[Seen]) -> list[Seen]:
    """Of two characters on one place the surer stays."""
    kept: list[Seen] = []
    for one in sorted(seen, key=lambda each: -each.score):
        if all(not _is_on(one, other) for other in kept):
            kept.append(one)
    return kept


def _is_on(one: Seen, other: Seen) -> bool:
    width = min(one.x + one.width / 2, other.x + other.width / 2) - max(
        one.x - one.width / 2, other.x - other.width / 2
    )
    height = min(one.y + one.height / 2, other.y + other.height / 2) - max(
        one.y - one.height / 2, other.y - other.height / 2
    )
    smaller = min(one.width * one.height, other.width * other.height)
    return width > 0 and height > 0 and width * height > 0.45 * smaller

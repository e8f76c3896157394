"""Cutting a large photo into tiles that overlap, so that a small scratch is not lost when it is scaled down."""

import math
from typing import Protocol


class Tiling(Protocol):
    """``cv.weights.TilePolicy`` is one."""

    @property
    def size(self) -> int: ...
    @property
    def overlap(self) -> float: ...
    @property
    def above(self) -> int: ...


def tile_corners(width: int, height: int, tiling: Tiling | None) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of each tile, spread evenly; none where the photo is looked at only as a whole."""
    if tiling is None or max(width, height) <= tiling.above:
        return []
    wide, high = min(tiling.size, width), min(tiling.size, height)
    return [
        (left, top, left + wide, top + high)
        for top in _starts(height, high, tiling.overlap)
        for left in _starts(width, wide, tiling.overlap)
    ]


def _starts(length: int, size: int, overlap: float) -> list[int]:
    if length <= size:
        return [0]
    steps = math.ceil((length - size) / (size * (1 - overlap)))
    return [round(step * (length - size) / steps) for step in range(steps + 1)]

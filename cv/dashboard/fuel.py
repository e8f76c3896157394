"""Fuel between E and F: a bar of blocks, or the needle of a small dial; any other gauge is not read."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from cv.dashboard.figures import Seen

LETTER = 0.4
"""How sure both letters have to be; then a gauge between them has to be seen as well."""
LEVEL_HEIGHT = 20
"""Letters are scaled to this height before the bar or the needle is looked at."""
CLEAR = 2.2
"""A needle stands out by so many times the spread of what is around it."""


@dataclass(frozen=True, slots=True)
class Fuel:
    """``percent`` 0..100."""

    percent: float
    confidence: float


def read_fuel(picture: np.ndarray, seen: Sequence[Sequence[Seen]]) -> Fuel | None:
    pair = _letters([one for level in seen for one in level])
    if pair is None:
        return None
    level, span = _level(picture, *pair)
    letters = max(pair[0].score, pair[1].score)
    strip = _strip(level, span)
    if strip.is_bar():
        bar = _lit(strip)
        return None if bar is None else Fuel(bar, letters)
    needle = _needle(level, span)
    return None if needle is None else Fuel(needle[0], min(letters, needle[1]))


def _letters(seen: list[Seen]) -> tuple[Seen, Seen] | None:
    """E on the left, F on the right, alike in size, about level."""
    pairs = [
        (empty, full)
        for empty in seen
        for full in seen
        if empty.char == "E"
        and full.char == "F"
        and min(empty.score, full.score) >= LETTER
        and 0.65 < empty.height / full.height < 1.5
        and 4 * full.height < full.x - empty.x < 30 * full.height
        and abs(full.y - empty.y) < 0.25 * (full.x - empty.x)
    ]
    return max(pairs, key=lambda pair: pair[0].score * pair[1].score, default=None)


def _level(picture: np.ndarray, empty: Seen, full: Seen) -> tuple[np.ndarray, float]:
    """A grey picture with E in the middle of its left part and F at the same height, ``span`` pixels to the right."""
    scale = LEVEL_HEIGHT * 2 / (empty.height + full.height)
    turn = math.atan2(full.y - empty.y, full.x - empty.x)
    span = math.dist((empty.x, empty.y), (full.x, full.y)) * scale
    a, b = scale * math.cos(turn), scale * math.sin(turn)
    size = (round(span * 1.2), round(span * 1.6))
    matrix = np.array([[a, b, span * 0.1 - a * empty.x - b * empty.y], [-b, a, span * 0.8 + b * empty.x - a * empty.y]])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    level = cv2.warpAffine(picture, matrix, size, flags=way, borderMode=cv2.BORDER_REPLICATE)
    return level.max(axis=2).astype(np.float32), span


@dataclass(frozen=True, slots=True, eq=False)
class _Strip:
    """The way from E to F: how bright each place is, the same with gaps between blocks filled, and what is around."""

    profile: np.ndarray
    envelope: np.ndarray
    ground: float
    spread: float

    @property
    def is_block(self) -> np.ndarray:
        return self.envelope > self.ground + max(4.0, 1.5 * self.spread)

    def is_bar(self) -> bool:
        return self.is_block.mean() >= 0.5 and self._gaps() >= 4

    def _gaps(self) -> int:
        """How many dark gaps part the blocks."""
        is_gap = (self.envelope - self.profile) > 0.35 * np.maximum(self.envelope - self.ground, 1)
        return int(np.count_nonzero(np.diff(is_gap.astype(np.int8)) == 1))


def _strip(level: np.ndarray, span: float) -> _Strip:
    row, left = round(span * 0.8), span * 0.1
    first, last = round(left + LEVEL_HEIGHT * 0.8), round(left + span - LEVEL_HEIGHT * 0.8)
    profile = np.median(level[row - 5 : row + 6, first:last], axis=0)
    near, far = round(1.3 * LEVEL_HEIGHT), 2 * LEVEL_HEIGHT
    beside = (level[row - far : row - near, first:last], level[row + near : row + far, first:last])
    darker = min(beside, key=lambda strip: float(np.median(strip)))  # a bright display may stand on one side
    ground = float(np.median(darker))
    spread = 1.48 * float(np.median(np.abs(darker - ground))) + 2
    window = np.ones((1, LEVEL_HEIGHT | 1), np.uint8)
    envelope = cv2.erode(cv2.dilate(profile[None], window), window)[0]
    return _Strip(profile, envelope, ground, spread)


def _lit(strip: _Strip) -> float | None:
    """Blocks from E towards F, bright up to one place and dim behind it: the share of the bright ones in percent."""
    envelope, ground, is_block = strip.envelope, strip.ground, strip.is_block
    if is_block.mean() < 0.8:
        return None
    bright = float(np.percentile(envelope, 98))
    places = np.nonzero(is_block)[0]
    begin, end = places[0], places[-1] + 1
    inside = envelope[begin:end]
    if bright < ground + 60:
        return 0.0 if inside.max() < 1.6 * inside.min() else None
    is_lit = inside > (bright + ground) / 2
    lit = int(is_lit.sum())
    if lit and is_lit[:lit].mean() <= 0.97:
        return None
    if 0 < lit < len(inside):  # light that fades over the bar is a reflection, not its end
        drop = np.median(inside[:lit][-LEVEL_HEIGHT:]) - np.median(inside[lit:][:LEVEL_HEIGHT])
        if drop < 0.5 * (bright - ground):
            return None
    return round(100 * lit / len(inside), 1)


def _needle(level: np.ndarray, span: float) -> tuple[float, float] | None:
    """The ray that stands out most, over all hubs on the line that halves E and F: percent and confidence."""
    smooth = cv2.GaussianBlur(level, (0, 0), 1.2)
    empty, full = np.array([span * 0.1, span * 0.8]), np.array([span * 1.1, span * 0.8])
    best: list[tuple[float, float]] = []
    for below in np.linspace(-0.05, 0.5, 23):
        hub = np.array([span * 0.6, span * (0.8 + below)])
        start = math.atan2(*(empty - hub)[::-1])
        end = math.atan2(*(full - hub)[::-1])
        sweep = (end - start) % (2 * math.pi)
        shares = np.linspace(-0.06, 1.06, 113)
        reach = float(np.linalg.norm(full - hub)) / 1.2
        rays = _rays(smooth, hub, start + shares * sweep, reach)
        beside = (np.roll(rays, 5) + np.roll(rays, -5)) / 2
        lift = (rays - beside)[5:-5]
        spread = float(np.median(np.abs(lift))) * 1.48 + 1.0
        top = int(lift.argmax())
        best.append((float(lift[top]) / spread, float(np.clip(shares[top + 5], 0, 1)) * 100))
    best.sort(reverse=True)
    strength, percent = best[0]
    others = [share for score, share in best[:6] if score > 0.85 * strength]
    if strength < CLEAR * 2 or max(abs(share - percent) for share in others) > 6:
        return None
    return round(percent, 1), float(min(1.0, strength / 12))


def _rays(level: np.ndarray, hub: np.ndarray, angles: np.ndarray, reach: float) -> np.ndarray:
    """The darkest tenths left out, how bright each ray is between hub and scale."""
    steps = np.linspace(0.3, 0.82, 30) * reach
    xs = hub[0] + np.cos(angles)[:, None] * steps
    ys = hub[1] + np.sin(angles)[:, None] * steps
    values = cv2.remap(
        level, xs.astype(np.float32), ys.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.percentile(values, 25, axis=1)

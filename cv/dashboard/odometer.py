"""Which line is the odometer, and what it says: read again from near, several times; in doubt it is not read."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from cv.dashboard import DashboardHint
from cv.dashboard.figures import Seen, find
from cv.dashboard.lines import KM, ODO, TRIP, Line, lines_of

SURE = 0.5
"""The confidence below which a number is not told (chosen on drawings in the styles of training, of other seeds)."""
HEIGHTS = (22, 28, 35, 44)
"""The line is read at these heights of its figures, in pixels."""
FEWEST, MOST = 4, 6


@dataclass(frozen=True, slots=True)
class Odometer:
    km: int | None
    confidence: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    km: int
    figures: int
    confidence: float
    letters: frozenset[str]


def read_odometer(picture: np.ndarray, seen: Sequence[Sequence[Seen]], hint: DashboardHint | None) -> Odometer:
    places = _places([line for level in seen for line in lines_of(level)])
    candidates = [one for place in places if (one := _read_near(picture, place)) is not None]
    return _choose(candidates, hint)


def _places(lines: list[Line]) -> list[Line]:
    """Lines long enough to be looked at from near, one for each place, the surest first."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda each: (-len(each.figures), -each.score)):
        if len(line.figures) >= FEWEST - 1 and all(_are_apart(line, other) for other in kept):
            kept.append(line)
    return kept[:6]


def _are_apart(line: Line, other: Line) -> bool:
    (x, y), (u, v) = line.centre, other.centre
    return abs(y - v) > 0.6 * other.height or abs(x - u) > (line.length + other.length) / 2 + other.height


def _read_near(picture: np.ndarray, line: Line) -> _Candidate | None:
    cut = _cut(picture, line, HEIGHTS[-1])
    looks = [(height, _scaled(cut, height / HEIGHTS[-1])) for height in HEIGHTS]
    reads = [near for height, look in looks if (near := _longest(find(look), height)) is not None]
    if not reads:
        return None
    ((text, _),) = Counter(_told(near) for near in reads).most_common(1)
    letters = Counter(letter for near in (*reads, line) for letter in near.letters)
    often = frozenset(letter for letter, times in letters.items() if times >= 2)
    whole = text.removesuffix("t")
    if set(whole) == {"1"} or not whole.isdigit() or not FEWEST <= len(whole) <= MOST or len(often & TRIP) >= 2:
        return None
    return _Candidate(int(whole), len(whole), _confidence(text, reads), often)


def _confidence(text: str, reads: Sequence[Line]) -> float:
    """The share of the reads that agree, times how sure these are.

    The root: likelihoods trained with the focal loss are too low; on drawings even those of 0.3 are right.
    """
    scores = [near.score for near in reads if _told(near) == text]
    confidence = len(scores) / len(HEIGHTS) * math.sqrt(sum(scores) / len(scores))
    if any(text in longer.text and len(longer.text) > len(text) for longer in reads):
        confidence /= 2  # a figure at an end may have been missed
    return confidence


def _told(line: Line) -> str:
    """The text, marked as no number where its figures stand unevenly."""
    return line.text if line.is_even() else line.text + "?"


def _cut(picture: np.ndarray, line: Line, height: float) -> np.ndarray:
    """The line and what is beside it, level, its figures ``height`` pixels high."""
    scale = height / line.height
    (x, y), turn = line.centre, line.angle
    size = (round((line.length + 9 * line.height) * scale), round(3 * line.height * scale))
    a, b = scale * math.cos(turn), scale * math.sin(turn)
    matrix = np.array([[a, b, size[0] / 2 - a * x - b * y], [-b, a, size[1] / 2 + b * x - a * y]])
    return cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _scaled(cut: np.ndarray, by: float) -> np.ndarray:
    return cut if by == 1 else cv2.resize(cut, None, fx=by, fy=by, interpolation=cv2.INTER_AREA)


def _longest(seen: list[Seen], height: float) -> Line | None:
    """The longest line in the middle of a cut-out."""
    lines = [line for line in lines_of(seen) if abs(line.centre[1] - 1.5 * height) < 0.7 * height]
    return max(lines, key=lambda line: len(line.figures), default=None)


def _choose(candidates: list[_Candidate], hint: DashboardHint | None) -> Odometer:
    """One number stays, or none: 4 figures alone may be a trip or a clock, two numbers cannot both be right."""
    likely = [one for one in candidates if one.figures > FEWEST or one.letters & ODO or one.letters >= KM]
    labelled = [one for one in likely if one.letters & ODO]
    likely = labelled or likely
    if hint is not None and len(likely) > 1:
        likely = [one for one in likely if hint.is_plausible(one.km)]
    if not likely:
        return Odometer(None, 0.0, "no odometer found" if not candidates else "a number, but not surely the odometer")
    if len(likely) > 1:
        return Odometer(None, 0.0, "several numbers may be the odometer")
    (only,) = likely
    if only.confidence < SURE:
        return Odometer(None, only.confidence, "the figures cannot be read surely")
    return Odometer(only.km, only.confidence)

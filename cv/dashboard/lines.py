"""Single characters become lines: figures with their points and colons, and the words beside them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cv.dashboard.figures import Seen

KM, TRIP, ODO = frozenset("km"), frozenset("TRP"), frozenset("D")
LETTERS = KM | TRIP | ODO
FIGURES = frozenset("0123456789t")
POINTS = frozenset(".:")


@dataclass(frozen=True, slots=True)
class Line:
    """Figures from left to right; ``points`` are those after each figure; ``letters`` stand before or behind them."""

    figures: tuple[Seen, ...]
    points: tuple[str, ...] = ()
    letters: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """Figures, ``.`` and ``:``; ``t`` for the wheel of tenths."""
        return "".join(figure.char + point for figure, point in zip(self.figures, self.points, strict=True))

    @property
    def score(self) -> float:
        return min(one.score for one in self.figures)

    @property
    def height(self) -> float:
        return sorted(one.height for one in self.figures)[len(self.figures) // 2]

    @property
    def centre(self) -> tuple[float, float]:
        return (self.figures[0].x + self.figures[-1].x) / 2, (self.figures[0].y + self.figures[-1].y) / 2

    @property
    def angle(self) -> float:
        """Radians; a line of one character is level."""
        return math.atan2(self.figures[-1].y - self.figures[0].y, max(1e-6, self.figures[-1].x - self.figures[0].x))

    @property
    def length(self) -> float:
        return math.dist((self.figures[0].x, self.figures[0].y), (self.figures[-1].x, self.figures[-1].y))

    def gaps(self) -> list[float]:
        """From right edge to right edge: a one stands at the right of its cell."""
        edges = [one.x + one.width / 2 for one in self.figures]
        return [after - before for before, after in pairwise(edges)]

    def is_even(self) -> bool:
        """No figure is missing between two, and none stands apart as behind a point that was not seen."""
        gaps = sorted(self.gaps())
        return not gaps or gaps[-1] < 1.3 * gaps[len(gaps) // 2]


def lines_of(seen: Sequence[Seen]) -> list[Line]:
    figures = sorted((one for one in seen if one.char in FIGURES), key=lambda one: one.x)
    letters = [one for one in seen if one.char in LETTERS]
    points = [one for one in seen if one.char in POINTS]
    chains: list[list[Seen]] = []
    for one in figures:
        ends = [chain for chain in chains if _follows(chain[-1], one)]
        if ends:
            min(ends, key=lambda chain: one.x - chain[-1].x).append(one)
        else:
            chains.append([one])
    return [_line(chain, points, letters) for chain in chains]


def _line(chain: list[Seen], points: list[Seen], letters: list[Seen]) -> Line:
    beside = {one.char for one in letters if _is_beside(one, chain)}
    return Line(
        tuple(chain), tuple(_point_after(chain, index, points) for index in range(len(chain))), frozenset(beside)
    )


def _follows(before: Seen, after: Seen) -> bool:
    height = (before.height + after.height) / 2
    step = after.x - before.x
    same_size = 0.8 < before.height / after.height < 1.25
    return same_size and 0.25 * height < step < 1.6 * height and abs(after.y - before.y) < 0.12 * height + 0.15 * step


def _point_after(chain: list[Seen], index: int, points: list[Seen]) -> str:
    """``.`` or ``:`` between this figure and the next one, "" for none."""
    if index + 1 >= len(chain):
        return ""
    before, after = chain[index], chain[index + 1]
    height, level = (before.height + after.height) / 2, (before.y + after.y) / 2
    between = [one for one in points if before.x < one.x < after.x and abs(one.y - level) < 0.75 * height]
    return max(between, key=lambda one: one.score).char if between else ""


def _is_beside(letter: Seen, chain: Sequence[Seen]) -> bool:
    """``km`` behind, ``ODO`` and ``TRIP A`` before the figures, at most so far."""
    is_behind = letter.char in KM
    end = chain[-1] if is_behind else chain[0]
    step = letter.x - end.x if is_behind else end.x - letter.x
    reach = 2.2 if is_behind else 5.0
    lower = 0.25 * end.height
    return 0 < step < reach * end.height and abs(letter.y - end.y - lower) < 0.45 * end.height

"""What several reads of one photo say about the plate that is expected: only what is beyond doubt stops a person."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cv.found import Box
from cv.plates.patterns import bare, distance, is_plate, shaped

ACCEPTED = 1.0
"""Weighted distance up to which reads are taken for a plate (measured, see cv/plates/measure.py)."""
MARGIN = 0.5
"""By so much every other plate has to be worse."""
BEYOND_DOUBT = 0.4
"""To say that it is another car takes nearly exact reads ..."""
FAR = 1.5
"""... that are so much farther from the plate that is expected."""
FOREIGN_FAR = 3.0
FOREIGN_PASSES = 4
"""A plate outside the fleet counts as read when so many passes read the same whole plate."""
NEIGHBOUR = 1.5
"""A plate so much wider than the one that agrees belongs to the car in front: the wrong one is being photographed."""


class PlateVerdict(StrEnum):
    AGREES = "agrees"
    DISAGREES = "disagrees"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class PlateCheck:
    """``read``: what was read most often, "" for nothing; ``other``: the plate of the fleet it is, if another.

    ``distance``: from the reads to the plate expected (0 exact, 1 a character wrong), None without reads.
    ``why``: set when nothing could be tried (Tesseract is missing).
    """

    verdict: PlateVerdict
    read: str = ""
    other: str | None = None
    distance: float | None = None
    box: Box | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reads:
    """What the passes over one candidate gave, and where on the photo it is."""

    texts: tuple[str, ...]
    box: Box

    def distance_to(self, plate: str) -> float:
        """The mean of the best two passes: one lucky pass proves nothing."""
        best = sorted(min(distance(read, plate) for read in {text, shaped(text)}) for text in self.texts)[:2]
        return sum(best) / 2 if len(best) == 2 else 9.0

    def most_read(self) -> tuple[str, int]:
        counted = Counter(shaped(text) for text in self.texts)
        return counted.most_common(1)[0] if counted else ("", 0)


def decide(candidates: Iterable[Reads], expected: str, fleet: Sequence[str]) -> PlateCheck:
    """Over all places where a plate may be; the widest is that of the car being photographed."""
    checks = [_judge(reads, bare(expected), fleet) for reads in candidates if reads.texts]
    if not checks:
        return PlateCheck(PlateVerdict.UNREADABLE)
    checks.sort(key=_width, reverse=True)
    agreeing = [check for check in checks if check.verdict is PlateVerdict.AGREES]
    against = [check for check in checks if check.verdict is PlateVerdict.DISAGREES]
    if agreeing:
        is_behind = bool(against) and _width(against[0]) > NEIGHBOUR * _width(agreeing[0])
        return _unsure(against[0]) if is_behind else agreeing[0]
    if against and against[0] is checks[0]:
        return against[0]
    return _unsure(min(checks, key=lambda check: check.distance or 0.0))


def nearest(reads: Reads, plates: Iterable[str]) -> list[tuple[float, str]]:
    """Plates by their distance to the reads, the nearest first, each once."""
    return sorted((reads.distance_to(bare(plate)), plate) for plate in set(plates))


def identify(reads: Reads, fleet: Sequence[str]) -> str | None:
    """Which plate of the fleet it is, None if in doubt."""
    ranked = nearest(reads, fleet)
    if not ranked or ranked[0][0] > ACCEPTED:
        return None
    return ranked[0][1] if len(ranked) == 1 or ranked[1][0] - ranked[0][0] >= MARGIN else None


def _judge(reads: Reads, expected: str, fleet: Sequence[str]) -> PlateCheck:
    to_expected = reads.distance_to(expected)
    others = nearest(reads, [plate for plate in fleet if bare(plate) != expected])
    to_other, other = others[0] if others else (9.0, None)
    to_third = others[1][0] if len(others) > 1 else 9.0
    read, passes = reads.most_read()
    if to_expected <= ACCEPTED and to_other - to_expected >= MARGIN:
        return PlateCheck(PlateVerdict.AGREES, read, None, to_expected, reads.box)
    is_other = to_other <= BEYOND_DOUBT and to_third - to_other >= MARGIN and to_expected - to_other >= FAR
    if is_other:
        return PlateCheck(PlateVerdict.DISAGREES, read, other, to_expected, reads.box)
    is_foreign = is_plate(read) and len(read) >= 6 and passes >= FOREIGN_PASSES and to_expected >= FOREIGN_FAR
    if is_foreign and to_other > ACCEPTED:
        return PlateCheck(PlateVerdict.DISAGREES, read, None, to_expected, reads.box)
    return PlateCheck(PlateVerdict.UNREADABLE, read, None, to_expected, reads.box)


def _unsure(check: PlateCheck) -> PlateCheck:
    return PlateCheck(PlateVerdict.UNREADABLE, check.read, None, check.distance, check.box)


def _width(check: PlateCheck) -> float:
    return check.box.width if check.box else 0.0

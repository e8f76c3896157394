"""What is drawn on a photo for people to read: values that need no library of pictures."""

from dataclasses import dataclass
from enum import StrEnum

from cv.found import Box, Point


class MarkState(StrEnum):
    PROPOSED = "proposed"
    """Waits for a person."""
    NEW = "new"
    KNOWN = "known"
    NEGATIVE = "negative"
    """A reflection, shadow, dirt, or not damage by a person's word."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding as drawn: ``number`` is the one people say aloud. Without a polygon the box is drawn."""

    number: int
    box: Box
    polygon: tuple[Point, ...] = ()
    state: MarkState = MarkState.PROPOSED

"""Pictures with numbered marks on what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from agents.damage.pictures import Pictures
from cv.found import Box, Point
from cv.marks import Mark, MarkState


@dataclass(frozen=True, slots=True)
class Marked:
    """A place and the number that people call it by."""

    number: int
    box: Box
    polygon: tuple[Point, ...] = ()
    is_known: bool = False


async def draw(key: str, places: Sequence[Marked], pictures: Pictures) -> str | None:
    """The key of the photo with its marks; None where it cannot be drawn: the photo is shown as it is."""
    marks = [
        Mark(one.number, one.box, one.polygon, MarkState.KNOWN if one.is_known else MarkState.PROPOSED)
        for one in places
    ]
    return await pictures.drawn("overlay", partial(pictures.eyes.draw_overlay, marks=marks), key)

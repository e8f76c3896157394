"""Pictures with numbered marks on what was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.damage.pictures import Pictures
from cv.found import Box, Point


@dataclass(frozen=True, slots=True)
class Marked:
    """A place and the number that people call it by."""

    number: int
    box: Box
    polygon: tuple[Point, ...] = ()


async def draw(content: bytes, places: Sequence[Marked], pictures: Pictures) -> str:
    """The key of the photo with its marks."""
    from cv.overlay import Mark

    marks = [Mark(box=one.box, polygon=one.polygon, number=one.number) for one in places]
    return await pictures.keep(await pictures.eyes.draw_overlay(content, marks), "overlay")

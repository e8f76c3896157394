"""Dials, fuel gauges and warning lights of a drawn dashboard."""

import math
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw

from cv.drawn.dashboard_faces import Colour, Face, Glyph, Ink, write_font

LAMP_COLOURS: dict[str, Colour] = {
    "red": (235, 40, 30),
    "amber": (250, 165, 20),
    "green": (40, 215, 80),
    "blue": (50, 120, 250),
}
UNLIT: Colour = (26, 26, 28)


@dataclass(frozen=True, slots=True)
class Dial:
    """A round scale; angles in degrees, clockwise, 0 is to the right."""

    centre: tuple[float, float]
    radius: float
    start: float
    sweep: float

    def at(self, share: float, reach: float = 1.0) -> tuple[float, float]:
        angle = math.radians(self.start + share * self.sweep)
        return (
            self.centre[0] + math.cos(angle) * self.radius * reach,
            self.centre[1] + math.sin(angle) * self.radius * reach,
        )


def draw_dial(image: Image.Image, dial: Dial, face: Face, labels: list[str], *, share: float, ink: Ink) -> list[Glyph]:
    """A tachometer or a speedometer with figures round its rim: none of them is an odometer."""
    draw = ImageDraw.Draw(image)
    box = (dial.centre[0] - dial.radius, dial.centre[1] - dial.radius,
           dial.centre[0] + dial.radius, dial.centre[1] + dial.radius)  # fmt: skip
    draw.ellipse(box, outline=ink.mixed(0.35), width=3)
    ticks = (len(labels) - 1) * 4
    for tick in range(ticks + 1):
        draw.line((*dial.at(tick / ticks, 0.97), *dial.at(tick / ticks, 0.9)), fill=ink.mixed(0.8), width=3)
    height = dial.radius * 0.11
    glyphs: list[Glyph] = []
    for index, label in enumerate(labels):
        x, y = dial.at(index / (len(labels) - 1), 0.76)
        glyphs += write_font(image, face, label, (x - height * 0.32 * len(label), y - height / 2, height), ink)
    unit = "km/h" if len(labels[-1]) > 1 else "x1000 r/min"
    place = (dial.centre[0] - height * 1.6, dial.centre[1] - dial.radius * 0.4, height * 0.7)
    glyphs += write_font(image, face, unit, place, ink)
    _draw_needle(draw, dial, share, (230, 60, 40), 0.85)
    return glyphs


def _draw_needle(draw: ImageDraw.ImageDraw, dial: Dial, share: float, colour: Colour, reach: float) -> None:
    draw.line((*dial.at(share, 0.0), *dial.at(share, reach)), fill=colour, width=max(3, round(dial.radius * 0.035)))
    hub = dial.radius * 0.09
    draw.ellipse((dial.centre[0] - hub, dial.centre[1] - hub, dial.centre[0] + hub, dial.centre[1] + hub),
                 fill=(45, 45, 48))  # fmt: skip


def draw_fuel_bar(
    image: Image.Image, face: Face, box: tuple[float, float, float, float], *, lit: int, of: int, ink: Ink
) -> list[Glyph]:
    """A row of blocks between E and F, ``lit`` of them bright; the others still show their place."""
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = box
    pitch = (right - left) / of
    for index in range(of):
        x = left + index * pitch
        block = (x + pitch * 0.1, top, x + pitch * 0.9, bottom)
        draw.rectangle(block, fill=ink.lit if index < lit else ink.mixed(0.18))
    height = max(15.0, (bottom - top) * 0.8)
    y = (top + bottom - height) / 2
    empty = write_font(image, face, "E", (left - height * 1.3, y, height), ink)
    full = write_font(image, face, "F", (right + height * 0.6, y, height), ink)
    return empty + full


def draw_fuel_dial(
    image: Image.Image, face: Face, dial: Dial, *, share: float, ink: Ink, needle: Colour
) -> list[Glyph]:
    """A small dial with its needle between E and F."""
    draw = ImageDraw.Draw(image)
    for tick in range(5):
        draw.line((*dial.at(tick / 4, 1.0), *dial.at(tick / 4, 0.86)), fill=ink.lit, width=4)
    height = max(15.0, dial.radius * 0.2)
    glyphs: list[Glyph] = []
    for letter, at in (("E", 0.0), ("F", 1.0)):
        x, y = dial.at(at, 1.2)
        glyphs += write_font(image, face, letter, (x - height * 0.35, y - height / 2, height), ink)
    _draw_needle(draw, dial, share, needle, 0.92)
    return glyphs


def draw_lamps(
    image: Image.Image, lamps: tuple[str, ...], at: tuple[float, float], side: float, rng: random.Random
) -> None:
    """A row of lights: those in ``lamps`` are lit in their colour; unlit ones are nearly black."""
    draw = ImageDraw.Draw(image)
    row: list[str | None] = [*lamps, *[None] * rng.randint(0, 5)]
    rng.shuffle(row)
    for index, lamp in enumerate(row):
        x = at[0] + index * side * 1.6
        colour = UNLIT if lamp is None else LAMP_COLOURS[lamp]
        _draw_symbol(draw, (x, at[1], x + side, at[1] + side), colour, rng)


def _draw_symbol(
    draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], colour: Colour, rng: random.Random
) -> None:
    left, top, right, bottom = box
    side = right - left
    width = max(3, round(side * 0.12))
    form = rng.choice(("ring", "triangle", "block", "arrow"))
    if form == "ring":
        draw.ellipse(box, outline=colour, width=width)
        draw.line((left + side / 2, top + side * 0.25, left + side / 2, top + side * 0.75), fill=colour, width=width)
    elif form == "triangle":
        draw.polygon(((left, bottom), (left + side / 2, top), (right, bottom)), outline=colour, width=width)
        draw.line((left + side / 2, top + side * 0.4, left + side / 2, top + side * 0.85), fill=colour, width=width)
    elif form == "block":
        draw.rectangle((left, top + side * 0.2, right, bottom - side * 0.1), fill=colour)
        draw.rectangle((left + side * 0.2, top, left + side * 0.4, top + side * 0.2), fill=colour)
    else:
        draw.polygon(((left, top + side / 2), (left + side * 0.55, top + side * 0.1),
                      (left + side * 0.55, bottom - side * 0.1)), fill=colour)  # fmt: skip
        draw.rectangle((left + side * 0.5, top + side * 0.35, right, bottom - side * 0.35), fill=colour)

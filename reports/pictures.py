"""Photos made small for a page, with the places of findings drawn on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

PAIR_WIDTH = 1000
"""Pixels: sharp on paper in half of an A4 page, and some 100 KB."""
CLOSE_WIDTH = 1200
_QUALITY = 82


class Tone(StrEnum):
    """What a mark says by its colour; the words beside the picture say it too."""

    NEW = "new"
    KNOWN = "known"
    OPEN = "open"


_COLOURS = {Tone.NEW: (192, 28, 40), Tone.KNOWN: (96, 94, 92), Tone.OPEN: (176, 104, 0)}
_WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered place: left, top, right, bottom, each 0 to 1 of the photo."""

    number: int
    box: tuple[float, float, float, float]
    tone: Tone


def small(photo: bytes, *, width: int = PAIR_WIDTH, marks: Sequence[Mark] = ()) -> bytes:
    """A JPEG at most this wide, without metadata; ``photo`` is a working copy, which was opened safely before."""
    with Image.open(BytesIO(photo)) as opened:
        picture = opened.convert("RGB")
    if picture.width > width:
        picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    _draw(picture, marks)
    made = BytesIO()
    picture.save(made, "JPEG", quality=_QUALITY, optimize=True)
    return made.getvalue()


def _draw(picture: Image.Image, marks: Sequence[Mark]) -> None:
    """A frame with a white edge shows on any paint; the number stands at its corner, inside the picture."""
    pen = ImageDraw.Draw(picture)
    thick = max(2, picture.width // 320)
    size = max(16, picture.width // 36)
    font = ImageFont.load_default(size)
    for mark in marks:
        left, top, right, bottom = (
            round(part * length) for part, length in zip(mark.box, (picture.width, picture.height) * 2, strict=True)
        )
        frame = (left, top, max(right, left + 1), max(bottom, top + 1))
        colour = _COLOURS[mark.tone]
        pen.rectangle(_grown(frame, thick), outline=_WHITE, width=thick * 3)
        pen.rectangle(frame, outline=colour, width=thick)
        text = str(mark.number)
        wide = round(pen.textlength(text, font=font)) + size // 2
        x = min(max(0, left - thick), picture.width - wide)
        y = top - size - thick * 2
        y = y if y >= 0 else min(bottom + thick * 2, picture.height - size - thick)
        pen.rectangle((x, y, x + wide, y + size + thick), fill=colour)
        pen.text((x + wide / 2, y + (size + thick) / 2), text, fill=_WHITE, font=font, anchor="mm")


def _grown(frame: tuple[int, int, int, int], by: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = frame
    return left - by, top - by, right + by, bottom + by


def cut_out(photo: bytes, box: tuple[float, float, float, float], *, width: int = CLOSE_WIDTH) -> bytes:
    """The place itself with some of its surroundings, as near as the photo allows."""
    with Image.open(BytesIO(photo)) as opened:
        picture = opened.convert("RGB")
    left, top, right, bottom = box
    side = max((right - left) * picture.width, (bottom - top) * picture.height) * 1.8
    half_wide, half_high = max(side, picture.width / 6) / 2, max(side * 0.75, picture.width / 8) / 2
    x, y = (left + right) / 2 * picture.width, (top + bottom) / 2 * picture.height
    x = min(max(x, half_wide), max(half_wide, picture.width - half_wide))
    y = min(max(y, half_high), max(half_high, picture.height - half_high))
    right_edge, bottom_edge = min(x + half_wide, picture.width), min(y + half_high, picture.height)
    edges = (round(max(0, x - half_wide)), round(max(0, y - half_high)), round(right_edge), round(bottom_edge))
    made = BytesIO()
    picture.crop(edges).save(made, "JPEG", quality=92)
    return small(made.getvalue(), width=width)

"""How a dashboard writes its figures: seven segments, dots, drums and fonts, drawn glyph by glyph with their boxes."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Place = tuple[float, float, float]
"""Left, top and the height of a figure, in pixels."""

SEGMENTS = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc",
    "5": "afgcd", "6": "afgedc", "7": "abc", "8": "abcdefg", "9": "abcdfg", "-": "g", " ": "",
}  # fmt: skip
# Columns of five dots, seven rows, the top row first.
DOTS = {
    "0": "01110 10001 10011 10101 11001 10001 01110",
    "1": "00100 01100 00100 00100 00100 00100 01110",
    "2": "01110 10001 00001 00010 00100 01000 11111",
    "3": "11111 00010 00100 00010 00001 10001 01110",
    "4": "00010 00110 01010 10010 11111 00010 00010",
    "5": "11111 10000 11110 00001 00001 10001 01110",
    "6": "00110 01000 10000 11110 10001 10001 01110",
    "7": "11111 00001 00010 00100 01000 01000 01000",
    "8": "01110 10001 10001 01110 10001 10001 01110",
    "9": "01110 10001 10001 01111 00001 00010 01100",
    "-": "00000 00000 00000 11111 00000 00000 00000",
    " ": "00000 00000 00000 00000 00000 00000 00000",
}
POINTS = {".": (0.94,), ",": (0.94,), ":": (0.3, 0.72)}


class FaceKind(StrEnum):
    SEGMENTS = "segments"
    DOTS = "dots"
    FONT = "font"
    DRUM = "drum"


@dataclass(frozen=True, slots=True)
class Face:
    """One style of figures; sizes are shares of the height of a figure."""

    kind: FaceKind
    font: Path | None = None
    """None: the font inside Pillow, so that every machine draws the same."""
    width: float = 0.55
    stroke: float = 0.13
    slant: float = 0.0
    gap: float = 0.03
    spacing: float = 0.18
    has_pointed_ends: bool = True
    has_tails: bool = True
    """Segments: the 6 and the 9 have their roof and floor, the 7 no left one."""
    has_round_dots: bool = True
    ghost: float = 0.0
    """How much of an unlit segment shows, 0..1."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A drawn character and its box in pixels: left, top, right, bottom."""

    char: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Ink:
    lit: Colour
    ground: Colour

    def mixed(self, share: float) -> Colour:
        r, g, b = (round(a * share + z * (1 - share)) for a, z in zip(self.lit, self.ground, strict=True))
        return (r, g, b)


@cache
def font_of(path: Path | None, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size) if path is None else ImageFont.truetype(str(path), size)


def write(image: Image.Image, face: Face, text: str, at: Place, ink: Ink) -> list[Glyph]:
    """Writes ``text`` at a place and tells where each character came to stand."""
    drawn: Callable[[Image.Image, Face, str, Place, Ink], list[Glyph]] = {
        FaceKind.SEGMENTS: _write_cells,
        FaceKind.DOTS: _write_cells,
        FaceKind.FONT: write_font,
        FaceKind.DRUM: _write_drums,
    }[face.kind]
    return drawn(image, face, text, at, ink)


def write_font(image: Image.Image, face: Face, text: str, at: Place, ink: Ink) -> list[Glyph]:
    """Any text, in the font of the face."""
    height = at[2]
    draw = ImageDraw.Draw(image)
    font = _font_with_figures_of(face.font, round(height))
    top = draw.textbbox((0, 0), "0", font=font)[1]
    glyphs, x = [], at[0]
    for char in text:
        box = draw.textbbox((x, at[1] - top), char, font=font)
        draw.text((x, at[1] - top), char, fill=ink.lit, font=font)
        glyphs.append(Glyph(char, (float(box[0]), float(box[1]), float(box[2]), float(box[3]))))
        x += draw.textlength(char, font=font) + height * max(face.spacing - 0.18, -0.02)
    return glyphs


@cache
def _font_with_figures_of(path: Path | None, height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    _, top, _, bottom = font_of(path, 100).getbbox("0")
    return font_of(path, max(6, round(100 * height / (bottom - top))))


def _write_cells(image: Image.Image, face: Face, text: str, at: Place, ink: Ink) -> list[Glyph]:
    draw, height = ImageDraw.Draw(image), at[2]
    figure = _draw_segments if face.kind is FaceKind.SEGMENTS else _draw_dots
    glyphs, x = [], at[0]
    for char in text:
        if char in POINTS:
            side = height * face.stroke * 1.1
            lefts, tops = [], []
            for share in POINTS[char]:
                lefts.append(x + face.slant * height * (1 - share))
                tops.append(at[1] + share * height - side / 2)
                draw.rectangle((lefts[-1], tops[-1], lefts[-1] + side, tops[-1] + side), fill=ink.lit)
            glyphs.append(Glyph(char, (min(lefts), tops[0], max(lefts) + side, tops[-1] + side)))
            x += side + height * face.spacing
            continue
        figure(draw, face, char, (x, at[1], height), ink)
        glyphs.append(Glyph(char, (x, at[1], x + (face.width + face.slant) * height, at[1] + height)))
        x += height * (face.width + face.spacing)
    return glyphs


def _draw_segments(draw: ImageDraw.ImageDraw, face: Face, char: str, at: Place, ink: Ink) -> None:
    lit, height = SEGMENTS[char], at[2]
    if not face.has_tails:
        lit = {"6": "fgedc", "9": "abfgc", "7": "fabc"}.get(char, lit)
    for name in "abcdefg":
        share = 1.0 if name in lit else face.ghost
        if share > 0:
            points = [
                (at[0] + (x + face.slant * (1 - y)) * height, at[1] + y * height) for x, y in _segment(name, face)
            ]
            draw.polygon(points, fill=ink.mixed(share))


@cache
def _segment(name: str, face: Face) -> tuple[tuple[float, float], ...]:
    """The outline of a segment in shares of the height; the cell is ``face.width`` wide and 1 high."""
    half, gap = face.stroke / 2, face.gap
    left, right = half, face.width - half
    rows = {"a": half, "g": 0.5, "d": 1 - half}
    if name in rows:
        y, ends = rows[name], (left + gap, right - gap)
        outline = ((ends[0], y), (ends[0] + half, y - half), (ends[1] - half, y - half),
                   (ends[1], y), (ends[1] - half, y + half), (ends[0] + half, y + half))  # fmt: skip
        square = ((ends[0], y - half), (ends[1], y - half), (ends[1], y + half), (ends[0], y + half))
        return outline if face.has_pointed_ends else square
    x = left if name in "ef" else right
    ends = (rows["a"] + gap, 0.5 - gap) if name in "bf" else (0.5 + gap, rows["d"] - gap)
    outline = ((x, ends[0]), (x + half, ends[0] + half), (x + half, ends[1] - half),
               (x, ends[1]), (x - half, ends[1] - half), (x - half, ends[0] + half))  # fmt: skip
    square = ((x - half, ends[0]), (x + half, ends[0]), (x + half, ends[1]), (x - half, ends[1]))
    return outline if face.has_pointed_ends else square


def _draw_dots(draw: ImageDraw.ImageDraw, face: Face, char: str, at: Place, ink: Ink) -> None:
    height = at[2]
    pitch_x, pitch_y = face.width * height / 5, height / 7
    radius = min(pitch_x, pitch_y) * (0.5 - face.gap)
    shape = draw.ellipse if face.has_round_dots else draw.rectangle
    for row, bits in enumerate(DOTS[char].split()):
        for column, bit in enumerate(bits):
            share = 1.0 if bit == "1" else face.ghost
            y = at[1] + (row + 0.5) * pitch_y
            x = at[0] + (column + 0.5) * pitch_x + face.slant * (height - (row + 0.5) * pitch_y)
            if share > 0:
                shape((x - radius, y - radius, x + radius, y + radius), fill=ink.mixed(share))


def _write_drums(image: Image.Image, face: Face, text: str, at: Place, ink: Ink) -> list[Glyph]:
    """Wheels with figures; after a point comes the wheel of tenths, in the colours the other way round."""
    draw, height = ImageDraw.Draw(image), at[2]
    font = _font_with_figures_of(face.font, round(height))
    whole, _, tenths = text.partition(".")
    cell_w, cell_h = height * 0.95, height * 1.6
    glyphs, x = [], at[0]
    for char, is_tenths in [(c, False) for c in whole] + [(c, True) for c in tenths]:
        paper, pen = (ink.lit, ink.ground) if is_tenths else (ink.ground, ink.lit)
        cell = (x, at[1] - (cell_h - height) / 2, x + cell_w, at[1] + (cell_h + height) / 2)
        draw.rectangle(cell, fill=paper, outline=ink.mixed(0.35))
        left, top, right, bottom = draw.textbbox((0, 0), char, font=font)
        spot = (x + (cell_w - right + left) / 2 - left, at[1] + (height - bottom + top) / 2 - top)
        draw.text(spot, char, fill=pen, font=font)
        box = (spot[0] + left, at[1], spot[0] + right, at[1] + height)
        glyphs.append(Glyph("tenth" if is_tenths else char, box))
        x += cell_w * 1.03
    return glyphs

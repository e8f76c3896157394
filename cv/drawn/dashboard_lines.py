"""Single lines of a dashboard, cheap to draw: what a reader of figures is mostly trained on."""

import random
from dataclasses import replace

from PIL import Image, ImageDraw

from cv.drawn.dashboard_camera import Mark, Shot, take
from cv.drawn.dashboard_faces import Face, FaceKind, Glyph, Ink, Place, write, write_font

CANVAS = (420, 110)


def draw_line(face: Face, label_face: Face, ink: Ink, rng: random.Random) -> tuple[bytes, tuple[Mark, ...]]:
    """A photo of one line by chance, with the places of its characters."""
    image = Image.new("RGB", CANVAS, ink.ground)
    height = rng.uniform(26, 46)
    at = (rng.uniform(4, 40), rng.uniform(12, 90 - height), height)
    if rng.random() < 0.1:
        glyphs = _letters(image, label_face, at, ink, rng=rng)
    elif face.kind is FaceKind.DRUM:
        text = f"{rng.randrange(10**6):06d}" + rng.choice(("", f".{rng.randrange(10)}"))
        glyphs = write(image, face, text, (at[0], at[1], height * 0.75), ink)
    else:
        glyphs = _with_words(image, (face, label_face), at, ink, rng)
    _clutter(image, ink, rng)
    shot = Shot(
        size=(340, 110), tilt=rng.gauss(0, 4), lean=rng.uniform(0, 0.1), zoom=rng.uniform(0.85, 1.3),
        gain=rng.uniform(0.4, 1.15), blur=rng.choice((0.4, 0.8, 1.2, rng.uniform(0.4, 2.4))),
        noise=rng.uniform(1, 13),
        glare=rng.choice((0.0, 0.0, 0.0, rng.uniform(0.2, 0.8))), quality=rng.randint(55, 94),
        seed=rng.randrange(10**6),
    )  # fmt: skip
    return take(image, glyphs, shot)


def _with_words(image: Image.Image, faces: tuple[Face, Face], at: Place, ink: Ink, rng: random.Random) -> list[Glyph]:
    (face, label_face), height = faces, at[2]
    text = rng.choice(
        (
            str(rng.randrange(10 ** rng.randint(3, 6))),
            str(rng.randrange(10**4, 10**6)),
            f"{rng.uniform(0, 1500):.1f}",
            f"{rng.randrange(24)}:{rng.randrange(60):02d}",
            f"{rng.randrange(-20, 40)}",
        )
    )
    x, glyphs = at[0], []
    if rng.random() < 0.3:
        word = rng.choice(("ODO", "TRIP", "TRIP A", "Trip"))
        glyphs += write_font(image, label_face, word, (x, at[1] + height * 0.45, height * 0.55), ink)
        x = glyphs[-1].box[2] + height * 0.3
    glyphs += write(image, face, text, (x, at[1], height), ink)
    if rng.random() < 0.5:
        end = (glyphs[-1].box[2] + height * 0.25, at[1] + height * 0.42, height * 0.55)
        glyphs += write_font(image, label_face, rng.choice(("km", "km", "°C", "h")), end, ink)
    return glyphs


def _letters(image: Image.Image, face: Face, at: Place, ink: Ink, *, rng: random.Random) -> list[Glyph]:
    """E and F as a fuel gauge has them, among other letters that mean nothing."""
    size = at[2] * rng.uniform(0.5, 0.9)
    text = "".join(rng.choice(("E", "F", " ", " ", rng.choice("ABCHKLMNPRTUX"))) for _ in range(8))
    return write_font(image, replace(face, spacing=0.4), text, (at[0], at[1], size), ink)


def _clutter(image: Image.Image, ink: Ink, rng: random.Random) -> None:
    """Frames and lines beside the figures."""
    draw = ImageDraw.Draw(image)
    for _ in range(rng.randrange(3)):
        y = rng.choice((rng.uniform(0, 9), rng.uniform(98, 110)))
        draw.line(
            (0, y, CANVAS[0], y + rng.uniform(-4, 4)), fill=ink.mixed(rng.uniform(0.2, 1)), width=rng.randint(1, 5)
        )

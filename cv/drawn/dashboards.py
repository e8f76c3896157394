"""Dashboards drawn by the project: figures of many styles and the truth, for training, tests, bench."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from PIL import Image, ImageDraw

from cv.drawn.dashboard_camera import Mark, Shot, take
from cv.drawn.dashboard_faces import Colour, Face, FaceKind, Glyph, Ink, write, write_font
from cv.drawn.dashboard_gauges import LAMP_COLOURS, Dial, draw_dial, draw_fuel_bar, draw_fuel_dial, draw_lamps

CANVAS = (1600, 800)
FUEL_DIAL_ROWS, FUEL_DIAL_HALF = (440, 640), 150
FuelGauge = Literal["bar", "dial", "none"]

DARK_INKS: tuple[tuple[Colour, Colour], ...] = (
    ((240, 240, 240), (8, 8, 10)),
    ((255, 170, 40), (14, 8, 4)),
    ((255, 70, 50), (12, 4, 4)),
    ((120, 220, 255), (4, 10, 22)),
    ((110, 245, 150), (5, 16, 9)),
    ((250, 250, 255), (24, 40, 92)),
    ((205, 210, 215), (40, 42, 46)),
)
LIGHT_INKS: tuple[tuple[Colour, Colour], ...] = (
    ((22, 26, 22), (150, 165, 140)),
    ((30, 22, 12), (225, 150, 70)),
    ((15, 15, 15), (215, 215, 210)),
)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The truth of a drawn dashboard."""

    odometer_km: int = 84_210
    face: Face = field(default_factory=lambda: Face(FaceKind.FONT))
    label_face: Face = field(default_factory=lambda: Face(FaceKind.FONT))
    ink: Ink = field(default_factory=lambda: Ink(*DARK_INKS[0]))
    figure_height: float = 44.0
    pad_to: int = 0
    """Leading zeros up to so many figures, as wheels have."""
    has_tenths: bool = False
    """Wheels only: one more wheel, in other colours."""
    has_km: bool = True
    has_odo_label: bool = False
    trip: str | None = "312.4"
    clock: str | None = "14:52"
    temperature: str | None = "24"
    fuel_percent: float = 60.0
    fuel_gauge: FuelGauge = "bar"
    lamps: tuple[str, ...] = ()
    speed: str | None = None
    seed: int = 0
    shot: Shot = field(default_factory=Shot)


@dataclass(frozen=True, slots=True)
class DrawnDashboard:
    photo: bytes
    truth: Dashboard
    marks: tuple[Mark, ...]


def draw_dashboard(dashboard: Dashboard) -> DrawnDashboard:
    rng = random.Random(dashboard.seed)  # noqa: S311 - a picture, no secret
    image = Image.new("RGB", CANVAS, (14, 14, 16))
    glyphs = _draw_dials(image, dashboard, rng) if rng.random() < 0.8 else []
    display = _draw_display(image, dashboard, rng)
    fuel = _draw_fuel(image, dashboard, rng)
    if dashboard.fuel_gauge == "dial":
        glyphs = [glyph for glyph in glyphs if not _is_covered(glyph, fuel)]
    glyphs += display + fuel
    draw_lamps(image, dashboard.lamps, (rng.uniform(380, 640), rng.uniform(40, 110)), rng.uniform(34, 54), rng)
    photo, marks = take(image, glyphs, dashboard.shot)
    return DrawnDashboard(photo, dashboard, marks)


def _draw_dials(image: Image.Image, dashboard: Dashboard, rng: random.Random) -> list[Glyph]:
    ink = Ink(DARK_INKS[0][0], (14, 14, 16))
    rims = rng.uniform(215, 265)
    left = Dial((290, 410), rims, 135, 270)
    right = Dial((1310, 410), rims, 135, 270)
    top = rng.choice((6, 7, 8))
    revs = [str(n) for n in range(top + 1)]
    speeds = [str(n) for n in range(0, 241, rng.choice((20, 30, 40)))]
    glyphs = draw_dial(image, left, dashboard.label_face, revs, share=rng.uniform(0, 0.3), ink=ink)
    share = rng.choice((0.0, rng.uniform(0, 0.5)))
    return glyphs + draw_dial(image, right, dashboard.label_face, speeds, share=share, ink=ink)


def _draw_display(image: Image.Image, dashboard: Dashboard, rng: random.Random) -> list[Glyph]:
    """The lines of the display in a shuffled order: odometer, trip, clock and temperature, the speed above."""
    draw = ImageDraw.Draw(image)
    ink = dashboard.ink
    left, right = rng.uniform(590, 620), rng.uniform(980, 1010)
    top = rng.uniform(170, 240)
    draw.rounded_rectangle((left, top, right, 720), radius=14, fill=ink.ground)
    glyphs: list[Glyph] = []
    y = top + 22
    if dashboard.speed is not None:
        big = rng.uniform(90, 130)
        speed_face = replace(dashboard.label_face, kind=FaceKind.FONT)
        glyphs += write_font(image, speed_face, dashboard.speed, (left + rng.uniform(60, 150), y, big), ink)
        y += big + 26
    lines = [_odometer_line, *([_trip_line] if dashboard.trip else [])]
    rng.shuffle(lines)
    if dashboard.clock or dashboard.temperature:
        lines.insert(rng.choice((0, len(lines))), _clock_line)
    slack = max(0.0, 700 - y - len(lines) * dashboard.figure_height * 1.9)
    for line in lines:
        y += rng.uniform(0, slack / len(lines))
        glyphs += line(image, dashboard, (left + rng.uniform(16, 40), y), right)
        y += dashboard.figure_height * 1.9
    return glyphs


def _odometer_line(image: Image.Image, dashboard: Dashboard, at: tuple[float, float], right: float) -> list[Glyph]:
    text = str(dashboard.odometer_km).rjust(dashboard.pad_to, "0")
    if dashboard.has_tenths:
        text += f".{dashboard.seed % 10}"
    glyphs: list[Glyph] = []
    height, x = dashboard.figure_height, at[0]
    if dashboard.has_odo_label:
        glyphs += _label(image, dashboard, "ODO", (x, at[1] + height * 0.45))
        x = glyphs[-1].box[2] + height * 0.3
    figures = write(image, dashboard.face, text, (x, at[1], height), dashboard.ink)
    end = figures[-1].box[2] + height * 0.25
    if dashboard.has_km and end < right - height * 0.6:
        glyphs += _label(image, dashboard, "km", (end, at[1] + height * 0.42))
    return glyphs + figures


def _trip_line(image: Image.Image, dashboard: Dashboard, at: tuple[float, float], right: float) -> list[Glyph]:
    height, x = dashboard.figure_height * (0.8 if dashboard.seed % 2 else 1.0), at[0]
    face = replace(dashboard.face, kind=FaceKind.FONT) if dashboard.face.kind is FaceKind.DRUM else dashboard.face
    glyphs: list[Glyph] = []
    if dashboard.seed % 3:
        text = ("TRIP", "TRIP A", "Trip")[dashboard.seed % 7 % 3]
        glyphs += _label(image, dashboard, text, (x, at[1] + height * 0.45))
        x = glyphs[-1].box[2] + height * 0.3
    figures = write(image, face, dashboard.trip or "", (x, at[1], height), dashboard.ink)
    end = figures[-1].box[2] + height * 0.25
    if dashboard.has_km and end < right - height * 0.6:
        glyphs += _label(image, dashboard, "km", (end, at[1] + height * 0.42))
    return glyphs + figures


def _clock_line(image: Image.Image, dashboard: Dashboard, at: tuple[float, float], right: float) -> list[Glyph]:
    height = dashboard.figure_height * 0.75
    face = replace(dashboard.face, kind=FaceKind.FONT) if dashboard.face.kind is FaceKind.DRUM else dashboard.face
    glyphs: list[Glyph] = []
    x = at[0]
    if dashboard.clock:
        glyphs += write(image, face, dashboard.clock, (x, at[1], height), dashboard.ink)
        x = glyphs[-1].box[2] + height * 1.2
    if dashboard.temperature and x < right - height * 2.6:
        glyphs += write(image, face, dashboard.temperature, (x, at[1], height), dashboard.ink)
        glyphs += _label(image, dashboard, "°C", (glyphs[-1].box[2] + height * 0.2, at[1]))
    return glyphs


def _label(image: Image.Image, dashboard: Dashboard, text: str, at: tuple[float, float]) -> list[Glyph]:
    """A word beside the figures."""
    return write_font(image, dashboard.label_face, text, (*at, dashboard.figure_height * 0.55), dashboard.ink)


def _draw_fuel(image: Image.Image, dashboard: Dashboard, rng: random.Random) -> list[Glyph]:
    ink = Ink(DARK_INKS[0][0], (14, 14, 16))
    if dashboard.fuel_gauge == "bar":
        of = 10 if round(dashboard.fuel_percent) % 10 == 0 else 8
        left, y = rng.uniform(630, 680), rng.uniform(738, 750)
        box = (left, y, left + rng.uniform(220, 300), y + rng.uniform(22, 34))
        return draw_fuel_bar(
            image, dashboard.label_face, box, lit=round(dashboard.fuel_percent / 100 * of), of=of, ink=ink
        )
    if dashboard.fuel_gauge == "dial":
        needle = rng.choice(((235, 60, 40), (240, 240, 240), (250, 140, 30)))
        dial = Dial(
            (rng.choice((290, 1310)), 600), rng.uniform(80, 110), *rng.choice(((180, 180), (200, 140), (215, 110)))
        )
        ImageDraw.Draw(image).rectangle(
            (dial.centre[0] - FUEL_DIAL_HALF, FUEL_DIAL_ROWS[0], dial.centre[0] + FUEL_DIAL_HALF, FUEL_DIAL_ROWS[1]),
            fill=ink.ground,
        )
        return draw_fuel_dial(
            image, dashboard.label_face, dial, share=dashboard.fuel_percent / 100, ink=ink, needle=needle
        )
    return []


def _is_covered(glyph: Glyph, fuel: list[Glyph]) -> bool:
    """The ground of the fuel dial hides what of a large dial was written there."""
    middle = sum(letter.box[0] + letter.box[2] for letter in fuel) / (2 * len(fuel))
    left, top, right, bottom = glyph.box
    is_beside = right < middle - FUEL_DIAL_HALF or left > middle + FUEL_DIAL_HALF
    return not is_beside and bottom > FUEL_DIAL_ROWS[0] and top < FUEL_DIAL_ROWS[1]


def any_dashboard(rng: random.Random, faces: Sequence[Face], label_faces: Sequence[Face]) -> Dashboard:
    """A dashboard as chance would have it, within what cars really show."""
    face = rng.choice(faces)
    gauge: FuelGauge = rng.choice(("bar", "dial", "dial", "none"))
    share = rng.randint(0, 8) / 8 if gauge == "bar" else rng.uniform(0, 1)
    wheels = face.kind is FaceKind.DRUM
    return Dashboard(
        odometer_km=int(10 ** rng.uniform(3.6, 5.6)),
        face=face,
        label_face=rng.choice(label_faces),
        ink=Ink(*rng.choice(DARK_INKS * 2 + LIGHT_INKS)),
        figure_height=rng.uniform(30, 52) if not wheels else rng.uniform(28, 44),
        pad_to=6 if wheels or rng.random() < 0.15 else 0,
        has_tenths=wheels and rng.random() < 0.5,
        has_km=rng.random() < 0.75,
        has_odo_label=rng.random() < 0.35,
        trip=None if rng.random() < 0.25 else f"{rng.uniform(0, 1500):.1f}",
        clock=None if rng.random() < 0.4 else f"{rng.randint(0, 23)}:{rng.randint(0, 59):02d}",
        temperature=None if rng.random() < 0.4 else str(rng.randint(-12, 39)),
        fuel_percent=share * 100,
        fuel_gauge=gauge,
        lamps=tuple(rng.choices(tuple(LAMP_COLOURS), weights=(3, 3, 2, 1), k=rng.choice((0, 0, 1, 1, 2, 3)))),
        speed=str(rng.choice((0, 0, rng.randint(3, 160)))) if rng.random() < 0.4 else None,
        seed=rng.randrange(10**6),
        shot=any_shot(rng),
    )


def any_shot(rng: random.Random) -> Shot:
    return Shot(
        tilt=rng.gauss(0, 3),
        lean=rng.uniform(0, 0.12),
        zoom=rng.uniform(0.75, 1.25),
        gain=rng.uniform(0.45, 1.15),
        blur=rng.choice((0.4, 0.7, 1.0, rng.uniform(0.4, 2.2))),
        noise=rng.uniform(1, 12),
        glare=rng.choice((0.0, 0.0, rng.uniform(0.2, 1.0))),
        quality=rng.randint(60, 94),
        seed=rng.randrange(10**6),
    )

"""Damage on the drawn car, painted on its skin, so that every photo that sees the place shows the same damage."""

from dataclasses import dataclass

import numpy as np

from core.inspection.damage import DamageKind, Part
from cv.drawn import body
from cv.drawn.camera import Floats
from cv.drawn.panel import Ink, Panel, Place, circle, curve

ANCHORS: dict[Part, tuple[int, Place]] = {
    Part.HOOD: (body.TOP, (1.5, 0.15)),
    Part.FRONT_BUMPER: (body.FRONT, (0.62, 0.56)),
    Part.REAR_BUMPER: (body.REAR, (0.4, 0.53)),
    Part.FRONT_LEFT_FENDER: (body.SIDE_LEFT, (1.72, 0.62)),
    Part.FRONT_RIGHT_FENDER: (body.SIDE_RIGHT, (1.72, 0.62)),
    Part.REAR_LEFT_FENDER: (body.SIDE_LEFT, (-1.5, 0.86)),
    Part.REAR_RIGHT_FENDER: (body.SIDE_RIGHT, (-1.32, 0.86)),
    Part.FRONT_LEFT_DOOR: (body.SIDE_LEFT, (0.3, 0.68)),
    Part.FRONT_RIGHT_DOOR: (body.SIDE_RIGHT, (0.3, 0.68)),
    Part.REAR_LEFT_DOOR: (body.SIDE_LEFT, (-0.62, 0.68)),
    Part.REAR_RIGHT_DOOR: (body.SIDE_RIGHT, (-0.62, 0.68)),
    Part.TAILGATE: (body.REAR, (-0.42, 0.8)),
    Part.ROOF: (body.CABIN_TOP, (-0.6, 0.1)),
    Part.WINDSCREEN: (body.WINDSCREEN, (-0.25, 1.2)),
    Part.REAR_WINDOW: (body.BACKLIGHT, (0.2, 1.25)),
    Part.SIDE_WINDOW: (body.SIDE_LEFT, (0.1, 1.22)),
    Part.HEADLAMP: (body.FRONT, (0.66, 0.7)),
    Part.TAIL_LAMP: (body.BACKLIGHT, (0.58, 0.93)),
}
"""The panel of a part and its middle in the panel's metres; lamps and the side window are the left ones."""


@dataclass(frozen=True)
class DrawnDamage:
    """``size`` in metres; ``at`` in the panel's metres, else the middle of the part."""

    kind: DamageKind
    part: Part
    size: float = 0.2
    seed: int = 0
    at: Place | None = None

    @property
    def surface(self) -> int:
        return ANCHORS[self.part][0]

    @property
    def centre(self) -> Place:
        return self.at or ANCHORS[self.part][1]


def harm(panel: Panel, damage: DrawnDamage, mark: int) -> None:
    """Paints one damage on its panel under a number."""
    random = np.random.default_rng(damage.seed * 31 + 7)
    _PAINTERS[damage.kind](panel, np.asarray(damage.centre, np.float32), damage.size, random, mark)


_BARE = Ink((206, 204, 198), paint=0.0, gloss=0.3)
_PRIMER = Ink((120, 118, 114), paint=0.0, gloss=0.2)


def _scratch(panel: Panel, centre: Floats, size: float, random: np.random.Generator, mark: int) -> None:
    slope = random.uniform(-0.35, 0.35)
    for number in range(int(random.integers(3, 6))):
        length = size * (1.0 if number == 0 else random.uniform(0.35, 0.8))
        middle = centre + random.normal(0, size * 0.07, 2) * (number > 0)
        t = np.linspace(-0.5, 0.5, 9)[:, None]
        wander = np.cumsum(random.normal(0, length * 0.012, (9, 1)), axis=0)
        path = middle + t * length * np.array([1, slope]) + wander * np.array([-slope, 1])
        width = (0.007 if number == 0 else random.uniform(0.002, 0.004)) * np.clip(size / 0.25, 0.6, 1.3)
        smooth = curve([(float(x), float(y)) for x, y in path])
        panel.line(smooth, width * 2.2, Ink(relief=-0.0012), mark=mark)
        panel.line(smooth, width, _BARE)
        panel.line(smooth[: len(smooth) // 2] - np.array([0, width * 0.4]), width * 0.5, _PRIMER)


def _dent(panel: Panel, centre: Floats, size: float, random: np.random.Generator, mark: int) -> None:
    turn = random.uniform(-0.5, 0.5)
    outline = _blob(centre, size / 2, random, flat=0.72, turn=turn)
    depth = 0.16 * size
    panel.area(centre + (outline - centre) * 0.55, Ink(relief=-depth * 0.75), soft=size * 0.13)
    panel.area(centre + (outline - centre) * 0.3, Ink(relief=-depth * 0.35), soft=size * 0.05)
    panel.area(outline, Ink(relief=0.012 * size), soft=size * 0.04)
    way = np.array([np.cos(turn), np.sin(turn)])
    crease = [tuple(centre + way * size * s + [0, size * 0.05 * np.sin(7 * s)]) for s in (-0.33, -0.1, 0.12, 0.34)]
    ridge = curve(crease)
    panel.area(
        np.concatenate([ridge, ridge[::-1] + np.array([0, size * 0.03])]), Ink(relief=-depth * 0.3), soft=size * 0.018
    )
    if random.random() < 0.6:
        panel.line(ridge[14:26], 0.003, _BARE)
    panel.put(panel.mask(outline), Ink(strength=0.0), mark=mark)


def _crack(panel: Panel, centre: Floats, size: float, random: np.random.Generator, mark: int) -> None:
    start = centre - np.array([size / 2, random.uniform(-0.2, 0.2) * size])
    steps = random.uniform(0.5, 1.5, (11, 1)) * [[size / 11, 0]] + random.normal(0, size * 0.045, (11, 2))
    path = start + np.cumsum(steps, axis=0)
    panel.line(path, 0.02, Ink(relief=-0.004), mark=mark)
    panel.line(path - np.array([0, 0.004]), 0.004, Ink((150, 150, 150), paint=0.2))
    panel.line(path, 0.008, Ink((8, 8, 8), paint=0.0, gloss=0.05))
    for place in path[2::3]:
        twig = np.stack([place, place + random.normal(0, size * 0.12, 2)])
        panel.line(twig, 0.004, Ink((10, 10, 10), paint=0.0, gloss=0.05), mark=mark)


def _broken_glass(panel: Panel, centre: Floats, size: float, random: np.random.Generator, mark: int) -> None:
    white = Ink((205, 215, 215), paint=0.0, gloss=1.0)
    turns = np.sort(random.uniform(0, 2 * np.pi, 15))
    ends = []
    for turn in turns:
        reach = size / 2 * random.uniform(0.55, 1.0)
        way = np.array([np.cos(turn), np.sin(turn)])
        bend = np.array([-way[1], way[0]]) * reach * random.normal(0, 0.08)
        panel.line(np.stack([centre, centre + way * reach * 0.5 + bend, centre + way * reach]), 0.0035, white)
        ends.append(centre + way * reach)
    for share in (0.22, 0.42, 0.66):
        ring = [centre + (end - centre) * share * random.uniform(0.85, 1.15) for end in ends]
        panel.line(np.asarray(ring), 0.0025, white, closed=True)
    panel.area(_blob(centre, size * 0.09, random), Ink((225, 232, 232), gloss=0.4, strength=0.85), soft=0.004)
    panel.area(_blob(centre, size * 0.03, random), Ink((8, 8, 8), gloss=0.1))
    panel.put(panel.mask(np.asarray(ends)), Ink(relief=0.0, strength=0.0), mark=mark)


def _broken_lamp(panel: Panel, centre: Floats, size: float, random: np.random.Generator, mark: int) -> None:
    hole = _shard(centre, size / 2, random)
    panel.area(hole, Ink((14, 14, 15), paint=0.0, gloss=0.1), mark=mark)
    panel.line(hole, 0.006, Ink((225, 228, 228), gloss=1.5), closed=True)
    panel.disc((float(centre[0] + size * 0.08), float(centre[1])), size * 0.1, Ink((150, 150, 150), gloss=1.5))
    for corner in hole[::2]:
        panel.line(
            np.stack([corner, corner + (corner - centre) * random.uniform(0.3, 0.8)]), 0.003, Ink((230, 232, 232))
        )


def _missing(panel: Panel, centre: Floats, size: float, random: np.random.Generator, mark: int) -> None:
    hole = _shard(centre, size / 2, random)
    panel.area(hole, Ink((10, 10, 11), paint=0.0, gloss=0.05), mark=mark)
    panel.line(hole, 0.007, Ink((70, 70, 72), paint=0.0, gloss=0.3), closed=True)


def _dirt(panel: Panel, centre: Floats, size: float, random: np.random.Generator, mark: int) -> None:
    mud = Ink((112, 96, 76), paint=0.0, gloss=0.05, strength=0.85)
    for _ in range(34):
        place = centre + random.normal(0, size * 0.22, 2)
        panel.area(_blob(place, size * random.uniform(0.012, 0.075), random), mud, soft=0.003, mark=mark)


def _reflection(panel: Panel, centre: Floats, size: float, random: np.random.Generator, mark: int) -> None:
    streak = centre + (circle((0, 0), size / 2) * [1, 0.14])
    panel.area(streak, Ink((250, 250, 246), paint=0.0, strength=random.uniform(0.45, 0.6)), soft=size * 0.05, mark=mark)


def _shadow(panel: Panel, centre: Floats, size: float, random: np.random.Generator, mark: int) -> None:
    panel.area(
        _blob(centre, size / 2, random), Ink((14, 14, 16), paint=0.0, strength=0.55), soft=size * 0.06, mark=mark
    )


def _blob(
    centre: Floats, radius: float, random: np.random.Generator, *, flat: float = 0.85, turn: float = 0.0
) -> Floats:
    """A round outline that is not quite round."""
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    wave = 1 + sum(random.normal(0, 0.09 / n) * np.cos(n * angle + random.uniform(0, 6)) for n in (2, 3, 4, 5))
    x, y = radius * wave * np.cos(angle), radius * flat * wave * np.sin(angle)
    turned = np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], axis=1)
    return (centre + turned).astype(np.float32)


def _shard(centre: Floats, radius: float, random: np.random.Generator) -> Floats:
    angle = np.linspace(0, 2 * np.pi, 11, endpoint=False)
    reach = radius * random.uniform(0.55, 1.0, 11)
    return (centre + np.stack([reach * np.cos(angle), 0.6 * reach * np.sin(angle)], axis=1)).astype(np.float32)


_PAINTERS = {
    DamageKind.SCRATCH: _scratch,
    DamageKind.DENT: _dent,
    DamageKind.CRACK: _crack,
    DamageKind.BROKEN_GLASS: _broken_glass,
    DamageKind.BROKEN_LAMP: _broken_lamp,
    DamageKind.MISSING_PART: _missing,
    DamageKind.DIRT: _dirt,
    DamageKind.REFLECTION: _reflection,
    DamageKind.SHADOW: _shadow,
}

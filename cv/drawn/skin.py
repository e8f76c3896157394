"""What is painted on the drawn car: windows, gaps of doors, lamps, grille, bumpers, handles, plates."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from cv.drawn import body
from cv.drawn.panel import Colour, Ink, Panel, Place, circle, curve, rounded
from cv.drawn.plate import plate_picture

PLASTIC = Ink((34, 35, 37), paint=0.0, gloss=0.18)
GLASS = Ink((13, 16, 18), paint=0.0, gloss=1.25)
RUBBER = Ink((20, 20, 21), paint=0.0, gloss=0.12)
CHROME = Ink((190, 195, 200), paint=0.0, gloss=3.0)
DARK = Ink((10, 10, 11), paint=0.0, gloss=0.25)
SILVER = Ink((165, 168, 172), paint=0.0, gloss=0.9)
RED_LAMP = Ink((140, 10, 12), paint=0.0, gloss=1.6)
CLEAR_LAMP = Ink((175, 185, 192), paint=0.0, gloss=2.0)

Window = tuple[float, float, float, float]
SIDE_WINDOW: Window = (-2.15, 0.1, 2.2, 1.62)
END_WINDOW: Window = (-1.0, 0.1, 1.0, 1.62)
TOP_WINDOW: Window = (-2.15, -0.95, 2.2, 0.95)
WHEEL_WINDOW: Window = (-0.36, -0.36, 0.36, 0.36)
PLATE = 255
"""The number of the plate among the marks."""


@dataclass(frozen=True)
class CarLook:
    """One invented car. ``colour`` is red, green, blue of its paint; ``seed`` decides the small things."""

    colour: Colour = (176, 30, 34)
    plate: str = "AB-123-CD"
    seed: int = 1
    metallic: float = 0.35


Focus = tuple[int, Place, float]
"""One surface, a place on it, and how far around it is drawn: the rest of a close-up is out of sight."""


def skin(look: CarLook, *, scale: float, focus: Focus | None = None) -> dict[int, Panel]:
    """The panels of every surface of the body (of the focus only, if given), at so many pixels per metre."""
    makers = _makers(look)
    if focus is None:
        return {surface: make(Panel(window, scale, axes)) for surface, (make, window, axes) in makers.items()}
    surface, (u, v), around = focus
    make, _, axes = makers[surface]
    return {surface: make(Panel((u - around, v - around, u + around, v + around), scale, axes))}


_Maker = tuple[Callable[[Panel], Panel], Window, tuple[int, int]]


def _makers(look: CarLook) -> dict[int, _Maker]:
    front: _Maker = (partial(_front, text=look.plate), END_WINDOW, (1, 2))
    rear: _Maker = (partial(_rear, text=look.plate), END_WINDOW, (1, 2))
    return {
        body.SIDE_LEFT: (partial(_side, seed=look.seed * 2, has_flap=False), SIDE_WINDOW, (0, 2)),
        body.SIDE_RIGHT: (partial(_side, seed=look.seed * 2 + 1, has_flap=True), SIDE_WINDOW, (0, 2)),
        body.FRONT: front,
        body.WINDSCREEN: front,
        body.REAR: rear,
        body.BACKLIGHT: rear,
        body.TOP: (_top, TOP_WINDOW, (0, 1)),
        body.CABIN_TOP: (_roof, TOP_WINDOW, (0, 1)),
        body.UNDER: (_under, (-0.1, -0.1, 0.1, 0.1), (0, 2)),
        body.TYRE: (_tyre, WHEEL_WINDOW, (0, 2)),
        body.RIM: (partial(_rim, spokes=5 + look.seed % 2), WHEEL_WINDOW, (0, 2)),
        body.MIRROR: (_mirror, (-0.2, -0.12, 0.2, 0.12), (1, 2)),
    }


def _under(panel: Panel) -> Panel:
    panel.area([(-1, -1), (1, -1), (1, 1), (-1, 1)], Ink((12, 12, 12), paint=0.0, gloss=0.0))
    return panel


# The flanks, seen from the driver's left; the right flank is the same in (x, z).

_FRONT_WINDOW = [(0.9, 1.005), (0.80, 1.08), (0.31, 1.42), (0.05, 1.462), (-0.25, 1.472), (-0.27, 1.0)]
_REAR_WINDOW = [(-0.36, 1.0), (-0.34, 1.472), (-0.75, 1.462), (-1.12, 1.435), (-1.15, 1.01)]
_QUARTER = [(-1.22, 1.02), (-1.2, 1.425), (-1.42, 1.38), (-1.62, 1.25), (-1.66, 1.08), (-1.6, 1.04)]
_FRAME = [
    (0.97, 0.985), (0.84, 1.085), (0.33, 1.445), (0.05, 1.485), (-0.3, 1.497), (-0.75, 1.487),
    (-1.2, 1.455), (-1.46, 1.4), (-1.67, 1.265), (-1.71, 1.06), (-1.6, 0.995), (-0.5, 0.975),
]  # fmt: skip


def _side(panel: Panel, *, seed: int, has_flap: bool) -> Panel:
    _creases(panel)
    _cladding(panel)
    panel.area(curve([*_FRAME, _FRAME[0]]), DARK)
    for window in (_FRONT_WINDOW, _REAR_WINDOW, _QUARTER):
        _pane(panel, window)
    _seats_behind(panel)
    panel.line([(0.93, 0.985), (-0.4, 0.972), (-1.62, 0.995)], 0.016, CHROME)
    _door_gaps(panel)
    for x in (-0.1, -1.02):
        _handle(panel, x)
    _lamps_round_the_corner(panel)
    panel.disc((0.98, 0.8), 0.022, Ink((214, 120, 20), paint=0.0, gloss=1.5))
    if has_flap:
        panel.groove(rounded((-1.66, 0.74, -1.48, 0.92), 0.03), closed=True)
    _dust(panel, seed)
    return panel


def _creases(panel: Panel) -> None:
    """A shoulder line and a hollow above the sill catch the light along the flank."""
    shoulder = curve([(1.95, 0.79), (1.0, 0.845), (-0.5, 0.865), (-1.95, 0.87)])
    panel.area(np.concatenate([shoulder, [[-2.0, 0.95], [1.9, 0.95]]]), Ink(relief=-0.006), soft=0.012)
    hollow = curve([(0.86, 0.47), (0.2, 0.44), (-0.6, 0.46), (-0.92, 0.52)])
    panel.area(np.concatenate([hollow, [[-0.6, 0.6], [0.3, 0.57]]]), Ink(relief=-0.012), soft=0.03)


def _cladding(panel: Panel) -> None:
    """Black plastic round the arches and along the sill, as crossovers have it."""
    for x in body.AXLES:
        panel.disc((x, body.WHEEL_RADIUS), body.ARCH_RADIUS + 0.055, PLASTIC)
        panel.line(circle((x, body.WHEEL_RADIUS), body.ARCH_RADIUS + 0.05), 0.012, Ink((60, 61, 63), gloss=0.3))
    panel.area([(-1.0, 0.1), (1.0, 0.1), (1.0, 0.315), (-1.0, 0.315)], PLASTIC)
    panel.area([(1.5, 0.1), (2.2, 0.1), (2.2, 0.3), (1.5, 0.33)], PLASTIC)
    panel.area([(-1.5, 0.1), (-2.2, 0.1), (-2.2, 0.36), (-1.5, 0.36)], PLASTIC)
    panel.line([(-0.9, 0.325), (0.92, 0.325)], 0.014, SILVER)


def _pane(panel: Panel, outline: list[tuple[float, float]]) -> None:
    panel.area(outline, GLASS)
    panel.line(outline, 0.012, RUBBER, closed=True)


def _seats_behind(panel: Panel) -> None:
    """What one sees through the glass: head-rests and the rim of the wheel, dimly."""
    dim = Ink((52, 56, 58), strength=0.8)
    for x in (-0.18, -0.95):
        panel.area(rounded((x - 0.02, 1.16, x + 0.11, 1.36), 0.04), dim, soft=0.008)
        panel.area(rounded((x - 0.09, 0.99, x + 0.12, 1.15), 0.05), dim, soft=0.008)
    panel.line(circle((0.42, 1.02), 0.13, start=40, end=150), 0.025, dim)


def _door_gaps(panel: Panel) -> None:
    panel.groove(curve([(0.9, 0.985), (0.9, 0.8), (0.875, 0.6), (0.86, 0.4), (0.85, 0.33)]))
    panel.groove([(-0.31, 1.485), (-0.315, 0.98), (-0.3, 0.6), (-0.27, 0.33)])
    panel.groove(curve([(-1.175, 1.45), (-1.19, 1.0), (-1.13, 0.84), (-0.98, 0.7), (-0.86, 0.5), (-0.83, 0.33)]))
    panel.groove([(0.86, 0.335), (-0.84, 0.335)])
    panel.groove(curve([(1.66, 0.56), (1.75, 0.62), (1.83, 0.66)]))
    panel.groove(curve([(-1.66, 0.54), (-1.8, 0.66), (-1.98, 0.68)]))
    panel.groove(curve([(1.95, 0.80), (1.5, 0.905), (1.2, 0.945), (0.98, 0.955)]))


def _handle(panel: Panel, x: float) -> None:
    panel.disc((x + 0.01, 0.845), 0.055, Ink(relief=-0.012), soft=0.012)
    bar = rounded((x - 0.1, 0.833, x + 0.1, 0.862), 0.013)
    panel.area(bar, Ink(relief=0.012), soft=0.003)
    panel.line([(x - 0.098, 0.832), (x + 0.098, 0.832)], 0.006, DARK)
    panel.disc((x - 0.125, 0.847), 0.012, CHROME)


def _lamps_round_the_corner(panel: Panel) -> None:
    lamp = curve([(2.2, 0.66), (1.9, 0.7), (1.70, 0.795), (1.9, 0.81), (2.2, 0.79)])
    panel.area(lamp, CLEAR_LAMP)
    panel.line(lamp, 0.01, DARK, closed=True)
    tail = [(-2.15, 0.72), (-1.9, 0.75), (-1.76, 0.83), (-1.74, 0.9), (-1.9, 0.97), (-2.15, 0.99)]
    panel.area(tail, RED_LAMP)
    panel.area([(-2.15, 0.82), (-1.9, 0.84), (-1.84, 0.87), (-2.15, 0.87)], Ink((225, 215, 210), gloss=1.8))
    panel.line(tail, 0.01, DARK, closed=True)
    panel.area(rounded((-1.98, 0.42, -1.88, 0.46), 0.01), RED_LAMP)


def _dust(panel: Panel, seed: int) -> None:
    """Road dust above the sill, different on every car and the same in every photo of one car."""
    random = np.random.default_rng(seed * 7)
    sheet = cv2.resize(random.random((9, 30), np.float32), (870, 300), interpolation=cv2.INTER_CUBIC)
    sheet += 0.5 * cv2.resize(random.random((150, 435), np.float32), (870, 300), interpolation=cv2.INTER_LINEAR)
    rows, columns = panel.gloss.shape
    left, _, _, top = panel.window
    x = left + np.arange(columns, dtype=np.float32) / panel.scale
    z = top - np.arange(rows, dtype=np.float32)[:, None] / panel.scale
    at = np.broadcast_arrays((x - SIDE_WINDOW[0]) * 200, (SIDE_WINDOW[3] - z) * 200)
    grain = cv2.remap(sheet, np.ascontiguousarray(at[0]), np.ascontiguousarray(at[1]), cv2.INTER_LINEAR)
    share = np.clip((0.66 - z) * 0.75, 0, 0.3) * grain
    panel.light[..., :3] += (np.array([0.2, 0.25, 0.29], np.float32) - panel.light[..., :3]) * share[..., None]
    panel.light[..., 3] *= 1 - share
    panel.gloss[...] *= 1 - share


# The ends.


def _front(panel: Panel, *, text: str) -> Panel:
    screen = curve([(-0.78, 0.96), (-0.75, 1.05), (-0.6, 1.44), (0.0, 1.505), (0.6, 1.44), (0.75, 1.05), (0.78, 0.96)])
    panel.area(screen, DARK)
    panel.area(screen * [0.955, 1] + [0, -0.018], GLASS)
    dim = Ink((58, 60, 62), strength=0.8)
    for y in (-0.38, 0.38):
        panel.area(rounded((y - 0.11, 1.24, y + 0.11, 1.38), 0.04), dim, soft=0.01)
        panel.area(rounded((y - 0.19, 1.0, y + 0.19, 1.22), 0.08), dim, soft=0.01)
    panel.area(rounded((-0.09, 1.39, 0.09, 1.44), 0.02), Ink((8, 8, 9)), soft=0.004)
    for start in (-0.55, 0.12):
        panel.line([(start, 0.955), (start + 0.5, 1.01)], 0.014, RUBBER)
    panel.groove(curve([(-0.9, 0.77), (-0.5, 0.765), (0.0, 0.755), (0.5, 0.765), (0.9, 0.77)]))
    _grille(panel)
    for side in (-1, 1):
        _headlamp(panel, side)
        _fog_lamp(panel, side)
    panel.area([(-1, 0.1), (1, 0.1), (1, 0.3), (0.55, 0.25), (-0.55, 0.25), (-1, 0.3)], PLASTIC)
    panel.area(rounded((-0.42, 0.2, 0.42, 0.245), 0.02), SILVER)
    _plate(panel, plate_picture(text), 0.445)
    return panel


def _grille(panel: Panel) -> None:
    upper = curve(
        [(-0.46, 0.73), (-0.4, 0.62), (-0.28, 0.57), (0.28, 0.57), (0.4, 0.62), (0.46, 0.73), (0, 0.74), (-0.46, 0.73)]
    )
    panel.area(upper, DARK)
    for z in np.arange(0.585, 0.73, 0.028):
        panel.line([(-0.44, z), (0.44, z)], 0.009, Ink((52, 54, 57), gloss=0.8))
    panel.line(upper, 0.014, CHROME, closed=True)
    panel.disc((0, 0.655), 0.058, CHROME)
    panel.disc((0, 0.655), 0.047, DARK)
    panel.line([(-0.028, 0.632), (0, 0.685), (0.028, 0.632)], 0.011, CHROME)
    lower = rounded((-0.5, 0.3, 0.5, 0.395), 0.03)
    panel.area(lower, DARK)
    for y in np.arange(-0.48, 0.49, 0.06):
        panel.line([(y, 0.305), (y + 0.05, 0.39)], 0.006, Ink((48, 49, 50)))


def _headlamp(panel: Panel, side: int) -> None:
    shape = np.array([(0.47, 0.635), (0.52, 0.735), (0.7, 0.775), (0.95, 0.79), (0.95, 0.69), (0.7, 0.635)]) * [side, 1]
    panel.area(shape, CLEAR_LAMP)
    panel.area(shape * [0.97, 0.985] + [0.02 * side, 0.01], Ink((70, 76, 82), gloss=2.0))
    for y in (0.58, 0.705):
        panel.disc((side * y, 0.698), 0.042, CHROME)
        panel.disc((side * y, 0.698), 0.034, Ink((22, 26, 32), gloss=3.0))
        panel.disc((side * (y - 0.01), 0.708), 0.011, Ink((235, 240, 250), gloss=2.0))
    panel.line(np.array([(0.5, 0.65), (0.7, 0.65), (0.9, 0.695)]) * [side, 1], 0.013, Ink((240, 245, 250), gloss=1.0))
    panel.line(shape, 0.008, DARK, closed=True)


def _fog_lamp(panel: Panel, side: int) -> None:
    nook = np.array([(0.58, 0.31), (0.62, 0.45), (0.8, 0.5), (0.8, 0.33)]) * [side, 1]
    panel.area(nook, PLASTIC)
    panel.disc((side * 0.685, 0.39), 0.045, CHROME)
    panel.disc((side * 0.685, 0.39), 0.037, Ink((150, 160, 168), gloss=2.4))


def _rear(panel: Panel, *, text: str) -> Panel:
    glass = curve(
        [
            (-0.66, 1.045),
            (-0.67, 1.12),
            (-0.55, 1.41),
            (0.0, 1.455),
            (0.55, 1.41),
            (0.67, 1.12),
            (0.66, 1.045),
            (0, 1.025),
            (-0.66, 1.045),
        ]
    )
    panel.area(glass, DARK)
    panel.area(glass * [0.97, 0.985] + [0, 0.016], GLASS)
    for z in np.arange(1.08, 1.42, 0.035):
        panel.line([(-0.57, z), (0.57, z)], 0.0025, Ink((60, 42, 30), strength=0.6))
    panel.line([(0.0, 1.05), (-0.36, 1.1)], 0.016, RUBBER)
    panel.disc((0, 1.045), 0.022, RUBBER)
    panel.area(rounded((-0.16, 1.475, 0.16, 1.49), 0.006), RED_LAMP)
    for side in (-1, 1):
        _tail_lamp(panel, side)
    panel.groove(
        curve(
            [
                (-0.7, 1.5),
                (-0.745, 1.1),
                (-0.72, 0.9),
                (-0.64, 0.7),
                (-0.6, 0.63),
                (0.6, 0.63),
                (0.64, 0.7),
                (0.72, 0.9),
                (0.745, 1.1),
                (0.7, 1.5),
            ]
        )
    )
    panel.area(rounded((-0.34, 0.7, 0.34, 0.86), 0.03), Ink(relief=-0.015), soft=0.01)
    panel.area(rounded((-0.3, 0.862, 0.3, 0.885), 0.01), CHROME)
    panel.disc((0, 0.945), 0.045, CHROME)
    panel.disc((0, 0.945), 0.036, DARK)
    panel.line([(-0.022, 0.927), (0, 0.967), (0.022, 0.927)], 0.009, CHROME)
    panel.area([(-1, 0.1), (1, 0.1), (1, 0.37), (0.6, 0.42), (-0.6, 0.42), (-1, 0.37)], PLASTIC)
    panel.area(rounded((-0.45, 0.22, 0.45, 0.28), 0.02), SILVER)
    for side in (-1, 1):
        panel.area(rounded((0.66 * side - 0.09, 0.41, 0.66 * side + 0.09, 0.45), 0.012), RED_LAMP)
    for y in np.arange(-0.55, 0.56, 0.3667):
        panel.line(circle((y, 0.5), 0.014), 0.004, Ink((14, 14, 15), paint=0.3), closed=True)
    # Seen from behind, the driver's left is on the left: u runs against the reading.
    _plate(panel, plate_picture(text)[:, ::-1], 0.78)
    return panel


def _tail_lamp(panel: Panel, side: int) -> None:
    shape = np.array([(0.5, 0.86), (0.54, 0.96), (0.95, 0.99), (0.95, 0.72), (0.73, 0.76), (0.66, 0.85)]) * [side, 1]
    panel.area(shape, RED_LAMP)
    panel.area(
        np.array([(0.68, 0.83), (0.95, 0.82), (0.95, 0.87), (0.64, 0.875)]) * [side, 1], Ink((225, 215, 210), gloss=1.8)
    )
    panel.line(np.array([(0.56, 0.925), (0.93, 0.945)]) * [side, 1], 0.014, Ink((235, 70, 60), gloss=1.4))
    panel.line(shape, 0.008, DARK, closed=True)


def _plate(panel: Panel, picture: NDArray[np.uint8], z: float) -> None:
    panel.area(rounded((-0.275, z - 0.065, 0.275, z + 0.065), 0.012), DARK)
    panel.picture(picture, (-0.26, z - 0.055, 0.26, z + 0.055), gloss=0.35)
    panel.put(panel.mask(rounded((-0.26, z - 0.055, 0.26, z + 0.055), 0.01)), Ink(strength=0.0), mark=PLATE)


# Hood and roof, from above: u is x, v is y.


def _top(panel: Panel) -> Panel:
    panel.area(
        [(0.9, -0.95), (1.13, -0.95), (1.17, 0), (1.13, 0.95), (0.9, 0.95)], Ink((20, 20, 21), paint=0.0, gloss=0.15)
    )
    for side in (-1, 1):
        edge = curve([(1.12, 0.76 * side), (1.6, 0.72 * side), (2.0, 0.6 * side)])
        panel.groove(edge)
        panel.line(curve([(1.2, 0.45 * side), (1.6, 0.4 * side), (2.0, 0.3 * side)]), 0.03, Ink(relief=0.006))
    return panel


def _roof(panel: Panel) -> Panel:
    for side in (-1, 1):
        panel.line([(0.3, 0.57 * side), (-1.7, 0.55 * side)], 0.03, PLASTIC)
    panel.disc((-1.45, 0), 0.03, PLASTIC)
    return panel


# Wheels and mirrors; their own coordinates begin at the hub.


def _tyre(panel: Panel) -> Panel:
    panel.area([(-1, -1), (1, -1), (1, 1), (-1, 1)], RUBBER)
    for radius in (0.25, 0.3):
        panel.line(circle((0, 0), radius), 0.004, Ink((44, 44, 45)), closed=True)
    for turn in range(0, 360, 90):
        panel.line(circle((0, 0), 0.275, start=turn + 20, end=turn + 52), 0.014, Ink((38, 38, 39)))
    return panel


def _rim(panel: Panel, *, spokes: int) -> Panel:
    panel.area([(-1, -1), (1, -1), (1, 1), (-1, 1)], Ink((14, 14, 15), paint=0.0, gloss=0.2))
    panel.disc((0, 0), 0.14, Ink((46, 44, 42), gloss=0.4))
    for turn in np.arange(spokes) * 360 / spokes + 90:
        for lean in (-7, 7):
            a = circle((0, 0), 1, start=turn, end=turn, steps=1)[0]
            b = circle((0, 0), 1, start=turn + lean, end=turn + lean, steps=1)[0]
            panel.line([a * 0.04, b * 0.2], 0.026, SILVER)
    panel.line(circle((0, 0), 0.205), 0.022, SILVER, closed=True)
    panel.disc((0, 0), 0.048, SILVER)
    panel.disc((0, 0), 0.03, DARK)
    for turn in np.arange(5) * 72 + 54:
        panel.disc(tuple(circle((0, 0), 0.062, start=float(turn), end=float(turn), steps=1)[0]), 0.008, DARK)
    return panel


def _mirror(panel: Panel) -> Panel:
    panel.area([(-1, -1), (1, -1), (1, -0.03), (-1, -0.03)], PLASTIC)
    panel.line([(-0.06, -0.022), (0.09, -0.022)], 0.01, Ink((214, 120, 20), paint=0.0, gloss=1.5))
    return panel

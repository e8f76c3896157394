"""The shape of the drawn car: a small crossover hatchback, 4.2 m long, from soft boxes, wheels and mirrors."""

from functools import lru_cache

import numpy as np

from cv.drawn.camera import Floats
from cv.drawn.mesh import FACES, Mesh, join, lathe, soft_box
from cv.drawn.raster import Hole, Ints

SIDE_LEFT, SIDE_RIGHT, FRONT, REAR, TOP, UNDER, TYRE, RIM, MIRROR, CABIN_TOP, WINDSCREEN, BACKLIGHT = range(12)

WHEEL_RADIUS = 0.335
ARCH_RADIUS = 0.385
AXLES = (1.29, -1.28)
TRACK = 0.735
HALF_WIDTH = 0.885

_HOOD = np.array(
    [(-2.2, 0.99), (-1.9, 1.0), (-0.5, 0.975), (0.9, 0.985), (1.15, 0.975), (1.6, 0.935), (1.95, 0.87), (2.2, 0.81)]
)
_NOSE = np.array([(0.18, 1.99), (0.3, 2.075), (0.5, 2.10), (0.62, 2.085), (0.74, 2.05), (0.86, 1.97), (1.0, 1.86)])
_TAIL = np.array(
    [(0.18, -1.95), (0.32, -2.035), (0.5, -2.055), (0.62, -2.045), (0.72, -2.0), (0.9, -1.985), (1.02, -1.95)]
)
_FLANK = np.array([(0.18, 0.835), (0.3, 0.865), (0.5, 0.885), (0.68, 0.885), (0.8, 0.87), (0.9, 0.86), (1.02, 0.815)])
_ROOF = np.array([(-2.0, 1.37), (-1.6, 1.5), (-1.0, 1.55), (-0.3, 1.565), (0.2, 1.545), (0.6, 1.47), (1.1, 1.35)])


def _smooth(x: Floats, table: np.ndarray) -> Floats:
    """A table read with rounded corners."""
    wide = np.linspace(-0.07, 0.07, 7)
    return np.mean([np.interp(x + w, table[:, 0], table[:, 1]) for w in wide], axis=0).astype(np.float32)


def _lower(p: Floats) -> Floats:
    a, b, c = p.T
    share = (c + 1) / 2
    x = 2.0 * a
    z = 0.19 + share * (_smooth(x, _HOOD) - 0.19)
    front, rear = _smooth(z, _NOSE), _smooth(z, _TAIL)
    x = np.where(a > 0, a * front, -a * rear)
    # Seen from above: the nose is drawn in more than the tail, and both corners are round.
    ahead = np.clip(a, 0, 1)
    behind = np.clip(-a, 0, 1)
    width = _smooth(z, _FLANK) * (1 - 0.13 * ahead**5 - 0.08 * behind**5)
    crown = 0.035 * (1 - b**2) * np.clip(c, 0, 1) ** 8
    bulge = 1 - 0.06 * b**2 * (np.abs(a) ** 10)
    return np.stack([x * bulge, b * width, z + crown], axis=1)


def _cabin(p: Floats) -> Floats:
    """Windows and roof. It begins inside the lower body, so that only straight flanks come out of it."""
    a, b, c = p.T
    low = 0.72
    share = (c + 1) / 2
    height = low + share * (1.55 - low)
    front = np.interp(height, (0.72, 0.95, 1.55), (1.42, 1.1, 0.24))
    rear = np.interp(height, (0.72, 1.0, 1.3, 1.55), (-1.93, -1.93, -1.83, -1.62))
    x = (front + rear) / 2 + a * (front - rear) / 2
    z = low + share * (_smooth(x, _ROOF) - 0.035 * b**2 - low)
    width = np.interp(height, (0.72, 0.98, 1.2, 1.4, 1.55), (0.84, 0.835, 0.77, 0.69, 0.63))
    width = width * (1 - 0.07 * np.clip(a, 0, 1) ** 4 - 0.07 * np.clip(-a, 0, 1) ** 6)
    bow = 0.09 * (1 - b**2) * np.clip(a, 0, 1) ** 6 * (1 - share * 0.6)
    tail = -0.03 * (1 - b**2) * np.clip(-a, 0, 1) ** 6
    return np.stack([x + bow + tail, b * width, z], axis=1)


@lru_cache(maxsize=2)
def car_mesh(fineness: float = 1.0) -> Mesh:
    """The whole car. ``fineness`` scales the number of triangles; 0.5 is enough for outlines and tests."""
    cells = tuple(round(n * fineness) for n in (130, 56, 32))
    lower = soft_box(
        _lower,
        surfaces={"left": SIDE_LEFT, "right": SIDE_RIGHT, "front": FRONT, "rear": REAR, "top": TOP, "bottom": UNDER},
        roundness=5.5,
        cells=(cells[0], cells[1], cells[2]),
    )
    cabin = soft_box(
        _cabin,
        surfaces={"left": SIDE_LEFT, "right": SIDE_RIGHT, "front": WINDSCREEN, "rear": BACKLIGHT, "top": CABIN_TOP},
        roundness=9.0,
        cells=(round(90 * fineness), round(48 * fineness), round(28 * fineness)),
    )
    belly = soft_box(
        lambda p: p * np.array([1.8, 0.6, 0.3], np.float32) + np.array([0, 0, 0.5], np.float32),
        surfaces=dict.fromkeys(FACES, UNDER),
        roundness=10,
        cells=(30, 10, 10),
    )
    return join([lower, cabin, belly, *_wheels(fineness), *_mirrors()])


def _wheels(fineness: float) -> list[Mesh]:
    r, w = WHEEL_RADIUS, 0.105
    tyre = [
        (0.215, w - 0.012),
        (0.235, w),
        (0.29, w),
        (r - 0.018, w - 0.012),
        (r, w - 0.04),
        (r, -w + 0.04),
        (r - 0.03, -w),
    ]
    dish = [
        (0.0, w - 0.035),
        (0.05, w - 0.033),
        (0.12, w - 0.04),
        (0.195, w - 0.028),
        (0.212, w - 0.012),
        (0.217, w - 0.01),
    ]
    segments = max(24, round(64 * fineness))
    left = join([lathe(tyre, TYRE, segments=segments), lathe(dish, RIM, segments=segments)])
    made = []
    for x in AXLES:
        made.append(left.moved((x, TRACK, WHEEL_RADIUS)))
        made.append(left.turned(180).moved((x, -TRACK, WHEEL_RADIUS)))
    return made


def _mirrors() -> list[Mesh]:
    def housing(side: float) -> Mesh:
        def shape(p: Floats) -> Floats:
            a, b, c = p.T
            return np.stack([0.075 * a * (1 - 0.25 * b * side) - 0.03 * b * side, 0.115 * b, 0.075 * c], axis=1)

        faces = dict.fromkeys(FACES, MIRROR)
        return soft_box(shape, surfaces=faces, roundness=3.2, cells=(12, 12, 12)).moved((0.74, side * 0.95, 1.045))

    return [housing(1.0), housing(-1.0)]


def arches(mesh: Mesh) -> Hole:
    """Cuts the wheel arches out of the flanks."""
    flank = (
        (mesh.surface == SIDE_LEFT) | (mesh.surface == SIDE_RIGHT) | (mesh.surface == FRONT) | (mesh.surface == REAR)
    )

    def hole(triangle: Ints, position: Floats) -> np.ndarray:
        cut = np.zeros(len(triangle), bool)
        low = flank[triangle] & (position[:, 2] < WHEEL_RADIUS + ARCH_RADIUS) & (np.abs(position[:, 1]) > 0.6)
        for x in AXLES:
            away = (position[:, 0] - x) ** 2 + (position[:, 2] - WHEEL_RADIUS) ** 2
            cut |= low & (away < ARCH_RADIUS**2)
        return cut

    return hole

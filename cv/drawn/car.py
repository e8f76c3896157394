"""A photo of a drawn car: who looks from where at which damage, and where in the picture it all is."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from core.inspection.damage import DamageKind
from core.inspection.views import EXTERIOR, Viewpoint
from cv.drawn.body import arches, car_mesh
from cv.drawn.camera import Camera, Floats
from cv.drawn.harm import DrawnDamage, harm
from cv.drawn.lens import Exif, as_jpeg, developed
from cv.drawn.panel import Panel
from cv.drawn.place import LIGHTS, Time, behind, shadow
from cv.drawn.raster import rasterise
from cv.drawn.shading import shade
from cv.drawn.skin import PLATE, CarLook, skin
from cv.found import Box, Found, Point

ROUND = dict(zip(EXTERIOR, range(0, 360, 45), strict=True))
"""Degrees round the car, from the front over the driver's left."""


@dataclass(frozen=True)
class Shot:
    """One press of the button. ``seed`` moves the hand a little; ``distance`` 1 is as a careful person stands."""

    viewpoint: Viewpoint
    seed: int = 0
    distance: float = 1.0
    time: Time = Time.DAY
    place: int = 1
    width: int = 1600
    shake: float = 1.0
    """0 is a tripod in the middle."""
    of: DrawnDamage | None = None
    """What a close-up shows."""
    exif: Exif | None = None

    @property
    def height(self) -> int:
        return self.width * 3 // 4


@dataclass(frozen=True)
class DrawnMark:
    """Where damage number ``index`` of the call is in this picture."""

    index: int
    damage: DrawnDamage
    box: Box
    polygon: tuple[Point, ...]

    @property
    def kind(self) -> DamageKind:
        return self.damage.kind

    def as_found(self, *, confidence: float = 0.9) -> Found:
        """As a perfect detector would report it."""
        return Found(self.damage.kind, confidence, self.box, self.polygon, self.damage.kind.value)


@dataclass(frozen=True)
class DrawnPhoto:
    jpeg: bytes
    marks: tuple[DrawnMark, ...] = ()
    plate: Box | None = None
    bgr: NDArray[np.uint8] = field(repr=False, compare=False, default_factory=lambda: np.zeros((1, 1, 3), np.uint8))


def draw_car(look: CarLook, shot: Shot, damages: Sequence[DrawnDamage] = ()) -> DrawnPhoto:
    """The car from one of the eight sides, or a close-up of ``shot.of``."""
    camera = camera_of(shot)
    mesh = car_mesh()
    seen = rasterise(camera, mesh, hole=arches(mesh))
    panels = _panels(look, shot, damages)
    light, marked = shade(
        camera, mesh, seen, panels, paint=look.colour, metallic=look.metallic, place=shot.place, time=shot.time
    )
    picture = behind(camera, shot.place, shot.time)
    picture *= shadow(camera, _FOOTPRINT)
    picture.reshape(-1, 3)[seen.at] = light
    numbers = np.zeros(camera.width * camera.height, np.uint8)
    numbers[seen.at] = marked
    numbers = numbers.reshape(camera.height, camera.width)
    exposure = LIGHTS[shot.time].exposure * float(np.random.default_rng(shot.seed + 50).uniform(0.94, 1.06))
    bgr = developed(picture, exposure=exposure, seed=shot.seed)
    marks = [_mark(numbers, number, damage) for number, damage in enumerate(damages)]
    plate = _outline(numbers == PLATE)
    return DrawnPhoto(
        jpeg=as_jpeg(bgr, exif=shot.exif),
        marks=tuple(mark for mark in marks if mark is not None),
        plate=plate[0] if plate else None,
        bgr=bgr,
    )


_FOOTPRINT = np.array(
    [(1.95, 0.55), (1.6, 0.8), (-1.7, 0.82), (-1.95, 0.6), (-1.95, -0.6), (-1.7, -0.82), (1.6, -0.8), (1.95, -0.55)],
    np.float32,
)


def camera_of(shot: Shot) -> Camera:
    """Where the person stands."""
    random = np.random.default_rng(shot.seed * 13 + list(Viewpoint).index(shot.viewpoint))
    shake = random.uniform(-1, 1, 6) * shot.shake
    if shot.of is not None:
        return _near(shot, shot.of, shake)
    turn = ROUND[shot.viewpoint] + 3.5 * shake[0]
    is_end = shot.viewpoint in {Viewpoint.FRONT, Viewpoint.REAR}
    is_flank = shot.viewpoint in {Viewpoint.LEFT, Viewpoint.RIGHT}
    away = (4.9 if is_end else 5.0 if is_flank else 5.15) * shot.distance * (1 + 0.035 * shake[1])
    angle = np.radians(turn)
    eye = (away * float(np.cos(angle)), away * float(np.sin(angle)), 1.5 + 0.1 * float(shake[2]))
    target = (0.08 * float(shake[3]), 0.08 * float(shake[4]), 0.72)
    field_ = 46.0 if is_end else 56.0
    return Camera(eye, target, field_, shot.width, shot.height, roll=1.2 * float(shake[5]))


def _near(shot: Shot, damage: DrawnDamage, shake: Floats) -> Camera:
    """In front of the damage, a little from the side, so that light plays on it."""
    place, normal = _on_the_body(damage)
    side = np.cross(normal, (0, 0, 1.0))
    length = np.linalg.norm(side)
    side = side / length if length > 0.2 else np.array([0.0, 1.0, 0.0])
    away = max(0.55, 2.3 * damage.size) * shot.distance
    eye = (
        place + normal * away + side * away * (0.25 + 0.08 * shake[0]) + np.array([0, 0, 0.22 * away + 0.02 * shake[1]])
    )
    x, y, z = (float(v) for v in eye)
    tx, ty, tz = (float(v) for v in place)
    return Camera((x, y, z), (tx, ty, tz), 54.0, shot.width, shot.height, roll=1.5 * float(shake[2]))


def _on_the_body(damage: DrawnDamage) -> tuple[Floats, Floats]:
    """The place of a damage in the world and the way its surface faces."""
    mesh = car_mesh()
    axes = _panel_axes(damage.surface)
    corners = np.unique(mesh.triangles[mesh.surface == damage.surface])
    flat = mesh.local[corners][:, list(axes)] - np.asarray(damage.centre, np.float32)
    nearest = corners[int(np.argmin((flat**2).sum(axis=1)))]
    return mesh.vertices[nearest], mesh.normals[nearest]


def _panel_axes(surface: int) -> tuple[int, int]:
    return _base(CarLook(), 60.0)[surface].axes


def _panels(look: CarLook, shot: Shot, damages: Sequence[DrawnDamage]) -> dict[int, Panel]:
    panels = dict(_base(look, round(shot.width / 1600 * 400, 1)))
    if shot.of is not None:
        near = shot.of
        panels |= skin(look, scale=shot.width / 1600 * 1500, focus=(near.surface, near.centre, 0.8))
    touched: set[int] = set()
    for number, damage in enumerate(damages):
        if damage.surface not in touched:
            panels[damage.surface] = panels[damage.surface].copy()
            touched.add(damage.surface)
        harm(panels[damage.surface], damage, number + 1)
    return panels


@lru_cache(maxsize=3)
def _base(look: CarLook, scale: float) -> dict[int, Panel]:
    return skin(replace(look, colour=(0, 0, 0)), scale=scale)


def _mark(numbers: NDArray[np.uint8], number: int, damage: DrawnDamage) -> DrawnMark | None:
    outline = _outline(numbers == number + 1)
    return DrawnMark(number, damage, *outline) if outline else None


def _outline(mask: NDArray[np.bool_]) -> tuple[Box, tuple[Point, ...]] | None:
    """The box and the largest outline of a mask; nothing below a few pixels."""
    if mask.sum() < 12:
        return None
    height, width = mask.shape
    thick = cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8))
    found, _ = cv2.findContours(thick, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = cv2.approxPolyDP(max(found, key=cv2.contourArea), 1.5, closed=True)[:, 0]
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    left, right, top, bottom = (int(v) for v in (columns[0], columns[-1] + 1, rows[0], rows[-1] + 1))
    box = Box(left / width, top / height, right / width, bottom / height)
    return box, tuple(Point(float(x) / width, float(y) / height) for x, y in largest)

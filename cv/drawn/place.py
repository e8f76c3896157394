"""Where the drawn car stands: a yard or a wash hall with floor, walls and sky, and what of it the paint reflects."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import cv2
import numpy as np

from cv.drawn.camera import Camera, Floats
from cv.drawn.walls import FLOOR_SCALE, WALL_HEIGHT, WALL_SCALE, floor, grain, walls

HALF = 8.0
"""Metres from the middle to each wall."""


class Time(StrEnum):
    DAY = "day"
    EVENING = "evening"
    HALL = "hall"
    """Under lamps, in the wash."""


@dataclass(frozen=True)
class Light:
    """``sky`` and ``sun`` are blue, green, red; ``towards`` is where the sun stands."""

    zenith: tuple[float, float, float]
    horizon: tuple[float, float, float]
    sun: tuple[float, float, float]
    towards: tuple[float, float, float]
    exposure: float


LIGHTS = {
    Time.DAY: Light((1.15, 0.68, 0.38), (1.2, 1.1, 1.0), (0.85, 0.93, 1.0), (0.35, 0.5, 0.79), 1.22),
    Time.EVENING: Light((0.75, 0.5, 0.42), (0.6, 0.85, 1.25), (0.35, 0.65, 1.1), (0.75, -0.55, 0.35), 0.92),
    Time.HALL: Light((0.5, 0.52, 0.54), (0.6, 0.62, 0.63), (0.55, 0.58, 0.6), (0.1, 0.2, 0.97), 1.0),
}


def behind(camera: Camera, seed: int, time: Time) -> Floats:
    """The picture without the car, as light (height, width, 3)."""
    picture = _sky(camera, LIGHTS[time], seed)
    size = (camera.width, camera.height)
    for index, texture in enumerate(walls(seed, is_hall=time is Time.HALL)):
        origin, along = _WALLS[index]
        flat = camera.plane(np.multiply(origin, HALF), np.asarray(along), np.array([0.0, 0.0, 1.0]))
        sheet = flat @ _sheet_to_metres(WALL_SCALE, WALL_HEIGHT)
        _lay(picture, texture, sheet, size)
    edge = HALF + 0.06  # a little under the walls, so that no sky shines through between
    flat = camera.plane(np.array([-edge, -edge, 0]), np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))
    _lay(
        picture,
        floor(seed, is_hall=time is Time.HALL),
        flat @ _sheet_to_metres(FLOOR_SCALE * HALF / edge, 2 * edge),
        size,
        flat,
    )
    return picture


_WALLS = (
    ((-1, 1, 0), (0, -1, 0)),
    ((1, 1, 0), (-1, 0, 0)),
    ((1, -1, 0), (0, 1, 0)),
    ((-1, -1, 0), (1, 0, 0)),
)
"""Where each wall begins and which way it runs, seen from within."""


def _sheet_to_metres(scale: float, height: float) -> np.ndarray:
    return np.array([[1 / scale, 0, 0], [0, -1 / scale, height], [0, 0, 1]])


def _lay(
    picture: Floats,
    texture: np.ndarray,
    to_picture: np.ndarray,
    size: tuple[int, int],
    grain_of: np.ndarray | None = None,
) -> None:
    """Lays a flat texture into the picture where it is in front of the camera."""
    back = np.linalg.inv(to_picture)
    columns, rows = np.arange(size[0]), np.arange(size[1])[:, None]
    ahead = back[2, 0] * columns + back[2, 1] * rows + back[2, 2] > 1e-9
    # A border of one colour outside tells where the texture is.
    inside = cv2.warpPerspective(np.full(texture.shape[:2], 255, np.uint8), to_picture, size, flags=cv2.INTER_NEAREST)
    where = ahead & (inside > 0)
    if not where.any():
        return
    laid = cv2.LUT(cv2.warpPerspective(texture, to_picture, size, flags=cv2.INTER_LINEAR), _LIGHT)
    if grain_of is not None:
        tile = grain()
        fine = grain_of @ np.array([[3 / 1024, 0, 0], [0, 3 / 1024, 0], [0, 0, 1]])
        rough = cv2.warpPerspective(tile, fine, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        laid = laid * (rough.astype(np.float32) / 128)[..., None]
    np.copyto(picture, laid, where=where[..., None])


_LIGHT = ((np.arange(256, dtype=np.float32) / 255) ** 2.2).astype(np.float32)


def _sky(camera: Camera, light: Light, seed: int) -> Floats:
    rows = np.linspace(-camera.height / 2, camera.height / 2, camera.height, dtype=np.float32)
    forward, down = camera.axes[2], camera.axes[1]
    rise = forward[2] * camera.focal + down[2] * rows
    share = np.clip(rise / np.hypot(camera.focal, rows), 0, 0.6)[:, None, None] / 0.6
    clouds = cv2.resize(_clouds(seed), (camera.width, camera.height), interpolation=cv2.INTER_CUBIC)[..., None]
    blue = np.asarray(light.horizon, np.float32) * (1 - share) + np.asarray(light.zenith, np.float32) * share
    return (blue + 0.35 * clouds * np.asarray(light.horizon, np.float32)).astype(np.float32)


@lru_cache(maxsize=8)
def _clouds(seed: int) -> Floats:
    random = np.random.default_rng(seed)
    total = sum(
        cv2.resize(random.random((3 * n, 4 * n), np.float32), (160, 120), interpolation=cv2.INTER_CUBIC) / n
        for n in (1, 2, 4)
    )
    return np.clip(total - 0.85, 0, 1).astype(np.float32)


def shadow(camera: Camera, outline: Floats) -> Floats:
    """How much light the ground under and near the car keeps, (height, width, 1)."""
    scale, half = 30, 4.0
    sheet = np.full((int(2 * half * scale),) * 2, 255, np.uint8)
    places = np.round((outline * [1, -1] + half) * scale).astype(np.int32)
    cv2.fillPoly(sheet, [places], 0)
    wide = cv2.GaussianBlur(sheet, (0, 0), 0.26 * scale).astype(np.float32)
    near = cv2.GaussianBlur(sheet, (0, 0), 0.07 * scale).astype(np.float32)
    keep = 0.06 + 0.94 * (0.45 * wide + 0.55 * near) / 255
    flat = camera.plane(np.array([-half, -half, 0]), np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))
    laid = cv2.warpPerspective(
        keep, flat @ _sheet_to_metres(scale, 2 * half), (camera.width, camera.height), borderValue=1.0
    )
    return laid[..., None]


@lru_cache(maxsize=8)
def surroundings(seed: int, time: Time) -> tuple[Floats, Floats]:
    """What a mirror would see, sharp and blurred: columns go round (x, then y), rows from up to down."""
    light = LIGHTS[time]
    rows, columns = 256, 1024
    up = np.linspace(1, -1, rows, dtype=np.float32)[:, None, None]
    round_ = np.linspace(0, 2 * np.pi, columns, endpoint=False, dtype=np.float32)
    share = np.clip(up, 0, 1) ** 0.7
    sky = np.asarray(light.horizon, np.float32) * (1 - share) + np.asarray(light.zenith, np.float32) * share
    picture = np.broadcast_to(sky * 1.15, (rows, columns, 3)).copy()
    clouds = cv2.resize(_clouds(seed + 1), (columns, rows), interpolation=cv2.INTER_CUBIC)[..., None]
    picture += 0.5 * clouds * np.asarray(light.horizon, np.float32)
    if time is Time.HALL:
        _lamps(picture)
    _reflect_walls(picture, up, round_, seed, time)
    below = np.clip(-up, 0, 1)
    ground = np.asarray((0.21, 0.215, 0.22), np.float32) * (1 - 0.75 * below**0.5)
    picture = np.where(up < 0, ground, picture).astype(np.float32)
    wrapped = np.concatenate([picture[:, -64:], picture, picture[:, :64]], axis=1)
    blurred = cv2.GaussianBlur(wrapped, (0, 0), 16)[:, 64:-64]
    sharp = cv2.GaussianBlur(wrapped, (0, 0), 1.2)[:, 64:-64]
    return sharp, blurred


def _lamps(picture: Floats) -> None:
    for column in range(0, 1024, 128):
        picture[8:26, column : column + 80] += 2.2
        picture[40:54, column + 20 : column + 110] += 1.6


def _reflect_walls(picture: Floats, up: Floats, round_: Floats, seed: int, time: Time) -> None:
    out = np.maximum(np.abs(np.cos(round_)), np.abs(np.sin(round_)))
    top = np.sin(np.arctan2((WALL_HEIGHT - 0.8) * out, HALF))
    sheets = walls(seed, is_hall=time is Time.HALL)
    tones = _LIGHT[np.stack([cv2.resize(s, (64, 1), interpolation=cv2.INTER_AREA)[0] for s in sheets])]
    # The walls begin at the corners (-,+), (+,+), (+,-), (-,-); their order runs against the turn.
    turn = (np.degrees(round_) - 135) % 360
    which = ((360 - turn) // 90).astype(int) % 4
    along = ((360 - turn) % 90 / 90 * 63).astype(int)
    ordered = np.array([1, 2, 3, 0])[which] if len(sheets) == 4 else which
    band = tones[ordered, along] * 1.1
    for row in range(picture.shape[0]):
        covered = (up[row, 0, 0] < top) & (up[row, 0, 0] >= 0)
        picture[row, covered] = band[covered]

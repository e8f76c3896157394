"""Light on the drawn car: soft daylight, a mirror of the surroundings in the lacquer, relief from the panels."""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from cv.drawn.camera import Camera, Floats
from cv.drawn.mesh import Mesh
from cv.drawn.panel import Colour, Panel, linear
from cv.drawn.place import LIGHTS, Light, Time, surroundings
from cv.drawn.raster import Seen


def shade(
    camera: Camera,
    mesh: Mesh,
    seen: Seen,
    panels: Mapping[int, Panel],
    *,
    paint: Colour = (128, 128, 128),
    metallic: float = 0.3,
    place: int = 1,
    time: Time = Time.DAY,
) -> tuple[Floats, NDArray[np.uint8]]:
    """The light (n, 3) of every covered pixel, and the number of the mark that lies there."""
    together = seen.blend(mesh, np.concatenate([mesh.vertices, mesh.normals, mesh.local], axis=1))
    position, normal, local = together[:, :3], together[:, 3:6].copy(), together[:, 6:]
    surface = mesh.surface[seen.triangle]
    colour = np.zeros((len(surface), 4), np.float32)
    gloss = np.zeros(len(surface), np.float32)
    marks = np.zeros(len(surface), np.uint8)
    for index in np.unique(surface):
        here = np.flatnonzero(surface == index)
        panel = panels[int(index)]
        colour[here], sheen, marks[here] = panel.look_up(local[here])
        gloss[here] = sheen[:, 0]
        _bend(normal, here, panel, sheen)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    own = colour[:, :3] * (1 - colour[:, 3:]) + linear(paint) * colour[:, 3:]
    view = position - np.asarray(camera.eye, np.float32)
    view /= np.linalg.norm(view, axis=1, keepdims=True)
    lacquer = _Lacquer(own, gloss, colour[:, 3] * metallic)
    return _lit(position, normal, view, lacquer, light=LIGHTS[time], mirrored=surroundings(place, time)), marks


def _bend(normal: Floats, here: NDArray[np.int64], panel: Panel, sheen: Floats) -> None:
    """Tilts the normals by the slopes of the relief."""
    sloped = np.abs(sheen[:, 1]) + np.abs(sheen[:, 2]) > 1e-4
    at = here[sloped]
    n = normal[at]
    tilt = np.zeros_like(n)
    tilt[:, panel.axes[0]] = sheen[sloped, 1]
    tilt[:, panel.axes[1]] = sheen[sloped, 2]
    tilt -= n * (tilt * n).sum(axis=1, keepdims=True)
    normal[at] = n - tilt


@dataclass(frozen=True)
class _Lacquer:
    own: Floats
    gloss: Floats
    metal: Floats


def _lit(
    position: Floats, normal: Floats, view: Floats, skin: _Lacquer, *, light: Light, mirrored: tuple[Floats, Floats]
) -> Floats:
    sun = np.asarray(light.towards, np.float32)
    sun /= np.linalg.norm(sun)
    facing = -(normal * view).sum(axis=1)
    mirror = view + 2 * facing[:, None] * normal
    sharp, blurred = mirrored
    up = 0.5 + 0.5 * normal[:, 2:]
    sky = np.asarray(light.zenith, np.float32) * 0.35 + np.asarray(light.horizon, np.float32) * 0.45
    # Near the ground the car itself keeps the light away.
    open_ = np.clip(0.35 + position[:, 2:] * 0.9, 0.3, 1)
    ambient = sky * up + np.asarray((0.16, 0.165, 0.17), np.float32) * (1 - up)
    direct = np.clip(normal @ sun, 0, 1)[:, None] * np.asarray(light.sun, np.float32) * 0.85
    total = skin.own * (ambient * open_ + direct)
    total += skin.metal[:, None] * skin.own * 1.6 * _reflected(mirror, blurred) * open_
    fresnel = 0.05 + 0.85 * (1 - np.clip(facing, 0, 1)) ** 5
    share = np.clip(skin.gloss * fresnel, 0, 0.95)[:, None]
    total = total * (1 - share) + share * _reflected(mirror, sharp) * open_
    glint = np.clip(mirror @ sun, 0, 1) ** 350 * np.clip(skin.gloss, 0, 2)
    return total + glint[:, None] * np.asarray(light.sun, np.float32) * 1.5


def _reflected(direction: Floats, round_about: Floats) -> Floats:
    rows, columns = round_about.shape[:2]
    turn = cv2.phase(direction[:, 0], direction[:, 1])[:, 0] * (columns / (2 * np.pi))
    down = (1 - direction[:, 2]) * (rows / 2)
    count = len(turn)
    padded = np.zeros((-(-count // 1024) * 1024, 2), np.float32)
    padded[:count, 0] = np.clip(turn, 0, columns - 1)
    padded[:count, 1] = np.clip(down, 0, rows - 1)
    grid = padded.reshape(-1, 1024, 2)
    return cv2.remap(round_about, grid, None, cv2.INTER_LINEAR).reshape(-1, 3)[:count]  # type: ignore[call-overload]  # None is the documented second map

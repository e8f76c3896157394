"""Sample outlines for the check-list: what to photograph and from where, as line drawings without a word.

``python -m cv.drawn.outlines FOLDER`` writes one PNG for each picture that is asked for.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.inspection.views import EXTERIOR, TYRES, Viewpoint
from cv.drawn import body, pictograms
from cv.drawn.body import arches, car_mesh
from cv.drawn.camera import Camera
from cv.drawn.car import ROUND, Shot, camera_of
from cv.drawn.inside import KitItem, interior, trunk
from cv.drawn.lens import Picture
from cv.drawn.pictograms import ACCENT, FILL, INK, PAGE, plan_view
from cv.drawn.raster import rasterise
from cv.drawn.skin import CarLook, skin

WIDTH, HEIGHT = 640, 480
FINE = 3
"""Drawn so many times larger, then made small: smooth lines."""

TONES = 48

_SIDES = {
    Viewpoint.FRONT: {body.FRONT, body.WINDSCREEN, body.TOP},
    Viewpoint.REAR: {body.REAR, body.BACKLIGHT},
    Viewpoint.LEFT: {body.SIDE_LEFT},
    Viewpoint.RIGHT: {body.SIDE_RIGHT},
}


def outline(viewpoint: Viewpoint) -> Picture:
    """Blue, green, red, 640 x 480."""
    if viewpoint in ROUND:
        return _small(
            _car(camera_of(Shot(viewpoint, width=WIDTH * FINE, shake=0, distance=1.02)), _asked(viewpoint)), viewpoint
        )
    if viewpoint in TYRES:
        return _small(_car(_wheel(viewpoint), {body.TYRE, body.RIM}), viewpoint)
    if viewpoint is Viewpoint.TRUNK:
        scene, camera = trunk(tuple(KitItem), seed=0, width=WIDTH * FINE)
        return _small(_lines(scene.surfaces(camera), np.zeros((1, 1), bool)), viewpoint)
    if viewpoint in {Viewpoint.INTERIOR_FRONT, Viewpoint.INTERIOR_REAR}:
        row = "front" if viewpoint is Viewpoint.INTERIOR_FRONT else "rear"
        scene, camera = interior(row, seed=0, width=WIDTH * FINE)
        return _small(_lines(scene.surfaces(camera), np.zeros((1, 1), bool)), viewpoint)
    return pictograms.DRAWN[viewpoint]()


def write_outlines(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for viewpoint in (
        *EXTERIOR,
        *TYRES,
        Viewpoint.TRUNK,
        Viewpoint.INTERIOR_FRONT,
        Viewpoint.INTERIOR_REAR,
        *pictograms.DRAWN,
    ):
        written.append(folder / f"{viewpoint}.png")
        _keep(outline(viewpoint), written[-1])
    return written


def _asked(viewpoint: Viewpoint) -> set[int]:
    sides = [_SIDES[Viewpoint(name)] for name in viewpoint.split("_")]
    return set().union(*sides)


def _wheel(viewpoint: Viewpoint) -> Camera:
    _, end, hand = viewpoint.split("_")
    x = body.AXLES[0 if end == "front" else 1]
    side = 1.0 if hand == "left" else -1.0
    return Camera((x + 0.5, 2.3 * side, 0.75), (x, 0.75 * side, 0.42), 40, WIDTH * FINE, HEIGHT * FINE)


def _car(camera: Camera, asked: set[int]) -> Picture:
    mesh = car_mesh()
    seen = rasterise(camera, mesh, hole=arches(mesh))
    panels = skin(CarLook(plate=""), scale=500)
    local, surface = seen.blend(mesh, mesh.local), mesh.surface[seen.triangle]
    tone = np.zeros(len(surface), np.int64)
    for index in np.unique(surface):
        here = np.flatnonzero(surface == index)
        light, sheen, _ = panels[int(index)].look_up(local[here])
        bright = light[:, :3].mean(axis=1)
        # Paint, dark plastic and glass, bright metal: what a pen would draw a border between.
        tone[here] = np.where(light[:, 3] > 0.6, 0, np.where(bright > 0.12, 1, np.where(sheen[:, 0] > 0.9, 2, 3)))
    # Parts that stand apart get a line around; the panels of the smooth body do not.
    apart = np.isin(surface, (body.TYRE, body.RIM, body.MIRROR, body.UNDER)) * 10
    labels = np.full(camera.height * camera.width, -1)
    labels[seen.at] = tone + apart
    lit = np.zeros(camera.height * camera.width, bool)
    lit[seen.at] = np.isin(surface, list(asked))
    shape = (camera.height, camera.width)
    return _lines(labels.reshape(shape), lit.reshape(shape))


def _lines(labels: NDArray[np.int64], asked: NDArray[np.bool_]) -> Picture:
    """Lines where labels change, a strong one around everything; the asked side is tinted."""
    height, width = labels.shape
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = PAGE
    picture[labels >= 0] = FILL
    if asked.shape == labels.shape:
        picture[asked] = ACCENT
    kinds = labels.astype(np.int16)
    thin = cv2.dilate(kinds, np.ones((4, 4))) != cv2.erode(kinds, np.ones((4, 4)))
    there = (labels >= 0).astype(np.uint8)
    strong = cv2.dilate(there, np.ones((10, 10))) != cv2.erode(there, np.ones((2, 2)))
    picture[thin | strong] = INK
    return cv2.medianBlur(picture, 3).astype(np.uint8)


def _small(picture: Picture, viewpoint: Viewpoint) -> Picture:
    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.uint8)
    if viewpoint in ROUND:
        plan_view(small, turn=ROUND[viewpoint])
    elif viewpoint is Viewpoint.TRUNK:
        plan_view(small, turn=180)
    elif viewpoint in TYRES:
        plan_view(
            small, turn={"fl": 45, "fr": 315, "rl": 135, "rr": 225}["".join(w[0] for w in viewpoint.split("_")[1:])]
        )
    return small


def _keep(picture: Picture, path: Path) -> None:
    """Few tones keep a line drawing whole and its file small; with fewer the arrow loses its colour."""
    image = Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    image.quantize(TONES, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    for path in write_outlines(Path(sys.argv[1])):
        sys.stdout.write(f"{path} {path.stat().st_size}\n")


if __name__ == "__main__":
    main()

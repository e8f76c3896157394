"""Photos of the inside of the drawn car: front seats, rear bench, and the trunk with its kit."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Literal

import cv2
import numpy as np

from cv.drawn.camera import Camera
from cv.drawn.car import DrawnPhoto
from cv.drawn.lens import Picture, as_jpeg
from cv.drawn.mesh import Mesh, block, lathe, tube
from cv.drawn.panel import circle
from cv.drawn.scene import Scene

CLOTH = (70, 72, 77)
LINING = (150, 148, 142)
BLACK = (26, 27, 29)


class KitItem(StrEnum):
    """What can lie in a drawn trunk."""

    SPARE_WHEEL = "spare_wheel"
    JACK = "jack"
    WRENCH = "wrench"
    TRIANGLE = "triangle"
    EXTINGUISHER = "extinguisher"
    FIRST_AID = "first_aid"
    VEST = "vest"


def draw_interior(row: Literal["front", "rear"], *, seed: int = 0, width: int = 1600) -> DrawnPhoto:
    """The front seats from behind, or the rear bench from the front."""
    scene, camera = interior(row, seed=seed, width=width)
    bgr = scene.photo(camera, exposure=2.3, seed=seed)
    return DrawnPhoto(as_jpeg(bgr), bgr=bgr)


def draw_trunk(items: Sequence[KitItem | str] = tuple(KitItem), *, seed: int = 0, width: int = 1600) -> DrawnPhoto:
    """The open trunk from behind, with these things in it."""
    scene, camera = trunk(items, seed=seed, width=width)
    bgr = scene.photo(camera, exposure=1.9, seed=seed)
    return DrawnPhoto(as_jpeg(bgr), bgr=bgr)


def interior(row: Literal["front", "rear"], *, seed: int, width: int) -> tuple[Scene, Camera]:
    scene = Scene()
    _shell(scene)
    shake = np.random.default_rng(seed).uniform(-0.03, 0.03, 3)
    if row == "front":
        _front_row(scene)
        eye, target = (-0.5, float(shake[0]), 1.36 + float(shake[1])), (0.8, float(shake[2]), 0.86)
    else:
        _rear_row(scene)
        eye, target = (0.55, float(shake[0]), 1.25 + float(shake[1])), (-1.2, float(shake[2]), 0.88)
    return scene, Camera(eye, target, 82, width, width * 3 // 4)


def trunk(items: Sequence[KitItem | str], *, seed: int, width: int) -> tuple[Scene, Camera]:
    scene = Scene()
    _trunk_walls(scene)
    for item in items:
        _ITEMS[KitItem(item)](scene)
    shake = np.random.default_rng(seed).uniform(-0.03, 0.03, 3)
    eye = (-3.05, float(shake[0]), 1.62 + float(shake[1]))
    return scene, Camera(eye, (-1.55, float(shake[2]), 0.78), 50, width, width * 3 // 4)


def _at(
    make: Callable[..., Mesh], *arguments: object, place: tuple[float, float, float], **options: object
) -> Callable[[int], Mesh]:
    return lambda surface: make(*arguments, surface, **options).moved(place)


# The cabin.


def _shell(scene: Scene) -> None:
    scene.add(lambda s: block((5.0, 1.56, 1.2), s, cells=40).inside_out().moved((-0.3, 0, 0.99)), LINING, weave=0.02)
    scene.add(_at(block, (4.0, 1.5, 0.06), place=(-0.3, 0, 0.5)), (34, 35, 38), weave=0.12)
    for side in (-1, 1):
        scene.add(_at(block, (2.9, 0.08, 0.5), cells=24, place=(-0.2, 0.74 * side, 0.76)), (66, 67, 70), weave=0.05)
        scene.add(_at(block, (0.8, 0.12, 0.06), place=(0.1, 0.7 * side, 0.82)), BLACK, gloss=0.4)
        for x in (-0.95, 0.12):
            wall = ((x - 0.05, 0.77, 1.04), (0.95, 0, 0)) if side > 0 else ((x + 0.9, -0.77, 1.04), (-0.95, 0, 0))
            scene.add_picture(_outside(3 + side), wall[0], wall[1], (0.0, 0.0, 0.4))


def _outside(seed: int) -> Picture:
    """What the windows show: sky, trees, a wall, out of focus."""
    random = np.random.default_rng(seed)
    view = np.full((200, 600, 3), (236, 222, 205), np.float32)
    for _ in range(90):
        place = (int(random.integers(0, 600)), int(random.normal(125, 22)))
        tone = int(random.integers(-22, 22))
        cv2.circle(view, place, int(random.integers(9, 26)), (86 + tone, 128 + tone, 96 + tone), -1)
    cv2.rectangle(view, (0, 150), (600, 200), (150, 156, 160), -1)
    return cv2.GaussianBlur(np.clip(view, 0, 255).astype(np.uint8), (0, 0), 5).astype(np.uint8)


def _seat(scene: Scene, x: float, y: float, width: float, *, facing: int = 1) -> None:
    lean = 14 * facing
    scene.add(_at(block, (0.52, width, 0.2), roundness=5, place=(x + 0.2, y, 0.68)), CLOTH, weave=0.06)
    scene.add(
        lambda s: block((0.17, width, 0.62), s, roundness=5).turned(-lean, 1).moved((x - 0.1, y, 0.98)),
        CLOTH,
        weave=0.06,
    )
    scene.add(
        lambda s: block((0.185, width * 0.5, 0.5), s, roundness=5).turned(-lean, 1).moved((x - 0.1, y, 0.99)),
        (84, 86, 92),
        weave=0.06,
    )


def _head_rest(scene: Scene, x: float, y: float) -> None:
    scene.add(_at(block, (0.1, 0.25, 0.17), roundness=4, place=(x - 0.19, y, 1.38)), CLOTH, weave=0.06)
    for side in (-0.05, 0.05):
        scene.add(_at(block, (0.014, 0.014, 0.14), place=(x - 0.18, y + side, 1.28)), (150, 152, 155), gloss=1.5)


def _front_row(scene: Scene) -> None:
    scene.add_picture(_outside(9), (1.55, 0.72, 1.0), (0.0, -1.44, 0.0), (-0.35, 0.0, 0.5))
    scene.add(_at(block, (0.6, 1.5, 0.34), roundness=5, cells=24, place=(1.1, 0, 0.86)), (40, 41, 44), weave=0.04)
    scene.add(_at(block, (0.5, 1.5, 0.05), cells=24, place=(1.05, 0, 1.02)), (24, 25, 27), weave=0.04)
    scene.add(_at(block, (0.9, 0.24, 0.3), roundness=6, place=(0.45, 0, 0.62)), (44, 45, 48), gloss=0.4)
    scene.add(_at(block, (0.03, 0.28, 0.17), place=(0.76, 0, 1.05)), (10, 12, 16), gloss=2.0)
    for y in (-0.6, -0.12, 0.12, 0.6):
        scene.add(_at(block, (0.03, 0.12, 0.07), place=(0.795, y, 0.92)), (12, 12, 13), gloss=0.6)
    scene.add(
        lambda s: lathe([(0.0, 0.03), (0.03, 0.03), (0.034, 0.0)], s).turned(-90, 0).moved((0.45, 0, 0.88)),
        (60, 61, 64),
        gloss=1,
    )
    scene.add(_at(block, (0.03, 0.03, 0.16), place=(0.45, 0, 0.8)), (60, 61, 64), gloss=1)
    _steering_wheel(scene)
    scene.add(_at(block, (0.03, 0.24, 0.07), roundness=5, place=(0.78, 0, 1.44)), BLACK, gloss=0.8)
    for y in (-0.38, 0.38):
        _seat(scene, -0.1, y, 0.52)
        _head_rest(scene, -0.08, y)


def _steering_wheel(scene: Scene) -> None:
    middle = np.array([0.62, 0.38, 0.98])
    ring = circle((0.0, 0.0), 0.185, steps=60)
    lean = np.array([0.38, 0.0, 0.92])
    path = middle + ring[:, :1] * np.array([0.0, 1.0, 0.0]) + ring[:, 1:] * lean
    scene.add(lambda s: tube(path, 0.017, s), (22, 22, 24), gloss=0.5)
    scene.add(
        lambda s: block((0.07, 0.15, 0.13), s, roundness=4).turned(-20, 1).moved((0.63, 0.38, 0.97)),
        (30, 30, 32),
        gloss=0.5,
    )
    spoke = np.linspace(-0.17, 0.17, 12)[:, None] * np.array([0.0, 1.0, 0.0]) + middle
    scene.add(lambda s: tube(spoke, 0.015, s), (44, 44, 47), gloss=0.6)


def _rear_row(scene: Scene) -> None:
    scene.add_picture(_outside(12), (-1.9, -0.6, 1.12), (0.0, 1.2, 0.0), (0.12, 0.0, 0.34))
    scene.add(_at(block, (0.55, 1.36, 0.2), roundness=5, cells=24, place=(-0.95, 0, 0.7)), CLOTH, weave=0.06)
    for y, width in ((-0.45, 0.46), (0.0, 0.36), (0.45, 0.46)):
        scene.add(
            lambda s, y=y, w=width: block((0.18, w, 0.6), s, roundness=5).turned(-12, 1).moved((-1.24, y, 1.0)),
            CLOTH,
            weave=0.06,
        )
        scene.add(
            lambda s, y=y, w=width: block((0.2, w * 0.55, 0.48), s, roundness=5).turned(-12, 1).moved((-1.235, y, 1.0)),
            (84, 86, 92),
            weave=0.06,
        )
        _head_rest(scene, -1.12, y)
        scene.add(_at(block, (0.03, 0.05, 0.06), place=(-1.06, y + 0.13, 0.82)), (170, 30, 26), gloss=0.6)


# The trunk.


def _trunk_walls(scene: Scene) -> None:
    scene.add(_at(block, (1.0, 1.15, 0.06), cells=24, place=(-1.5, 0, 0.6)), (46, 47, 50), weave=0.12)
    for side in (-1, 1):
        scene.add(
            _at(block, (1.0, 0.16, 0.75), cells=20, roundness=6, place=(-1.5, 0.62 * side, 0.92)),
            (70, 71, 74),
            weave=0.06,
        )
        scene.add(_at(block, (0.12, 0.2, 1.0), roundness=4, place=(-2.0, 0.74 * side, 0.98)), (158, 34, 36), gloss=0.9)
        scene.add(_at(block, (0.06, 0.2, 0.2), roundness=4, place=(-2.06, 0.76 * side, 0.9)), (120, 10, 12), gloss=1.6)
    scene.add(_at(block, (0.14, 1.12, 0.7), cells=20, place=(-1.0, 0, 0.95)), CLOTH, weave=0.06)
    scene.add(_at(block, (0.16, 0.012, 0.7), place=(-1.0, 0.1, 0.95)), (30, 30, 32))
    scene.add(_at(block, (0.14, 1.6, 0.36), cells=24, roundness=5, place=(-2.04, 0, 0.46)), (158, 34, 36), gloss=0.9)
    scene.add(_at(block, (0.12, 1.12, 0.03), cells=16, place=(-1.98, 0, 0.645)), (40, 41, 43), gloss=0.3)
    scene.add(_at(block, (0.1, 1.5, 0.16), cells=16, roundness=5, place=(-1.9, 0, 1.5)), (120, 26, 28), gloss=0.8)
    scene.add(_at(block, (2.5, 5.0, 0.02), cells=40, place=(-2.6, 0, 0.0)), (98, 99, 101), weave=0.1)


def _spare_wheel(scene: Scene) -> None:
    scene.add(
        lambda s: _flat(lathe([(0.12, 0.06), (0.24, 0.07), (0.27, 0.04), (0.28, -0.06)], s), (-1.42, 0.22, 0.7)),
        (24, 24, 25),
    )
    scene.add(
        lambda s: _flat(lathe([(0.0, 0.03), (0.05, 0.035), (0.12, 0.06)], s), (-1.42, 0.22, 0.7)),
        (190, 170, 30),
        gloss=0.6,
    )


def _flat(wheel: Mesh, place: tuple[float, float, float]) -> Mesh:
    return wheel.turned(90, 0).moved(place)


def _jack(scene: Scene) -> None:
    arms = ((24, -1), (-24, -1), (24, 1), (-24, 1))
    for lean, side in arms:
        scene.add(
            lambda s, a=lean * side, b=side: (
                block((0.03, 0.24, 0.03), s).turned(a, 0).moved((-1.84, -0.42 + 0.1 * b, 0.7))
            ),
            (40, 70, 120),
            gloss=0.5,
        )
    scene.add(_at(block, (0.05, 0.4, 0.02), place=(-1.84, -0.42, 0.7)), (130, 132, 134), gloss=1.2)


def _wrench(scene: Scene) -> None:
    path = np.array([(-1.9, -0.2, 0.66), (-1.9, 0.08, 0.66), (-1.88, 0.11, 0.66), (-1.82, 0.12, 0.66)])
    steps = np.linspace(0, 3, 40)
    smooth = np.stack([np.interp(steps, range(4), path[:, axis]) for axis in range(3)], axis=1)
    scene.add(lambda s: tube(smooth, 0.013, s), (150, 152, 156), gloss=1.8)


def _triangle(scene: Scene) -> None:
    corners = np.array([(-1.3, -0.36, 0.72), (-1.3, -0.02, 0.72), (-1.12, -0.19, 1.0), (-1.3, -0.36, 0.72)])
    steps = np.linspace(0, 3, 60)
    path = np.stack([np.interp(steps, range(4), corners[:, axis]) for axis in range(3)], axis=1)
    scene.add(lambda s: tube(path, 0.022, s), (214, 40, 24), gloss=0.8)


def _extinguisher(scene: Scene) -> None:
    profile = [(0.0, 0.19), (0.03, 0.185), (0.06, 0.16), (0.068, 0.13), (0.068, -0.17), (0.06, -0.19)]
    scene.add(lambda s: lathe(profile, s).turned(8, 2).moved((-1.83, 0.36, 0.7)), (196, 24, 22), gloss=1.2)
    scene.add(_at(block, (0.05, 0.1, 0.03), place=(-1.85, 0.57, 0.73)), BLACK, gloss=0.5)
    scene.add(_at(block, (0.002, 0.1, 0.07), place=(-1.9, 0.35, 0.7)), (240, 236, 220))


def _first_aid(scene: Scene) -> None:
    scene.add(_at(block, (0.2, 0.32, 0.16), roundness=9, place=(-1.68, -0.08, 0.72)), (32, 126, 72), gloss=0.4)
    cross = np.full((200, 400, 3), (72, 126, 32), np.uint8)
    cv2.rectangle(cross, (180, 40), (220, 160), (245, 245, 245), -1)
    cv2.rectangle(cross, (140, 80), (260, 120), (245, 245, 245), -1)
    scene.add_picture(cross, (-1.79, 0.07, 0.655), (0.0, -0.3, 0.0), (0.0, 0.0, 0.13))
    scene.add_picture(cross, (-1.77, 0.07, 0.803), (0.0, -0.3, 0.0), (0.18, 0.0, 0.0))


def _vest(scene: Scene) -> None:
    scene.add(_at(block, (0.26, 0.24, 0.05), roundness=4, place=(-1.3, -0.38, 0.66)), (222, 236, 40), weave=0.05)
    scene.add(_at(block, (0.04, 0.242, 0.053), roundness=4, place=(-1.3, -0.38, 0.66)), (205, 208, 210), gloss=1.0)


_ITEMS: dict[KitItem, Callable[[Scene], None]] = {
    KitItem.SPARE_WHEEL: _spare_wheel,
    KitItem.JACK: _jack,
    KitItem.WRENCH: _wrench,
    KitItem.TRIANGLE: _triangle,
    KitItem.EXTINGUISHER: _extinguisher,
    KitItem.FIRST_AID: _first_aid,
    KitItem.VEST: _vest,
}

"""What the bench measures with: photos that the project draws, and the speed of the detector in a worker."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.inspection.views import EXTERIOR
from cv.weights import Weights

if TYPE_CHECKING:
    from cv.reading import Colour

CARS = ((176, 30, 34), (238, 238, 236), (24, 26, 30), (60, 90, 140))
DRAWN_WIDTH = 1280


def drawn_photos(count: int, width: int) -> list[bytes]:
    """Four cars, each from another side, again and again; wider than they are drawn, they get a sensor's grain."""
    import cv2
    import numpy as np

    drawn = [_drawn(number) for number in range(min(count, len(CARS)))]
    height = width * 3 // 4
    dice = np.random.default_rng(1)
    photos: list[bytes] = []
    for number in range(count):
        large = cv2.resize(drawn[number % len(CARS)], (width, height), interpolation=cv2.INTER_CUBIC)
        grain = dice.normal(0, 3, large.shape).astype(np.int8)
        photos.append(cv2.imencode(".jpg", cv2.add(large, grain, dtype=cv2.CV_8U))[1].tobytes())
    return photos


def _drawn(number: int) -> "Colour":
    from cv.drawn.car import Shot, draw_car
    from cv.drawn.skin import CarLook

    shot = Shot(EXTERIOR[2 * number % len(EXTERIOR)], seed=number, width=DRAWN_WIDTH)
    return draw_car(CarLook(colour=CARS[number], seed=number), shot).bgr


def images_per_s(photos: Sequence[bytes], weights: Weights) -> float:
    """Through ``find_damage``, decoding included; one photo before the clock starts opens the model."""
    from cv.damage import find_damage

    find_damage(photos[0], weights)
    began = time.perf_counter()
    for photo in photos:
        find_damage(photo, weights)
    return round(len(photos) / (time.perf_counter() - began), 2)


def photos_of(folder: Path, most: int) -> list[bytes]:
    """Spread over the folder."""
    names = sorted(folder.glob("*.jpg"))
    return [name.read_bytes() for name in names[:: max(1, len(names) // most)][:most]]

"""Evaluating weights: how much of what people marked they find, how much of what they find is there, how fast."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from core.errors import Rejected
from cv.detector import Detection, open_detector
from cv.detector.tiles import Tiling
from cv.found import Box
from cv.training.average_precision import Guess, Score, score
from cv.training.labelled import LabelledFolder

LEAST = 0.001
"""Average precision looks at everything that a model would say, however unsure; so COCO and ultralytics do."""
OPERATING_POINTS = (0.1, 0.25, 0.5)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """``score`` has the fixed operating points first and, of a model with a card, its own threshold last."""

    weights: Path
    photos: int
    score: Score
    photos_per_s: float
    threads: int
    is_tiled: bool


def evaluate(
    weights: Path,
    folder: LabelledFolder,
    *,
    thresholds: Mapping[str, float] | None = None,
    threads: int = 2,
    tiles: Tiling | None = None,
) -> Evaluation:
    """``thresholds``: of each label, as its card says; a label without one is measured at the fixed points only."""
    guesses, seconds = look(weights, folder, threads=threads, tiles=tiles)
    own = thresholds or {}
    points = {label: (*OPERATING_POINTS, *([own.get(label, 1.0)] if own else [])) for label in folder.labels}
    scored = score([photo.marks for photo in folder.photos], guesses, folder.labels, thresholds=points)
    return Evaluation(weights, len(folder.photos), scored, len(guesses) / seconds, threads, tiles is not None)


def look(
    weights: Path, folder: LabelledFolder, *, threads: int, tiles: Tiling | None = None
) -> tuple[list[list[Guess]], float]:
    """What the weights say about each photo, and the seconds of that (reading the files apart)."""
    detector = open_detector(weights, threads)
    missing = set(folder.labels) - set(detector.names.values())
    if missing:
        raise Rejected(f"{weights.name} knows no {', '.join(sorted(missing))}: say what the labels are called there")
    guesses: list[list[Guess]] = []
    seconds = 0.0
    for photo in folder.photos:
        image: Any = cv2.imread(str(photo.path))
        if image is None:
            raise Rejected(f"{photo.path}: no photo")
        if not guesses:
            detector.detect(image, LEAST, tiles)  # the first one pays for what is set up once
        began = time.perf_counter()
        seen = detector.detect(image, LEAST, tiles)
        seconds += time.perf_counter() - began
        height, width = image.shape[:2]
        guesses.append([_guess(one, width, height) for one in seen])
    return guesses, max(seconds, 1e-9)


def _guess(seen: Detection, width: int, height: int) -> Guess:
    left, top, right, bottom = seen.corners
    return Guess(seen.label, seen.confidence, Box(left / width, top / height, right / width, bottom / height))

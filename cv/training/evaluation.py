"""Evaluating weights: how much of what people marked they find, how much of what they find is there, how fast."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from core.errors import Rejected
from cv.detector import Detection, open_detector
from cv.detector.suppress import joined
from cv.detector.tiles import Tiling
from cv.found import Box
from cv.training.average_precision import Guess, Operating, Score, score
from cv.training.labelled import LabelledFolder

LEAST = 0.001
"""Average precision looks at everything that a model would say, however unsure; so COCO and ultralytics do."""
OPERATING_POINTS = (0.1, 0.25, 0.5)


@dataclass(frozen=True, slots=True)
class Seen:
    """One photo of so many pixels, and what the weights say about it."""

    width: int
    height: int
    detections: tuple[Detection, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """``seconds`` of the looking alone, without reading the files."""

    seen: Sequence[Seen]
    seconds: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """``score`` is of all that the weights say; ``as_shipped`` of each label at its threshold.

    ``together``: of all that Jarvis would propose, against all that was marked.
    """

    weights: Path
    photos: int
    score: Score
    as_shipped: Mapping[str, Operating]
    together: Operating | None
    photos_per_s: float
    threads: int


def evaluate(
    weights: Path,
    folder: LabelledFolder,
    *,
    thresholds: Mapping[str, float] | None = None,
    threads: int = 2,
    tiles: Tiling | None = None,
) -> Evaluation:
    """``thresholds``: of each label, as the card says; None: only the fixed points."""
    looked = look(weights, folder, threads=threads, tiles=tiles)
    return figures_of(weights, folder, looked, thresholds=thresholds or {}, threads=threads)


def figures_of(
    weights: Path,
    folder: LabelledFolder,
    looked: Looked,
    *,
    thresholds: Mapping[str, float],
    silent: Collection[str] = (),
    threads: int,
) -> Evaluation:
    """``silent``: labels that have a threshold and are not proposed, because they are not advertised."""
    marks = [photo.marks for photo in folder.photos]

    def at(given: Mapping[str, float]) -> Score:
        kept = [as_guesses(proposed(one, given)) for one in looked.seen]
        return score(marks, kept, folder.labels, thresholds={one: (given.get(one, 1.0),) for one in folder.labels})

    spoken = {label: threshold for label, threshold in thresholds.items() if label not in silent}
    guesses = [as_guesses(one) for one in looked.seen]
    return Evaluation(
        weights=weights,
        photos=len(folder.photos),
        score=score(marks, guesses, folder.labels, thresholds=dict.fromkeys(folder.labels, OPERATING_POINTS)),
        as_shipped={label: figures.operating[0] for label, figures in at(thresholds).by_label.items()},
        together=at(spoken).all.operating[0] if thresholds else None,
        photos_per_s=len(looked.seen) / looked.seconds,
        threads=threads,
    )


def proposed(seen: Seen, thresholds: Mapping[str, float]) -> Seen:
    """What ``cv.damage.find_damage`` makes of it: boxes within one another joined, then each class by its threshold."""
    if not thresholds:
        return Seen(seen.width, seen.height, ())
    sure = [one for one in seen.detections if one.confidence >= min(thresholds.values())]
    kept = [one for one in joined(sure) if one.confidence >= thresholds.get(one.label, 2.0)]
    return Seen(seen.width, seen.height, tuple(kept))


def look(weights: Path, folder: LabelledFolder, *, threads: int, tiles: Tiling | None = None) -> Looked:
    detector = open_detector(weights, threads)
    missing = set(folder.labels) - set(detector.names.values())
    if missing:
        raise Rejected(f"{weights.name} knows no {', '.join(sorted(missing))}: say what the labels are called there")
    every: list[Seen] = []
    seconds = 0.0
    for photo in folder.photos:
        image: Any = cv2.imread(str(photo.path))
        if image is None:
            raise Rejected(f"{photo.path}: no photo")
        if not every:
            detector.detect(image, LEAST, tiles)  # the first one pays for what is set up once
        began = time.perf_counter()
        detections = detector.detect(image, LEAST, tiles)
        seconds += time.perf_counter() - began
        height, width = image.shape[:2]
        every.append(Seen(width, height, tuple(detections)))
    return Looked(every, max(seconds, 1e-9))


def as_guesses(seen: Seen) -> list[Guess]:
    return [_guess(one, seen.width, seen.height) for one in seen.detections]


def _guess(one: Detection, width: int, height: int) -> Guess:
    left, top, right, bottom = one.corners
    return Guess(one.label, one.confidence, Box(left / width, top / height, right / width, bottom / height))

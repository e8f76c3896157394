"""How good findings are against what people marked: average precision as COCO defines it, precision and recall.

COCO's rules (``pycocotools.cocoeval``): per photo and label the 100 surest findings; each, the surest first, takes the
free mark it overlaps most, if that is at least the asked overlap; precision is read at 101 recalls from its envelope;
AP50 asks for an overlap of 0.5, AP50-95 is the mean over 0.50, 0.55 … 0.95. Checked against that library: equal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cv.found import Box
from cv.training.labelled import Mark

OVERLAPS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0.0, 1.0, 101)
MOST_PER_PHOTO = 100
GRID = tuple(float(step) for step in np.round(np.arange(0.1, 0.91, 0.05), 2))
FEWEST_REPORTED = 10

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Guess:
    """What a model says about a photo; ``box`` is relative, like that of a mark."""

    label: str
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class Operating:
    """At one threshold: of what is reported, how much is there; of what is there, how much is reported."""

    threshold: float
    precision: float
    recall: float
    reported: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one label, or of all (the mean over the labels; ``operating`` then counts all findings alike)."""

    marks: int
    ap50: float
    ap50_95: float
    operating: tuple[Operating, ...]


@dataclass(frozen=True, slots=True)
class Score:
    by_label: Mapping[str, Figures]
    all: Figures


@dataclass(frozen=True, slots=True)
class _Matched:
    """Findings of one label in all photos, the surest first; ``is_true`` has a row per overlap."""

    confidences: Floats
    is_true: Bools
    marks: int


def score(
    marks: Sequence[Sequence[Mark]],
    guesses: Sequence[Sequence[Guess]],
    labels: Sequence[str],
    *,
    thresholds: Mapping[str, Sequence[float]],
) -> Score:
    """``marks`` and ``guesses`` go photo by photo. A label that nobody marked has no figures and no part in the mean.

    ``thresholds`` are the operating points of each label; those of ``all`` are met place by place, so each label has
    equally many.
    """
    matched = {label: _match(marks, guesses, label) for label in labels}
    matched = {label: one for label, one in matched.items() if one.marks}
    by_label = {label: _figures(one, thresholds[label]) for label, one in matched.items()}
    return Score(by_label, _mean(by_label))


def least_thresholds(
    marks: Sequence[Sequence[Mark]], guesses: Sequence[Sequence[Guess]], labels: Sequence[str], *, precision: float
) -> dict[str, float | None]:
    """For each label the lowest threshold of a coarse grid from which on it is precise enough; None: there is none.

    The grid is coarse, and a threshold that reports only a handful does not count: what is chosen on a few hundred
    marks should hold on others.
    """
    scored = score(marks, guesses, labels, thresholds=dict.fromkeys(labels, GRID))
    chosen: dict[str, float | None] = {}
    for label in labels:
        points = scored.by_label[label].operating if label in scored.by_label else ()
        enough = [point.reported >= FEWEST_REPORTED and point.precision >= precision for point in points]
        chosen[label] = next((point.threshold for point, is_good in zip(points, enough, strict=True) if is_good), None)
    return chosen


def _match(marks: Sequence[Sequence[Mark]], guesses: Sequence[Sequence[Guess]], label: str) -> _Matched:
    confidences: list[Floats] = [np.empty(0)]
    is_true: list[Bools] = [np.empty((len(OVERLAPS), 0), dtype=bool)]
    count = 0
    for marked, guessed in zip(marks, guesses, strict=True):
        true = _boxes([mark.box for mark in marked if mark.label == label])
        found = sorted((guess for guess in guessed if guess.label == label), key=lambda guess: -guess.confidence)
        found = found[:MOST_PER_PHOTO]
        count += len(true)
        confidences.append(np.array([guess.confidence for guess in found], dtype=np.float64))
        is_true.append(_take(overlaps(_boxes([guess.box for guess in found]), true)))
    order = np.argsort(-np.concatenate(confidences), kind="stable")
    return _Matched(np.concatenate(confidences)[order], np.concatenate(is_true, axis=1)[:, order], count)


def _take(overlap: Floats) -> Bools:
    """Rows of ``overlap`` are findings, the surest first: which of them get a mark, at each overlap."""
    is_true = np.zeros((len(OVERLAPS), len(overlap)), dtype=bool)
    for level, least in enumerate(OVERLAPS):
        free = overlap.copy()
        for number in range(len(overlap)):
            if not free.shape[1]:
                break
            best = int(free[number].argmax())
            if free[number, best] >= least:
                is_true[level, number] = True
                free[:, best] = -1.0
    return is_true


def _figures(matched: _Matched, thresholds: Sequence[float]) -> Figures:
    precisions = [average_precision(row, matched.marks) for row in matched.is_true]
    points = tuple(_operating(matched, threshold) for threshold in thresholds)
    return Figures(matched.marks, precisions[0], float(np.mean(precisions)), points)


def average_precision(is_true: Bools, marks: int) -> float:
    """The area under precision over recall, of findings in the order of their confidence."""
    if not is_true.size:
        return 0.0
    hits = np.cumsum(is_true)
    recall = hits / marks
    precision = hits / np.arange(1, len(is_true) + 1)
    envelope = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
    return float(envelope[np.searchsorted(recall, RECALLS, side="left")].mean())


def _operating(matched: _Matched, threshold: float) -> Operating:
    is_reported = matched.confidences >= threshold
    reported = int(is_reported.sum())
    hits = int(matched.is_true[0, is_reported].sum())
    return Operating(threshold, hits / reported if reported else 0.0, hits / matched.marks, reported)


def _mean(by_label: Mapping[str, Figures]) -> Figures:
    figures = list(by_label.values())
    points = [_together(at, figures) for at in zip(*(one.operating for one in figures), strict=True)]
    return Figures(
        marks=sum(one.marks for one in figures),
        ap50=float(np.mean([one.ap50 for one in figures])) if figures else 0.0,
        ap50_95=float(np.mean([one.ap50_95 for one in figures])) if figures else 0.0,
        operating=tuple(points),
    )


def _together(points: Sequence[Operating], figures: Sequence[Figures]) -> Operating:
    reported = sum(point.reported for point in points)
    hits = sum(point.precision * point.reported for point in points)
    marks = sum(one.marks for one in figures)
    return Operating(
        float(np.mean([point.threshold for point in points])),
        hits / reported if reported else 0.0,
        hits / marks,
        reported,
    )


def overlaps(found: Floats, true: Floats) -> Floats:
    """Intersection over union of every finding (rows) with every mark (columns)."""
    corner = np.maximum(found[:, None, :2], true[None, :, :2])
    opposite = np.minimum(found[:, None, 2:], true[None, :, 2:])
    shared = np.clip(opposite - corner, 0.0, None).prod(axis=2)
    areas = (found[:, 2:] - found[:, :2]).prod(axis=1)[:, None] + (true[:, 2:] - true[:, :2]).prod(axis=1)[None, :]
    return shared / np.maximum(areas - shared, 1e-12)


def _boxes(boxes: Sequence[Box]) -> Floats:
    rows = [(box.left, box.top, box.right, box.bottom) for box in boxes]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)

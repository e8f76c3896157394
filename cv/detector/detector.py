"""The detector: a photo goes in, what its model saw comes out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from cv.detector.detection import Detection, Image
from cv.detector.layouts import Layout, candidates
from cv.detector.letterbox import fit
from cv.detector.masks import outlines
from cv.detector.session import Model, open_model
from cv.detector.suppress import joined, surest
from cv.detector.tiles import Tiling, tile_corners


class Detector(Protocol):
    """ONNX, or ``.pt`` through ultralytics."""

    @property
    def names(self) -> dict[int, str]: ...

    def detect(self, image: Image, least: float, tiles: Tiling | None = None) -> list[Detection]:
        """What is seen with a confidence of ``least`` or more, the surest first, in pixels of ``image``."""
        ...


def open_detector(path: Path, threads: int = 1) -> Detector:
    if path.suffix == ".pt":
        from cv.detector.torch_weights import open_torch_detector

        return open_torch_detector(path, threads)
    return OnnxDetector(open_model(path, threads))


class OnnxDetector:
    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def names(self) -> dict[int, str]:
        return self._model.names

    @property
    def side(self) -> int:
        """Of the square that the model takes, in pixels."""
        return self._model.side

    def detect(self, image: Image, least: float, tiles: Tiling | None = None) -> list[Detection]:
        return in_tiles(image, tiles, lambda part: self._detect_once(part, least))

    def _detect_once(self, image: Image, least: float) -> list[Detection]:
        side = self._model.side
        planes, box = fit(image, side)
        output, prototypes = self._model.run(planes)
        layout, found = candidates(output, side, 0 if prototypes is None else prototypes.shape[1], least)
        if layout is not Layout.END_TO_END:
            found = surest(found)
        corners = box.back(found.corners)
        shapes: Sequence[np.ndarray | None] = [None] * len(corners)
        if prototypes is not None:
            shapes = [box.back(line) for line in outlines(prototypes[0], found.coefficients, found.corners, side)]
        seen = [
            Detection(self._name(int(number)), float(sure), _four(place), shape)
            for number, sure, place, shape in zip(found.classes, found.confidences, corners, shapes, strict=True)
        ]
        return sorted(seen, key=lambda one: -one.confidence)

    def _name(self, number: int) -> str:
        return self._model.names.get(number, str(number))


def in_tiles(image: Image, tiles: Tiling | None, detect: "DetectOnce") -> list[Detection]:
    """The whole photo, and each of its tiles; what several of them see is told once."""
    height, width = image.shape[:2]
    places = tile_corners(width, height, tiles)
    seen = detect(image)
    if not places:
        return seen
    for left, top, right, bottom in places:
        part = np.ascontiguousarray(image[top:bottom, left:right])
        seen += [one.moved(left, top) for one in detect(part)]
    return joined(seen)


class DetectOnce(Protocol):
    def __call__(self, part: Image, /) -> list[Detection]: ...


def _four(place: np.ndarray) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(edge) for edge in place)
    return left, top, right, bottom

"""``.pt`` weights through ultralytics, where that extra is installed; a ``.pt`` is a pickle, so it is read safely."""

from pathlib import Path
from typing import Any

import numpy as np

from cv.detector.detection import Detection, Image
from cv.detector.detector import Detector, in_tiles
from cv.detector.tiles import Tiling
from cv.torch_extra import load


def open_torch_detector(path: Path, threads: int) -> Detector:
    ultralytics, torch = load(path.name)
    torch.set_num_threads(threads)
    return TorchDetector(ultralytics.YOLO(path))


class TorchDetector:
    def __init__(self, model: Any) -> None:
        self._model = model

    @property
    def names(self) -> dict[int, str]:
        return dict(self._model.names)

    def detect(self, image: Image, least: float, tiles: Tiling | None = None) -> list[Detection]:
        return in_tiles(image, tiles, lambda part: self._detect_once(part, least))

    def _detect_once(self, image: Image, least: float) -> list[Detection]:
        (result,) = self._model.predict(image, conf=least, device="cpu", verbose=False)
        rows = result.boxes.data.cpu().numpy()
        shapes = [None] * len(rows) if result.masks is None else result.masks.xy
        return [
            Detection(
                self.names[int(row[5])],
                float(row[4]),
                (float(row[0]), float(row[1]), float(row[2]), float(row[3])),
                None if shape is None else np.asarray(shape, dtype=np.float32),
            )
            for row, shape in zip(rows, shapes, strict=True)
        ]

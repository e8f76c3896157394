"""Fitting a photo into the square that a model takes: scaled, centred, grey around; and the way back."""

from dataclasses import dataclass

import cv2
import numpy as np

from cv.detector.detection import Floats, Image

GREY = 114


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Input pixel = photo pixel x ``scale`` + (``left``, ``top``). ``width`` and ``height`` are the photo's."""

    scale: float
    left: int
    top: int
    width: int
    height: int

    def back(self, points: Floats) -> Floats:
        """Rows of x, y, x, y, ... from the input to the photo, kept inside it."""
        back = points.copy()
        back[..., 0::2] = np.clip((points[..., 0::2] - self.left) / self.scale, 0, self.width)
        back[..., 1::2] = np.clip((points[..., 1::2] - self.top) / self.scale, 0, self.height)
        return back


def fit(image: Image, side: int) -> tuple[Floats, Letterbox]:
    """The input (1, 3, side, side; red-green-blue, 0..1), rounded just as ultralytics' ``LetterBox`` does."""
    height, width = image.shape[:2]
    scale = min(side / height, side / width)
    wide, high = round(width * scale), round(height * scale)
    left, top = round((side - wide) / 2 - 0.1), round((side - high) / 2 - 0.1)
    canvas = np.full((side, side, 3), GREY, dtype=np.uint8)
    is_same = (wide, high) == (width, height)
    fitted = image if is_same else cv2.resize(image, (wide, high), interpolation=cv2.INTER_LINEAR)
    canvas[top : top + high, left : left + wide] = fitted
    planes = np.ascontiguousarray(canvas[:, :, ::-1].transpose(2, 0, 1))[None]
    return planes.astype(np.float32) / 255.0, Letterbox(scale, left, top, width, height)

"""Pictures made by the tests themselves."""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cv.drawn.lens import as_jpeg
from cv.found import Box


def scene(width: int = 800, height: int = 600, seed: int = 1) -> Image.Image:
    """Rectangles of many colours: sharp edges, and no two seeds alike."""
    dice = np.random.default_rng(seed)
    pixels = np.full((height, width, 3), 128, dtype=np.uint8)
    for _ in range(60):
        left, top = int(dice.integers(0, width)), int(dice.integers(0, height))
        wide, high = int(dice.integers(width // 20, width // 4)), int(dice.integers(height // 20, height // 4))
        pixels[top : top + high, left : left + wide] = dice.integers(0, 255, 3)
    return Image.fromarray(pixels)


def as_bytes(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def from_bytes(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def wider(box: Box) -> Box:
    """With what surrounds it."""
    return Box(box.left - 0.06, box.top - 0.08, box.right + 0.06, box.bottom + 0.08)


def with_another_picture(bgr: NDArray[np.uint8], box: Box) -> bytes:
    """A JPEG of the photo with something else where the box is."""
    height, width = bgr.shape[:2]
    there = np.s_[int(box.top * height) : int(box.bottom * height), int(box.left * width) : int(box.right * width)]
    changed = bgr.copy()
    rough = np.random.default_rng(3).integers(0, 255, changed[there].shape).astype(np.uint8)
    changed[there] = cv2.GaussianBlur(rough, (0, 0), 3) * 2
    return as_jpeg(changed)

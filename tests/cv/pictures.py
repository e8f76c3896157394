"""Pictures made by the tests themselves."""

import io

import numpy as np
from PIL import Image


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

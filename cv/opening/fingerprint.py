"""Perceptual hashes: two copies of one picture have nearly the same, whatever their size and quality.

The low frequencies of the picture's cosine transform against their median (Zauner, "Implementation and Benchmarking of
Perceptual Image Hash Functions", 2010).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

SAME_64, SAME_256 = 8, 30
"""Two photos are one picture when their hashes differ in at most so many bits, in both."""


def phash(image: "Image", side: int) -> str:
    """``side`` squared bits, as hex."""
    import numpy as np
    from PIL.Image import Resampling

    points = 4 * side
    grey = np.asarray(image.convert("L").resize((points, points), Resampling.LANCZOS), dtype=np.float64)
    steps = np.arange(points)
    waves = np.cos(np.pi / points * np.outer(np.arange(side), steps + 0.5))  # DCT-II, the low frequencies
    low = waves @ grey @ waves.T
    bits = (low > np.median(low)).flatten()
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):0{side * side // 4}x}"


def distance(one: str, other: str) -> int:
    """In how many bits two hashes of the same length differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def is_same_picture(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Each a pair of the 64-bit and the 256-bit hash."""
    return distance(one[0], other[0]) <= SAME_64 and distance(one[1], other[1]) <= SAME_256

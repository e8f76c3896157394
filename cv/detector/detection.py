"""What the detector finds, in pixels of the image that it was given."""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.floating]
Image: TypeAlias = NDArray[np.uint8]
"""Height, width, blue-green-red, as OpenCV reads it."""


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """``corners``: left, top, right, bottom. ``outline``: points x, y of the mask; None of a model without masks."""

    label: str
    confidence: float
    corners: tuple[float, float, float, float]
    outline: Floats | None = None

    @property
    def area(self) -> float:
        left, top, right, bottom = self.corners
        return (right - left) * (bottom - top)

    def moved(self, x: float, y: float) -> "Detection":
        left, top, right, bottom = self.corners
        outline = None if self.outline is None else self.outline + np.array([x, y], dtype=np.float32)
        return replace(self, corners=(left + x, top + y, right + x, bottom + y), outline=outline)

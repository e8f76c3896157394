"""The camera of a drawn photo: where it stands, what it looks at, and how points of the world fall into the picture."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]
"""Arrays of floats; OpenCV's declared types do not tell them from whole numbers."""


@dataclass(frozen=True)
class Camera:
    """Metres; x is forward of the car, y the driver's left, z up. ``field``: horizontal angle of view in degrees."""

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    field: float
    width: int
    height: int
    roll: float = 0.0

    @cached_property
    def axes(self) -> Floats:
        """Rows: right, down, forward."""
        forward = np.subtract(self.target, self.eye)
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, (0.0, 0.0, 1.0))
        right /= np.linalg.norm(right)
        down = np.cross(forward, right)
        turn = np.radians(self.roll)
        leaning = np.cos(turn) * right + np.sin(turn) * down
        return np.stack([leaning, np.cross(forward, leaning), forward]).astype(np.float32)

    @cached_property
    def focal(self) -> float:
        return self.width / 2 / float(np.tan(np.radians(self.field) / 2))

    def project(self, points: Floats) -> tuple[Floats, Floats]:
        """Pixel positions (n, 2) and the depth along the axis of the lens (n,)."""
        seen = (points - np.asarray(self.eye, np.float32)) @ self.axes.T
        depth = seen[:, 2]
        safe = np.where(np.abs(depth) < 1e-6, 1e-6, depth)
        flat = seen[:, :2] / safe[:, None] * self.focal
        return flat + np.asarray([self.width / 2, self.height / 2], np.float32), depth

    def plane(self, origin: Floats, along: Floats, up: Floats) -> NDArray[np.float64]:
        """The homography from (u, v) metres on a plane to pixels."""
        columns = np.stack([along, up, np.subtract(origin, self.eye)], axis=1).astype(np.float64)
        lens = np.array([[self.focal, 0, self.width / 2], [0, self.focal, self.height / 2], [0, 0, 1]])
        return lens @ (self.axes.astype(np.float64) @ columns)

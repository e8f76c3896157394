"""Whether a place looks the same on two photos that lie over each other: their grey values rise and fall together.

Masked zero-mean normalised cross-correlation, the best over small shifts, because registration is a few pixels wrong.
A damage that was there before resembles itself. The opposite does not hold: round a thin new scratch all looks as
before.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from cv.compare.registration import Features, Plane, Registration

SHIFT = 0.02
"""Of the width of the photo: what registration may be wrong by."""
SMOOTHED = 1.5
"""Sigma in working pixels: noise and JPEG blocks of two photos never agree."""
LEAST_PIXELS = 30
IN_VIEW = 0.6
"""Share of the place that the photo before must show."""

Region = NDArray[np.float64]


@dataclass(frozen=True)
class Looks:
    """Two photos and how they lie over each other."""

    before: Features
    after: Features
    registration: Registration

    def likeness(self, region: Region) -> float | None:
        """-1..1 for a place on the photo after, by the plane that fits best; None where it cannot be seen on both."""
        local = self.registration.inverted().plane_at(region)
        planes = [self.registration.planes[0]]
        if local is not None:
            planes += [plane for plane in self.registration.planes[1:] if plane.after is local[0].before]
        seen = [found for plane in planes if (found := self._by_plane(plane, region)) is not None]
        return max(seen, default=None)

    def _by_plane(self, plane: Plane, region: Region) -> float | None:
        height, width = self.after.grey.shape
        margin = max(2, round(SHIFT * width))
        low = np.maximum(np.floor(region.min(axis=0)).astype(int), 0)
        high = np.minimum(np.ceil(region.max(axis=0)).astype(int) + 1, (width, height))
        if (high - low < 2).any():
            return None
        size = high - low
        place = np.zeros((size[1], size[0]), np.uint8)
        cv2.fillPoly(place, [np.round(region - low).astype(np.int32)], 1)
        place = cv2.dilate(place, np.ones((5, 5), np.uint8)).astype(np.uint8)
        window = size + 2 * margin
        carried_there = _moved(plane, low - margin)
        laid = cv2.warpPerspective(self.before.grey, carried_there, (int(window[0]), int(window[1])))
        whole = np.ones_like(self.before.grey)
        shown = cv2.warpPerspective(whole, carried_there, (int(window[0]), int(window[1]))).astype(np.uint8)
        in_view = place & shown[margin : margin + size[1], margin : margin + size[0]]
        if in_view.sum() < max(LEAST_PIXELS, IN_VIEW * place.sum()):
            return None
        there = self.after.grey[low[1] : high[1], low[0] : high[0]]
        scores = cv2.matchTemplate(_smooth(laid), _smooth(there), cv2.TM_CCOEFF_NORMED, mask=in_view.astype(np.float32))
        # Where one of the two is of one grey there is nothing to compare.
        told = scores[np.isfinite(scores) & (np.abs(scores) <= 1.001)]
        return float(told.max()) if told.size else None


def _moved(plane: Plane, corner: NDArray[np.int_]) -> NDArray[np.float64]:
    """The plane's homography into a window whose corner lies there."""
    return np.array([[1, 0, -corner[0]], [0, 1, -corner[1]], [0, 0, 1]], np.float64) @ plane.forward


def _smooth(grey: NDArray[Any]) -> NDArray[np.float32]:
    return cv2.GaussianBlur(grey, (0, 0), SMOOTHED).astype(np.float32)

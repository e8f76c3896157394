"""Masks of a segmenting model: prototypes mixed by each box's coefficients, cut to the box, told as an outline."""

import cv2
import numpy as np

from cv.detector.detection import Floats

SIMPLER_PX = 0.7
"""An outline may leave its mask by so much, in pixels of the input."""


def outlines(prototypes: Floats, coefficients: Floats, corners: Floats, side: int) -> list[Floats]:
    """For each box the outline of its mask, points x, y in input pixels; the box itself where the mask is empty.

    ``prototypes``: (count, h, w) of the whole input; ``coefficients``: (n, count); ``corners``: (n, 4) in input pixels.
    """
    count, height, width = prototypes.shape
    mixed = (coefficients @ prototypes.reshape(count, -1)).reshape(-1, height, width)
    return [_outline(mask, box, side) for mask, box in zip(mixed, corners, strict=True)]


def _outline(mask: Floats, box: Floats, side: int) -> Floats:
    full = cv2.resize(mask, (side, side), interpolation=cv2.INTER_LINEAR)
    left, top, right, bottom = (int(edge) for edge in np.clip(np.round(box), 0, side))
    inside = np.zeros((side, side), dtype=np.uint8)
    inside[top:bottom, left:right] = full[top:bottom, left:right] > 0
    return outline_of(inside, box)


def outline_of(mask: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]", box: Floats) -> Floats:
    """Of its largest part; the corners of ``box`` where there is none."""
    parts, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(parts, key=cv2.contourArea, default=None)
    if largest is None or len(largest) < 3:
        left, top, right, bottom = box
        return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float32)
    return cv2.approxPolyDP(largest, SIMPLER_PX, closed=True).reshape(-1, 2).astype(np.float32)

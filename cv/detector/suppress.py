"""Of boxes that say the same, one: by class, the surest first."""

import numpy as np

from cv.detector.detection import Detection, Floats
from cv.detector.layouts import Candidates

SAME_IOU = 0.7
"""As ultralytics predicts and validates."""
PIECE_OF = 0.5
"""Two boxes of different tiles are one thing when they share so much of the smaller one."""
SHAPE_NEEDS = 0.5
"""The largest piece gives the shape, of those at least so sure as the surest (as a share of it)."""


def surest(found: Candidates, most: int = 300) -> Candidates:
    """Greedy suppression within each class."""
    waiting = np.argsort(-found.confidences, kind="stable")
    kept: list[int] = []
    while len(waiting) and len(kept) < most:
        first, rest = waiting[0], waiting[1:]
        kept.append(int(first))
        overlaps = _iou(found.corners[first], found.corners[rest])
        is_other = found.classes[rest] != found.classes[first]
        waiting = rest[is_other | (overlaps <= SAME_IOU)]
    return found.only(np.array(kept, dtype=np.int64))


def _iou(one: Floats, others: Floats) -> Floats:
    shared = _shared(one, others)
    return shared / np.maximum(_area(one) + _area(others) - shared, 1e-9)


def _shared(one: Floats, others: Floats) -> Floats:
    low = np.maximum(one[:2], others[:, :2])
    high = np.minimum(one[2:], others[:, 2:])
    sides = np.clip(high - low, 0, None)
    return sides[:, 0] * sides[:, 1]


def _area(corners: Floats) -> Floats:
    return (corners[..., 2] - corners[..., 0]) * (corners[..., 3] - corners[..., 1])


def joined(pieces: list[Detection]) -> list[Detection]:
    """What several tiles (and the whole photo) saw, each thing once.

    Boxes of one class that lie in one another are the same thing: it is as sure as the surest piece, and has the shape
    of the largest one, because a tile's edge cuts what it passes through.
    """
    waiting = sorted(pieces, key=lambda piece: -piece.confidence)
    things: list[Detection] = []
    while waiting:
        first = waiting[0]
        same = [piece for piece in waiting if piece.label == first.label and _is_piece(first, piece)]
        waiting = [piece for piece in waiting if piece not in same]
        able = [piece for piece in same if piece.confidence >= SHAPE_NEEDS * first.confidence]
        shape = max(able, key=lambda piece: piece.area)
        things.append(Detection(first.label, first.confidence, shape.corners, shape.outline))
    return things


def _is_piece(one: Detection, other: Detection) -> bool:
    a, b = np.array(one.corners, dtype=np.float32), np.array([other.corners], dtype=np.float32)
    return bool(_shared(a, b)[0] >= PIECE_OF * min(one.area, other.area))

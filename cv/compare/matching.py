"""Findings of after against those of before: matched by containment, one to many; what cannot be judged is unsure.

Place and looks must agree: where a known damage should be and nothing looks as before, a person is asked.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from cv.compare.appearance import SHIFT, Looks, Region
from cv.compare.comparison import Comparison
from cv.compare.registration import Plane, Registration, carried, features_of, register
from cv.found import Found

CONTAINED = 0.3
"""Overlap as a share of the smaller region."""
SUPPORT = 1.5
"""Weighted inliers around a place, under which nothing is said about it."""
LOOKS_OTHERWISE = 0.3
"""Likeness, under which a place has changed.

Chosen in sight of 242 pairs of real photos: of damage pasted where other damage was known two thirds had less, of true
old damage one in twelve. A high likeness says nothing: most of the place of a thin new scratch looks as before.
"""
CANVAS = 320
"""Long side of the masks; enough for regions, fast for many of them."""


def compare(before: bytes, after: bytes, known: Sequence[Found], found: Sequence[Found]) -> Comparison:
    """Which of ``found`` (on ``after``) are the ``known`` (on ``before``). Broken when one is no working copy."""
    first, second = features_of(before), features_of(after)
    return compared(Looks(first, second, register(first, second)), known, found)


def compared(looks: Looks, known: Sequence[Found], found: Sequence[Found]) -> Comparison:
    registration = looks.registration
    everything = tuple(range(len(found)))
    if not registration.is_registered:
        why = registration.why
        return Comparison(
            registered=False, inliers=0, matches=(), new=(), unsure=everything, changed=(), gone=(), why=why
        )
    old = [_carried_regions(one, registration) for one in known]
    fresh = [_pixels(one, registration.after_size) for one in found]
    in_place = [
        (i, j)
        for i, regions in enumerate(old)
        for j, region in enumerate(fresh)
        if any(_is_same(carried_region, region, registration.after_size) for carried_region in regions)
    ]
    met = {j for _, j in in_place}
    changed = tuple(j for j in sorted(met) if _has_changed(looks.likeness(fresh[j])))
    new = tuple(j for j in everything if j not in met and _is_comparable(fresh[j], registration))
    return Comparison(
        registered=True,
        inliers=registration.inliers,
        matches=tuple((i, j) for i, j in in_place if j not in changed),
        new=new,
        unsure=tuple(j for j in everything if j in changed or (j not in met and j not in new)),
        changed=changed,
        gone=_gone(old, {i for i, _ in in_place}, registration.after_size),
        why=registration.why,
    )


def _pixels(found: Found, size: tuple[int, int]) -> Region:
    """The polygon, or the corners of the box, in working pixels."""
    if len(found.polygon) >= 3:
        return np.array([(point.x, point.y) for point in found.polygon]) * size
    box = found.box
    corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
    return np.array(corners) * size


def _carried_regions(found: Found, registration: Registration) -> list[Region]:
    """Where a known finding should be on the photo after, by the plane that holds there and by the strongest one.

    Both are tried: beside the edge of two planes the better one cannot be told, and a known damage that is overlooked
    costs a client's trust, a new one that hides exactly under a known one does not happen by chance.
    """
    region = _pixels(found, registration.before_size)
    local = registration.plane_at(region)
    planes = [registration.planes[0]] if local is None or local[1] < SUPPORT else [local[0], registration.planes[0]]
    unique = list({id(plane): plane for plane in planes}.values())
    return [carried(region, plane.forward) for plane in unique if _is_in_front(region, plane)]


def _is_in_front(region: Region, plane: Plane) -> bool:
    """No point of it is thrown behind the camera."""
    depths = np.column_stack([region, np.ones(len(region))]) @ plane.forward[2]
    middle = np.append(plane.before.mean(axis=0), 1.0) @ plane.forward[2]
    return bool((depths * middle > 0).all())


def _is_same(one: Region, other: Region, size: tuple[int, int]) -> bool:
    """Containment after both were dilated; IoU would lose a long scratch of which only a part is found again."""
    scale = CANVAS / max(size)
    first, second = _mask(one, size, scale), _mask(other, size, scale)
    smaller = min(int(first.sum()), int(second.sum()))
    return smaller > 0 and int((first & second).sum()) > CONTAINED * smaller


def _mask(region: Region, size: tuple[int, int], scale: float) -> NDArray[np.uint8]:
    mask = np.zeros((round(size[1] * scale) + 1, round(size[0] * scale) + 1), np.uint8)
    corners = np.round(np.clip(region * scale, -4 * CANVAS, 4 * CANVAS)).astype(np.int32)
    # The dilation is a stroke around it: as wide on each side as registration may be wrong.
    cv2.fillPoly(mask, [corners], 1)
    stroke = max(1, round(2 * SHIFT * size[0] * scale))
    cv2.polylines(mask, [corners], isClosed=True, color=1, thickness=stroke)
    return mask


def _has_changed(likeness: float | None) -> bool:
    return likeness is not None and likeness < LOOKS_OTHERWISE


def _is_comparable(region: Region, registration: Registration) -> bool:
    """The place was in view before, and features near it say how it moved."""
    inverse = registration.inverted()
    local = inverse.plane_at(region)
    if local is None or local[1] < SUPPORT:
        return False
    plane = local[0]
    return _is_in_front(region, plane) and _share_inside(carried(region, plane.forward), registration.before_size) > 0.6


def _gone(old: Sequence[Sequence[Region]], met: set[int], size: tuple[int, int]) -> tuple[int, ...]:
    return tuple(
        i for i, regions in enumerate(old) if i not in met and regions and _share_inside(regions[0], size) > 0.9
    )


def _share_inside(region: Region, size: tuple[int, int]) -> float:
    """Of the box of a region, the share that lies on the photo."""
    low, high = region.min(axis=0), region.max(axis=0)
    whole = float(np.prod(np.maximum(high - low, 1)))
    inside = float(np.prod(np.maximum(np.minimum(high, size) - np.maximum(low, 0), 0)))
    return inside / whole if whole > 1 else float((low >= 0).all() and (high <= np.asarray(size)).all())

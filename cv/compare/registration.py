"""Lining up two photos of one car: features, and one homography for each flat part that has enough of them.

A car is no plane: a door, a wheel and the wall behind move differently between two photos. So homographies are taken
one after another, each from the features the earlier ones did not explain; what lies near a plane's own features is
carried over by that plane. Thresholds: 2,000 SIFT features, ratio 0.78, MAGSAC at 4 px, 25 inliers for the first plane
(measured on photos of real cars; ORB finds 91 % of these pairs in half the time).
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from cv.compare.comparison import Why
from cv.reading import colour_image

LONG_SIDE = 1024
"""Photos are compared at this size; places are then made relative."""
FEATURES = 2_000
RATIO = 0.78
TOLERANCE_PX = 4.0
ACCEPTED = 25
"""Inliers of the first plane, under which the photos are not lined up at all."""
FURTHER = 16
"""Inliers of each further plane."""
PLANES = 5
STRONG = 80

Matrix = NDArray[Any]
Points = NDArray[Any]


@dataclass(frozen=True)
class Features:
    """Of one photo, at working size; small enough to keep."""

    size: tuple[int, int]
    grey: NDArray[np.uint8]
    points: Points
    descriptors: NDArray[np.float32]


@dataclass(frozen=True)
class Plane:
    """``forward`` carries working pixels of before to after; ``before`` and ``after`` are its inliers."""

    forward: Matrix
    before: Points
    after: Points

    @property
    def inliers(self) -> int:
        return len(self.before)


@dataclass(frozen=True)
class Registration:
    """Planes with the most inliers first; none means refused, and ``why`` says so."""

    before_size: tuple[int, int]
    after_size: tuple[int, int]
    planes: tuple[Plane, ...]
    why: Why

    @property
    def inliers(self) -> int:
        return sum(plane.inliers for plane in self.planes)

    @property
    def is_registered(self) -> bool:
        return bool(self.planes)

    def inverted(self) -> "Registration":
        """From after to before; the planes keep their order."""
        planes = tuple(Plane(np.linalg.inv(plane.forward), plane.after, plane.before) for plane in self.planes)
        return Registration(self.after_size, self.before_size, planes, self.why)

    def plane_at(self, places: Points) -> tuple[Plane, float] | None:
        """Of places of the photo before (working pixels): the plane whose features lie thickest around them.

        The second value is how well it is supported there, as a number of inliers weighted by nearness.
        """
        if not self.planes:
            return None
        centre = places.mean(axis=0)
        reach = max(0.12 * max(self.before_size), float(np.linalg.norm(places - centre, axis=1).max()))
        supports = [float(np.exp(-(((p.before - centre) / reach) ** 2).sum(axis=1)).sum()) for p in self.planes]
        best = int(np.argmax(supports))
        return self.planes[best], supports[best]


_kept: OrderedDict[bytes, Features] = OrderedDict()
_KEPT_PHOTOS = 24


def features_of(photo: bytes) -> Features:
    """A photo that is compared with several others is read once in a worker."""
    key = hashlib.sha256(photo).digest()
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    picture = at_working_size(photo)
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    # Paint has little contrast; the usual threshold would leave nearly all features to the background.
    points, descriptors = cv2.SIFT.create(nfeatures=FEATURES, contrastThreshold=0.02).detectAndCompute(grey, None)
    places = np.array([point.pt for point in points], np.float64).reshape(-1, 2)
    found = descriptors if descriptors is not None else np.zeros((0, 128), np.float32)
    # RootSIFT: distances of square roots tell true pairs better than distances of counts.
    rooted = np.sqrt(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-9)).astype(np.float32)
    _kept[key] = Features((picture.shape[1], picture.shape[0]), grey.astype(np.uint8), places, rooted)
    if len(_kept) > _KEPT_PHOTOS:
        _kept.popitem(last=False)
    return _kept[key]


def at_working_size(photo: bytes) -> NDArray[np.uint8]:
    picture = colour_image(photo)
    scale = LONG_SIDE / max(picture.shape[:2])
    if scale >= 1:
        return picture
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)


def register(before: Features, after: Features) -> Registration:
    """Refused (no planes) when the first plane is weak or folds the picture."""

    def refused(why: Why) -> Registration:
        return Registration(before.size, after.size, (), why)

    if min(len(before.points), len(after.points)) < ACCEPTED:
        return refused(Why.TOO_FEW_FEATURES)
    left, right = _pairs(before, after)
    planes: list[Plane] = []
    for number in range(PLANES):
        needed = FURTHER if planes else ACCEPTED
        if len(left) < needed:
            break
        matrix, mask = cv2.findHomography(
            left, right, cv2.USAC_MAGSAC, TOLERANCE_PX, maxIters=6000 if number == 0 else 2000, confidence=0.999
        )
        if matrix is None or mask is None or int(mask.sum()) < needed:
            break
        inside = mask.ravel().astype(bool)
        if is_believable(matrix, before.size, left[inside]):
            planes.append(Plane(matrix, left[inside], right[inside]))
        elif not planes:
            return refused(Why.DEGENERATE)
        left, right = left[~inside], right[~inside]
    if not planes:
        return refused(Why.TOO_FEW_MATCHES)
    strongest_first = sorted(planes, key=lambda plane: plane.inliers, reverse=True)
    return Registration(before.size, after.size, tuple(strongest_first), Why.REGISTERED)


def _pairs(before: Features, after: Features) -> tuple[Points, Points]:
    """Matches that are clearly better than their runner-up, one to one."""
    found = cv2.BFMatcher(cv2.NORM_L2).knnMatch(before.descriptors, after.descriptors, k=2)
    kept: dict[int, cv2.DMatch] = {}
    for pair in found:
        if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance:
            rival = kept.get(pair[0].trainIdx)
            if rival is None or pair[0].distance < rival.distance:
                kept[pair[0].trainIdx] = pair[0]
    left = before.points[[match.queryIdx for match in kept.values()]].reshape(-1, 2)
    right = after.points[[match.trainIdx for match in kept.values()]].reshape(-1, 2)
    return left, right


def is_believable(matrix: Matrix, size: tuple[int, int], inliers: Points) -> bool:
    """A camera that moved: not mirrored, not folded, not shrunk to a line, and held by features that are spread."""
    spread = np.linalg.svd(inliers - inliers.mean(axis=0), compute_uv=False) / np.sqrt(len(inliers))
    if spread[1] < 0.004 * max(size):
        return False
    centre = np.append(inliers.mean(axis=0), 1.0)
    x, y, w = matrix @ centre
    depths = np.column_stack([inliers, np.ones(len(inliers))]) @ matrix[2]
    if (depths * w <= 0).any():
        return False
    # The derivative in the middle of the features: how much they are turned, stretched and enlarged.
    jacobian = (matrix[:2, :2] - np.outer([x / w, y / w], matrix[2, :2])) / w
    stretch = np.linalg.svd(jacobian, compute_uv=False)
    is_upright = float(np.linalg.det(jacobian)) > 0
    return bool(is_upright and stretch[0] < 5 and stretch[1] > 0.2 and stretch[0] / stretch[1] < 4)


def carried(points: Points, matrix: Matrix) -> Points:
    """Points through a homography."""
    return cv2.perspectiveTransform(points.reshape(-1, 1, 2).astype(np.float64), matrix).reshape(-1, 2)

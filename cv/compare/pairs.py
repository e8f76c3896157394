"""Before and after in one picture for a person: before laid onto after, the same regions marked on both."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from cv.compare.registration import STRONG, Plane, Registration, at_working_size, carried, features_of, register
from cv.found import Box, Point
from cv.marks import Mark
from cv.overlay import encoded, marked

Picture = NDArray[np.uint8]
GAP = 12


def pair_picture(
    before: bytes,
    after: bytes,
    *,
    known: Sequence[Mark] = (),
    found: Sequence[Mark] = (),
    with_hint: bool = False,
    car: Box | None = None,
) -> bytes:
    """JPEG: before on top or on the left (turned and scaled to fit after, or as it is when refused), then after.

    ``known`` are marks of the photo before, ``found`` of the one after; both are drawn on both sides where the photos
    could be lined up. ``with_hint`` tints, on the latter, what differs inside ``car`` where registration is strong: a
    hint where to look, never a finding.
    """
    left, right = at_working_size(before), at_working_size(after)
    registration = register(features_of(before), features_of(after))
    if not registration.is_registered:
        return encoded(_joined(marked(left, known), marked(right, found)))
    plane = _plane_for(registration, found)
    laid = _laid(left, right, plane.forward)
    backward = [_moved(mark, registration.before_size, registration.after_size, plane.forward) for mark in known]
    shown = _hinted(laid, right, registration, plane, car) if with_hint else right
    return encoded(_joined(marked(laid, [*backward, *found]), marked(shown, [*backward, *found])))


def _plane_for(registration: Registration, found: Sequence[Mark]) -> Plane:
    """One plane must carry the whole picture: the one under what was found, else the strongest."""
    if not found:
        return registration.planes[0]
    inverse = registration.inverted()
    centre = np.array([[(m.box.left + m.box.right) / 2, (m.box.top + m.box.bottom) / 2] for m in found])
    local = inverse.plane_at(centre.mean(axis=0, keepdims=True) * registration.after_size)
    if local is None:
        return registration.planes[0]
    return registration.planes[next(i for i, plane in enumerate(inverse.planes) if plane is local[0])]


def _laid(left: Picture, right: Picture, forward: NDArray[np.float64]) -> Picture:
    size = (right.shape[1], right.shape[0])
    return cv2.warpPerspective(left, forward, size, flags=cv2.INTER_LINEAR, borderValue=(236, 236, 236)).astype(
        np.uint8
    )


def _moved(mark: Mark, before_size: tuple[int, int], after_size: tuple[int, int], forward: NDArray[np.float64]) -> Mark:
    box = mark.box
    corners = mark.polygon or (
        Point(box.left, box.top), Point(box.right, box.top), Point(box.right, box.bottom), Point(box.left, box.bottom),
    )  # fmt: skip
    there = carried(np.array([(p.x, p.y) for p in corners]) * before_size, forward) / after_size
    (left, top), (right, bottom) = there.min(axis=0), there.max(axis=0)
    polygon = tuple(Point(float(x), float(y)) for x, y in there)
    return Mark(mark.number, Box(float(left), float(top), float(right), float(bottom)), polygon, mark.state)


def _hinted(laid: Picture, right: Picture, registration: Registration, plane: Plane, car: Box | None) -> Picture:
    """Tints what differs after light is evened out, only where many features hold the photos together."""
    if registration.inliers < STRONG:
        return right
    near = _held(registration, plane, right.shape[:2])
    if car is not None:
        height, width = near.shape
        rows, columns = np.arange(height)[:, None] / height, np.arange(width) / width
        near[(rows < car.top) | (rows > car.bottom) | (columns < car.left) | (columns > car.right)] = 0
    one, other = (_evened(picture) for picture in (laid, right))
    # A small shift of either edge explains most differences: take the least over shifts.
    shifts = [np.abs(np.roll(one, shift, axis=(0, 1)) - other) for shift in ((0, 0), (2, 0), (-2, 0), (0, 2), (0, -2))]
    difference = cv2.GaussianBlur(np.min(shifts, axis=0), (0, 0), 3)
    strong = ((difference > 1.1) & (near > 0)).astype(np.uint8)
    strong = cv2.morphologyEx(strong, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    tinted = right.copy()
    tinted[strong > 0] = (0.6 * tinted[strong > 0] + 0.4 * np.array([0, 220, 255])).astype(np.uint8)
    return tinted


def _held(registration: Registration, plane: Plane, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Where the features of the plane lie thicker than those of any other: the wall behind moves differently."""
    own = _thickness(plane.after, shape)
    others = [_thickness(other.after, shape) for other in registration.planes if other is not plane]
    is_first = np.all([own >= other for other in others], axis=0) if others else own > 0
    return (is_first & (own > 2e-5)).astype(np.uint8) * np.uint8(255)


def _thickness(points: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Features per pixel around each pixel; counted on a coarse grid."""
    coarse = np.zeros((shape[0] // 8 + 1, shape[1] // 8 + 1), np.float32)
    columns, rows = np.clip(points / 8, 0, [coarse.shape[1] - 1, coarse.shape[0] - 1]).astype(int).T
    np.add.at(coarse, (rows, columns), 1.0)
    smooth = cv2.GaussianBlur(coarse, (0, 0), 0.08 * max(coarse.shape)) / 64
    return cv2.resize(smooth, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR).astype(np.float32)


def _evened(picture: Picture) -> NDArray[np.float32]:
    """Grey with the light of the surroundings taken out."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    mean = cv2.GaussianBlur(grey, (0, 0), 14)
    spread = np.sqrt(np.maximum(cv2.GaussianBlur((grey - mean) ** 2, (0, 0), 14), 60))
    return cv2.GaussianBlur((grey - mean) / spread, (0, 0), 1.2).astype(np.float32)


def _joined(before: Picture, after: Picture) -> Picture:
    """Wide photos one above the other, tall ones side by side: each as large as the screen of a phone lets it be."""
    height, width = after.shape[:2]
    high, wide = before.shape[:2]
    if width > height:
        fitting = _sized(before, width, round(high * width / wide))
        return np.vstack([fitting, np.full((GAP, width, 3), 255, np.uint8), after])
    fitting = _sized(before, round(wide * height / high), height)
    return np.hstack([fitting, np.full((height, GAP, 3), 255, np.uint8), after])


def _sized(picture: Picture, width: int, height: int) -> Picture:
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8)

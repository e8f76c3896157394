"""The second gate: whether the photo shows what was asked for.

A general classifier (cv/scene.py) tells a whole car from a close-up, instruments or anything else. A detector of
vehicles (any YOLO with COCO's names, ``vision.vehicle_weights``) tells a cut-off, too near or too far car instead. The
rest is ``unsure``, and what is unsure passes. Which side of the car it is, and dirt, nothing here can tell.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.inspection.views import EXTERIOR, Viewpoint
from cv.quality import GateReason
from cv.reading import colour_image
from cv.scene import SceneSeen, look_at

if TYPE_CHECKING:
    from cv.detector import Detection, Detector
    from cv.reading import Colour

VEHICLES = frozenset({"car", "truck", "bus", "van", "vehicle"})
SEEN_FROM = 0.4
LOOKED_AT_PX = 640
EDGE = 0.005
"""A box nearer to the rim of the photo than this (share of its side) is cut off there."""
FAR_UNDER = 0.12
"""Share of the photo that the car's box covers."""
NEAR_OVER = 0.97
EMPTY_UNDER = 0.004
"""Share of pixels on an edge."""
PAPER_OVER = 0.6
"""Share of the photo that is white paper or a bright page."""
INK = (0.01, 0.35)
CAR_UNDER = 0.06
"""Belief in a vehicle and its parts together; photos of other things reach as much, whole cars at least 0.58."""
WHOLE_UNDER = 0.2
"""From there to here something of a car is seen, but no car."""
OTHERWISE_OVER = 0.6
"""Belief in what was not asked for."""
NEVER_TOLD = (GateReason.WRONG_VIEW, GateReason.DIRTY_OR_WET)
BY_DETECTOR = (GateReason.NO_VEHICLE, GateReason.CUT_OFF, GateReason.TOO_NEAR, GateReason.TOO_FAR)


@dataclass(frozen=True, slots=True)
class ViewJudgement:
    """``reasons`` to take the photo again; ``unsure`` is what could not be told. ``confidence`` is of the reasons."""

    reasons: tuple[GateReason, ...]
    confidence: float
    unsure: tuple[GateReason, ...] = ()

    @property
    def is_fit(self) -> bool:
        return not self.reasons


def judge_view(photo: bytes, asked: Viewpoint, vehicles: Path | None = None, threads: int = 1) -> ViewJudgement:
    image = _small(colour_image(photo))
    if _is_empty(image):
        reason = GateReason.NO_VEHICLE if asked in EXTERIOR else GateReason.WRONG_VIEW
        return ViewJudgement((reason,), 0.9)
    if asked is not Viewpoint.DOCUMENT and _is_paper(image):
        return ViewJudgement((GateReason.WRONG_VIEW,), 0.8)
    seen = look_at(image, threads)
    if asked not in EXTERIOR:
        return _judge_inside(asked, seen)
    if vehicles is None:
        return _judge_outside(seen)
    return _judge_vehicle(_detector(vehicles, threads).detect(image, SEEN_FROM), image)


def _judge_inside(asked: Viewpoint, seen: SceneSeen) -> ViewJudgement:
    """A whole car where instruments or a paper were asked for; seats and a trunk look like cars to it."""
    if asked in {Viewpoint.DASHBOARD, Viewpoint.DOCUMENT, Viewpoint.FUEL} and seen.vehicle > OTHERWISE_OVER:
        return ViewJudgement((GateReason.WRONG_VIEW,), seen.vehicle)
    return ViewJudgement((), 0.0, unsure=(GateReason.WRONG_VIEW,))


def _judge_outside(seen: SceneSeen) -> ViewJudgement:
    car = seen.vehicle + seen.part
    if seen.instruments > OTHERWISE_OVER:
        return ViewJudgement((GateReason.WRONG_VIEW,), seen.instruments)
    if car < CAR_UNDER:
        return ViewJudgement((GateReason.NO_VEHICLE,), round(1 - car, 3), unsure=NEVER_TOLD)
    if car < WHOLE_UNDER:
        return ViewJudgement((GateReason.TOO_NEAR,), round(1 - car, 3), unsure=NEVER_TOLD)
    return ViewJudgement((), round(car, 3), unsure=(*BY_DETECTOR[1:], *NEVER_TOLD))


def _judge_vehicle(seen: "list[Detection]", image: "Colour") -> ViewJudgement:
    """By the largest vehicle: others stand in every yard."""
    height, width = image.shape[:2]
    car = max((one for one in seen if one.label in VEHICLES), key=lambda one: one.area, default=None)
    if car is None:
        return ViewJudgement((GateReason.NO_VEHICLE,), 1 - SEEN_FROM, unsure=NEVER_TOLD)
    left, top, right, bottom = car.corners
    cut = [left < EDGE * width, top < EDGE * height, right > (1 - EDGE) * width, bottom > (1 - EDGE) * height]
    share = car.area / (width * height)
    signs = {
        GateReason.TOO_NEAR: share > NEAR_OVER,
        GateReason.CUT_OFF: share <= NEAR_OVER and any(cut),
        GateReason.TOO_FAR: share < FAR_UNDER,
    }
    reasons = tuple(reason for reason, is_seen in signs.items() if is_seen)
    return ViewJudgement(reasons, round(car.confidence, 3), unsure=NEVER_TOLD)


@lru_cache(maxsize=1)
def _detector(weights: Path, threads: int) -> "Detector":
    from cv.detector import open_detector

    return open_detector(weights, threads)


def _small(image: "Colour") -> "Colour":
    import cv2
    import numpy as np

    scale = min(1.0, LOOKED_AT_PX / max(image.shape[:2]))
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)


def _is_empty(image: "Colour") -> bool:
    """A wall, the floor, the sky, a finger on the lens: hardly an edge anywhere."""
    import cv2

    smooth = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    return float((cv2.Canny(smooth, 30, 80) > 0).mean()) < EMPTY_UNDER


def _is_paper(image: "Colour") -> bool:
    """Mostly white without colour, with ink on it."""
    import cv2

    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
    is_white = (hsv[:, :, 1] < 40) & (hsv[:, :, 2] > 185)
    is_ink = (hsv[:, :, 2] < 110) & (cv2.blur(is_white.astype("float32"), (25, 25)) > 0.5)
    return float(is_white.mean()) > PAPER_OVER and INK[0] < float(is_ink.mean()) < INK[1]

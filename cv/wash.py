"""Whether a car looks clean, as far as colour and grain can tell: a proposal for a person, never the last word.

Mud and dust are earth-coloured and grainy; clean paint is smooth and mirrors lights. Road grime on a grey car, water
and shadows look like neither, so most photos are unclear. No photos of cars known to be dirty were there to measure
with: on 715 photos of cars as they are it said "fail" of none, "pass" of one in five. ``MOST_SURE`` is all it can be.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cv.reading import colour_image

if TYPE_CHECKING:
    from cv.reading import Colour

MOST_SURE = 0.8
"""Below ``vision.sure_confidence``: a wash is not closed without a person by what is seen here."""
LOOKED_AT_PX = 640
DIRTY_OVER, CLEAN_UNDER = 0.45, 0.003
"""Share of the middle of the photo that is earth-coloured and grainy; between them it is unclear."""
GLOSS_OVER, SMOOTH_OVER = 0.005, 0.35
"""A clean car mirrors at least so much, and so much of it is smooth."""


class WashVerdict(StrEnum):
    PASS = "pass"  # noqa: S105 - the verdict, no password
    FAIL = "fail"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class WashSeen:
    verdict: WashVerdict
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class _Surface:
    """Shares of the looked-at area."""

    dirt: float
    gloss: float
    smooth: float


def judge_wash(photo: bytes) -> WashSeen:
    seen = _surface(_middle(colour_image(photo)))
    told = f"dirt {seen.dirt:.0%}, gloss {seen.gloss:.1%}, smooth {seen.smooth:.0%}"
    if seen.dirt > DIRTY_OVER:
        return WashSeen(WashVerdict.FAIL, min(MOST_SURE, round(0.5 + seen.dirt - DIRTY_OVER, 2)), told)
    if seen.dirt < CLEAN_UNDER and seen.gloss > GLOSS_OVER and seen.smooth > SMOOTH_OVER:
        return WashSeen(WashVerdict.PASS, min(MOST_SURE, round(0.5 + 10 * (seen.gloss - GLOSS_OVER), 2)), told)
    return WashSeen(WashVerdict.UNCLEAR, 0.0, told)


def _middle(image: "Colour") -> "Colour":
    """Where the car is; the yard around it is left out."""
    import cv2
    import numpy as np

    scale = LOOKED_AT_PX / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    height, width = small.shape[:2]
    return small[round(0.2 * height) : round(0.85 * height), round(0.12 * width) : round(0.88 * width)]


def _surface(part: "Colour") -> _Surface:
    import cv2
    import numpy as np

    hue, colour, light = cv2.split(cv2.cvtColor(part, cv2.COLOR_BGR2HSV))
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY).astype(np.float32)
    grain = cv2.blur(np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 2)), (15, 15))
    is_earth = (hue >= 8) & (hue <= 26) & (colour >= 45) & (colour <= 170) & (light >= 50) & (light <= 200)
    is_grainy = (grain > 3) & (grain < 18)  # above: letters, grilles, leaves
    dirt = cv2.blur((is_earth & is_grainy).astype(np.float32), (15, 15)) > 0.5
    gloss = (light > 235) & (colour < 60)
    smooth = cv2.blur(grain, (9, 9)) < 2
    return _Surface(float(dirt.mean()), float(gloss.mean()), float(smooth.mean()))

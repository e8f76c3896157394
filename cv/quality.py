"""The first gate: whether the picture itself is good enough to look at: size, sharpness, light."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.inspection.views import Viewpoint
from cv.reading import grey_image

if TYPE_CHECKING:
    from cv.reading import Grey

LOOKED_AT_PX = 640
"""Sharpness and light are judged at this long side: the thresholds hold for it."""
BLURRED_UNDER, A_LITTLE_UNDER = 0.45, 0.52
"""Of 715 real photos of cars 0.6 % are under the first, 4 % under the second; of blurred ones 9 in 10 at least."""
DARK_UNDER, BRIGHT_OVER = 45.0, 205.0
"""Mean of grey, of a car or a room."""
LIT = frozenset({Viewpoint.DASHBOARD, Viewpoint.FUEL})
GLOW_UNDER = 90.0
"""Figures are thin and stand in the dark: where the brightest two of a thousand points are under this, none are lit."""
INK_OVER = 150.0
"""A sheet of paper is bright: only a picture whose darkest fiftieth is over this has lost its ink."""
BLUR_PX = 9


class GateReason(StrEnum):
    """Why a photo is asked for again, the worst first; ``A_LITTLE_BLURRED`` only warns."""

    NO_VEHICLE = "no_vehicle"
    WRONG_VIEW = "wrong_view"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    BLURRED = "blurred"
    CUT_OFF = "cut_off"
    TOO_NEAR = "too_near"
    TOO_FAR = "too_far"
    TOO_SMALL = "too_small"
    DIRTY_OR_WET = "dirty_or_wet"
    A_LITTLE_BLURRED = "a_little_blurred"


@dataclass(frozen=True, slots=True)
class ImageQuality:
    """``sharpness`` 0..1 (by re-blurring), ``brightness`` 0..255 (mean of grey)."""

    reasons: tuple[GateReason, ...]
    warnings: tuple[GateReason, ...]
    long_side: int
    sharpness: float
    brightness: float

    @property
    def is_fit(self) -> bool:
        return not self.reasons


def judge_image(photo: bytes, min_long_side_px: int, asked: Viewpoint | None = None) -> ImageQuality:
    """``asked`` tells what light is to be expected; None: that of a car in a yard."""
    grey, long_side = grey_image(photo, LOOKED_AT_PX)
    sharpness, brightness = _sharpness(grey), float(grey.mean())
    signs = {
        GateReason.TOO_DARK: _is_dark(grey, brightness, asked),
        GateReason.TOO_BRIGHT: _is_bright(grey, brightness, asked),
        GateReason.BLURRED: sharpness < BLURRED_UNDER,
        GateReason.TOO_SMALL: long_side < min_long_side_px,
    }
    warns = BLURRED_UNDER <= sharpness < A_LITTLE_UNDER
    return ImageQuality(
        reasons=tuple(reason for reason, is_seen in signs.items() if is_seen),
        warnings=(GateReason.A_LITTLE_BLURRED,) if warns else (),
        long_side=long_side,
        sharpness=round(sharpness, 3),
        brightness=round(brightness, 1),
    )


def _is_dark(grey: "Grey", brightness: float, asked: Viewpoint | None) -> bool:
    import numpy as np

    if asked in LIT:
        return float(np.percentile(grey, 99.8)) < GLOW_UNDER
    return brightness < DARK_UNDER


def _is_bright(grey: "Grey", brightness: float, asked: Viewpoint | None) -> bool:
    import numpy as np

    if asked is Viewpoint.DOCUMENT:
        return float(np.percentile(grey, 2)) > INK_OVER
    return brightness > BRIGHT_OVER


def _sharpness(grey: "Grey") -> float:
    """How much of the differences between neighbours a blur takes away, in the worse of two directions.

    Crete, Dolmiere, Ladret, Nicolas: "The blur effect", 2007; theirs is 1 minus this. A picture that is blurred already
    has little to lose. Motion blurs one direction only, hence the worse.
    """
    import cv2
    import numpy as np

    sharp = grey.astype(np.float32)
    lost: list[float] = []
    for axis, window in ((0, (1, BLUR_PX)), (1, (BLUR_PX, 1))):
        before = np.abs(np.diff(sharp, axis=axis))
        after = np.abs(np.diff(cv2.blur(sharp, window), axis=axis))
        lost.append(float(np.maximum(0, before - after).sum() / max(before.sum(), 1e-6)))
    return min(lost)

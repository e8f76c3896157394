"""The outputs of exported models read into one form; which of the layouts it is, their shapes tell.

With ``anchors`` places on the three grids of strides 8, 16 and 32:
v5          (1, 3 * anchors, 5 + classes + masks)   centre, size, objectness, classes
v8, 11      (1, 4 + classes + masks, anchors)       centre, size, classes
end-to-end  (1, most, 6 + masks)                    corners, confidence, class; nothing left to suppress
"""

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from core.errors import Broken
from cv.detector.detection import Floats

STRIDES = (8, 16, 32)


class Layout(Enum):
    V5 = auto()
    V8 = auto()
    END_TO_END = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """One row each; ``corners`` in input pixels, ``coefficients`` of the mask (no columns without masks)."""

    corners: Floats
    confidences: Floats
    classes: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    coefficients: Floats

    def only(self, chosen: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> "Candidates":
        return Candidates(
            self.corners[chosen], self.confidences[chosen], self.classes[chosen], self.coefficients[chosen]
        )


def layout_of(shape: tuple[int, ...], side: int, masks: int) -> Layout:
    anchors = sum((side // stride) ** 2 for stride in STRIDES)
    if len(shape) == 3 and shape[2] == anchors:
        return Layout.V8
    if len(shape) == 3 and shape[1] == 3 * anchors:
        return Layout.V5
    if len(shape) == 3 and shape[2] == 6 + masks:
        return Layout.END_TO_END
    raise Broken(f"a model's output of shape {shape} for {side} px is none that is known")


def candidates(output: Floats, side: int, masks: int, least: float) -> tuple[Layout, Candidates]:
    """Those with a confidence of ``least`` or more; each place speaks for its best class."""
    layout = layout_of(output.shape, side, masks)
    rows = output[0].T if layout is Layout.V8 else output[0]
    return layout, _CUTS[layout](rows, masks, least)


def _v5(rows: Floats, masks: int, least: float) -> Candidates:
    rows = rows[rows[:, 4] >= least]
    end = rows.shape[1] - masks
    return _by_class(rows[:, :4], rows[:, 5:end] * rows[:, 4:5], rows[:, end:], least)


def _v8(rows: Floats, masks: int, least: float) -> Candidates:
    end = rows.shape[1] - masks
    return _by_class(rows[:, :4], rows[:, 4:end], rows[:, end:], least)


def _end_to_end(rows: Floats, masks: int, least: float) -> Candidates:
    del masks  # whatever follows the class is theirs
    rows = rows[rows[:, 4] >= least]
    return Candidates(rows[:, :4], rows[:, 4], rows[:, 5].astype(np.int64), rows[:, 6:])


def _by_class(centred: Floats, scores: Floats, coefficients: Floats, least: float) -> Candidates:
    classes = scores.argmax(axis=1)
    best = scores[np.arange(len(scores)), classes]
    (sure,) = np.nonzero(best >= least)
    return Candidates(_corners(centred[sure]), best[sure], classes[sure], coefficients[sure])


def _corners(centred: Floats) -> Floats:
    half = centred[:, 2:4] / 2
    return np.concatenate([centred[:, :2] - half, centred[:, :2] + half], axis=1)


_CUTS = {Layout.V5: _v5, Layout.V8: _v8, Layout.END_TO_END: _end_to_end}

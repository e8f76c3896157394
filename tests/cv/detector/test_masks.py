from pathlib import Path

import cv2
import numpy as np
import pytest

from cv.detector import open_detector
from tests.cv.models import end_to_end, v5, v8, write_model

SIDE = 64


def prototypes() -> np.ndarray:
    """Two masks at a quarter of the size: the left half, and the top half (input pixels 0..32)."""
    planes = np.full((1, 2, 16, 16), -1.0)
    planes[0, 0, :, :8] = 1.0
    planes[0, 1, :8, :] = 1.0
    return planes


def covered(outline: np.ndarray, width: int, height: int) -> np.ndarray:
    canvas = np.zeros((height, width), np.uint8)
    cv2.fillPoly(canvas, [np.round(outline).astype(np.int32)], 1)
    return canvas


@pytest.mark.parametrize(
    "output",
    [
        v8((32.0, 32.0, 48.0, 48.0, 0.9, 0.0, 1.0, 0.0)),
        v5((32.0, 32.0, 48.0, 48.0, 0.9, 1.0, 0.0, 1.0, 0.0)),
        end_to_end((8.0, 8.0, 56.0, 56.0, 0.9, 0, 1.0, 0.0)),
    ],
    ids=["v8", "v5", "end-to-end"],
)
def test_a_mask_is_its_prototypes_cut_to_the_box(tmp_path: Path, output: np.ndarray) -> None:
    detector = open_detector(write_model(tmp_path / "model.onnx", output, prototypes()))

    (found,) = detector.detect(np.zeros((SIDE, SIDE, 3), np.uint8), 0.25)

    expected = np.zeros((SIDE, SIDE), np.uint8)
    expected[8:56, 8:32] = 1
    assert found.outline is not None
    assert np.abs(covered(found.outline, SIDE, SIDE).astype(int) - expected).mean() < 0.02


def test_coefficients_mix_the_prototypes(tmp_path: Path) -> None:
    both = v8((32.0, 32.0, 64.0, 64.0, 0.9, 0.0, -1.0, -1.0))  # neither left nor top: the lower right quarter
    detector = open_detector(write_model(tmp_path / "model.onnx", both, prototypes()))

    (found,) = detector.detect(np.zeros((SIDE, SIDE, 3), np.uint8), 0.25)

    assert found.outline is not None
    assert found.outline.min(axis=0) == pytest.approx([32, 32], abs=2)
    assert found.outline.max(axis=0) == pytest.approx([63, 63], abs=2)


def test_a_mask_comes_back_to_a_photo_that_is_not_square(tmp_path: Path) -> None:
    output = v8((32.0, 32.0, 64.0, 32.0, 0.9, 0.0, 1.0, 0.0))
    detector = open_detector(write_model(tmp_path / "model.onnx", output, prototypes()))

    (found,) = detector.detect(np.zeros((100, 200, 3), np.uint8), 0.25)

    assert found.outline is not None
    assert found.outline.min(axis=0) == pytest.approx([0, 0], abs=4)
    assert found.outline.max(axis=0) == pytest.approx([100, 100], abs=4)


def test_an_empty_mask_leaves_the_box(tmp_path: Path) -> None:
    output = v8((48.0, 32.0, 16.0, 16.0, 0.9, 0.0, 1.0, 0.0))  # right of the left half
    detector = open_detector(write_model(tmp_path / "model.onnx", output, prototypes()))

    (found,) = detector.detect(np.zeros((SIDE, SIDE, 3), np.uint8), 0.25)

    assert found.outline is not None
    assert found.outline.tolist() == [[40, 24], [56, 24], [56, 40], [40, 40]]

from pathlib import Path

import numpy as np
import pytest

from core.errors import Broken
from cv.detector import Detection, open_detector
from cv.detector.detector import OnnxDetector
from tests.cv.models import end_to_end, v5, v8, write_model, write_seeing_model

DENT = (20.0, 30.0, 16.0, 12.0)
SCRATCH = (50.0, 10.0, 8.0, 8.0)


def grey(width: int = 64, height: int = 64) -> np.ndarray:
    return np.full((height, width, 3), 128, np.uint8)


def told(found: list[Detection]) -> list[tuple[str, float, tuple[float, ...]]]:
    return [(one.label, round(one.confidence, 4), tuple(round(edge, 3) for edge in one.corners)) for one in found]


EXPECTED = [("dent", 0.8, (12.0, 24.0, 28.0, 36.0)), ("scratch", 0.6, (46.0, 6.0, 54.0, 14.0))]


@pytest.mark.parametrize(
    "output",
    [
        v8((*DENT, 0.1, 0.8), (*SCRATCH, 0.6, 0.2)),
        v5((*DENT, 1.0, 0.1, 0.8), (*SCRATCH, 0.75, 0.8, 0.2)),
        end_to_end((46.0, 6.0, 54.0, 14.0, 0.6, 0), (12.0, 24.0, 28.0, 36.0, 0.8, 1)),
    ],
    ids=["v8", "v5", "end-to-end"],
)
def test_every_layout_tells_the_same(tmp_path: Path, output: np.ndarray) -> None:
    detector = open_detector(write_model(tmp_path / "model.onnx", output))

    assert told(detector.detect(grey(), 0.25)) == EXPECTED


def test_what_is_less_sure_than_asked_is_left_out(tmp_path: Path) -> None:
    detector = open_detector(write_model(tmp_path / "model.onnx", v8((*DENT, 0.1, 0.8), (*SCRATCH, 0.6, 0.2))))

    assert [one.label for one in detector.detect(grey(), 0.7)] == ["dent"]


def test_a_box_that_says_the_same_is_suppressed_within_its_class_only(tmp_path: Path) -> None:
    nearly = (20.5, 30.0, 16.0, 12.0)
    output = v8((*DENT, 0.0, 0.8), (*nearly, 0.0, 0.7), (*nearly, 0.5, 0.0))

    found = open_detector(write_model(tmp_path / "model.onnx", output)).detect(grey(), 0.25)

    assert [(one.label, round(one.confidence, 2)) for one in found] == [("dent", 0.8), ("scratch", 0.5)]


def test_boxes_come_back_to_a_photo_that_is_not_square(tmp_path: Path) -> None:
    detector = open_detector(write_model(tmp_path / "model.onnx", v8((32.0, 32.0, 16.0, 8.0, 0.9, 0.0))))

    assert told(detector.detect(grey(200, 100), 0.25)) == [("scratch", 0.9, (75.0, 37.5, 125.0, 62.5))]


def test_a_box_ends_where_the_photo_ends(tmp_path: Path) -> None:
    detector = open_detector(write_model(tmp_path / "model.onnx", v8((60.0, 20.0, 20.0, 40.0, 0.9, 0.0))))

    assert told(detector.detect(grey(64, 32), 0.25)) == [("scratch", 0.9, (50.0, 0.0, 64.0, 24.0))]


@pytest.mark.parametrize(("colour", "sure"), [((0, 0, 255), 1.0), ((255, 255, 0), 0.0), ((9, 9, 51), 0.2)])
def test_the_model_is_shown_red_green_blue_from_0_to_1(
    tmp_path: Path, colour: tuple[int, int, int], sure: float
) -> None:
    image = np.full((64, 64, 3), colour, np.uint8)

    (seen,) = open_detector(write_seeing_model(tmp_path / "model.onnx")).detect(image, -1.0)[:1]

    assert seen.label == "red"
    assert seen.confidence == pytest.approx(sure, abs=1e-4)


def test_a_flexible_model_is_shown_the_size_it_was_trained_with(tmp_path: Path) -> None:
    output = v8((64.0, 64.0, 32.0, 32.0, 0.9, 0.0), side=128)
    detector = open_detector(write_model(tmp_path / "model.onnx", output, imgsz=128))

    assert isinstance(detector, OnnxDetector)
    assert detector.side == 128
    assert told(detector.detect(grey(256, 256), 0.25)) == [("scratch", 0.9, (96.0, 96.0, 160.0, 160.0))]


def test_a_class_without_a_name_is_told_by_its_number(tmp_path: Path) -> None:
    detector = open_detector(write_model(tmp_path / "model.onnx", v8((*DENT, 0.1, 0.8)), names={0: "scratch"}))

    assert [one.label for one in detector.detect(grey(), 0.25)] == ["1"]


def test_an_output_of_no_known_layout_is_refused(tmp_path: Path) -> None:
    detector = open_detector(write_model(tmp_path / "model.onnx", np.zeros((1, 11, 17))))

    with pytest.raises(Broken, match="none that is known"):
        detector.detect(grey(), 0.25)


def test_nothing_seen_is_an_empty_list(tmp_path: Path) -> None:
    detector = open_detector(write_model(tmp_path / "model.onnx", v8((*DENT, 0.0, 0.0))))

    assert detector.detect(grey(), 0.25) == []

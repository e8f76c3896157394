from pathlib import Path

import numpy as np
import pytest

from cv.detector import Detection, open_detector
from cv.detector.suppress import joined
from cv.detector.tiles import tile_corners
from cv.weights import TilePolicy
from tests.cv.models import v8, write_model

POLICY = TilePolicy(size=64, overlap=0.0, above=100)


def test_a_small_photo_is_not_cut() -> None:
    assert tile_corners(100, 80, POLICY) == []
    assert tile_corners(500, 400, None) == []


def test_tiles_cover_the_photo_and_share_what_is_asked() -> None:
    tiles = tile_corners(1000, 640, TilePolicy(size=400, overlap=0.25, above=640))

    assert tiles == [
        (0, 0, 400, 400),
        (300, 0, 700, 400),
        (600, 0, 1000, 400),
        (0, 240, 400, 640),
        (300, 240, 700, 640),
        (600, 240, 1000, 640),
    ]


def test_a_photo_lower_than_a_tile_is_cut_in_one_direction() -> None:
    assert tile_corners(128, 50, POLICY) == [(0, 0, 64, 50), (64, 0, 128, 50)]


def test_what_tiles_see_is_told_where_it_is_on_the_photo(tmp_path: Path) -> None:
    model = write_model(tmp_path / "model.onnx", v8((16.0, 32.0, 8.0, 8.0, 0.9, 0.0)))
    photo = np.zeros((128, 128, 3), np.uint8)

    found = open_detector(model).detect(photo, 0.25, POLICY)

    assert sorted(one.corners for one in found) == [
        (12, 28, 20, 36),
        (12, 92, 20, 100),
        (24, 56, 40, 72),  # of the whole photo, which is scaled by a half
        (76, 28, 84, 36),
        (76, 92, 84, 100),
    ]


def seen(confidence: float, *corners: float, label: str = "dent") -> Detection:
    left, top, right, bottom = corners
    return Detection(label, confidence, (left, top, right, bottom))


def test_pieces_of_one_thing_are_told_once_as_sure_as_the_surest_and_as_large_as_the_largest() -> None:
    piece, whole = seen(0.8, 50, 10, 64, 20), seen(0.6, 40, 10, 80, 20)

    (thing,) = joined([whole, piece])

    assert (thing.confidence, thing.corners) == (0.8, (40, 10, 80, 20))


def test_a_doubtful_large_box_does_not_swallow_a_sure_small_one() -> None:
    (thing,) = joined([seen(0.3, 0, 0, 100, 100), seen(0.9, 50, 50, 60, 60)])

    assert (thing.confidence, thing.corners) == (0.9, (50, 50, 60, 60))


@pytest.mark.parametrize(
    "other", [seen(0.7, 70, 10, 90, 20), seen(0.7, 50, 10, 64, 20, label="scratch")], ids=["beside", "another class"]
)
def test_two_things_stay_two(other: Detection) -> None:
    assert len(joined([seen(0.8, 50, 10, 64, 20), other])) == 2

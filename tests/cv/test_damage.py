from pathlib import Path

import numpy as np
import pytest

from core.inspection.damage import DamageKind
from core.settings import VisionSettings
from cv.damage import Detections, find_damage
from cv.found import Box
from cv.weights import DamageClass, TilePolicy, Weights, find_weights
from tests.cv.cards import write_weights
from tests.cv.models import v8
from tests.cv.pictures import as_bytes, scene

SCRATCH = (32.0, 32.0, 16.0, 8.0)
PHOTO = as_bytes(scene(200, 100))


def weights_of(folder: Path, *outputs: np.ndarray, **options: object) -> Weights:
    found = find_weights(VisionSettings(damage_weights=write_weights(folder, *outputs, **options)))
    assert found is not None
    return found


def seen(folder: Path, *outputs: np.ndarray, photo: bytes = PHOTO, **options: object) -> Detections:
    return find_damage(photo, weights_of(folder, *outputs, **options))


def test_a_finding_is_told_in_our_words_relative_to_the_photo(tmp_path: Path) -> None:
    told = seen(tmp_path, v8((*SCRATCH, 0.9, 0.0)))

    (found,) = told.findings
    assert (told.model, told.tiled, told.has_masks) == ("by-hand 1", False, False)
    assert (found.kind, found.label, found.confidence) == (DamageKind.SCRATCH, "scratch", pytest.approx(0.9, abs=1e-4))
    assert found.box == Box(pytest.approx(0.375), pytest.approx(0.375), pytest.approx(0.625), pytest.approx(0.625))
    assert found.polygon == ()


def test_what_is_less_sure_than_its_class_needs_is_no_finding(tmp_path: Path) -> None:
    assert seen(tmp_path, v8((*SCRATCH, 0.49, 0.0))).findings == ()


def test_a_weak_class_is_not_proposed(tmp_path: Path) -> None:
    assert seen(tmp_path, v8((*SCRATCH, 0.0, 0.99))).findings == ()


def test_weights_of_which_nothing_is_believed_find_nothing(tmp_path: Path) -> None:
    weak = {"scratch": DamageClass(kind=DamageKind.SCRATCH, threshold=0.1, advertised=False)}

    assert seen(tmp_path, v8((*SCRATCH, 0.99, 0.0)), classes=weak).findings == ()


def test_two_boxes_of_one_scratch_are_one_finding(tmp_path: Path) -> None:
    told = seen(tmp_path, v8((*SCRATCH, 0.9, 0.0), (34.0, 32.0, 8.0, 8.0, 0.6, 0.0)))

    assert len(told.findings) == 1


def test_a_large_photo_is_looked_at_in_tiles(tmp_path: Path) -> None:
    told = seen(
        tmp_path,
        v8((8.0, 40.0, 4.0, 4.0, 0.9, 0.0)),
        photo=as_bytes(scene(128, 64)),
        tiles=TilePolicy(size=64, overlap=0, above=100),
    )

    assert told.tiled
    assert [round(one.box.left, 3) for one in told.findings] == [0.094, 0.047, 0.547]


def test_masks_are_outlines_relative_to_the_photo(tmp_path: Path) -> None:
    everywhere = np.ones((1, 1, 16, 16))

    told = seen(tmp_path, v8((*SCRATCH, 0.9, 0.0, 1.0)), everywhere)

    (found,) = told.findings
    assert told.has_masks
    assert {round(point.x, 1) for point in found.polygon} == {0.4, 0.6}

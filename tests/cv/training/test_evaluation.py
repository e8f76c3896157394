"""Evaluation of a model whose answer is known, and the card that it writes."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from core.errors import NeedsAttention, Rejected
from core.inspection.damage import DamageKind
from core.settings import WrongSettings
from cv.found import Box
from cv.training import carding, fetching, ultralytics_extra
from cv.training.average_precision import Guess, least_thresholds
from cv.training.evaluation import evaluate, figures_of, look
from cv.training.labelled import LabelledFolder, LabelledPhoto, Mark
from cv.weights import ModelCard, card_path, read_card
from tests.cv.models import v8, write_model

PLACE = Box(0.25, 0.25, 0.75, 0.75)
NAMES = {0: "scratch", 1: "hood_damage"}


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Sees the same on every photo: a scratch in the middle, and in a corner an unsure hood damage."""
    output = v8((32.0, 32.0, 32.0, 32.0, 0.9, 0.0), (8.0, 8.0, 8.0, 8.0, 0.0, 0.3))
    return write_model(tmp_path / "damage.onnx", output, names=NAMES)


@pytest.fixture
def folder(tmp_path: Path) -> LabelledFolder:
    """Two photos: one has the scratch and a hood damage elsewhere, the other has nothing."""
    paths = [tmp_path / name for name in ("a.png", "b.png")]
    for path in paths:
        cv2.imwrite(str(path), np.full((64, 64, 3), 90, np.uint8))
    marks = (Mark("scratch", PLACE), Mark("hood_damage", Box(0.8, 0.8, 0.9, 0.9)))
    return LabelledFolder(tuple(NAMES.values()), (LabelledPhoto(paths[0], marks), LabelledPhoto(paths[1], ())))


def card(weights: Path) -> ModelCard:
    origin = carding.Origin("Drawn", "1", "MIT", "nobody", "nothing", "two drawn photos")
    return carding.draft_card(weights, list(NAMES.values()), 64, origin)


def test_figures_are_those_of_the_known_answer(weights, folder):
    told = evaluate(weights, folder, threads=1)
    # Equally sure on both photos: one of two is right, found first.
    assert told.score.by_label["scratch"].ap50 == pytest.approx(1.0)
    assert told.score.by_label["hood_damage"].ap50 == 0.0
    assert told.score.by_label["scratch"].operating[-1].precision == 0.5
    assert (told.photos, told.together) == (2, None)
    assert told.photos_per_s > 0


def test_a_class_is_measured_at_its_own_threshold(weights, folder):
    told = evaluate(weights, folder, thresholds={"scratch": 0.5, "hood_damage": 0.2}, threads=1)
    assert {label: point.reported for label, point in told.as_shipped.items()} == {"scratch": 2, "hood_damage": 2}
    assert told.together is not None
    assert (told.together.reported, told.together.recall) == (4, 0.5)


def test_a_class_without_a_threshold_reports_nothing(weights, folder):
    told = evaluate(weights, folder, thresholds={"scratch": 0.5}, threads=1)
    assert told.as_shipped["hood_damage"].reported == 0


def test_a_class_that_is_not_advertised_is_measured_and_not_proposed(weights, folder):
    looked = look(weights, folder, threads=1)
    thresholds = {"scratch": 0.5, "hood_damage": 0.2}
    told = figures_of(weights, folder, looked, thresholds=thresholds, silent={"hood_damage"}, threads=1)
    assert told.as_shipped["hood_damage"].reported == 2
    assert told.together is not None
    assert (told.together.reported, told.together.recall) == (2, 0.5)


def test_labels_that_the_weights_do_not_know_are_refused(weights, folder):
    foreign = LabelledFolder(("cizik",), folder.photos)
    with pytest.raises(Rejected, match="cizik"):
        evaluate(weights, foreign, threads=1)


def test_a_file_that_is_no_photo_is_named(weights, folder, tmp_path):
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"%PDF")
    with pytest.raises(Rejected, match=r"broken\.jpg"):
        evaluate(weights, LabelledFolder(folder.labels, (LabelledPhoto(broken, ()),)), threads=1)


def test_the_threshold_is_the_lowest_that_is_precise_enough():
    sure = [Guess("dent", 0.7, PLACE)]
    unsure = [Guess("dent", 0.3, PLACE)]
    marks = [[Mark("dent", PLACE)]] * 12 + [[]] * 12
    assert least_thresholds(marks, [sure] * 12 + [unsure] * 12, ["dent"], precision=0.8) == {"dent": 0.35}


def test_a_handful_of_findings_proves_no_precision():
    marks, guesses = [[Mark("dent", PLACE)]] * 9, [[Guess("dent", 0.9, PLACE)]] * 9
    assert least_thresholds(marks, guesses, ["dent"], precision=0.8) == {"dent": None}


def test_a_new_card_claims_nothing(weights):
    told = card(weights)
    assert told.advertised == frozenset()
    assert told.classes["scratch"].kind is DamageKind.SCRATCH
    assert told.classes["hood_damage"].kind is DamageKind.OTHER


def test_the_card_claims_what_was_precise_and_found_enough(weights, folder):
    chosen = carding.with_thresholds(card(weights), {"scratch": 0.6, "hood_damage": 0.25})
    thresholds = {label: one.threshold for label, one in chosen.classes.items()}
    told = carding.with_figures(chosen, evaluate(weights, folder, thresholds=thresholds, threads=1))
    assert told.advertised == {DamageKind.SCRATCH}
    scratch = told.classes["scratch"]
    assert (scratch.threshold, scratch.precision, scratch.recall) == (0.6, 0.5, 1.0)
    assert (told.classes["hood_damage"].recall, told.classes["hood_damage"].ap50) == (0.0, 0.0)


def test_a_class_that_is_never_precise_is_not_advertised(weights):
    first = carding.with_thresholds(card(weights), {"scratch": 0.6})
    assert carding.with_thresholds(first, {"scratch": None}).advertised == frozenset()


def test_a_card_is_read_back_as_it_was_written(weights):
    told = card(weights)
    carding.put_beside(weights, told)
    assert carding.card_of(weights) == told


def test_a_card_of_another_file_is_refused(weights):
    carding.put_beside(weights, card(weights).model_copy(update={"sha256": "0" * 64}))
    with pytest.raises(Rejected, match="sha256"):
        carding.card_of(weights)


def test_weights_come_with_their_card(weights, tmp_path):
    carding.put_beside(weights, card(weights))
    target, told = fetching.install(weights, card_path(weights), tmp_path / "home" / "weights")
    assert target.read_bytes() == weights.read_bytes()
    assert read_card(card_path(target)) == told


def test_weights_of_another_sum_are_not_brought(weights, tmp_path):
    carding.put_beside(weights, card(weights))
    with pytest.raises(Rejected, match="sha256"):
        fetching.install(weights, card_path(weights), tmp_path / "home", sha256="1" * 64)
    assert not (tmp_path / "home").exists()


def test_weights_without_a_card_are_not_brought(weights, tmp_path):
    with pytest.raises(WrongSettings, match="no card"):
        fetching.install(weights, card_path(weights), tmp_path / "home")


def test_training_without_the_extra_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    plan = ultralytics_extra.Plan("yolo11n.yaml", epochs=1, input_size=64)
    with pytest.raises(NeedsAttention, match="pip install"):
        ultralytics_extra.train(tmp_path / "data.yaml", plan, tmp_path / "run")


def test_exporting_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(Rejected, match="no weights"):
        ultralytics_extra.export(tmp_path / "best.pt", tmp_path / "damage.onnx", input_size=64)

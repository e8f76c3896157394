"""``jarvis vision`` as a person types it."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml
from typer.testing import CliRunner, Result

from cv.training import carding
from cv.weights import card_path, read_card
from orchestrator.cli.vision import app
from tests.cv.models import v8, write_model

NAMES = {0: "scratch", 1: "dent"}


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    (tmp_path / "own").mkdir()
    model = write_model(tmp_path / "own" / "damage.onnx", v8((32.0, 32.0, 32.0, 32.0, 0.9, 0.0)), names=NAMES)
    origin = carding.Origin("Drawn", "3", "MIT", "nobody", "nothing", "drawn photos")
    carding.put_beside(model, carding.draft_card(model, list(NAMES.values()), 64, origin))
    return model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve photos with a scratch where the model sees one, under another name."""
    place = tmp_path / "photos" / "valid"
    place.mkdir(parents=True)
    for number in range(12):
        cv2.imwrite(str(place / f"{number}.png"), np.full((64, 64, 3), 90, np.uint8))
    told = {
        "images": [{"id": n, "file_name": f"{n}.png", "width": 64, "height": 64} for n in range(12)],
        "categories": [{"id": 1, "name": "cizik"}, {"id": 2, "name": "sky"}],
        "annotations": [
            {"id": n, "image_id": n, "category_id": kind, "bbox": [16, 16, 32, 32]}
            for n in range(12)
            for kind in (1, 2)
        ],
    }
    (place / "_annotations.coco.json").write_text(json.dumps(told))
    (tmp_path / "photos" / "names.yaml").write_text(yaml.safe_dump({"cizik": "scratch", "sky": None}))
    return tmp_path / "photos"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JARVIS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "home"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def test_evaluation_prints_figures_of_each_class(weights, folder):
    said = run("evaluate", folder, "--weights", weights, "--names", folder / "names.yaml", "--json")
    assert said.exit_code == 0
    (told,) = json.loads(said.stdout)
    assert told["photos"] == 12
    assert told["score"]["by_label"]["scratch"]["ap50"] == pytest.approx(1.0)


def test_evaluation_renews_the_card(weights, folder):
    names = ("--names", folder / "names.yaml")
    said = run("evaluate", folder, "--weights", weights, *names, "--precision", "0.8", "--card")
    assert said.exit_code == 0
    scratch = read_card(card_path(weights)).classes["scratch"]
    assert (scratch.threshold, scratch.advertised, scratch.precision, scratch.recall) == (0.1, True, 1.0, 1.0)


def test_the_same_weights_in_another_form_are_measured_beside(weights, folder):
    names = ("--names", folder / "names.yaml")
    said = run("evaluate", folder, "--weights", weights, *names, "--beside", weights)
    assert "AP50 differs by 0.0000" in said.stdout


def test_labels_without_a_name_are_one_readable_line(weights, folder):
    said = run("evaluate", folder, "--weights", weights)
    assert said.exit_code == 1
    assert "cizik" in said.stderr
    assert len(said.stderr.splitlines()) == 1


def test_weights_are_brought_home_and_told_how_to_use(weights, home):
    said = run("get", weights)
    assert said.exit_code == 0
    assert (home / "weights" / "damage.onnx").is_file()
    assert "Drawn 3 (MIT)" in said.stdout
    assert "JARVIS_VISION__DAMAGE_WEIGHTS" in said.stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("https://example.org/damage.onnx",), "--sha256"),
        (("http://example.org/damage.onnx", "--sha256", "0" * 64), "only https"),
        (("nowhere.onnx",), "no such file"),
    ],
)
def test_what_cannot_be_trusted_is_not_brought(arguments, why):
    said = run("get", *arguments)
    assert said.exit_code == 1
    assert why in said.stderr


def test_what_is_used_is_told_with_its_figures(weights, monkeypatch):
    monkeypatch.setenv("JARVIS_VISION__DAMAGE_WEIGHTS", str(weights))
    said = run("get")
    assert said.exit_code == 0
    assert "Drawn 3, MIT" in said.stdout
    assert "scratch (scratch): not proposed; not measured" in said.stdout


def test_a_photo_is_tried_and_written_with_what_was_seen(weights, tmp_path):
    card = carding.with_thresholds(read_card(card_path(weights)), {"scratch": 0.5})
    carding.put_beside(weights, card)
    grey = np.full((600, 800, 3), 90, np.uint8)
    cv2.imwrite(str(tmp_path / "car.jpg"), grey)
    said = run("try", tmp_path / "car.jpg", "--weights", weights)
    assert said.exit_code == 0
    assert "1. scratch 0.90 (scratch)" in said.stdout
    drawn = cv2.imread(str(tmp_path / "car.seen.jpg"))
    assert drawn is not None
    assert np.abs(drawn.astype(int) - grey).max() > 60


def test_what_is_no_photo_is_one_readable_line(weights, tmp_path):
    (tmp_path / "car.jpg").write_bytes(b"%PDF-1.7")
    said = run("try", tmp_path / "car.jpg", "--weights", weights)
    assert said.exit_code == 1
    assert len(said.stderr.splitlines()) == 1

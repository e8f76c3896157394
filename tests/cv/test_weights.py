from pathlib import Path

import pytest

from core.inspection.damage import DamageKind
from core.inspection.views import Viewpoint
from core.settings import VisionSettings, WrongSettings
from cv import weights
from cv.damage import find_damage
from cv.drawn.car import Shot, draw_car
from cv.drawn.skin import CarLook
from cv.overlay import encoded
from cv.weights import Weights, card_path, find_weights, read_card
from tests.cv.cards import write_weights
from tests.cv.models import v8

NOTHING = v8((20.0, 30.0, 16.0, 12.0, 0.0, 0.0))


def found(settings: VisionSettings) -> Weights:
    weights = find_weights(settings)
    assert weights is not None
    return weights


def test_configured_weights_come_with_their_card(tmp_path: Path) -> None:
    model = write_weights(tmp_path, NOTHING)

    ours = found(VisionSettings(damage_weights=model, threads=3))

    assert (ours.model, ours.card.title, ours.threads) == (model, "by-hand 1", 3)
    assert ours.card.advertised == {DamageKind.SCRATCH}


def test_without_weights_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "SHIPPED", tmp_path)

    assert find_weights(VisionSettings()) is None


def test_shipped_weights_are_taken_where_none_are_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = write_weights(tmp_path, NOTHING)
    monkeypatch.setattr(weights, "SHIPPED", tmp_path)

    assert found(VisionSettings()).model == model


def test_settings_may_do_without_the_shipped_ones() -> None:
    assert find_weights(VisionSettings(shipped_weights=False)) is None


def test_what_is_shipped_promises_no_eyes_for_scratches_and_dents() -> None:
    shipped = found(VisionSettings())

    assert shipped.model.stat().st_size < 15_000_000
    assert (shipped.card.licence, "CC BY 4.0" in shipped.card.attribution) == ("AGPL-3.0", True)
    assert shipped.card.advertised.isdisjoint({DamageKind.SCRATCH, DamageKind.DENT})
    assert all(one.precision and one.recall for one in shipped.card.classes.values() if one.advertised)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_shipped_proposes_nothing_on_a_drawn_car_without_damage(seed: int) -> None:
    shot = Shot(Viewpoint.FRONT_LEFT, seed=seed)

    assert find_damage(encoded(draw_car(CarLook(seed=seed), shot).bgr), found(VisionSettings())).findings == ()


def test_a_weak_class_is_never_a_finding_unless_it_is_asked_for(tmp_path: Path) -> None:
    model = write_weights(tmp_path, NOTHING)

    assert found(VisionSettings(damage_weights=model)).threshold("dent") is None
    assert found(VisionSettings(damage_weights=model, thresholds={DamageKind.DENT: 0.6})).threshold("dent") == 0.6


def test_thresholds_of_the_settings_win_over_the_card_and_those_of_a_branch_over_all(tmp_path: Path) -> None:
    model = write_weights(tmp_path, NOTHING)
    ours = found(VisionSettings(damage_weights=model, thresholds={DamageKind.SCRATCH: 0.7}))

    assert found(VisionSettings(damage_weights=model)).threshold("scratch") == 0.5
    assert ours.threshold("scratch") == 0.7
    assert ours.with_thresholds({DamageKind.SCRATCH: 0.2}).threshold("scratch") == 0.2


def test_a_class_that_the_card_does_not_name_is_never_a_finding(tmp_path: Path) -> None:
    assert found(VisionSettings(damage_weights=write_weights(tmp_path, NOTHING))).threshold("airbag") is None


def test_both_files_of_the_masks_are_passed_on(tmp_path: Path) -> None:
    model = write_weights(tmp_path, NOTHING)
    settings = VisionSettings(damage_weights=model, mask_encoder=Path("a.onnx"), mask_decoder=Path("b.onnx"))

    assert found(settings).masks == weights.MaskWeights(Path("a.onnx"), Path("b.onnx"))


def test_weights_that_are_not_there_stop_the_start_with_one_line(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match=r"^vision\.damage_weights: there is no file .*away\.onnx$"):
        find_weights(VisionSettings(damage_weights=tmp_path / "away.onnx"))


def test_weights_without_a_card_stop_the_start(tmp_path: Path) -> None:
    model = write_weights(tmp_path, NOTHING)
    card_path(model).unlink()

    with pytest.raises(WrongSettings, match=r"have no card damage\.card\.yaml"):
        find_weights(VisionSettings(damage_weights=model))


def test_a_card_of_other_weights_stops_the_start(tmp_path: Path) -> None:
    model = write_weights(tmp_path, NOTHING)
    model.write_bytes(model.read_bytes() + b"\0")

    with pytest.raises(WrongSettings, match="not the file that its card describes"):
        find_weights(VisionSettings(damage_weights=model))


@pytest.mark.parametrize(
    ("text", "told"),
    [("name: [", "is not YAML"), ("name: x", "missing"), ("just words", "model_type")],
    ids=["not yaml", "half", "no mapping"],
)
def test_a_card_that_is_wrong_says_what(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "damage.card.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(WrongSettings, match=told):
        read_card(path)


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    model = write_weights(tmp_path, NOTHING)

    card = read_card(card_path(model))

    assert card.classes["scratch"].ap50 == 0.4
    assert card.classes["dent"].ap50 is None
    assert card.sha256 == weights.fingerprint(model)

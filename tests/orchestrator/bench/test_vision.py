import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.settings import VisionSettings
from cv import weights
from orchestrator.bench import vision


def test_an_ability_without_its_data_says_so_in_plain_words(tmp_path: Path) -> None:
    assert vision._ability("plates", "plates", None) == "no data: --data names the folder that holds plates/"
    assert vision._ability("plates", "plates", tmp_path) == "no data: --data names the folder that holds plates/"


def test_without_weights_there_is_no_speed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "SHIPPED", tmp_path)

    assert vision._speed(VisionSettings(), None) == "no weights"


@dataclass(frozen=True, slots=True)
class Shares:
    pairs: int
    found: float


def test_figures_of_any_depth_are_json() -> None:
    told = vision._plain({"drawn": Shares(24, 2 / 3), "photos": {"left": Shares(1, 1.0)}})

    assert json.loads(json.dumps(told)) == {
        "drawn": {"pairs": 24, "found": 0.667},
        "photos": {"left": {"pairs": 1, "found": 1.0}},
    }


def test_percentiles_are_of_all_photos() -> None:
    assert vision._summary([number / 100 for number in range(100)]) == {"p50_s": 0.5, "p95_s": 0.95, "worst_s": 0.99}

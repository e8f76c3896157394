"""What counts as an answer to a question."""

from uuid import UUID

import pytest

from agents.inspections.answers import Understood, read_answer
from core.commands import Text
from core.events import InspectionAnswered
from core.settings.inspection import DEFAULT_KIT

HERE = UUID(int=1)


def read(step: str, **given: object) -> Understood | Text:
    return read_answer(InspectionAnswered(inspection_id=HERE, step=step, **given), DEFAULT_KIT)  # pyright: ignore[reportArgumentType] - names of fields


@pytest.mark.parametrize(
    ("step", "number", "value"),
    [
        ("mileage", 0, {"km": 0}),
        ("mileage", 45210.0, {"km": 45210}),
        ("fuel_level", 0, {"percent": 0}),
        ("fuel_level", 62.5, {"percent": 62.5}),
        ("fuel_level", 100, {"percent": 100}),
    ],
)
def test_a_number_within_its_limits_is_an_answer(step: str, number: float, value: dict[str, float]):
    answer = read(step, number=number)
    assert isinstance(answer, Understood)
    assert answer.value == value


@pytest.mark.parametrize(
    ("step", "number"),
    [
        ("mileage", -1),
        ("mileage", 2_000_000),
        ("mileage", float("nan")),
        ("mileage", float("inf")),
        ("mileage", None),
        ("fuel_level", -0.1),
        ("fuel_level", 100.1),
        ("fuel_level", float("nan")),
        ("fuel_level", None),
    ],
)
def test_a_number_that_cannot_be_is_asked_again(step: str, number: float | None):
    assert isinstance(read(step, number=number), Text)


def test_every_fluid_has_a_level():
    answer = read("fluid_levels", choices=("oil:ok", "coolant:low", "brake:critical"))
    assert isinstance(answer, Understood)
    assert answer.value == {"levels": {"oil": "ok", "coolant": "low", "brake": "critical"}}


@pytest.mark.parametrize(
    "choices", [(), ("oil:ok",), ("oil:ok", "coolant:ok", "brake:fine"), ("oil", "coolant:ok", "brake:ok")]
)
def test_fluids_without_a_level_are_asked_again(choices: tuple[str, ...]):
    assert read("fluid_levels", choices=choices) == Text(key="answer-fluids-wanted")


def test_what_is_not_ticked_is_missing_from_the_kit():
    answer = read("kit_items", choices=("vest", "jack"))
    assert isinstance(answer, Understood)
    assert answer.value["present"] == ["jack", "vest"]
    assert "spare_wheel" in answer.value["missing"]


def test_what_belongs_into_no_trunk_is_no_answer():
    assert read("kit_items", choices=("bicycle",)) == Text(key="answer-kit-wanted")
    assert read("kit_items", text="all there") == Text(key="answer-kit-wanted")


def test_words_do_not_stand_for_a_photo():
    assert read("front", text="it is fine, believe me") == Text(key="answer-photo-wanted")

"""What an answer to a question means: pure rules, no guessing from words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from core.commands import Text
from core.events import InspectionAnswered
from core.inspection.views import MOST_KM, Question

FLUIDS = ("oil", "coolant", "brake")
LEVELS = ("ok", "low", "critical")


@dataclass(frozen=True, slots=True)
class Understood:
    """``value`` as it is kept; ``fields`` are the columns of the inspection that repeat it."""

    value: Mapping[str, Any]
    fields: Mapping[str, Any]


def read_answer(answer: InspectionAnswered, kit: Sequence[str]) -> Understood | Text:
    """The answer, or why it is none."""
    read = _READ.get(answer.step)
    if read is None:
        return Text(key="answer-photo-wanted")
    return read(answer, kit)


def _mileage(answer: InspectionAnswered, kit: Sequence[str]) -> Understood | Text:
    del kit
    km = answer.number
    if km is None or not isfinite(km) or not 0 <= km < MOST_KM:
        return Text(key="answer-mileage-wanted")
    return Understood({"km": round(km)}, {"mileage_km": round(km)})


def _fuel(answer: InspectionAnswered, kit: Sequence[str]) -> Understood | Text:
    del kit
    percent = answer.number
    if percent is None or not isfinite(percent) or not 0 <= percent <= 100:
        return Text(key="answer-fuel-wanted")
    return Understood({"percent": percent}, {"fuel_percent": percent})


def _fluids(answer: InspectionAnswered, kit: Sequence[str]) -> Understood | Text:
    """Each fluid once, each with a level; the last word about one counts."""
    del kit
    levels = dict(choice.split(":", 1) for choice in answer.choices if ":" in choice)
    if set(levels) != set(FLUIDS) or not set(levels.values()) <= set(LEVELS):
        return Text(key="answer-fluids-wanted")
    return Understood({"levels": {fluid: levels[fluid] for fluid in FLUIDS}}, {})


def _kit(answer: InspectionAnswered, kit: Sequence[str]) -> Understood | Text:
    """An empty trunk is an answer too; words are none."""
    if answer.text is not None or answer.number is not None or not set(answer.choices) <= set(kit):
        return Text(key="answer-kit-wanted")
    present = [item for item in kit if item in answer.choices]
    return Understood({"present": present, "missing": [item for item in kit if item not in present]}, {})


_READ: Mapping[str, Callable[[InspectionAnswered, Sequence[str]], Understood | Text]] = {
    Question.MILEAGE: _mileage,
    Question.FUEL_LEVEL: _fuel,
    Question.FLUID_LEVELS: _fluids,
    Question.KIT_ITEMS: _kit,
}

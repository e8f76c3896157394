"""The words that the form, the card and the findings of an inspection share."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.quoting import NOTE_LIMIT, line
from core.commands import Text
from core.inspection.views import Question, Viewpoint
from db.queries.damages import Damage
from db.queries.findings import Finding
from db.queries.inspection_answers import Answer
from db.queries.inspection_photos import Photo
from db.queries.inspections import Inspection

FLUIDS = ("oil", "coolant", "brake")
FINE = "ok"
LEVELS = (FINE, "low", "critical")
REASONS = ("cannot_reach", "dark", "car_blocked", "client_hurries")
"""Why a step may be skipped with one press; any other reason is written."""


_VIEWS = frozenset(map(str, Viewpoint))


def is_view(step: str) -> bool:
    return step in _VIEWS


def title(inspection: Inspection, key: str) -> Text:
    """A first line that names the occasion and the car."""
    return Text(
        key=key, args={"occasion": str(inspection.occasion), "car": line(inspection.car), "number": inspection.number}
    )


def accepted_steps(photos: Sequence[Photo]) -> frozenset[str]:
    """The steps that have a photo which counts."""
    return frozenset(photo.step or str(photo.viewpoint) for photo in photos if photo.state == "accepted")


def is_done(step: str, photos: frozenset[str], answers: Mapping[str, Answer]) -> bool:
    return step in photos or (step in answers and not answers[step].is_skipped)


def is_skipped(step: str, photos: frozenset[str], answers: Mapping[str, Answer]) -> bool:
    return step not in photos and step in answers and answers[step].is_skipped


def skipped_line(step: str, why: str | None) -> Text:
    """A reason that somebody wrote is their own words; one of ours has a text."""
    if why in REASONS:
        return Text(key="inspection-skipped", args={"step": step, "reason": why or ""})
    return Text(key="inspection-skipped-words", args={"step": step, "words": line(why or "—", NOTE_LIMIT)})


def named(name: str, value: str) -> dict[str, str | int]:
    """A kind, part or severity as its text takes it: a severity is a number."""
    return {name: int(value) if name == "severity" else value}


def damage_line(damage: Damage) -> Text:
    return Text(
        key="inspection-damage",
        args={"kind": str(damage.kind), "part": str(damage.part), "severity": int(damage.severity)},
    )


def finding_args(finding: Finding) -> dict[str, str | int]:
    """As it stands: what a person made of it, else what was said first."""
    return {
        "number": finding.ordinal,
        "kind": str(finding.kind_now),
        "part": str(finding.part_now),
        "severity": int(finding.severity_now),
        "cost": "none" if finding.cost_now is None else str(finding.cost_now),
    }


def answer_line(step: str, value: Mapping[str, Any], kit: Sequence[str]) -> tuple[Text, ...]:
    """What was answered at a question, one text a line; nothing where the answer says nothing."""
    match step:
        case Question.MILEAGE if isinstance(value.get("km"), int | float):
            return (Text(key="inspection-mileage", args={"km": int(value["km"])}),)
        case Question.FUEL_LEVEL if isinstance(value.get("percent"), int | float):
            return (fuel_line(float(value["percent"])),)
        case Question.FLUID_LEVELS:
            return _fluid_lines(value.get("levels") or {})
        case Question.KIT_ITEMS:
            return kit_lines(value.get("present") or (), kit)
        case _:
            return ()


def _fluid_lines(levels: Mapping[str, str]) -> tuple[Text, ...]:
    """Only what is low is worth a line each."""
    if levels and set(levels.values()) == {FINE}:
        return (Text(key="inspection-fluids-fine"),)
    low = ((fluid, levels[fluid]) for fluid in FLUIDS if levels.get(fluid, FINE) != FINE)
    return tuple(Text(key="inspection-fluid", args={"fluid": fluid, "level": level}) for fluid, level in low)


def fuel_line(percent: float) -> Text:
    return Text(key="inspection-fuel", args={"percent": round(percent), "eighths": round(percent / 12.5)})


def kit_lines(present: Sequence[str], kit: Sequence[str]) -> tuple[Text, ...]:
    """Only what is missing is worth a line each."""
    missing = [item for item in kit if item not in present]
    if not missing:
        return (Text(key="inspection-kit-whole"),)
    items = tuple(Text(key="inspection-kit-item", args={"item": line(item)}) for item in missing)
    return (Text(key="inspection-kit-missing", parts=items, is_list=True),)

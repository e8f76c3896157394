"""Rows of an inspection as the report tells them: pure functions."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.inspection.damage import NEGATIVES
from core.inspection.views import Occasion
from db.queries.attribution import Attribution, Holder, Shot
from db.queries.findings import Finding as FoundPlace
from db.queries.inspection_photos import Photo
from db.queries.inspections import Inspection
from db.queries.readings import Reading
from reports.model import Ability, Figure, Finding, Moment, Rent, Story

if TYPE_CHECKING:
    from cv.weights import DamageClass


def finding_of(number: int, found: FoundPlace, *, close_up: str | None, story: Story | None) -> Finding:
    """What a person said counts; what the machine had said is told where it was something else."""
    said = (found.kind, found.part, found.severity)
    counts = (found.kind_now, found.part_now, found.severity_now)
    return Finding(
        number=number,
        state=found.state,
        kind=found.kind_now,
        part=found.part_now,
        severity=found.severity_now,
        cost_gel=found.cost_now,
        is_by_machine=not found.is_by_person,
        confidence=found.confidence,
        machine=said if said != counts and not found.is_by_person else None,
        decided_by=found.decider,
        decided_at=found.decided_at,
        viewpoint=found.viewpoint,
        box=found.box,
        picture=None if found.photo_id is None else str(found.photo_id),
        close_up=close_up,
        story=story,
    )


def story_of(line: Attribution) -> Story:
    clean = None if line.last_clean is None else _moment(line.last_clean)
    return Story(clean, _moment(line.first_damaged), tuple(_rent(one) for one in line.holders))


def _moment(shot: Shot) -> Moment:
    return Moment(shot.at, shot.inspection_number, shot.occasion, shot.person)


def _rent(holder: Holder) -> Rent:
    return Rent(holder.number, holder.client, holder.is_technical, holder.since, holder.until)


def figures_of(inspection: Inspection, before: Inspection | None, found: Mapping[str, Reading]) -> tuple[Figure, ...]:
    """Mileage and fuel are those a person stands behind, else what was read; a topic that nobody read is unclear."""
    mileage, fuel, kit, fluids = (found.get(topic) for topic in ("mileage", "fuel", "kit", "fluids"))
    km = inspection.mileage_km if inspection.mileage_km is not None else _value(mileage, "km")
    percent = inspection.fuel_percent if inspection.fuel_percent is not None else _value(fuel, "percent")
    needs_no_other = inspection.occasion is Occasion.HAND_OVER  # a return is full only against its hand-over
    told = (
        Figure(
            "mileage",
            _verdict(mileage, is_answered=inspection.mileage_km is not None),
            "km",
            km,
            None if before is None else before.mileage_km,
        ),
        Figure(
            "fuel",
            _verdict(fuel, is_answered=inspection.fuel_percent is not None and needs_no_other),
            "percent",
            percent,
            None if before is None else before.fuel_percent,
        ),
        Figure("kit", _verdict(kit), missing=tuple(kit.value.get("missing", ())) if kit else ()),
        Figure("fluids", _verdict(fluids), levels=_levels(fluids)),
        Figure("document", _verdict(found.get("document"))),
    )
    wash = found.get("wash")
    return (*told, Figure("wash", wash.verdict)) if wash else told


def _verdict(reading: Reading | None, *, is_answered: bool = False) -> str:
    """An unreadable photo does not matter where a person wrote the figure, and nothing speaks against it."""
    if reading is None or reading.verdict == "unclear":
        return "ok" if is_answered else "unclear"
    return reading.verdict


def _value(reading: Reading | None, name: str) -> float | None:
    return None if reading is None or reading.verdict == "unclear" else reading.value.get(name)


def _levels(reading: Reading | None) -> tuple[tuple[str, str], ...]:
    levels: Mapping[str, str] = reading.value.get("levels", {}) if reading else {}
    return tuple(levels.items())


def flags_of(photo: Photo) -> tuple[str, ...]:
    """Each remark once; the words of the report know them by name."""
    return tuple(dict.fromkeys(str(flag.get("flag")) for flag in photo.flags if flag.get("flag")))


def ability(one: "DamageClass") -> Ability:
    return Ability(one.kind, one.advertised and one.kind not in NEGATIVES, one.ap50, one.recall)

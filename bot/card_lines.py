"""What the card of an inspection says, one text a line: what nobody knows is left out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.inspection_words import (
    accepted_steps,
    answer_line,
    damage_line,
    finding_args,
    fuel_line,
    is_done,
    is_skipped,
    is_view,
    skipped_line,
    title,
)
from bot.quoting import line
from core.clock import local_text
from core.commands import Text
from core.inspection.abilities import abilities, from_json
from core.inspection.damage import FindingState
from core.inspection.views import Occasion, Question
from db.queries.damages import Damage
from db.queries.findings import Finding
from db.queries.inspection_answers import Answer
from db.queries.inspection_photos import Photo
from db.queries.inspections import Inspection
from db.queries.readings import Reading

SHOWN_DAMAGES = 8
FAULTY = "faulty"
"""The flag of a photo that was taken with its faults."""
_READ = ("wash", "document")
"""Readings with a line of their own; the others stand behind what people answered."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """``before`` is what it is compared with; ``known`` what the car had before; ``trusted`` what the model can do."""

    inspection: Inspection
    before: Inspection | None
    photos: Sequence[Photo]
    answers: Mapping[str, Answer]
    readings: Mapping[str, Reading]
    findings: Sequence[Finding]
    known: Sequence[Damage]
    hold: str | None
    trusted: Mapping[str, Any] | None
    reviewer: str | None
    kit: Sequence[str]

    def local(self, moment: datetime) -> str:
        return local_text(moment, ZoneInfo(self.inspection.timezone))


def card_text(facts: CardFacts) -> Text:
    return title(facts.inspection, "inspection-title").model_copy(update={"parts": tuple(_lines(facts))})


def _lines(facts: CardFacts) -> Iterator[Text]:
    """What has to be decided stands first, what may be read later below it."""
    inspection = facts.inspection
    yield _state(facts)
    if inspection.is_finished:
        yield from _damage(facts)
    yield _by(facts)
    if inspection.state == "cancelled":
        return
    yield from _photos(facts)
    yield from _answers(facts)
    if inspection.is_finished:
        yield from _read(facts)
    yield from _flags(facts)
    if inspection.state in {"examined", "reviewed"}:
        yield abilities(from_json(facts.trusted) if inspection.is_seen_by_machine else None)


def _by(facts: CardFacts) -> Text:
    inspection = facts.inspection
    args = {
        "name": line(inspection.person_name),
        "time": facts.local(inspection.submitted_at or inspection.opened_at),
        "booking": "none" if inspection.booking_number is None else str(inspection.booking_number),
    }
    return Text(key="inspection-by", args={**args})


def _state(facts: CardFacts) -> Text:
    inspection = facts.inspection
    if inspection.is_in_work:
        taken = accepted_steps(facts.photos)
        done = sum(is_done(step, taken, facts.answers) for step in inspection.steps)
        args = {"state": inspection.state, "done": done, "total": len(inspection.steps)}
        return Text(key="inspection-under-way", args={**args})
    if inspection.state == "reviewed" and inspection.reviewed_at is not None:
        args = {"name": line(facts.reviewer or "—"), "time": facts.local(inspection.reviewed_at)}
        return Text(key="inspection-reviewed", args={**args})
    waiting = sum(finding.is_open for finding in facts.findings)
    return Text(key="inspection-state", args={"state": inspection.state, "waiting": waiting})


def _photos(facts: CardFacts) -> Iterator[Text]:
    taken, steps = accepted_steps(facts.photos), facts.inspection.steps
    sides = [step for step in steps if is_view(step)]
    yield Text(key="inspection-photos", args={"photos": sum(step in taken for step in sides), "total": len(sides)})
    for step in steps:
        if is_skipped(step, taken, facts.answers):
            yield skipped_line(step, facts.answers[step].skipped_why)
    for photo, flag in _flagged(facts):
        if flag["flag"] == FAULTY:
            yield Text(key="inspection-faulty", args={"step": str(photo.viewpoint), "reason": str(flag.get("reason"))})


def _answers(facts: CardFacts) -> Iterator[Text]:
    before = facts.before if facts.inspection.occasion is Occasion.RETURN else None
    for step in Question:
        answer = facts.answers.get(step)
        if answer is None or answer.value is None:
            continue
        yield from answer_line(step, answer.value, facts.kit)
        if before is not None:
            yield from _since(before, step, answer.value)


def _since(before: Inspection, step: str, value: Mapping[str, Any]) -> Iterator[Text]:
    """What the car came back with, beside what it went out with."""
    if step == Question.MILEAGE and before.mileage_km is not None and isinstance(value.get("km"), int | float):
        driven = int(value["km"]) - before.mileage_km
        yield Text(key="inspection-mileage-since", args={"before": before.mileage_km, "driven": driven})
    if step == Question.FUEL_LEVEL and before.fuel_percent is not None:
        was = fuel_line(before.fuel_percent)
        yield Text(key="inspection-fuel-since", args=was.args)


def _read(facts: CardFacts) -> Iterator[Text]:
    for topic in _READ:
        if topic in facts.readings:
            yield Text(key=f"inspection-{topic}", args={"verdict": facts.readings[topic].verdict})


def _flags(facts: CardFacts) -> Iterator[Text]:
    """What makes photos weaker proof, once for each kind."""
    counts = Counter(str(flag["flag"]) for _, flag in _flagged(facts) if flag["flag"] != FAULTY)
    for name, count in counts.items():
        yield Text(key="inspection-flag", args={"flag": name, "count": count})


def _flagged(facts: CardFacts) -> Iterator[tuple[Photo, Mapping[str, Any]]]:
    for photo in facts.photos:
        if photo.state == "accepted":
            yield from ((photo, flag) for flag in photo.flags if "flag" in flag)


def _damage(facts: CardFacts) -> Iterator[Text]:
    if facts.hold is not None:
        yield Text(key="inspection-hold", args={"state": facts.hold})
    for state in (FindingState.PROPOSED, FindingState.NEED_PHOTO, FindingState.NEW):
        for finding in facts.findings:
            if finding.state is state:
                yield Text(key="inspection-finding", args={**finding_args(finding), "state": str(state)})
    dropped = sum(finding.state is FindingState.NOT_DAMAGE for finding in facts.findings)
    if dropped:
        yield Text(key="inspection-not-damage", args={"count": dropped})
    if facts.known:
        yield Text(key="inspection-known", args={"count": len(facts.known)})
        yield from (damage_line(one) for one in facts.known[:SHOWN_DAMAGES])

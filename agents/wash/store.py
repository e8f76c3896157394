"""Keep what each side looks like, and say once that the car has to be washed."""

from dataclasses import replace
from typing import Any

from agents.reading_tools.photos import told
from agents.reading_tools.shortfalls import tell
from agents.spec import Outcome
from agents.wash.agent import Judged
from agents.wash.decide import Side, judge
from core.commands import NewCommand, Text
from core.events import Event
from core.inspection.views import EXTERIOR
from db.queries import inspections, people, readings
from db.queries.inspections import Inspection
from db.queries.readings import Reading
from db.session import Tx


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    if not isinstance(outcome.changes, Judged):
        return outcome
    judged = outcome.changes
    inspection = await inspections.find(tx, judged.photo.inspection_id)
    before = await readings.find(tx, judged.photo.inspection_id, "wash")
    if inspection is None:
        return outcome
    kept: dict[str, Any] = {**(before.value.get("sides", {}) if before else {})}
    kept[judged.photo.viewpoint] = judged.side.stored()
    clean = judge(
        {view: Side(**side) for view, side in kept.items()},
        [step for step in inspection.steps if step in EXTERIOR],
        sure=judged.sure,
    )
    reading = Reading(
        inspection.id,
        "wash",
        clean.verdict,
        judged.now,
        value={"sides": kept},
        confidence=clean.confidence,
        why=clean.why,
        photo_id=judged.photo.photo_id,
    )
    if not await readings.put(tx, reading) or (before is not None and before.verdict == reading.verdict):
        return replace(outcome, note=f"{clean.verdict}, as before")
    commands = await _ask(tx, event, inspection) if clean.verdict == "problem" else ()
    return replace(outcome, events=told(event, [reading]), commands=commands, note=clean.verdict)


async def _ask(tx: Tx, event: Event[Any], inspection: Inspection) -> tuple[NewCommand, ...]:
    person = await people.by_id(tx, inspection.person_id)
    if person is None:
        return ()
    return (tell(event, person, Text(key="reading-wash-dirty", args={"car": inspection.car})),)

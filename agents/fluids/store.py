"""Keep the levels; what is low is a task, what is critical is a breakdown, and the head hears of both."""

from typing import Any

from agents.fluids.agent import Handed
from agents.fluids.decide import Fluids, judge
from agents.reading_tools.photos import keep, told
from agents.reading_tools.shortfalls import Shortfall, raise_shortfall
from agents.spec import Outcome
from core.commands import Text
from core.events import Event
from core.inspection.views import Question
from db.queries import inspection_answers, inspections, readings
from db.queries.inspections import Inspection
from db.queries.readings import Reading
from db.session import Tx


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    if not isinstance(outcome.changes, Handed):
        return await keep(tx, event, outcome)
    inspection = await inspections.find(tx, event.body.inspection_id)
    if inspection is None or not inspection.is_finished:
        return outcome
    answer = (await inspection_answers.answers_of(tx, inspection.id)).get(Question.FLUID_LEVELS)
    levels: dict[str, str] = dict(answer.value.get("levels", {})) if answer and answer.value else {}
    found = judge(levels)
    read = await readings.find(tx, inspection.id, "fluids")
    photo_id = read.photo_id if read else None
    now = outcome.changes.now
    reading = Reading(inspection.id, "fluids", found.verdict, now, value={"levels": levels}, photo_id=photo_id)
    await readings.put(tx, reading)
    if not found.short:
        return Outcome(events=told(event, [reading]), note=found.verdict)
    raised = await raise_shortfall(tx, event, inspection, _shortfall(inspection, found), agent="fluids", now=now)
    return Outcome(events=(*told(event, [reading]), *raised.events), commands=raised.commands, note="low fluids")


def _shortfall(inspection: Inspection, found: Fluids) -> Shortfall:
    parts = tuple(Text(key="reading-fluid", args={"fluid": name, "level": level}) for name, level in found.short)
    return Shortfall(
        "fluids",
        Text(key="reading-fluids-low", args={"car": inspection.car}, parts=parts),
        {"items": ", ".join(f"{name} {level}" for name, level in found.short)},
        nature="breakdown" if found.is_critical else "task",
        priority="urgent" if found.is_critical else "high",
    )

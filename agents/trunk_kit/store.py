"""Keep what was seen; of a form that was handed in, log what is missing and make somebody owe it."""

from typing import Any
from uuid import UUID

from agents.reading_tools.photos import keep, told
from agents.reading_tools.shortfalls import Shortfall, raise_shortfall
from agents.spec import Outcome
from agents.trunk_kit.agent import Handed
from agents.trunk_kit.decide import Kit, judge
from core.commands import Text
from core.events import Event
from core.inspection.views import Occasion, Question
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
    handed = outcome.changes
    found = judge(handed.kit, await _present(tx, inspection.id), await _before(tx, inspection))
    read = await readings.find(tx, inspection.id, "kit")
    value = {**(read.value if read else {}), "missing": list(found.missing), "lost": list(found.lost)}
    photo_id = read.photo_id if read else None
    reading = Reading(inspection.id, "kit", found.verdict, handed.now, value=value, photo_id=photo_id)
    await readings.put(tx, reading)
    if not found.missing:
        return Outcome(events=told(event, [reading]), note=found.verdict)
    raised = await raise_shortfall(
        tx, event, inspection, _shortfall(inspection, found), agent="trunk_kit", now=handed.now
    )
    return Outcome(events=(*told(event, [reading]), *raised.events), commands=raised.commands, note="missing items")


def _shortfall(inspection: Inspection, found: Kit) -> Shortfall:
    """The head hears of what went missing in a rent; what was missing before is a task like any other."""
    key = "reading-kit-lost" if found.lost else "reading-kit-missing"
    items = Text(key=key, args={"car": inspection.car}, parts=tuple(map(_named, found.lost or found.missing)))
    return Shortfall("kit", items, {"items": ", ".join(found.missing)}, tells_head=bool(found.lost))


def _named(item: str) -> Text:
    """A name without a text of its own is shown as it is."""
    return Text(key="reading-kit-item", args={"item": item})


async def _present(tx: Tx, inspection_id: UUID) -> list[str] | None:
    answer = (await inspection_answers.answers_of(tx, inspection_id)).get(Question.KIT_ITEMS)
    return None if answer is None or answer.value is None else list(answer.value.get("present", ()))


async def _before(tx: Tx, inspection: Inspection) -> list[str] | None:
    if inspection.occasion is not Occasion.RETURN or inspection.booking_id is None:
        return None
    given = await inspections.of_booking(tx, inspection.booking_id, Occasion.HAND_OVER)
    return None if given is None else await _present(tx, given.id)

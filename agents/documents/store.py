"""Keep the answer; ask for a new photo of what cannot be read, and tell the head when that did not help."""

from dataclasses import replace
from typing import Any

from agents.documents.agent import Judged
from agents.reading_tools.photos import keep
from agents.reading_tools.shortfalls import heads_of, tell
from agents.spec import Outcome
from core.commands import Text
from core.events import Event
from db.queries import inspections, people
from db.session import Tx


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    judged = outcome.changes
    kept = await keep(tx, event, outcome)
    if not isinstance(judged, Judged) or not judged.is_unreadable or not kept.events:
        return kept
    inspection = await inspections.find(tx, event.body.inspection_id)
    if inspection is None:
        return kept
    person = await people.by_id(tx, inspection.person_id)
    again = Text(key="reading-document-again", args={"car": inspection.car})
    commands = [] if person is None or not inspection.is_in_work else [tell(event, person, again)]
    if judged.is_serious:
        name = inspection.person_name
        serious = Text(key="reading-document-missing", args={"car": inspection.car, "person": name})
        commands += [tell(event, head, serious) for head in await heads_of(tx, inspection.branch)]
    return replace(kept, commands=tuple(commands))

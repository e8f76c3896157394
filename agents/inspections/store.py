"""Everything about a form is decided here, under the lock of its inspection; only photos were looked at before."""

from typing import Any

from agents.inspections.answering import answer, show_reading
from agents.inspections.frame import Frame
from agents.inspections.opening import open_form
from agents.inspections.planned import look, remind
from agents.inspections.steering import steer
from agents.inspections.taking import take
from agents.spec import Outcome
from core.errors import Broken
from core.events import (
    Event,
    InspectionAnswered,
    InspectionsDue,
    InspectionSteered,
    InspectionWanted,
    IssuePlanned,
    PhotoGiven,
    ReadingTaken,
    ReturnPlanned,
)
from db.session import Tx


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:  # noqa: PLR0911 - one for each kind
    frame: Frame = outcome.changes
    match event.body:
        case PhotoGiven():
            return await take(tx, event, frame)
        case InspectionAnswered():
            return await answer(tx, event, frame)
        case InspectionSteered():
            return await steer(tx, event, frame)
        case InspectionWanted():
            return await open_form(tx, event, frame)
        case InspectionsDue():
            return await look(tx, event, frame)
        case IssuePlanned() | ReturnPlanned():
            return await remind(tx, event)
        case ReadingTaken():
            return await show_reading(tx, event)
        case _:
            raise Broken(f"inspections do not handle {event.body.kind}")

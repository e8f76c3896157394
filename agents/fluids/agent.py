"""No eyes for MIN and MAX marks are shipped: a photo is kept as evidence, and a person says what it shows."""

from dataclasses import dataclass
from datetime import datetime

from agents.reading_tools.photos import Read
from agents.spec import Deps, Outcome
from core.events import Event, FluidsPhotographed, InspectionSubmitted
from db.queries import readings
from db.queries.readings import Reading

LEFT_TO_PEOPLE = "the marks of reservoirs are read by people"


@dataclass(frozen=True, slots=True)
class Handed:
    now: datetime


async def run(event: Event[FluidsPhotographed | InspectionSubmitted], deps: Deps) -> Outcome:
    now = deps.clock.now()
    match event.body:
        case InspectionSubmitted():
            return Outcome(changes=Handed(now))
        case FluidsPhotographed(photo_id=photo_id):
            async with deps.db.transaction() as tx:
                photo = await readings.seen(tx, photo_id)
            if photo is None:
                return Outcome(note="the photo counts no more")
            unclear = Reading(
                photo.inspection_id, "fluids", "unclear", now, why=LEFT_TO_PEOPLE, photo_id=photo.photo_id
            )
            return Outcome(changes=Read((unclear,)), note=LEFT_TO_PEOPLE)

"""The story: photos are looked at as they come, the whole car when it is handed in; what people decide is kept.

Eyes that stay away hold nobody up: a photo that cannot be looked at when it comes is looked at with the whole car, and
the car is examined without them once they were away for long.
"""

from datetime import timedelta
from typing import Any

from agents.damage.changes import Examined, Frame, Seen
from agents.damage.context import LOOKED_AT, Case, load
from agents.damage.examine import examine
from agents.damage.look import Looked, UnseeableError, look
from agents.damage.pictures import Pictures
from agents.damage.trust import Trust
from agents.spec import Deps, Outcome
from core.errors import Temporary
from core.events import BodyPhotographed, Event, InspectionSubmitted
from core.log import get_logger
from db.queries import inspection_photos, inspections
from db.queries.inspection_photos import Photo

log = get_logger(__name__)

TRIES = 2
"""For a photo that just came; later there is time for more."""
SOON = timedelta(seconds=20)
PATIENCE = timedelta(minutes=5)
"""From the handing in, while eyes or store are away; tried after ``SOON`` and then ever later, so that this is over
before the tries of a run are."""


async def run(event: Event[Any], deps: Deps) -> Outcome:
    match event.body:
        case BodyPhotographed():
            return await _look_at_one(event, deps)
        case InspectionSubmitted():
            return await _examine(event, deps)
        case _:  # a person decided: rights and rows are read under the locks of ``store``
            return Outcome(changes=Frame.of(deps))


async def _look_at_one(event: Event[BodyPhotographed], deps: Deps) -> Outcome:
    """While the person walks on; nothing is shown yet."""
    async with deps.db.transaction() as tx:
        photo = await inspection_photos.find(tx, event.body.photo_id)
        inspection = await inspections.find(tx, event.body.inspection_id)
    nothing = Seen(Frame.of(deps), None)
    pictures = Pictures.of(deps)
    if photo is None or inspection is None or photo.viewpoint not in LOOKED_AT:
        return Outcome(note="nothing to look at")
    if pictures is None or pictures.eyes.card is None:
        return Outcome(changes=nothing, note="there are no weights: people look")
    trust = Trust.of(pictures.eyes.card, deps.settings.vision, inspection.branch)
    try:
        looked = await _patiently(photo, pictures, trust)
    except UnseeableError as error:
        return Outcome(changes=nothing, note=f"cannot be looked at: {error}")
    except Temporary as away:
        log.warning("photo is looked at when the form is handed in", photo=str(photo.id), why=str(away))
        return Outcome(changes=nothing, note=f"not looked at now: {away}")
    return Outcome(changes=Seen(Frame.of(deps), looked))


async def _patiently(photo: Photo, pictures: Pictures, trust: Trust) -> Looked | None:
    for _ in range(TRIES - 1):
        try:
            return await look(photo, pictures, trust)
        except Temporary as away:
            log.info("looked at again", photo=str(photo.id), why=str(away))
    return await look(photo, pictures, trust)


async def _examine(event: Event[InspectionSubmitted], deps: Deps) -> Outcome:
    async with deps.db.transaction() as tx:
        case = await load(tx, event.body.inspection_id)
    if case is None or case.inspection.state != "submitted":
        return Outcome(note="it is not waiting for this")
    waited = deps.clock.now() - (case.inspection.submitted_at or deps.clock.now())
    examined = await _examined(case, deps, waited)
    return Outcome(changes=examined, note=examined.note, records=examined.records)


async def _examined(case: Case, deps: Deps, waited: timedelta) -> Examined:
    """What is away may come back; after ``PATIENCE`` the car is examined with what can be had without it."""
    is_patient = waited < PATIENCE
    try:
        return await examine(case, Pictures.of(deps, is_patient=is_patient), deps)
    except Temporary as away:
        if not is_patient:
            raise
        raise Temporary(str(away), retry_after=max(SOON, waited).total_seconds()) from away

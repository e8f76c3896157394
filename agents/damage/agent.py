"""The story: photos are looked at as they come, the whole car when it is handed in; what people decide is kept."""

from typing import Any

from agents.damage.changes import Frame, Seen
from agents.damage.context import LOOKED_AT, load
from agents.damage.examine import examine
from agents.damage.look import UnseeableError, look
from agents.damage.pictures import Pictures
from agents.damage.trust import Trust
from agents.spec import Deps, Outcome
from core.events import BodyPhotographed, Event, InspectionSubmitted
from db.queries import inspection_photos, inspections


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
        looked = await look(photo, pictures, trust)
    except UnseeableError as error:
        return Outcome(changes=nothing, note=f"cannot be looked at: {error}")
    return Outcome(changes=Seen(Frame.of(deps), looked))


async def _examine(event: Event[InspectionSubmitted], deps: Deps) -> Outcome:
    async with deps.db.transaction() as tx:
        case = await load(tx, event.body.inspection_id)
    if case is None or case.inspection.state != "submitted":
        return Outcome(note="it is not waiting for this")
    examined = await examine(case, Pictures.of(deps), deps)
    return Outcome(changes=examined, note=examined.note, records=examined.records)

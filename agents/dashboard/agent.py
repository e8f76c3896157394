"""Read the instruments while the person walks on; hold the answers of a form against what is known, and ask."""

from dataclasses import dataclass
from datetime import datetime

from agents.dashboard.decide import read_with, unread
from agents.dashboard.mileage import Rules
from agents.reading_tools.photos import Look, Read, look_at
from agents.spec import Deps, Outcome
from core.errors import NeedsAttention
from core.events import DashboardPhotographed, Event, InspectionSubmitted, MileageDecided
from core.inspection.views import Viewpoint
from db.queries import inspections, readings
from db.queries.readings import Known

FIRST = 1


@dataclass(frozen=True, slots=True)
class Handed:
    """The form was handed in: what it says is checked when it is saved, against what is known then."""

    now: datetime
    tolerance: float
    max_km_per_day: int


@dataclass(frozen=True, slots=True)
class Seen(Read):
    """``asks_again``: the inspector is asked, once, for a photo on which the gauge can be read."""

    asks_again: bool = False


async def run(event: Event[DashboardPhotographed | InspectionSubmitted | MileageDecided], deps: Deps) -> Outcome:
    match event.body:
        case InspectionSubmitted():
            limit = deps.settings.operations.max_km_per_day
            return Outcome(changes=Handed(deps.clock.now(), deps.settings.fuel.tolerance_percent, limit))
        case MileageDecided():
            return Outcome(changes=Rules(deps.clock.now(), deps.settings.operations.max_km_per_day))
        case DashboardPhotographed() as photographed:
            look = await look_at(photographed, deps)
            return Outcome(note="the photo counts no more") if look is None else await _read(look, deps)


async def _read(look: Look, deps: Deps) -> Outcome:
    if deps.vision is None:
        return Outcome(changes=Seen(unread(look.photo, deps.clock.now(), "no vision")), note="no vision")
    known = await _known(look, deps)
    try:
        found = await deps.vision.read_dashboard(look.content)
    except NeedsAttention as error:
        return Outcome(changes=Seen(unread(look.photo, deps.clock.now(), str(error))), note=str(error))
    taken = read_with(look.photo, found, known, settings=deps.settings, now=deps.clock.now())
    is_unread = all(one.verdict == "unclear" for one in taken if one.topic == "fuel")
    asks_again = is_unread and look.photo.attempt == FIRST and look.photo.viewpoint is Viewpoint.DASHBOARD
    return Outcome(changes=Seen(taken, asks_again), note=found.why)


async def _known(look: Look, deps: Deps) -> list[Known]:
    async with deps.db.transaction() as tx:
        inspection = await inspections.find(tx, look.photo.inspection_id)
        assert inspection is not None
        return await readings.known_mileages(tx, inspection.car_id, without=inspection.id)

"""Look into the trunk for what is surely there; what a person ticked in the end is held against the hand-over."""

from dataclasses import dataclass
from datetime import datetime

from agents.reading_tools.photos import Read, look_at
from agents.spec import Deps, Outcome
from core.events import Event, InspectionSubmitted, TrunkPhotographed
from db.queries.readings import Reading


@dataclass(frozen=True, slots=True)
class Handed:
    """The form was handed in; ``kit`` is what belongs into every trunk."""

    kit: tuple[str, ...]
    now: datetime


async def run(event: Event[TrunkPhotographed | InspectionSubmitted], deps: Deps) -> Outcome:
    match event.body:
        case InspectionSubmitted():
            return Outcome(changes=Handed(deps.settings.photos.kit, deps.clock.now()))
        case TrunkPhotographed() as photographed:
            return await _seen(photographed, deps)


async def _seen(photographed: TrunkPhotographed, deps: Deps) -> Outcome:
    """Only a proposal: a bag may hide what is there, so a person ticks the items in any case."""
    look = await look_at(photographed, deps)
    if look is None:
        return Outcome(note="the photo counts no more")
    photo, kit, value, why = look.photo, deps.settings.photos.kit, dict[str, list[str]](), "no vision"
    is_whole = False
    if deps.vision is not None:
        seen = await deps.vision.judge_kit(look.content, kit)
        value, why = {"seen": list(seen.present), "not_seen": list(seen.missing)}, seen.why
        is_whole = set(seen.present) >= set(kit)
    verdict = "ok" if is_whole else "unclear"
    now = deps.clock.now()
    reading = Reading(photo.inspection_id, "kit", verdict, now, value=value, why=why, photo_id=photo.photo_id)
    return Outcome(changes=Read((reading,)), note=why)

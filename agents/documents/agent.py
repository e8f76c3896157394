"""Look whether the registration lies there and can be read; what cannot be read is not present."""

from dataclasses import dataclass

from agents.reading_tools.photos import Look, Read, look_at
from agents.spec import Deps, Outcome
from core.errors import NeedsAttention
from core.events import DocumentPhotographed, Event
from db.queries.readings import Reading, Verdict

SERIOUS_FROM = 2
"""A second photo that cannot be read: the head hears of it too."""


@dataclass(frozen=True, slots=True)
class Judged(Read):
    """``is_unreadable`` asks for a new photo, ``is_serious`` tells the head."""

    is_unreadable: bool = False
    is_serious: bool = False


async def run(event: Event[DocumentPhotographed], deps: Deps) -> Outcome:
    look = await look_at(event.body, deps)
    if look is None:
        return Outcome(note="the photo counts no more")
    if deps.vision is None:
        return _unclear(look, deps, "no vision")
    try:
        seen = await deps.vision.judge_document(look.content)
    except NeedsAttention as error:
        return _unclear(look, deps, str(error))
    is_there = seen.is_present and seen.is_readable
    reading = _reading(look, deps, "ok" if is_there else "problem", seen.why)
    is_serious = not is_there and look.photo.attempt >= SERIOUS_FROM
    return Outcome(changes=Judged((reading,), not is_there, is_serious), note=seen.why)


def _unclear(look: Look, deps: Deps, why: str) -> Outcome:
    """A person reads it; nobody is sent for a new photo because a machine is missing."""
    return Outcome(changes=Judged((_reading(look, deps, "unclear", why),)), note=why)


def _reading(look: Look, deps: Deps, verdict: Verdict, why: str) -> Reading:
    photo = look.photo
    return Reading(photo.inspection_id, "document", verdict, deps.clock.now(), why=why, photo_id=photo.photo_id)

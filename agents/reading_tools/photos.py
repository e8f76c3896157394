"""A photo that narrow agents look at, and what they read kept as a proposal: shared by all of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from agents.spec import Deps, Outcome
from core.events import Event, NewEvent, ReadingTaken
from core.events.inspections import PhotoAccepted
from db.queries import readings
from db.queries.readings import Reading, Seen
from db.session import Tx


@dataclass(frozen=True, slots=True)
class Look:
    """A photo that still counts, with its content."""

    photo: Seen
    content: bytes


async def look_at(accepted: PhotoAccepted, deps: Deps) -> Look | None:
    """None where the photo was replaced meanwhile, or there is no store to read it from."""
    async with deps.db.transaction() as tx:
        photo = await readings.seen(tx, accepted.photo_id)
    if photo is None or deps.storage is None:
        return None
    return Look(photo, await deps.storage.get(photo.key))


@dataclass(frozen=True, slots=True)
class Read:
    """The ``changes`` of an agent that only reads."""

    readings: tuple[Reading, ...]


async def keep(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    """Write down what was read, and tell what really changed: a photo that a newer one overtook says nothing."""
    if not isinstance(outcome.changes, Read):
        return outcome
    kept = [reading for reading in outcome.changes.readings if await readings.put(tx, reading)]
    return replace(outcome, events=(*outcome.events, *told(event, kept)))


def told(event: Event[Any], kept: Iterable[Reading]) -> tuple[NewEvent[ReadingTaken], ...]:
    return tuple(
        NewEvent(
            body=ReadingTaken(inspection_id=one.inspection_id, topic=one.topic, verdict=one.verdict),
            subject=f"inspection:{one.inspection_id}",
            external_id=f"reading:{event.id}:{one.topic}",
            branch=event.branch,
        )
        for one in kept
    )

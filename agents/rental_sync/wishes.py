"""Wishes to fetch an entity whole: one at a time for each."""

from collections.abc import Iterable
from typing import NamedTuple

from agents.rental_sync.decide import Why
from core.events import Entity, NewEvent, RefreshWanted
from core.ids import rentprog_id
from db.queries.sync import subjects_with_waiting_refresh
from db.session import Tx


class Wish(NamedTuple):
    entity: Entity
    number: int
    why: Why


def subject_of(entity: Entity, number: int) -> str:
    return f"{entity}:{rentprog_id(entity, number)}"


async def wishes(tx: Tx, wanted: Iterable[Wish], branch: str | None) -> list[NewEvent[RefreshWanted]]:
    """One wish an entity, and none where a refresh waits already: a burst of patches leads to few fetches."""
    by_subject = {subject_of(wish.entity, wish.number): wish for wish in wanted}
    if not by_subject:
        return []
    waiting = await subjects_with_waiting_refresh(tx, list(by_subject))
    return [
        NewEvent(body=RefreshWanted(entity=entity, entity_id=number, reason=why.value), subject=subject, branch=branch)
        for subject, (entity, number, why) in by_subject.items()
        if subject not in waiting
    ]

"""The one path into the mirror: what was told becomes rows and events, under row locks, for one object or a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from agents.rental_sync.decide import Age, Why, age_of, refusal_of
from agents.rental_sync.news import mark_life, news_of
from agents.rental_sync.rows import Change, Links, Row, Source, Told, deleted_state, linked_numbers, next_state
from agents.rental_sync.wishes import Wish, subject_of
from core.errors import Temporary
from core.events import BookingUpdated, Entity, NewEvent
from core.settings import RentprogSettings
from db.events import lock_subjects
from db.queries import mirror, mirror_links
from db.queries.quarantine import Held
from db.session import Tx
from integrations.rentprog.storable import storable_tree

ROUNDS = 3
"""A row that somebody else inserts meanwhile is looked at again; more often than this it is a crowd."""


@dataclass
class Applied:
    """What became of the objects told. Each is in exactly one of added, updated, unchanged, held."""

    added: list[Change] = field(default_factory=list[Change])
    updated: list[Change] = field(default_factory=list[Change])
    unchanged: list[int] = field(default_factory=list[int])
    held: list[Held] = field(default_factory=list[Held])
    events: list[NewEvent[Any]] = field(default_factory=list[NewEvent[Any]])
    wanted: list[Wish] = field(default_factory=list[Wish])
    has_quarantine: bool = False
    """Something is in quarantine, perhaps one of the accepted."""

    @property
    def accepted(self) -> list[int]:
        """Objects that could be read and placed."""
        return [change.number for change in (*self.added, *self.updated)] + self.unchanged


async def apply(tx: Tx, told: Sequence[Told], source: Source, settings: RentprogSettings) -> Applied:
    """Store what was told about objects of one kind; ``told`` names each object once."""
    applied = Applied()
    rest = {item.number: item for item in told}
    for _ in range(ROUNDS):
        if not rest:
            return applied
        rest = await _apply_round(tx, rest, source, settings, applied)
    raise Temporary(f"{len(rest)} rows were inserted by others again and again")


async def _apply_round(
    tx: Tx, told: dict[int, Told], source: Source, settings: RentprogSettings, applied: Applied
) -> dict[int, Told]:
    """One look under locks; returns the objects that somebody else inserted between the look and the insert."""
    entity = next(iter(told.values())).entity
    if source.is_news:
        # Events of these subjects follow; a webhook's run locks its subject first as well, so nobody waits crosswise.
        await lock_subjects(tx, sorted({subject_of(entity, number) for number in told} - {source.locked}))
    stored = await mirror.lock(tx, entity, told)
    accepted = _refuse(told.values(), stored, source, settings, applied)
    around = await _look_around(tx, entity, stored, accepted)
    applied.has_quarantine |= around.has_quarantine
    links = Links(around.cars, around.clients)
    changes = [next_state(stored.get(item.number), item, source, links, settings) for item in accepted]
    if entity == "booking":
        changes = await _without_taken_numbers(tx, changes, applied)
    changed: list[Change] = []
    seen: dict[int, str] = {}
    for item, change in zip(accepted, changes, strict=True):
        age = age_of(change, item, asked_at=source.asked_at, buried_at=around.buried.get(item.number))
        if age is Age.UNSURE:
            applied.wanted.append(Wish(entity, item.number, Why.UNSURE))
        if age is not Age.NEWER or (change.before is not None and not change.changed):
            applied.unchanged.append(item.number)
            if age is Age.NEWER and change.after["fingerprint"] is not None:
                _remember(seen, change)
        else:
            changed.append(change)
    await mirror.set_fingerprints(tx, entity, seen)
    missed = await write(tx, entity, changed, source, applied, now=around.now)
    if around.buried:
        await mirror_links.unbury(tx, entity, around.buried.keys() & {change.number for change in applied.added})
    return {number: told[number] for number in missed}


def _remember(seen: dict[int, str], change: Change) -> None:
    fingerprint = change.after["fingerprint"]
    if change.before is not None and change.before["fingerprint"] != fingerprint:
        seen[change.number] = fingerprint


async def write(
    tx: Tx, entity: Entity, changes: Sequence[Change], source: Source, applied: Applied, *, now: datetime
) -> set[int]:
    """Write decided changes and say what they mean; returns the numbers that somebody else inserted meanwhile."""
    if not changes:
        return set()
    marked = [mark_life(change, now=now, is_news=source.is_news) for change in changes]
    fresh = [change.after for change, _ in marked if change.before is None]
    inserted = await mirror.insert(tx, entity, fresh, branch=source.branch)
    await mirror.update(tx, entity, [change.after for change, _ in marked if change.before is not None])
    for change, happened in marked:
        if change.before is not None:
            applied.updated.append(change)
        elif change.number in inserted:
            applied.added.append(change)
        else:
            continue
        applied.events.extend(news_of(change, happened, source))
    moved = [change for change, _ in marked if change.before is not None and "branch" in change.changed]
    await mirror_links.move(tx, entity, {change.number: change.after["branch"] for change in moved})
    if entity != "booking" and inserted:
        applied.events.extend(await repair(tx, entity, inserted, source))
    return {row["rentprog_id"] for row in fresh} - inserted


async def destroy(tx: Tx, entity: Entity, stored: Row, source: Source) -> Applied:
    """Soft delete of a stored, locked row."""
    applied = Applied()
    now = await mirror.database_now(tx)
    await write(tx, entity, [deleted_state(entity, stored, source, at=now)], source, applied, now=now)
    return applied


async def repair(
    tx: Tx, entity: Literal["car", "client"], arrived: Iterable[int] | None, source: Source
) -> list[NewEvent[Any]]:
    """Link the bookings that waited for these cars or clients (None: for any).

    A booking that found its car is news for that car's card; that we now know its client is our own book-keeping.
    """
    linked = await mirror_links.repair(tx, entity, arrived)
    if entity == "client" or not source.is_news:
        return []
    return [
        NewEvent(
            body=BookingUpdated(
                booking_id=row["id"], car_id=row["car_id"], changed=("car_id",), found_by=source.found_by
            ),
            subject=f"booking:{row['id']}",
            branch=row["branch"],
        )
        for row in linked
    ]


def _refuse(
    told: Iterable[Told], stored: dict[int, Row], source: Source, settings: RentprogSettings, applied: Applied
) -> list[Told]:
    accepted: list[Told] = []
    for item in told:
        why = refusal_of(item, stored.get(item.number), settings)
        if why is None:
            accepted.append(item)
        else:
            applied.held.append(
                Held(
                    source.branch,
                    item.entity,
                    str(item.number),
                    why.value,
                    storable_tree(item.wire),
                    event_id=source.event_id,
                )
            )
    return accepted


async def _look_around(tx: Tx, entity: Entity, stored: dict[int, Row], told: Sequence[Told]) -> mirror_links.Around:
    """What was destroyed before it came, and which cars and clients that bookings name are stored."""
    missing = [item.number for item in told if item.number not in stored]
    numbers = [linked_numbers(stored.get(item.number), item) for item in told] if entity == "booking" else []
    cars = {car for car, _ in numbers if car is not None}
    clients = {client for _, client in numbers if client is not None}
    return await mirror_links.around(tx, entity, missing, cars, clients)


async def _without_taken_numbers(tx: Tx, changes: list[Change], applied: Applied) -> list[Change]:
    """A visible number that another live booking holds stays empty until that one was fetched: no row is lost by it."""
    wanted: dict[tuple[str, int], list[int]] = {}
    for change in changes:
        row = change.after
        takes = change.before is None or change.changed & {"number", "branch", "deleted_at"}
        if takes and row.get("number") is not None and row["deleted_at"] is None:
            wanted.setdefault((row["branch"], row["number"]), []).append(change.number)
    holders = await mirror.number_holders(tx, wanted)
    holder_of = {number: holders.get(pair, claimants[0]) for pair, claimants in wanted.items() for number in claimants}
    settled: list[Change] = []
    for change in changes:
        holder = holder_of.get(change.number, change.number)
        settled.append(change if holder == change.number else _without_number(change))
        if holder != change.number and (change.before is None or settled[-1].changed):
            applied.wanted.append(Wish("booking", holder, Why.NUMBER_TAKEN))
    return settled


def _without_number(change: Change) -> Change:
    was_empty = change.before is not None and change.before["number"] is None
    changed = change.changed - {"number"} if was_empty else change.changed | {"number"}
    return replace(change, after=change.after | {"number": None, "fingerprint": None}, changed=changed)

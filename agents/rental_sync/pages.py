"""One page of one list is read, then stored whole with its checkpoint, or not at all (failure G17)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from agents.rental_sync.apply import Applied, apply
from agents.rental_sync.holding import alarms_of, held_of, release
from agents.rental_sync.listings import ENTITY_OF, following, page_wanted
from agents.rental_sync.passes import end
from agents.rental_sync.rows import BOOKKEEPING, AnyRecord, Change, Source, told_of
from agents.rental_sync.wishes import subject_of, wishes
from agents.spec import Deps, Outcome
from core.errors import Broken, NeedsAttention
from core.events import Entity, Event, NewEvent, SyncPageWanted
from core.settings import RentprogSettings
from db.queries import mirror, quarantine, sync
from db.session import Tx
from integrations.rentprog import Page, Record, Unread

MOST_PAGES: Final = 1000


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page as it came, and when it was asked for by the database's clock.

    ``page`` is None where the pass before had the very same answer: it is read only if a row of it changed since.
    """

    settings: RentprogSettings
    asked_at: datetime
    answer: Unread[Page[Any]]
    page: Page[Any] | None


async def read_page(event: Event[SyncPageWanted], deps: Deps) -> Outcome:
    """Fetch one page, unless it was stored already."""
    wanted = event.body
    api = deps.rentprog.get(wanted.branch)
    if api is None:
        raise NeedsAttention(f"branch {wanted.branch} has no access to RentProg")
    async with deps.db.transaction() as tx:
        before = await sync.before_page(tx, wanted.sync_id, wanted.listing, wanted.page)
    if before.is_stored:
        return Outcome(note="this page is stored already")
    settings = deps.settings.rentprog
    per_page = settings.clients_per_page if wanted.listing == "clients" else settings.bookings_per_page
    answer = await api.listed(wanted.listing, wanted.page, per_page=per_page)
    page = None if answer.digest == before.last_digest else answer.read()
    return Outcome(changes=PageRead(settings, before.asked_at, answer, page))


async def store_page(tx: Tx, event: Event[SyncPageWanted], outcome: Outcome) -> Outcome:
    """Rows, quarantine, checkpoint and the next step in one transaction; a repeated page changes nothing."""
    wanted, read = event.body, outcome.changes
    if not isinstance(read, PageRead):
        return outcome
    place = await sync.lock_place(tx, wanted.sync_id, wanted.listing, wanted.page)
    if place is None or not place.the_pass.is_open:
        return Outcome(note="the pass has ended")
    if place.is_stored:
        return Outcome(note="this page is stored already")
    the_pass = place.the_pass
    source = Source("reconcile", the_pass.branch, event.id, read.asked_at, is_news=not the_pass.is_first)
    if wanted.listing == "staff":
        return await end(tx, the_pass, _page_of(read), source)
    entity = ENTITY_OF[wanted.listing]
    step = await _as_before(tx, entity, the_pass, wanted, read) or await _compared(tx, entity, wanted, read, source)
    checkpoint, events = step.checkpoint, step.events
    _check_progress(wanted, checkpoint, place)
    if place.has_quarantine or checkpoint.quarantined:
        events += await release(tx, entity, step.accepted, source.branch)
    await sync.put_checkpoint(tx, the_pass.id, checkpoint, step.drift)
    following_place = following(wanted.listing, wanted.page, is_last=checkpoint.is_last)
    events.append(page_wanted(the_pass.id, the_pass.branch, *following_place))
    return Outcome(events=tuple(events), note=_note(checkpoint))


def _page_of(read: PageRead) -> Page[Any]:
    return read.answer.read() if read.page is None else read.page


@dataclass(frozen=True, slots=True)
class _Step:
    """What became of a page. ``accepted`` are the objects of it that could be read and placed."""

    checkpoint: sync.Checkpoint
    accepted: Sequence[int]
    events: list[NewEvent[Any]] = field(default_factory=list[NewEvent[Any]])
    drift: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


async def _as_before(
    tx: Tx, entity: Entity, the_pass: sync.Pass, wanted: SyncPageWanted, read: PageRead
) -> _Step | None:
    """The same answer as in the pass before, and every row as that answer left it: nothing is there to compare."""
    if read.page is not None:
        return None
    same = await sync.same_page(tx, entity, the_pass, wanted.listing, wanted.page)
    return None if same is None else _Step(same, same.ids)


async def _compared(tx: Tx, entity: Entity, wanted: SyncPageWanted, read: PageRead, source: Source) -> _Step:
    page = _page_of(read)
    applied, same = await _apply_page(tx, entity, page, source, read.settings)
    held = [*held_of(page.bad_rows, source), *applied.held]
    fresh_held = await quarantine.put_away(tx, held)
    events = [*applied.events, *alarms_of(fresh_held), *await wishes(tx, applied.wanted, source.branch)]
    checkpoint = _checkpoint(wanted, page, applied, held_rows=len(held))
    if not held:
        digest = sync.rows_digest({row.rentprog_id: row.fingerprint for row in page.rows})
        checkpoint = replace(checkpoint, digest=read.answer.digest, rows_digest=digest)
    return _Step(checkpoint, [*same, *applied.accepted], events, await _drift(tx, entity, applied, source))


async def _apply_page(
    tx: Tx, entity: Entity, page: Page[Any], source: Source, settings: RentprogSettings
) -> tuple[Applied, list[int]]:
    """Rows whose fingerprint is the stored one are done with one look; returns those beside what became of the rest.

    In a first pass hardly a row is stored, so that look is left out.
    """
    rows: dict[int, AnyRecord] = {row.rentprog_id: row for row in page.rows}
    known = await mirror.fingerprints(tx, entity, list(rows)) if source.is_news else {}
    same = [number for number, row in rows.items() if known.get(number) == row.fingerprint]
    differing = [told_of(entity, rows[number], is_listed=True) for number in rows.keys() - set(same)]
    return await apply(tx, differing, source, settings), same


def _checkpoint(wanted: SyncPageWanted, page: Page[Record], applied: Applied, *, held_rows: int) -> sync.Checkpoint:
    """Rows read = added + updated + unchanged + quarantined; a row told twice is unchanged the second time."""
    added, updated = len(applied.added), len(applied.updated)
    unchanged = page.received - added - updated - held_rows
    if unchanged < len(applied.unchanged):
        raise Broken(f"page {wanted.page} of {wanted.listing}: {page.received} rows came in and do not add up")
    ids = [row.rentprog_id for row in page.rows]
    ids += [row.rentprog_id for row in page.bad_rows if row.rentprog_id is not None]
    return sync.Checkpoint(
        listing=wanted.listing,
        page=wanted.page,
        is_last=page.is_last or wanted.listing == "cars",
        ids=ids,
        read=page.received,
        added=added,
        updated=updated,
        unchanged=unchanged,
        quarantined=held_rows,
    )


def _check_progress(wanted: SyncPageWanted, page: sync.Checkpoint, place: sync.Place) -> None:
    """A server that shows one page for ever, or more pages than a branch can have, is no list to believe."""
    if page.is_last:
        return
    if wanted.page >= MOST_PAGES:
        raise Broken(f"{wanted.listing} of {wanted.branch} did not end after {MOST_PAGES} pages")
    if place.ids_before is not None and list(place.ids_before) == list(page.ids):
        raise Broken(f"page {wanted.page} of {wanted.listing} of {wanted.branch} repeats the page before it")


async def _drift(tx: Tx, entity: Entity, applied: Applied, source: Source) -> list[dict[str, Any]]:
    """What webhooks missed: rows that only this pass brought up to date. In a first pass there was nothing to miss."""
    found = [*applied.added, *(change for change in applied.updated if change.changed - BOOKKEEPING)]
    if not found or not source.is_news:
        return []
    known = await sync.subjects_with_unread_deliveries(tx, [subject_of(entity, change.number) for change in found])
    return [_missed(change) for change in found if subject_of(entity, change.number) not in known]


def _missed(change: Change) -> dict[str, Any]:
    columns = [] if change.before is None else sorted(change.changed - BOOKKEEPING)
    kind = "added" if change.before is None else "updated"
    return {"entity": change.entity, "id": change.number, "kind": kind, "changed": columns}


def _note(page: sync.Checkpoint) -> str:
    return (
        f"page {page.page} of {page.listing}: {page.read} read, {page.added} added, {page.updated} updated, "
        f"{page.unchanged} unchanged, {page.quarantined} quarantined"
    )

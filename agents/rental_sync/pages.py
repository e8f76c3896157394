"""One page of one list is read, then stored whole with its checkpoint, or not at all (failure G17)."""

from dataclasses import dataclass
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
from core.events import Entity, Event, Listing, SyncPageWanted
from core.settings import RentprogSettings
from db.queries import mirror, quarantine, sync
from db.session import Tx
from integrations.rentprog import Page, Record, RentprogApi

MOST_PAGES: Final = 1000


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page as it came, and when it was asked for by the database's clock."""

    settings: RentprogSettings
    asked_at: datetime
    page: Page[Any]


async def read_page(event: Event[SyncPageWanted], deps: Deps) -> Outcome:
    """Fetch one page, unless it was stored already."""
    wanted = event.body
    api = deps.rentprog.get(wanted.branch)
    if api is None:
        raise NeedsAttention(f"branch {wanted.branch} has no access to RentProg")
    async with deps.db.transaction() as tx:
        if await sync.checkpoint(tx, wanted.sync_id, wanted.listing, wanted.page) is not None:
            return Outcome(note="this page is stored already")
        asked_at = await mirror.database_now(tx)
    page = await _ask(api, wanted.listing, wanted.page, deps.settings.rentprog)
    return Outcome(changes=PageRead(deps.settings.rentprog, asked_at, page))


async def _ask(api: RentprogApi, listing: Listing, page: int, settings: RentprogSettings) -> Page[Any]:
    match listing:
        case "cars":
            return await api.cars()
        case "clients":
            return await api.client_page(page, per_page=settings.clients_per_page)
        case "active_bookings":
            return await api.booking_page(page, per_page=settings.bookings_per_page, active=True)
        case "past_bookings":
            return await api.booking_page(page, per_page=settings.bookings_per_page, active=False)
        case "staff":
            return await api.users()


async def store_page(tx: Tx, event: Event[SyncPageWanted], outcome: Outcome) -> Outcome:
    """Rows, quarantine, checkpoint and the next step in one transaction; a repeated page changes nothing."""
    wanted, read = event.body, outcome.changes
    if not isinstance(read, PageRead):
        return outcome
    the_pass = await sync.lock_pass(tx, wanted.sync_id)
    if the_pass is None or not the_pass.is_open:
        return Outcome(note="the pass has ended")
    if await sync.checkpoint(tx, wanted.sync_id, wanted.listing, wanted.page) is not None:
        return Outcome(note="this page is stored already")
    source = Source("reconcile", the_pass.branch, event.id, read.asked_at, is_news=not the_pass.is_first)
    if wanted.listing == "staff":
        return await end(tx, the_pass, read.page, source)
    entity = ENTITY_OF[wanted.listing]
    applied, same = await _apply_page(tx, entity, read, source)
    held = [*held_of(read.page.bad_rows, source), *applied.held]
    fresh_held = await quarantine.put_away(tx, held)
    events = [*applied.events, *alarms_of(fresh_held), *await wishes(tx, applied.wanted, source.branch)]
    events += await release(tx, entity, [*same, *applied.accepted], source.branch)
    checkpoint = _checkpoint(wanted, read.page, applied, held_rows=len(held))
    await _check_progress(tx, wanted, checkpoint)
    await sync.put_checkpoint(tx, the_pass.id, checkpoint, await _drift(tx, entity, applied, source))
    place = following(wanted.listing, wanted.page, is_last=checkpoint.is_last)
    events.append(page_wanted(the_pass.id, the_pass.branch, *place))
    return Outcome(events=tuple(events), note=_note(checkpoint))


async def _apply_page(tx: Tx, entity: Entity, read: PageRead, source: Source) -> tuple[Applied, list[int]]:
    """Rows whose fingerprint is the stored one are done with one look; returns those beside what became of the rest."""
    rows: dict[int, AnyRecord] = {row.rentprog_id: row for row in read.page.rows}
    known = await mirror.fingerprints(tx, entity, list(rows))
    same = [number for number, row in rows.items() if known.get(number) == row.fingerprint]
    differing = [told_of(entity, rows[number], is_listed=True) for number in rows.keys() - set(same)]
    return await apply(tx, differing, source, read.settings), same


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


async def _check_progress(tx: Tx, wanted: SyncPageWanted, page: sync.Checkpoint) -> None:
    """A server that shows one page for ever, or more pages than a branch can have, is no list to believe."""
    if page.is_last:
        return
    if wanted.page >= MOST_PAGES:
        raise Broken(f"{wanted.listing} of {wanted.branch} did not end after {MOST_PAGES} pages")
    before = await sync.checkpoint(tx, wanted.sync_id, wanted.listing, wanted.page - 1)
    if before is not None and list(before.ids) == list(page.ids):
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

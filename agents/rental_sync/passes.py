"""A pass over one branch begins, goes on after a crash, and ends; pages.py does what lies between (failure F12)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from agents.rental_sync.apply import repair
from agents.rental_sync.decide import Why
from agents.rental_sync.holding import alarm
from agents.rental_sync.listings import ENTITY_OF, ORDER, following, page_wanted
from agents.rental_sync.rows import Source
from agents.rental_sync.wishes import Wish, wishes
from agents.spec import Outcome
from core.events import Entity, Event, Listing, NewEvent, SyncDue, SyncFinished
from db.queries import mirror_links, sync
from db.session import Tx
from integrations.rentprog import Page, StaffRecord

STALE_AFTER: Final = timedelta(minutes=10)
"""A pass that has made no step for this long has lost its next step; the next tick takes it up again."""
MOST_VANISHED: Final = 100
"""Fetches by id that one pass asks for in one list: a list that came empty must not use up the day's budget."""
MOST_UNLINKED: Final = 100


async def begin(tx: Tx, event: Event[SyncDue]) -> Outcome:
    """Open a pass, or go on with the one that stopped; one that is alive is left alone (failure G24)."""
    branch = event.body.branch
    current = await sync.open_pass(tx, branch)
    if current is None:
        sync_id = await sync.start_pass(tx, branch)
        return Outcome(events=(page_wanted(sync_id, branch, ORDER[0], 1),), note=f"pass {sync_id} begins")
    if current.idle_for < STALE_AFTER:
        return Outcome(note=f"pass {current.id} is still at work")
    listing, page = _place_after(await sync.checkpoints(tx, current.id))
    await sync.beat(tx, current.id)
    note = f"pass {current.id} goes on at page {page} of {listing}"
    return Outcome(events=(page_wanted(current.id, branch, listing, page),), note=note)


def _place_after(done: Sequence[sync.Checkpoint]) -> tuple[Listing, int]:
    """Where a pass goes on: behind the last checkpoint of the furthest list."""
    if not done:
        return ORDER[0], 1
    last = max(done, key=lambda page: (ORDER.index(page.listing), page.page))
    return following(last.listing, last.page, is_last=last.is_last)


async def end(tx: Tx, the_pass: sync.Pass, staff: Page[StaffRecord], source: Source) -> Outcome:
    """Staff, links that can be made now, what was not seen, totals. Absence is a question, never a proof."""
    branch = the_pass.branch
    await sync.put_staff(tx, branch, [(row.rentprog_id, _name_of(row), row.active is not False) for row in staff.rows])
    await repair(tx, "client", None, source)
    events = await repair(tx, "car", None, source)
    unlinked = await mirror_links.unlinked(tx, branch, since=the_pass.started_at, limit=MOST_UNLINKED)
    vanished = await _vanished(tx, the_pass)
    if any(len(numbers) == MOST_VANISHED for numbers in vanished.values()):
        events.append(alarm(f"vanished:{branch}", "alarm-many-vanished", branch, count=MOST_VANISHED))
    wanted: list[Wish] = [Wish(entity, number, Why.LINKED) for entity, number in unlinked]
    wanted += [Wish(entity, number, Why.VANISHED) for entity, numbers in vanished.items() for number in numbers]
    events += await wishes(tx, wanted, branch)
    totals = await sync.finish(tx, the_pass.id, vanished_rows=sum(map(len, vanished.values())))
    events.append(
        NewEvent(
            body=SyncFinished(
                sync_id=the_pass.id,
                branch=branch,
                is_first=the_pass.is_first,
                read=totals.read,
                added=totals.added,
                updated=totals.updated,
                unchanged=totals.unchanged,
                quarantined=totals.quarantined,
                drift=totals.drift,
            ),
            subject=f"sync:{branch}",
            branch=branch,
        )
    )
    return Outcome(events=tuple(events), note=f"pass {the_pass.id} is finished: {totals.read} rows read")


async def _vanished(tx: Tx, the_pass: sync.Pass) -> dict[Entity, list[int]]:
    found: dict[Entity, list[int]] = {}
    entities: tuple[Entity, ...] = ("car", "client", "booking")
    for entity in entities:
        listings: list[Listing] = [listing for listing, shown in ENTITY_OF.items() if shown == entity]
        found[entity] = await sync.vanished(tx, the_pass, entity, listings, limit=MOST_VANISHED)
    return found


def _name_of(row: StaffRecord) -> str:
    """RentProg's full name of a user, else its parts, else the number: a name is never empty."""
    parts = " ".join(part for part in (row.first_name, row.last_name) if part)
    return row.name or parts or str(row.rentprog_id)

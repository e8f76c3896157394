"""A refresh: one entity is fetched whole by its id and goes the same way into the mirror as everything else."""

from agents.rental_sync.apply import Applied, apply, destroy
from agents.rental_sync.decide import Why
from agents.rental_sync.fetch import Fetched, Known, fetch
from agents.rental_sync.holding import alarms_of, held_of, release
from agents.rental_sync.rows import Source
from agents.rental_sync.wishes import wishes
from agents.spec import Deps, Outcome
from core.events import Event, RefreshWanted
from db.queries import mirror, quarantine, sync
from db.session import Tx


async def read_entity(event: Event[RefreshWanted], deps: Deps) -> Outcome:
    """Fetch, unless a later wish for the same entity waits, or only a link was missing that is there by now."""
    wanted = event.body
    async with deps.db.transaction() as tx:
        before = await sync.before_fetch(tx, event.subject, event.id)
        if before.has_later_wish:
            return Outcome(note="a later refresh will fetch it")
        stored = await mirror.read(tx, wanted.entity, wanted.entity_id)
        is_linked = wanted.reason == Why.LINKED
        if stored is not None and is_linked:
            return Outcome(note="it is stored by now")
    known = Known(before.asked_at, stored, event.branch, without=before.branches_read if is_linked else ())
    return Outcome(changes=await fetch(wanted.entity, wanted.entity_id, deps, known))


async def store_entity(tx: Tx, event: Event[RefreshWanted], outcome: Outcome) -> Outcome:
    """Client, car, booking in this order; not found by id and not in the lists either means destroyed."""
    fetched = outcome.changes
    if not isinstance(fetched, Fetched):
        return outcome
    wanted = event.body
    found_by = "reconcile" if wanted.reason == Why.VANISHED else "fetch"
    source = Source(found_by, fetched.branch, event.id, fetched.asked_at, locked=event.subject)
    parts = [await apply(tx, [told], source, fetched.settings) for told in fetched.objects]
    note = "stored" if parts else "unreadable"
    if not fetched.is_found:
        gone = await _bury(tx, event, source)
        parts, note = [gone], "not found" if not gone.updated else "not found: deleted"
    held = [record for part in parts for record in part.held] + held_of(fetched.bad_rows, source)
    events = [made for part in parts for made in part.events]
    events += alarms_of(await quarantine.put_away(tx, held))
    for told, part in zip(fetched.objects, parts, strict=False):
        if part.has_quarantine:
            events += await release(tx, told.entity, part.accepted, source.branch)
    events += await wishes(tx, [wish for part in parts for wish in part.wanted], source.branch)
    return Outcome(events=tuple(events), note=note)


async def _bury(tx: Tx, event: Event[RefreshWanted], source: Source) -> Applied:
    """Two witnesses are needed for a deletion: no list showed it, and no branch knows its id."""
    wanted = event.body
    stored = (await mirror.lock(tx, wanted.entity, [wanted.entity_id])).get(wanted.entity_id)
    is_changed = stored is not None and stored["updated_at"] > source.asked_at
    if stored is None or stored["deleted_at"] is not None or is_changed or wanted.reason != Why.VANISHED:
        return Applied()
    return await destroy(tx, wanted.entity, stored, source)

"""The story: read what is needed for an event, then save what follows from it. Every path ends in apply.py."""

from typing import Any

from agents.rental_sync.deliveries import store_delivery
from agents.rental_sync.pages import read_page, store_page
from agents.rental_sync.passes import begin
from agents.rental_sync.refreshes import read_entity, store_entity
from agents.spec import Deps, Outcome
from core.errors import Broken
from core.events import Event, RefreshWanted, RentprogDelivered, SyncDue, SyncPageWanted
from db.session import Tx


async def run(event: Event[Any], deps: Deps) -> Outcome:
    """Network and short reads; nothing is written."""
    match event.body:
        case RentprogDelivered():
            return Outcome(changes=deps.settings.rentprog)
        case RefreshWanted():
            return await read_entity(event, deps)
        case SyncDue():
            return Outcome()
        case SyncPageWanted():
            return await read_page(event, deps)
        case body:
            raise Broken(f"rental_sync does not handle {body.kind}")


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    """Decide against the stored state under its locks, and write."""
    match event.body:
        case RentprogDelivered():
            return await store_delivery(tx, event, outcome)
        case RefreshWanted():
            return await store_entity(tx, event, outcome)
        case SyncDue():
            return await begin(tx, event)
        case SyncPageWanted():
            return await store_page(tx, event, outcome)
        case body:
            raise Broken(f"rental_sync does not handle {body.kind}")

"""A person has one form in hand: another one rests while they go on with this one."""

from datetime import datetime

from agents.inspections.orders import Commands, show_card, show_form
from core.events import Event, EventBody
from db.queries import inspections
from db.queries.inspections import Inspection
from db.queries.people import Person
from db.session import Tx


async def rest_other(
    tx: Tx, event: Event[EventBody], person: Person, wanted: Inspection | None, *, now: datetime
) -> Commands:
    """Put the person's open form aside, unless it is the wanted one, and show that it rests."""
    other = await inspections.open_of(tx, person.id)
    if other is None or (wanted is not None and other.id == wanted.id):
        return ()
    locked = await inspections.lock(tx, other.id)
    if locked is None or locked.state != "open" or locked.person_id != person.id:
        return ()  # handed in or on at this very moment
    await inspections.change(tx, other.id, {"state": "paused", "touched_at": now})
    return (*await show_form(tx, event, other, person.id), *await show_card(tx, event, other))

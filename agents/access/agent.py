"""Read who may decide and ask them; a decision itself is checked and written in ``store``, under its locks."""

from datetime import datetime

from agents.access.ask import ask
from agents.spec import Deps, Outcome
from core.events import AccessDecided, AccessRequested, Event, RoleDecided, StaffLinked
from db.queries import fleet_views, people

Handled = AccessRequested | AccessDecided | RoleDecided | StaffLinked


async def run(event: Event[Handled], deps: Deps) -> Outcome:
    if not isinstance(event.body, AccessRequested):
        return Outcome(changes=deps.clock.now())
    async with deps.db.transaction() as tx:
        request = await people.access_request(tx, event.body.tg_user_id)
        deciders = await people.deciders(tx)
        branches = await fleet_views.branches(tx)
    if request is None or request.state != "asked":
        return Outcome(note="nothing is asked any more")
    commands = tuple(ask(request, decider, branches) for decider in deciders)
    return Outcome(commands=commands, note=f"asked {len(commands)} managers")


def moment_of(changes: object) -> datetime:
    """When the run decided, carried from ``run`` to ``save``."""
    assert isinstance(changes, datetime)
    return changes

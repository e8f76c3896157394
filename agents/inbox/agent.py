"""The story: read what Umnico tells of one lead, or look through the whole inbox; then write what is new."""

from typing import Any

from agents.inbox import filing, gathering, rounds
from agents.inbox.told import LeadTold
from agents.spec import Deps, Outcome
from core.errors import Broken
from core.events import Event, InboxDue, LeadBehind, UmnicoDelivered
from db.session import Tx


async def run(event: Event[Any], deps: Deps) -> Outcome:
    match event.body:
        case UmnicoDelivered():
            return await gathering.of_delivery(event, deps)
        case LeadBehind() as lead:
            return await gathering.of_lead(event, lead, deps)
        case InboxDue():
            return await rounds.look(deps)
        case body:
            raise Broken(f"inbox does not handle {body.kind}")


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    match outcome.changes:
        case LeadTold() as told:
            return await filing.file(tx, told)
        case rounds.Round() as found:
            return await rounds.close(tx, event, found)
        case _:
            return outcome

"""An agent at work on a real database: an event is recorded, the agent thinks, its outcome is saved and ordered."""

from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from agents.spec import AgentSpec, Deps, Outcome
from core.clock import Clock
from core.events import Event, EventBody, NewEvent
from core.plans import NOBODY
from core.settings import Settings, TelegramSettings
from db import commands
from db.events import record
from db.session import Database

_numbers = count(1)


async def happen(
    agent: AgentSpec,
    body: EventBody,
    *,
    db: Database,
    clock: Clock,
    telegram: TelegramSettings | None = None,
    trust: str = "system",
    subject: str = "test:1",
    deps: Deps | None = None,
) -> Outcome:
    """What the agent made of the event; everything is saved and ordered like after a real run."""
    deps = deps or Deps(db=db, clock=clock, settings=Settings(telegram=telegram or TelegramSettings()))
    event = await _recorded(db, body, subject=subject, trust=trust, at=clock.now())
    outcome = await agent.run(event, deps)
    async with db.transaction() as tx:
        if agent.save is not None:
            outcome = await agent.save(tx, event, outcome)
        agent.check(outcome)
        named = [
            replace(new, external_id=new.external_id or f"{event.id}:{place}")
            for place, new in enumerate(outcome.events)
        ]
        await record(tx, named, lambda _kind: NOBODY)
        await commands.order(tx, outcome.commands, event_id=event.id)
    return outcome


async def _recorded(db: Database, body: EventBody, *, subject: str, trust: str, at: datetime) -> Event[Any]:
    new = NewEvent(body=body, subject=subject, source="test", external_id=f"agent:{next(_numbers)}", trust=trust)
    async with db.transaction() as tx:
        recorded = await record(tx, [new], lambda _kind: NOBODY)
    (event_id,) = recorded.ids
    assert event_id is not None
    return Event(
        id=event_id,
        subject=subject,
        body=body,
        source=new.source,
        external_id=new.external_id or "",
        trust=trust,
        branch=None,
        occurred_at=at,
        received_at=at,
        caused_by=None,
    )

"""Builders that take only what a test cares about."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from agents.spec import AgentSpec, Deps, Outcome, Run, Save, SaveMany
from core.clock import SystemClock
from core.commands import NewCommand, Priority, SendMessage, Text, chat_destination
from core.events import AlarmCleared, AlarmRaised, NewEvent, Recorded
from core.plans import Plan, Route
from core.settings import Settings, WorkSettings
from db import runs
from db.events import record
from db.models.metadata import Model
from db.runs import ClaimedRun, Lease
from db.session import Database, Tx

_numbers = count(1)


def settings(**work: Any) -> Settings:
    quick = {"poll_s": 0.05, "backoff_first_s": 0.01, "backoff_max_s": 0.02, "lease_s": 2.0} | work
    return Settings(work=WorkSettings(**quick))


def deps(db: Database, given: Settings | None = None) -> Deps:
    return Deps(db=db, clock=SystemClock(), settings=given or settings())


def event(subject: str = "car:1", *, key: str = "a", external_id: str | None = None) -> NewEvent[AlarmCleared]:
    """A small event; ``key`` travels in its body."""
    name = external_id or f"e{next(_numbers)}"
    return NewEvent(body=AlarmCleared(key=key), subject=subject, source="test", external_id=name)


def message(chat_id: int = 1, *, key: str = "hello", priority: Priority = Priority.LINE, **rest: Any) -> NewCommand:
    return NewCommand(
        body=SendMessage(chat_id=chat_id, text=Text(key=key)),
        destination=chat_destination(chat_id),
        effect_key=rest.pop("effect_key", f"m{next(_numbers)}"),
        priority=priority,
        **rest,
    )


def agent(
    name: str,
    run: Run,
    *,
    save: Save | None = None,
    save_many: SaveMany | None = None,
    is_quick: bool = False,
    time_limit_s: float = 5.0,
) -> AgentSpec:
    return AgentSpec(
        name=name,
        handles=(AlarmCleared,),
        causes=(AlarmCleared, AlarmRaised, SendMessage),
        run=run,
        save=save,
        save_many=save_many,
        quick=(AlarmCleared,) if is_quick else (),
        time_limit=timedelta(seconds=time_limit_s),
    )


async def claim(
    tx: Tx, *agents: str, limit: int = 10, lease_s: float = 30, holder: int | None = None
) -> list[ClaimedRun]:
    """Runs of these agents, of whatever branch."""
    return await runs.claim(
        tx,
        rooms=dict.fromkeys(agents, limit),
        branches=await runs.branches_in_line(tx),
        limit=limit * len(agents),
        lease=Lease(timedelta(seconds=lease_s), holder),
    )


def route_to(*stages: str | tuple[str, ...]) -> Route:
    """Every test event (``alarm.cleared``) goes through these stages; alarms themselves to nobody."""
    plan = Plan.of(*stages)
    return lambda kind: plan if kind == AlarmCleared.kind else Plan()


async def quiet(_event: Any, _deps: Deps) -> Outcome:
    return Outcome()


async def record_all(db: Database, events: Sequence[NewEvent[Any]], route: Route) -> Recorded:
    async with db.transaction() as tx:
        return await record(tx, events, route)


async def insert(tx: Tx, table: type[Model], row: Mapping[str, Any]) -> None:
    """One row; columns that are not given keep their defaults."""
    columns = ", ".join(row)
    values = ", ".join(["%s"] * len(row))
    await tx.run(f"INSERT INTO {table.__tablename__} ({columns}) VALUES ({values})", list(row.values()))


async def states(db: Database) -> list[tuple[str, str, str]]:
    """(agent, subject, state) of every run, in the order of their events."""
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT agent, subject, state FROM runs ORDER BY event_id, stage, agent")
    return [(row["agent"], row["subject"], row["state"]) for row in rows]

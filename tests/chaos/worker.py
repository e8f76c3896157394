"""A worker and a relay with agents that misbehave on purpose: the product's own roles, only their table is another.

An event ``alarm.cleared`` says in its key what its run does: ``ok``, ``slow:<seconds>``, ``raises``, ``segfaults``,
``eats memory``. Each saved run adds one to the count of a row of its own, so that a double would show.
"""

import asyncio
import ctypes
import resource
import sys
from datetime import timedelta
from typing import Any

from agents.spec import AgentSpec, Deps, Outcome
from core.events import AlarmCleared, Event, NewEvent
from core.plans import NOBODY, Plan
from db.session import Database, Tx
from orchestrator import roles
from orchestrator.cli.session import run, start
from orchestrator.up import one_role

AGENT_NAME = "trial"
MOST_MEMORY = 4 << 30
CHUNK = 64 << 20


async def think(event: Event[AlarmCleared], deps: Deps) -> Outcome:
    act, _, seconds = event.body.key.partition(":")
    match act:
        case "slow":
            await asyncio.sleep(float(seconds))
        case "raises":
            raise RuntimeError("this agent always raises")
        case "segfaults":
            ctypes.string_at(0)
        case "eats memory":
            eaten: list[bytes] = []
            while True:
                eaten.append(b"\1" * CHUNK)
        case _:
            pass
    return Outcome()


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    await tx.run(
        """INSERT INTO alarms (key, text_key, args, opened_at, last_at, count)
           VALUES (%s, %s, '{}', now(), clock_timestamp(), 1)
           ON CONFLICT (key) DO UPDATE SET count = alarms.count + 1""",
        (event.external_id, AGENT_NAME),
    )
    return outcome


def route(kind: str) -> Plan:
    return Plan.of(AGENT_NAME) if kind == AlarmCleared.kind else NOBODY


AGENT = AgentSpec(
    name=AGENT_NAME,
    handles=(AlarmCleared,),
    causes=(),
    run=think,
    save=save,
    time_limit=timedelta(seconds=30),
    share=1.0,
)


def main() -> None:
    """``main()`` in a process of its own with ``worker`` or ``relay`` as its argument."""
    roles.AGENTS = (AGENT,)
    roles.route = route
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    run(one_role(start(), roles.ROLES[sys.argv[1]]))


def trial(subject: str, act: str, number: int = 0) -> NewEvent[AlarmCleared]:
    return NewEvent(body=AlarmCleared(key=act), subject=subject, source="trial", external_id=f"{subject}:{number}")


async def effects(db: Database) -> dict[str, int]:
    """How often the effect of each event was saved, by the event's subject and number."""
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT key, count FROM alarms WHERE text_key = %s", (AGENT_NAME,))
    return {row["key"]: row["count"] for row in rows}


async def states(db: Database) -> dict[str, int]:
    """How many runs there are in each state."""
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT state, count(*) AS n FROM runs GROUP BY state")
    return {row["state"]: row["n"] for row in rows}

"""A worker and a relay with agents that misbehave on purpose: the product's own roles, only their table is another.

An event ``alarm.cleared`` says in its key what its run does: ``ok``, ``slow:<seconds>``, ``raises``, ``segfaults``,
``eats memory``. Each saved run is a row of ``trial_results``, which has no unique column, so that a double would show.
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
    await tx.run("INSERT INTO trial_results (event_id, subject) VALUES (%s, %s)", (event.id, event.subject))
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


async def lay_table(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run(
            "CREATE TABLE trial_results (id bigserial PRIMARY KEY, event_id bigint, subject text, at timestamptz "
            "DEFAULT clock_timestamp())"
        )

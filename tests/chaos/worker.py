"""A worker and a relay with agents that misbehave on purpose: the product's own loops, only the table is another.

An event says in its body what its run does: ``ok``, ``slow:<seconds>``, ``raises``, ``segfaults``, ``eats memory``.
Each saved run adds one to the count of a row of its own, so that a double would show.
"""

import asyncio
import ctypes
import resource
import sys
from typing import Any

import psutil

from agents.spec import AgentSpec, Deps, Outcome
from core.events import AlarmCleared, Event, NewEvent, WebhookQuarantined
from core.plans import NOBODY, Plan
from db import session
from db.session import Database, Tx
from orchestrator.cli.session import run, start
from orchestrator.dispatcher import Dispatcher
from orchestrator.relay import Relay
from orchestrator.roles import Role
from orchestrator.up import one_role
from orchestrator.wiring import Jarvis

SHORT_IDLE_MS = 2_000
"""After this long Postgres ends a session that stands still in a transaction; a test cannot wait for the product's."""
MORE_MEMORY = 512 << 20
"""What a process may take beside what it has when it starts."""
CHUNK = 64 << 20


async def think(event: Event[Any], deps: Deps) -> Outcome:
    body = event.body
    told = body.key if isinstance(body, AlarmCleared) else body.reason
    act, _, seconds = told.partition(":")
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
                eaten.append(bytes(CHUNK))
        case _:
            pass
    return Outcome()


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    await tx.run(
        """INSERT INTO alarms (key, text_key, args, opened_at, last_at, count)
           VALUES (%s, 'trial', '{}', now(), clock_timestamp(), 1)
           ON CONFLICT (key) DO UPDATE SET count = alarms.count + 1""",
        (event.external_id,),
    )
    return outcome


AGENT = AgentSpec(name="trial", handles=(AlarmCleared,), causes=(), run=think, save=save, share=1.0)
SWIFT = AgentSpec(
    name="swift", handles=(WebhookQuarantined,), causes=(), run=think, save=save, share=1.0, quick=(WebhookQuarantined,)
)
"""Works on the same acts in batches, as agents do that need no thinking."""

_PLANS = {AlarmCleared.kind: Plan.of(AGENT.name), WebhookQuarantined.kind: Plan.of(SWIFT.name)}


def route(kind: str) -> Plan:
    return _PLANS.get(kind, NOBODY)


async def worker(jarvis: Jarvis, stop: asyncio.Event) -> None:
    work = Dispatcher((AGENT, SWIFT), jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress)
    await work.run(stop)


async def relay(jarvis: Jarvis, stop: asyncio.Event) -> None:
    await Relay(jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress).run(stop)


ROLES: dict[str, Role] = {"worker": worker, "relay": relay}


def main() -> None:
    """In a process of its own, with ``worker`` or ``relay`` as its argument."""
    session.IDLE_IN_TRANSACTION_MS = min(session.IDLE_IN_TRANSACTION_MS, SHORT_IDLE_MS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = psutil.Process().memory_info().vms + MORE_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    run(one_role(start(), ROLES[sys.argv[1]]))


def trial(subject: str, act: str, number: int = 0) -> NewEvent[AlarmCleared]:
    return NewEvent(body=AlarmCleared(key=act), subject=subject, source="trial", external_id=f"{subject}#{number}")


def swift_trial(subject: str, act: str, number: int = 0) -> NewEvent[WebhookQuarantined]:
    body = WebhookQuarantined(system="trial", reason=act, detail="")
    return NewEvent(body=body, subject=subject, source="trial", external_id=f"{subject}#{number}")


async def effects(db: Database) -> dict[str, int]:
    """How often the effect of each event was saved, by the event's subject and number."""
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT key, count FROM alarms WHERE text_key = 'trial'")
    return {row["key"]: row["count"] for row in rows}


async def runs_in(db: Database, state: str) -> list[dict[str, Any]]:
    """Runs in this state, in the order of their events."""
    async with db.transaction() as tx:
        return await tx.rows(
            "SELECT id, subject, attempt, error FROM runs WHERE state = %s ORDER BY event_id", (state,)
        )

"""Jarvis as a contender: its real worker, with a trivial agent in the place of ``rental_sync``.

The events are RentProg's deliveries, recorded as the ingress records them and routed by the real table. The agent
decides nothing and its save inserts the one row of result; everything else is what Jarvis always does.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from agents.spec import AgentSpec, Deps, Outcome
from core.events import Event, NewEvent, RentprogDelivered
from core.settings import WorkSettings
from db.events import record
from db.queries.bench_results import insert_results
from db.session import Database, Tx
from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.door import Door
from orchestrator.bench.ingress import OURS_PATH
from orchestrator.bench.requests import webhook
from orchestrator.cli.session import run, start
from orchestrator.dispatcher import Dispatcher
from orchestrator.router import route
from orchestrator.streams import Bell
from orchestrator.up import one_role
from orchestrator.wiring import Jarvis

THINK_S = float(os.environ.get("BENCH_THINK_S", "0"))
"""A run that waits while it thinks is worked on alone; one that does not, in a batch with others."""


async def think(_event: Event[Any], _deps: Deps) -> Outcome:
    if THINK_S:
        await asyncio.sleep(THINK_S)
    return Outcome()


async def save_many(tx: Tx, found: Sequence[tuple[Event[Any], Outcome]]) -> Sequence[Outcome]:
    await insert_results(tx, [event.body.entity_id for event, _ in found])
    return [outcome for _, outcome in found]


AGENT = AgentSpec(
    name="rental_sync",
    handles=(RentprogDelivered,),
    causes=(),
    run=think,
    save_many=save_many,
    quick=() if THINK_S else (RentprogDelivered,),
    share=1.0,
)


async def worker(jarvis: Jarvis, stop: asyncio.Event) -> None:
    await Dispatcher((AGENT,), jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress).run(stop)


async def prepare() -> None:
    """The database is migrated already."""


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    db = Database(os.environ["JARVIS_DATABASE_URL"], pool_size=WorkSettings().database_pool)
    bell = Bell(os.environ["JARVIS_REDIS_URL"])

    async def enqueue(numbers: Sequence[int]) -> None:
        async with db.transaction() as tx:
            recorded = await record(tx, [delivery(number) for number in numbers], route)
        await bell.ring_runs(recorded.ready_runs)

    yield enqueue
    await bell.close()
    await db.close()


@asynccontextmanager
async def door() -> AsyncGenerator[Enqueue]:
    """The real ingress: an event is accepted when its webhook is answered."""
    async with Door(int(os.environ["JARVIS_HTTP__PORT"]), connections=32) as opened:

        async def enqueue(numbers: Sequence[int]) -> None:
            for number in numbers:
                await opened.send(webhook(OURS_PATH, number))

        yield enqueue


def delivery(number: int, *, subject: str | None = None) -> NewEvent[RentprogDelivered]:
    body = RentprogDelivered(event_name="booking_update", entity="booking", operation="update", entity_id=number)
    return NewEvent(
        body=body,
        subject=subject or f"booking:{number}",
        source="rentprog",
        external_id=str(number),
        trust="outside",
        branch="bench",
    )


if __name__ == "__main__":
    run(one_role(start(), worker))

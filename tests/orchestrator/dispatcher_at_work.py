"""A dispatcher at work for the time of a block, and how its runs ended."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from agents.spec import AgentSpec
from core.plans import Route
from db.session import Database
from orchestrator.dispatcher import Dispatcher
from orchestrator.progress import Progress
from orchestrator.streams import Bell
from tests import make

ROUTE = make.route_to("reader")


@asynccontextmanager
async def working(
    db: Database, bell: Bell, agents: Sequence[AgentSpec], *, route: Route = ROUTE, **work: Any
) -> AsyncIterator[Dispatcher]:
    """A dispatcher at work while the block runs."""
    dispatcher = Dispatcher(agents, make.deps(db, make.settings(**work)), route=route, bell=bell, progress=Progress())
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(dispatcher.run(stop))
        yield dispatcher
        stop.set()


async def all_ended(db: Database, count: int) -> list[str]:
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT state FROM runs WHERE state IN ('done','failed','dead') ORDER BY id")
    return [row["state"] for row in rows] if len(rows) == count else []

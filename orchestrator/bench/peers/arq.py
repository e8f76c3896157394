"""arq: its own command with ``WorkerSettings``. It asks for an older Redis client and has a folder of its own."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from arq import create_pool
from arq.connections import RedisSettings

from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.peers.work import AT_ONCE, REDIS_URL, work


async def task(_context: dict[Any, Any], number: int) -> None:
    await work(number)


class WorkerSettings:
    functions = (task,)
    redis_settings = RedisSettings.from_dsn(REDIS_URL)
    max_jobs = AT_ONCE


async def prepare() -> None:
    """Arq needs nothing but Redis."""


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    pool = await create_pool(WorkerSettings.redis_settings)

    async def enqueue(numbers: Sequence[int]) -> None:
        for number in numbers:
            await pool.enqueue_job("task", number)

    yield enqueue
    await pool.aclose()

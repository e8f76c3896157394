"""saq over Redis: its own command with ``settings``."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from saq.queue.redis import RedisQueue

from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.peers.work import AT_ONCE, REDIS_URL, work

queue = RedisQueue.from_url(REDIS_URL)


async def task(_context: dict[str, Any], *, number: int) -> None:
    await work(number)


settings = {"queue": queue, "functions": [task], "concurrency": AT_ONCE}


async def prepare() -> None:
    """Saq needs nothing but Redis."""


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    await queue.connect()

    async def enqueue(numbers: Sequence[int]) -> None:
        for number in numbers:
            await queue.enqueue("task", number=number)

    yield enqueue
    await queue.disconnect()

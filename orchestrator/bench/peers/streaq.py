"""streaQ over Redis Streams and functions: its own command."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from streaq import Worker

from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.peers.work import AT_ONCE, REDIS_URL, work

worker = Worker(redis_url=REDIS_URL, concurrency=AT_ONCE)


@worker.task
async def task(number: int) -> None:
    await work(number)


async def prepare() -> None:
    """StreaQ needs nothing but Redis."""


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    async with worker:

        async def enqueue(numbers: Sequence[int]) -> None:
            await worker.enqueue_many([task.enqueue(number) for number in numbers])

        yield enqueue

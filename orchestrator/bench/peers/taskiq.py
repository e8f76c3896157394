"""taskiq over Redis Streams: ``taskiq worker`` with one process."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from taskiq_redis import RedisStreamBroker

from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.peers.work import REDIS_URL, work

broker = RedisStreamBroker(url=REDIS_URL, consumer_id="0")


@broker.task
async def task(number: int) -> None:
    await work(number)


async def prepare() -> None:
    """The broker makes its stream itself."""


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    await broker.startup()

    async def enqueue(numbers: Sequence[int]) -> None:
        for number in numbers:
            await task.kiq(number)

    yield enqueue
    await broker.shutdown()

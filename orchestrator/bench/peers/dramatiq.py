"""dramatiq over Redis: ``dramatiq`` with one process."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.peers.work import REDIS_URL, work_in_thread

dramatiq.set_broker(RedisBroker(url=REDIS_URL))


@dramatiq.actor
def task(number: int) -> None:
    work_in_thread(number)


async def prepare() -> None:
    """Dramatiq needs nothing but its broker."""


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    async def enqueue(numbers: Sequence[int]) -> None:
        await asyncio.to_thread(_send, numbers)

    yield enqueue


def _send(numbers: Sequence[int]) -> None:
    for number in numbers:
        task.send(number)

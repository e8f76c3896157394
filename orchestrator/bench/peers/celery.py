"""Celery over Redis: ``celery worker`` with its pool of threads."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from celery import Celery

from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.peers.work import REDIS_URL, work_in_thread

app = Celery("bench", broker=REDIS_URL.replace("unix://", "redis+socket://"))


@app.task(name="bench")
def task(number: int) -> None:
    work_in_thread(number)


async def prepare() -> None:
    """Celery needs nothing but its broker."""


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    async def enqueue(numbers: Sequence[int]) -> None:
        await asyncio.to_thread(_send, numbers)

    yield enqueue


def _send(numbers: Sequence[int]) -> None:
    for number in numbers:
        task.delay(number)

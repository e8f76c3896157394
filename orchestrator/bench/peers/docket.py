"""docket (pydocket) over Redis Streams: one worker."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from docket import Docket, Worker

from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.peers.work import AT_ONCE, REDIS_URL, work


async def task(number: int) -> None:
    await work(number)


def _docket() -> Docket:
    return Docket(name="bench", url=REDIS_URL)


async def prepare() -> None:
    """Docket needs nothing but Redis."""


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    async with _docket() as docket:
        docket.register(task)

        async def enqueue(numbers: Sequence[int]) -> None:
            for number in numbers:
                await docket.add(task)(number)

        yield enqueue


async def main() -> None:
    look = timedelta(milliseconds=10)  # as shipped, a worker whose places are all taken pauses for 250 ms
    async with _docket() as docket, Worker(docket, concurrency=AT_ONCE, minimum_check_interval=look) as worker:
        docket.register(task)
        await worker.run_forever()


if __name__ == "__main__":
    asyncio.run(main())

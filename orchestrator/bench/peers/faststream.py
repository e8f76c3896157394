"""FastStream over Redis Streams: a consumer group with acknowledgement."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from faststream import FastStream
from faststream.redis import RedisBroker, StreamSub

from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.peers.work import AT_ONCE, REDIS_URL, work

broker = RedisBroker(REDIS_URL)
app = FastStream(broker)


@broker.subscriber(stream=StreamSub("tasks", group="bench", consumer="one", last_id="0"), max_workers=AT_ONCE)
async def task(number: int) -> None:
    await work(number)


async def prepare() -> None:
    """FastStream needs nothing but Redis."""


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    async with RedisBroker(REDIS_URL) as publisher:

        async def enqueue(numbers: Sequence[int]) -> None:
            for number in numbers:
                await publisher.publish(number, stream="tasks")

        yield enqueue


if __name__ == "__main__":
    asyncio.run(app.run())

"""Procrastinate: everything in Postgres, a worker of coroutines."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from procrastinate import App, PsycopgConnector

from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.peers.work import AT_ONCE, DATABASE_URL, work

app = App(connector=PsycopgConnector(conninfo=DATABASE_URL))


@app.task(name="bench")
async def task(number: int) -> None:
    await work(number)


async def prepare() -> None:
    async with app.open_async():
        await app.schema_manager.apply_schema_async()


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    async with app.open_async():

        async def enqueue(numbers: Sequence[int]) -> None:
            await task.batch_defer_async(*({"number": number} for number in numbers))

        yield enqueue


async def main() -> None:
    async with app.open_async():
        await app.run_worker_async(concurrency=AT_ONCE)


if __name__ == "__main__":
    asyncio.run(main())

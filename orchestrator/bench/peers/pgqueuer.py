"""PgQueuer: everything in Postgres, over asyncpg."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.models import Job
from pgqueuer.queries import Queries

from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.peers.work import AT_ONCE, DATABASE_URL, THINK_S

INSERT = "INSERT INTO bench_results (number) VALUES ($1)"
"""Over the pool it has anyway, which is quicker than what the other peers share."""


async def prepare() -> None:
    async with asyncpg.create_pool(DATABASE_URL, min_size=1) as pool:
        await Queries(AsyncpgPoolDriver(pool)).install()


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    async with asyncpg.create_pool(DATABASE_URL, min_size=1) as pool:
        queries = Queries(AsyncpgPoolDriver(pool))

        async def enqueue(numbers: Sequence[int]) -> None:
            payloads: list[bytes | None] = [json.dumps(number).encode() for number in numbers]
            await queries.enqueue(["task"] * len(numbers), payloads, [0] * len(numbers))

        yield enqueue


async def main() -> None:
    async with asyncpg.create_pool(DATABASE_URL) as pool:
        queuer = PgQueuer.from_asyncpg_pool(pool)

        @queuer.entrypoint("task")
        async def task(job: Job) -> None:
            if THINK_S:
                await asyncio.sleep(THINK_S)
            await pool.execute(INSERT, json.loads(job.payload or b"0"))

        await queuer.run(batch_size=AT_ONCE // 2, max_concurrent_tasks=AT_ONCE)


if __name__ == "__main__":
    asyncio.run(main())

"""The hand-tuned loop over what Jarvis recorded before: it reads run and number, marks the run, inserts the result."""

import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from db.events import record
from db.queries.bench_results import LoopWriter
from db.session import Database
from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.ours import delivery
from orchestrator.bench.plain_redis import Stream, batches
from orchestrator.router import route


async def prepare() -> None:
    """The database is migrated already."""


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    db = Database(os.environ["JARVIS_DATABASE_URL"], pool_size=1)
    stream = Stream(os.environ["JARVIS_REDIS_URL"])

    async def enqueue(numbers: Sequence[int]) -> None:
        async with db.transaction() as tx:
            recorded = await record(tx, [delivery(number) for number in numbers], route)
        runs = sorted(recorded.ready_runs)
        await stream.append([{"run": run, "n": number} for run, number in zip(runs, numbers, strict=True)])

    yield enqueue
    await stream.close()
    await db.close()


def main() -> None:
    writer = LoopWriter(os.environ["JARVIS_DATABASE_URL"])
    for batch in batches(os.environ["JARVIS_REDIS_URL"]):
        writer.mark_runs([int(fields[b"run"]) for fields in batch], [int(fields[b"n"]) for fields in batch])


if __name__ == "__main__":
    main()

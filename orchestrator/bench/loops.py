"""Two hand-tuned loops as limits: a stream read by the hundred, a hundred rows for each commit."""

import os
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from db.queries.bench_results import LoopWriter
from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.plain_redis import Stream, batches


async def prepare() -> None:
    """Nothing but the table of results, which is there."""


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    stream = Stream(os.environ["JARVIS_REDIS_URL"])

    async def enqueue(numbers: Sequence[int]) -> None:
        await stream.append([{"n": number} for number in numbers])

    yield enqueue
    await stream.close()


def main() -> None:
    writer = LoopWriter(os.environ["JARVIS_DATABASE_URL"])
    write = {"one_row": writer.write_results, "same_rows": writer.write_rows_of_ours}[sys.argv[1]]
    for batch in batches(os.environ["JARVIS_REDIS_URL"]):
        write([int(fields[b"n"]) for fields in batch])


if __name__ == "__main__":
    main()

"""DBOS: durable workflows in Postgres, started from a queue."""

import asyncio
import signal
import threading
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from dbos import DBOS, DBOSClient, DBOSConfig

from orchestrator.bench.contenders import Enqueue
from orchestrator.bench.peers.work import DATABASE_URL, work

QUEUE = "bench"
CONFIG: DBOSConfig = {"name": "bench", "system_database_url": DATABASE_URL, "application_version": "bench"}


@DBOS.workflow(name="task")
async def task(number: int) -> None:
    await write(number)


@DBOS.step(name="write")
async def write(number: int) -> None:
    await work(number)


async def prepare() -> None:
    await asyncio.to_thread(_make_tables)


def _make_tables() -> None:
    DBOS(config=CONFIG)
    DBOS.launch()
    DBOS.register_queue(QUEUE)
    DBOS.destroy()


@asynccontextmanager
async def client() -> AsyncGenerator[Enqueue]:
    connection = DBOSClient(system_database_url=DATABASE_URL)

    async def enqueue(numbers: Sequence[int]) -> None:
        for number in numbers:
            await connection.enqueue_async({"workflow_name": "task", "queue_name": QUEUE}, number)

    yield enqueue
    connection.destroy()


def main() -> None:
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    DBOS(config=CONFIG)
    DBOS.launch()
    DBOS.register_queue(QUEUE)
    stopped.wait()
    DBOS.destroy()


if __name__ == "__main__":
    main()

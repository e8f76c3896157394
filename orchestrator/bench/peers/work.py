"""The work of every peer: think for a while if the bench says so, then one row of result, committed."""

import asyncio
import os
import time

from db.queries.bench_results import AsyncWriter, ThreadWriter

DATABASE_URL = os.environ.get("JARVIS_DATABASE_URL", "")
REDIS_URL = os.environ.get("JARVIS_REDIS_URL", "")
AT_ONCE = int(os.environ.get("BENCH_AT_ONCE", "0"))
"""Tasks that a worker does at once, where a peer lets its user choose."""
THINK_S = float(os.environ.get("BENCH_THINK_S", "0"))
MOST_CONNECTIONS = 32
"""More only wait for each other: the machine has few cores and the disk one queue."""

_async_writer = AsyncWriter(DATABASE_URL, connections=MOST_CONNECTIONS)
_thread_writer = ThreadWriter(DATABASE_URL)


async def work(number: int) -> None:
    if THINK_S:
        await asyncio.sleep(THINK_S)
    await _async_writer.write(number)


def work_in_thread(number: int) -> None:
    if THINK_S:
        time.sleep(THINK_S)
    _thread_writer.write(number)

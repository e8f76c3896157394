"""Gives a contender its work, as a process of its own: ``MODULE backlog FIRST COUNT`` or ``MODULE paced … RATE``."""

import asyncio
import json
import sys
import time
from importlib import import_module
from typing import cast

import uvloop

from orchestrator.bench.contenders import ContenderModule, Enqueue

CHUNK = 500
CALLERS = 64
"""At once, when a contender takes longer to accept than the pace allows; the pool of one of them ends at 100."""


async def backlog(enqueue: Enqueue, first: int, count: int) -> None:
    for start in range(first, first + count, CHUNK):
        await enqueue(range(start, min(start + CHUNK, first + count)))


async def paced(enqueue: Enqueue, first: int, count: int, per_s: float) -> dict[int, float]:
    """One at its time, whether or not those before are accepted; returns when each was."""
    accepted: dict[int, float] = {}
    callers = asyncio.Semaphore(CALLERS)

    async def give(number: int) -> None:
        async with callers:
            await enqueue([number])
        accepted[number] = time.time()

    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            wait = began + number / per_s - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            group.create_task(give(first + number))
    return accepted


async def main() -> None:
    module, mode, first, count, *rate = sys.argv[1:]
    contender = cast("ContenderModule", import_module(module))
    if mode == "backlog":
        await contender.prepare()
        async with contender.client() as enqueue:
            await backlog(enqueue, int(first), int(count))
        return
    door = contender.door if hasattr(contender, "door") else contender.client
    async with door() as enqueue:
        sys.stdout.write(json.dumps(await paced(enqueue, int(first), int(count), float(rate[0]))))


if __name__ == "__main__":
    if sys.platform == "win32":
        asyncio.run(main())
    else:
        uvloop.run(main())

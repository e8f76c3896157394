"""Gives a contender its work, as a process of its own: ``MODULE backlog FIRST COUNT``."""

import asyncio
import sys
from importlib import import_module
from typing import cast

import uvloop

from orchestrator.bench.contenders import ContenderModule

CHUNK = 500


async def backlog(contender: ContenderModule, first: int, count: int) -> None:
    async with contender.client() as enqueue:
        for start in range(first, first + count, CHUNK):
            await enqueue(range(start, min(start + CHUNK, first + count)))


async def main() -> None:
    module, _mode, first, count = sys.argv[1:5]
    contender = cast("ContenderModule", import_module(module))
    await contender.prepare()
    await backlog(contender, int(first), int(count))


if __name__ == "__main__":
    if sys.platform == "win32":
        asyncio.run(main())
    else:
        uvloop.run(main())

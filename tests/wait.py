"""Waiting for something to become true, with a deadline instead of a sleep."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def wait_until(look: Callable[[], Awaitable[T]], *, timeout_s: float = 60.0, pause_s: float = 0.02) -> T:
    """The first true answer of ``look``; fails with its last answer. ``pause_s``: longer where looking is dear."""
    deadline = time.monotonic() + timeout_s
    while True:
        answer = await look()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"still {answer!r} after {timeout_s:.0f} s")
        await asyncio.sleep(pause_s)

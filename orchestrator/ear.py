"""Waiting for work: until the bell rings, the time for a look of one's own has come, or a place became free."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Ear(Generic[T]):
    """``listen`` waits at the bell for a limited time and returns what it heard."""

    def __init__(self, listen: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._listen = listen
        self._listening: asyncio.Task[T] | None = None
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        """Something of ours was finished: there may be more to take at once."""
        self._nudged.set()

    async def wait(self, at_most_s: float) -> T | None:
        """What the bell said; None after a nudge, or when it said nothing for so long.

        The ear stays at the bell all the same: breaking a read off costs a connection.
        """
        if self._listening is None:
            self._listening = asyncio.ensure_future(self._listen())
        nudged = asyncio.ensure_future(self._nudged.wait())
        await asyncio.wait({self._listening, nudged}, timeout=at_most_s, return_when=asyncio.FIRST_COMPLETED)
        nudged.cancel()
        self._nudged.clear()
        if not self._listening.done():
            return None
        heard, self._listening = self._listening, None
        return heard.result()

    def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()

"""A bounded set of concurrent jobs with one owner: the loops start work here and nowhere else."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class WorkerPool:
    """Runs at most ``size`` coroutines at once inside a TaskGroup of its loop."""

    def __init__(self, group: asyncio.TaskGroup, size: int) -> None:
        self._group = group
        self._size = size
        self._active: set[asyncio.Task[None]] = set()
        self._freed = asyncio.Event()

    @property
    def free(self) -> int:
        return self._size - len(self._active)

    @property
    def active(self) -> int:
        return len(self._active)

    def start(self, job: Coroutine[Any, Any, None]) -> None:
        task = self._group.create_task(job)
        self._active.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._active.discard(task)
        self._freed.set()

    async def wait_free(self, stop: asyncio.Event | None = None) -> None:
        """Until a place is free or ``stop`` is set: a full pool must not keep a process from stopping."""
        await self._wait(lambda: self.free > 0, stop)

    async def wait_empty(self, stop: asyncio.Event | None = None) -> None:
        """Until nothing is under way or ``stop`` is set."""
        await self._wait(lambda: not self._active, stop)

    async def _wait(self, is_so: Callable[[], bool], stop: asyncio.Event | None) -> None:
        while not is_so() and not (stop is not None and stop.is_set()):
            self._freed.clear()
            signs = [asyncio.ensure_future(sign.wait()) for sign in (self._freed, stop) if sign is not None]
            await asyncio.wait(signs, return_when=asyncio.FIRST_COMPLETED)
            for sign in signs:
                sign.cancel()

    async def drain(self, grace_s: float) -> None:
        """Let running jobs finish for ``grace_s``; the rest are cancelled, and their leases hand the work back."""
        if self._active:
            _done, late = await asyncio.wait(self._active, timeout=grace_s)
            for task in late:
                task.cancel()

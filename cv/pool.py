"""Work in processes of its own: started when first needed, within bounds, ended when it hangs, replaced when it dies.

Nothing runs before the first task, and what has rested for ten minutes is ended. A worker is a child without our
environment (it holds our secrets) and without our open files; what it answers is read as values only, never as code.
"""

import asyncio
import contextlib
import io
import json
import os
import pickle
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, is_dataclass
from enum import Enum
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from core.errors import Broken, JarvisError, Temporary
from cv.worker import READY, Answer, Bounds, Task

REST_S = 600.0
START_S = 60.0
LONGEST_ANSWER = 64 * 1024 * 1024
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
PLAIN_TYPES = {("datetime", "datetime"), ("datetime", "timezone"), ("datetime", "timedelta")}


class WorkerDied(Temporary):
    """``by`` is the signal that ended it, None when it left by itself."""

    by: signal.Signals | None = None

    @property
    def is_own_doing(self) -> bool:
        """It broke down over its task; it was not ended from outside (a person, the system short of memory)."""
        return self.by not in {signal.SIGKILL, signal.SIGTERM, None}


class OutOfTime(Temporary):
    """The task took longer than its bounds allow; its worker was ended."""


class Pool:
    """``workers`` processes at most; more tasks wait for their turn in order."""

    def __init__(self, bounds: Bounds, *, workers: int = 1, rest_s: float = REST_S) -> None:
        self._bounds = bounds
        self._rest_s = rest_s
        self._places: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()
        for _ in range(workers):
            self._places.put(None)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="vision")
        self._started: set[_Worker] = set()
        self._lock = threading.Lock()
        self._is_closed = False
        self._rest: asyncio.TimerHandle | None = None

    async def run(self, function: str, *arguments: Any, **options: Any) -> Any:
        """The function's value; its ``JarvisError`` is raised here, any other error comes as ``Broken``."""
        loop = asyncio.get_running_loop()
        if self._rest is not None:
            self._rest.cancel()
        try:
            return await loop.run_in_executor(self._threads, self._do, Task(function, arguments, options))
        finally:
            if not self._is_closed:
                self._rest = loop.call_later(self._rest_s, self._let_rest)

    async def aclose(self) -> None:
        """End every worker; what one was doing is told as ``WorkerDied``."""
        self._is_closed = True
        if self._rest is not None:
            self._rest.cancel()
        with self._lock:
            for worker in self._started:
                worker.kill()
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)
        with self._lock:
            left = list(self._started)
        for worker in left:
            self._end(worker)

    def pids(self) -> tuple[int, ...]:
        """Of the processes that live now."""
        with self._lock:
            return tuple(worker.pid for worker in self._started)

    # -- in a thread of the pool ---------------------------------------------------------------------------------------

    def _do(self, task: Task) -> Any:
        with self._worker() as worker:
            answer = worker.do(task)
            worker.is_spent = answer.is_spent
        if answer.error is not None:
            raise answer.error
        return answer.value

    @contextlib.contextmanager
    def _worker(self) -> "Generator[_Worker]":
        """One that is free, or a new one; it goes back to its place unless it failed or is spent."""
        worker, kept = self._places.get(), None
        try:
            if worker is not None and worker.is_gone():
                self._end(worker)
                worker = None
            worker = worker or self._start()
            yield worker
            kept = None if worker.is_spent else worker
        finally:
            if kept is None and worker is not None:
                self._end(worker)
            self._places.put(kept)

    def _start(self) -> "_Worker":
        with self._lock:
            if self._is_closed:
                raise WorkerDied("vision is closed")
            worker = _Worker(self._bounds)
            self._started.add(worker)
        return worker

    def _end(self, worker: "_Worker") -> None:
        worker.end()
        with self._lock:
            self._started.discard(worker)

    # -- rest ----------------------------------------------------------------------------------------------------------

    def _let_rest(self) -> None:
        if not self._is_closed:
            self._threads.submit(self._end_resting)

    def _end_resting(self) -> None:
        for _ in range(self._places.qsize()):
            with contextlib.suppress(queue.Empty):
                worker = self._places.get_nowait()
                if worker is not None:
                    self._end(worker)
                self._places.put(None)


class _Worker:
    """One process and the line to it."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self.is_spent = False
        self._is_ready = False
        self._is_late = False
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-c", "from cv.worker import main; main()", str(theirs.fileno()), _as_text(bounds)],
                pass_fds=[theirs.fileno()],
                env=_environment(bounds),
                stdin=subprocess.DEVNULL,
            )
        self._line = Connection(ours.detach())

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_gone(self) -> bool:
        """It was ended while it rested."""
        return self._process.poll() is not None

    def do(self, task: Task) -> Answer:
        self._wait_for_start(task)
        patience = threading.Timer(self._bounds.task_timeout_s, self._give_up)
        patience.start()
        try:
            self._line.send(task)
            return _read(self._line.recv_bytes(LONGEST_ANSWER))
        except (EOFError, OSError):
            raise (self._lateness(task) if self._is_late else self._death(task)) from None
        finally:
            patience.cancel()

    def _wait_for_start(self, task: Task) -> None:
        """Its time to start is not the task's."""
        if self._is_ready:
            return
        try:
            if not self._line.poll(START_S) or self._line.recv_bytes(LONGEST_ANSWER) != READY:
                raise OutOfTime(f"a process for {task.function} did not start within {START_S:g} s")
        except (EOFError, OSError):
            raise self._death(task) from None
        self._is_ready = True

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._line.close()
        self._process.kill()
        self._process.wait()

    def _give_up(self) -> None:
        self._is_late = True
        self.kill()

    def _lateness(self, task: Task) -> OutOfTime:
        return OutOfTime(f"{task.function} took longer than {self._bounds.task_timeout_s:g} s")

    def _death(self, task: Task) -> WorkerDied:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        code = self._process.returncode
        by = signal.Signals(-code) if code is not None and code < 0 else None
        died = WorkerDied(f"the process that did {task.function} died ({by.name if by else code})")
        died.by = by
        return died


def _as_text(bounds: Bounds) -> str:
    return json.dumps(asdict(bounds))


def _environment(bounds: Bounds) -> dict[str, str]:
    """What a worker needs, and none of our secrets; one process is meant to use ``threads`` processors, not all."""
    threads = str(bounds.threads)
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": threads,
        "OMP_THREAD_LIMIT": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "MALLOC_ARENA_MAX": "2",
        "JARVIS_VISION_THREADS": threads,
    }


class _Values(pickle.Unpickler):
    """Reads dataclasses, enums and errors of ours, and nothing that could run: the other side may be taken over."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in PLAIN_TYPES or module.partition(".")[0] in {"cv", "core"}:
            found = getattr(import_module(module), name)
            if (module, name) in PLAIN_TYPES or _is_value(found):
                return found
        raise Broken(f"a worker answered with {module}.{name}, which is no value of ours")


def _is_value(found: object) -> bool:
    return isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum | JarvisError))


def _read(answer: bytes) -> Answer:
    try:
        value = _Values(io.BytesIO(answer)).load()
    except (pickle.UnpicklingError, AttributeError, ImportError, TypeError, ValueError) as error:
        raise Broken(f"a worker's answer cannot be read: {type(error).__name__}") from error
    if not isinstance(value, Answer):
        raise Broken("a worker's answer is no answer")
    return value

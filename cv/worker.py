"""A worker process of the pool: takes a task, does it within its bounds, answers, and waits for the next."""

import contextlib
import json
import pickle
import resource
import signal
import sys
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from core.errors import Broken, JarvisError

OPEN_FILES_OF_UNTRUSTED = 64
READY = b"ready"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one worker may use; a task over the time is killed, a worker over the memory is replaced after its task.

    A worker whose input is untrusted reads content made by strangers: the system itself takes memory from it at
    ``memory_mb`` and processor time at ``task_timeout_s``, and it can write no file.
    """

    memory_mb: int
    task_timeout_s: float
    threads: int = 1
    tasks: int = 500
    """After so many a worker is replaced: what libraries leak does not add up."""
    is_untrusted: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A function by its place (``cv.damage.find_damage``): the parent need not import what it does not run."""

    function: str
    arguments: tuple[Any, ...]
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    value: Any
    error: JarvisError | None
    is_spent: bool
    """The worker has done its share or holds too much memory."""


def main() -> None:
    """Serve until the parent hangs up; the arguments are the number of the open line to it, and the bounds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides about us
    with Connection(int(sys.argv[1])) as parent, contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        serve(parent, Bounds(**json.loads(sys.argv[2])))


def serve(parent: Connection, bounds: Bounds) -> None:
    if bounds.is_untrusted:
        _limit(bounds)
    parent.send_bytes(READY)
    done = 0
    while True:
        task: Task = parent.recv()
        if bounds.is_untrusted:
            _allow_processor_time(bounds.task_timeout_s)
        value, error = _do(task)
        done += 1
        is_spent = done >= bounds.tasks or resident_mb() > bounds.memory_mb
        parent.send_bytes(pickle.dumps(Answer(value, error, is_spent)))


def _do(task: Task) -> tuple[Any, JarvisError | None]:
    module, _, name = task.function.rpartition(".")
    try:
        return getattr(import_module(module), name)(*task.arguments, **task.options), None
    except JarvisError as error:
        return None, error
    except Exception as error:  # noqa: BLE001 - a fault of one task is told to who asked, the worker goes on
        return None, Broken(f"{task.function}: {type(error).__name__}: {error} ({_place(error)})")


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "nowhere" if trace is None else f"{trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}"


def _limit(bounds: Bounds) -> None:
    memory = bounds.memory_mb * 1024 * 1024
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, OPEN_FILES_OF_UNTRUSTED),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _allow_processor_time(seconds: float) -> None:
    """From now on; over it the system ends this process (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def resident_mb() -> float:
    """Physical memory of this process (``/proc``; 0 where there is none)."""
    try:
        with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 - no pathlib for one line
            pages = int(told.read().split()[1])
    except OSError:
        return 0.0
    return pages * resource.getpagesize() / 1e6

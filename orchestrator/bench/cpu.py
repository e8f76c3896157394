"""Seconds of processor time, of a process with all it started."""

from pathlib import Path

import psutil


def spent_s(pid: int) -> float:
    """Of the process, its living descendants, and the dead ones it has waited for; 0 when it is gone."""
    try:
        top = psutil.Process(pid)
        return sum(_own_s(process) for process in (top, *top.children(recursive=True)))
    except psutil.NoSuchProcess:
        return 0.0


def _own_s(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system + times.children_user + times.children_system


def postgres_pid(data: Path) -> int:
    return int((data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])


def redis_pid() -> int:
    """Of the embedded server, which is a child of this process."""
    return next(child.pid for child in psutil.Process().children() if child.name().startswith("redis-server"))

"""Who takes part in the benches of dispatch, kill, latency and history: one visible table.

Every contender does the same work: for each number it is given, one row in ``bench_results``, committed. Its module
has ``prepare`` (what it needs in a fresh database) and ``client`` (how work is given to it); its processes are real
ones, started from ``commands`` as arguments of Python, the worker first.
"""

import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal, Protocol

Enqueue = Callable[[Sequence[int]], Awaitable[None]]


class ContenderModule(Protocol):
    async def prepare(self) -> None: ...

    def client(self) -> AbstractAsyncContextManager[Enqueue]: ...

    def door(self) -> AbstractAsyncContextManager[Enqueue]:
        """How single events come in while it runs; for most it is the client."""
        ...


@dataclass(frozen=True, slots=True)
class Contender:
    """``at_once``: how many tasks the worker does at once, in its command or as ``BENCH_AT_ONCE``; None: as shipped."""

    name: str
    module: str
    commands: tuple[str, ...]
    about: str
    part: Literal["ours", "peer", "limit"]
    at_once: int | None = None
    package: str | None = None
    """Of a peer: the distribution whose version is stated."""
    libraries: Path | None = None
    """Where the packages of a peer are that cannot be installed beside ours (scripts/bench-peers.sh)."""
    cannot_run: str | None = None
    """Why a peer stands in the tables without figures, where its being not installed is not the reason."""
    loses_nothing: bool = False
    """Of a peer: whether ``bench kill`` finds every task done within its cap after SIGKILL."""

    @property
    def version(self) -> str | None:
        if self.package is None:
            return None
        folders = sys.path if self.libraries is None else [str(self.libraries)]
        found = next(iter(metadata.distributions(name=self.package, path=folders)), None)
        return None if found is None else found.version

    @property
    def why_not(self) -> str | None:
        """Why it cannot take part here; None when it can."""
        if self.package is not None and self.version is None:
            return "not installed: scripts/bench-peers.sh"
        return self.cannot_run


def _ours() -> Contender:
    return Contender(
        "jarvis",
        "orchestrator.bench.ours",
        ("-m orchestrator.bench.ours", "-m orchestrator.cli relay"),
        "the real worker with a trivial agent, and the relay beside it; settings as shipped",
        part="ours",
    )


def _limit(name: str, command: str, about: str) -> Contender:
    return Contender(name, command.split()[1], (command,), about, part="limit")


def _peer(
    package: str,
    about: str,
    *,
    command: str = "-m {module}",
    at_once: int | None = 32,
    name: str | None = None,
    libraries: Path | None = None,
    cannot_run: str | None = None,
    loses_nothing: bool = False,
) -> Contender:
    module = f"orchestrator.bench.peers.{name or package}"
    return Contender(
        name or package,
        module,
        (command.replace("{module}", module),),
        about,
        part="peer",
        at_once=at_once,
        package=package,
        libraries=libraries,
        cannot_run=cannot_run,
        loses_nothing=loses_nothing,
    )


OURS = _ours()

_TABLE = (
    OURS,
    _limit(
        "one_row_loop",
        "-m orchestrator.bench.loops one_row",
        "XREADGROUP 100, one INSERT of 100 results and a commit, XACK; no task, no record, no order",
    ),
    _limit(
        "same_rows_loop",
        "-m orchestrator.bench.loops same_rows",
        "the same loop, which inserts the event, its finished run and the result",
    ),
    _limit(
        "marking_loop",
        "-m orchestrator.bench.marking_loop",
        "the same loop over events and runs recorded before, as ours are: it marks the run and inserts the result",
    ),
    _peer(
        "taskiq-redis",
        "RedisStreamBroker, one worker process",
        name="taskiq",
        command="-m taskiq worker --workers 1 --max-async-tasks {at_once} {module}:broker",
        at_once=100,
    ),
    _peer(
        "celery",
        "Redis broker, pool of threads",
        command="-m celery -A {module} worker -P threads -c {at_once} -l warning",
    ),
    _peer("dramatiq", "Redis broker, one process of threads", command="-m dramatiq {module} -p 1 -t {at_once}"),
    _peer(
        "arq",
        "Redis",
        at_once=200,
        command="-m arq {module}.WorkerSettings",
        libraries=Path(sys.prefix, "peers", "arq"),
    ),
    _peer("saq", "Redis", command="-m saq {module}.settings"),
    _peer("procrastinate", "Postgres"),
    _peer(
        "dbos", "Postgres, a workflow of one step, a queue without a limit as shipped", at_once=None, loses_nothing=True
    ),
    _peer(
        "pgqueuer", "Postgres over asyncpg, batches of half of what it does at once", at_once=200, loses_nothing=True
    ),
    _peer("pydocket", "Redis Streams, looks every 10 ms", name="docket"),
    _peer(
        "streaq",
        "Redis Streams",
        command="-m streaq run {module}:worker",
        cannot_run="needs the functions of Redis 7, the embedded server is Redis 6.2",
    ),
    _peer("faststream", "Redis Streams, a group with acknowledgement, read from 0", loses_nothing=True),
)

LIMITS = tuple(contender for contender in _TABLE if contender.part == "limit")


def peers(wanted: str) -> tuple[Contender, ...]:
    """``all``, or names with commas between them; raises ``ValueError`` for one that is not there."""
    known = {contender.name: contender for contender in _TABLE if contender.part == "peer"}
    names = list(known) if wanted == "all" else [name for name in wanted.split(",") if name]
    for name in names:
        if name not in known:
            raise ValueError(f"there is no peer {name!r}; peers: {', '.join(known)}")
    return tuple(known[name] for name in names)

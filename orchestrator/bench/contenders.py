"""Who takes part in the benches of dispatch, kill, latency and history: one visible table.

Every contender does the same work: for each number it is given, one row in ``bench_results``, committed. Its module
has ``prepare`` (what it needs in a fresh database) and ``client`` (how work is given to it); its processes are real
ones, started from ``commands`` as arguments of Python, the worker first.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

Enqueue = Callable[[Sequence[int]], Awaitable[None]]

IN_FLIGHT = 32
"""Tasks that a worker does at once, where a contender lets its user choose."""


class ContenderModule(Protocol):
    async def prepare(self) -> None: ...

    def client(self) -> AbstractAsyncContextManager[Enqueue]: ...


@dataclass(frozen=True, slots=True)
class Contender:
    name: str
    module: str
    commands: tuple[tuple[str, ...], ...]
    about: str
    part: Literal["ours", "peer", "limit"] = "peer"


_LOOPS = "orchestrator.bench.loops"

CONTENDERS: dict[str, Contender] = {
    contender.name: contender
    for contender in (
        Contender(
            "jarvis",
            "orchestrator.bench.ours",
            (("-m", "orchestrator.bench.ours"), ("-m", "orchestrator.cli", "relay")),
            "the real worker with a trivial agent, and the relay beside it; settings as shipped",
            part="ours",
        ),
        Contender(
            "one_row_loop",
            _LOOPS,
            (("-m", _LOOPS, "one_row"),),
            "limit: XREADGROUP 100, one INSERT of 100 results and a commit, XACK; no task, no record, no order",
            part="limit",
        ),
        Contender(
            "same_rows_loop",
            _LOOPS,
            (("-m", _LOOPS, "same_rows"),),
            "limit: the same loop, which inserts the event, its finished run and the result",
            part="limit",
        ),
        Contender(
            "marking_loop",
            "orchestrator.bench.marking_loop",
            (("-m", "orchestrator.bench.marking_loop"),),
            "limit: the same loop over events and runs recorded before, as ours are: marks the run, inserts the result",
            part="limit",
        ),
    )
}


def peers(wanted: str) -> tuple[str, ...]:
    """``all``, or names with commas between them; raises ``ValueError`` for one that is not there."""
    known = [contender.name for contender in CONTENDERS.values() if contender.part == "peer"]
    if wanted == "all":
        return tuple(known)
    names = tuple(name for name in wanted.split(",") if name)
    for name in names:
        if name not in known:
            raise ValueError(f"there is no peer {name!r}; peers: {', '.join(known)}")
    return names

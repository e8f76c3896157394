"""``bench latency``: from an event accepted to its effect committed, while events come at a steady pace.

Accepted means: for Jarvis the webhook is answered 200 by its real ingress, for a peer the call that enqueues has
returned. Committed is Postgres's own commit time of the row of result (before the flush of its log, for everybody).
An effect may be committed before its caller has read that it was accepted: that counts as it is, below zero.
"""

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from core.errors import Broken
from orchestrator.bench.arena import Arena, Processes, Round, arena
from orchestrator.bench.contenders import CONTENDERS, Contender
from orchestrator.bench.ground import free_port, is_answering
from orchestrator.bench.ingress import ingress_settings
from orchestrator.bench.machine import machine, spread, versions

RATES = (200, 1_000)
SECONDS = 10.0
ROUNDS = 2
WARM_UP = 300
PATIENCE_S = 60.0
LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds; ``undone`` had no result within a minute."""

    p50_ms: float
    p99_ms: float
    worst_ms: float
    undone: int


def measure(against: Sequence[str], *, events: int | None = None, rounds: int = ROUNDS) -> dict[str, Any]:
    about = machine()
    chosen = [CONTENDERS[name] for name in ("jarvis", *against)]
    able = [contender for contender in chosen if contender.cannot_run is None]
    figures: dict[str, dict[str, Any]] = {contender.name: {} for contender in able}
    with arena() as place:
        for rate in RATES:
            count = events or int(rate * SECONDS)
            taken = [
                {contender.name: one_round(place, contender, count, rate) for contender in able} for _ in range(rounds)
            ]
            for contender in able:
                figures[contender.name][f"at_{rate}_per_s"] = _summary([turn[contender.name] for turn in taken])
    return {
        "bench": "latency",
        "machine": about,
        "versions": versions(able),
        "seconds_each": SECONDS,
        "rounds": rounds,
        "contenders": figures,
        "cannot_run": {one.name: one.cannot_run for one in chosen if one.cannot_run is not None},
        "targets": {"at_200_per_s": {"p99_ms": 50}},
    }


def one_round(place: Arena, contender: Contender, count: int, rate: float) -> Latency:
    port = free_port()
    with place.round(contender, **ingress_settings(port)) as on:
        on.feed(1, WARM_UP)
        with running(on, port) as processes:
            wait_done(on, processes, 1, WARM_UP)
            return paced(on, processes, WARM_UP + 1, count, rate)


@contextmanager
def running(on: Round, port: int) -> Generator[Processes]:
    """The contender's processes; for Jarvis its ingress too, which answers."""
    is_ours = on.contender.part == "ours"
    with on.running(*(["-m orchestrator.cli ingress"] if is_ours else [])) as processes:
        deadline = time.monotonic() + PATIENCE_S
        while is_ours and not is_answering(f"http://127.0.0.1:{port}/healthz"):
            processes.complain_if_ended()
            if time.monotonic() > deadline:
                raise Broken("the ingress does not answer")
            time.sleep(LOOK_S)
        yield processes


def wait_done(on: Round, processes: Processes, first: int, count: int) -> int:
    """How many of ``count`` tasks from ``first`` on have no result after a minute."""
    deadline = time.monotonic() + PATIENCE_S
    while (done := on.results.different_from(first)) < count and time.monotonic() < deadline:
        processes.complain_if_ended()
        time.sleep(LOOK_S)
    return max(0, count - done)


def paced(on: Round, processes: Processes, first: int, count: int, rate: float) -> Latency:
    accepted = on.feed_paced(first, count, rate)
    undone = wait_done(on, processes, first, count)
    waited = sorted(
        (result.at.timestamp() - accepted[result.number]) * 1_000
        for result in on.results.committed()
        if result.number in accepted
    )
    return Latency(
        p50_ms=round(waited[len(waited) // 2], 2),
        p99_ms=round(waited[int(len(waited) * 0.99)], 2),
        worst_ms=round(waited[-1], 2),
        undone=undone,
    )


def _summary(rounds: Sequence[Latency]) -> dict[str, Any]:
    rows = [asdict(one) for one in rounds]
    return {name: spread([row[name] for row in rows]) for name in ("p50_ms", "p99_ms", "worst_ms")} | {
        "undone": sum(one.undone for one in rounds)
    }

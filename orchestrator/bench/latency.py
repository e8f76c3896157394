"""``bench latency``: from an event accepted to its effect committed, while events come at a steady pace.

Accepted means: for Jarvis the webhook is answered 200 by its real ingress, for a peer the call that enqueues has
returned. Committed is Postgres's own commit time of the row of result (before the flush of its log, for everybody).
The first second at the pace opens connections and fills caches, and is not counted, for anybody.
An effect may be committed before its caller has read that it was accepted: that counts as it is, below zero.
"""

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from core.errors import Broken
from orchestrator.bench.arena import Arena, Processes, Round, arena
from orchestrator.bench.contenders import OURS, Contender
from orchestrator.bench.ground import free_port, is_answering
from orchestrator.bench.ingress import ingress_settings
from orchestrator.bench.machine import machine, spread
from orchestrator.bench.tournament import Tournament

RATES = (200, 1_000)
SECONDS = 10.0
WARM_UP_S = 1.0
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


def measure(against: Sequence[Contender], *, events: int | None = None, rounds: int = ROUNDS) -> dict[str, Any]:
    """``events`` in each round instead of ten seconds' worth."""
    about = machine()
    tournament = Tournament([OURS, *against])
    figures: dict[str, dict[str, Any]] = {contender.name: {} for contender in tournament.able}
    with arena() as place:
        servers = place.found.servers()
        for rate in RATES:
            taken: dict[str, list[Latency]] = {contender.name: [] for contender in tournament.able}
            for _ in range(rounds):
                for contender in tournament.able:
                    count = events or int(rate * SECONDS)
                    one = tournament.turn(contender, partial(one_round, place, contender, count, rate))
                    if one is not None:
                        taken[contender.name].append(one)
            for name, of in taken.items():
                if len(of) == rounds:
                    figures[name][f"at_{rate}_per_s"] = _summary(of)
    return {
        "bench": "latency",
        "machine": about | servers,
        "rounds": rounds,
        "about": tournament.about(),
        "contenders": figures,
        "left_out": tournament.left_out,
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
    """``count`` events are measured, after those of the first second."""
    opening = int(rate * WARM_UP_S)
    accepted = on.feed_paced(first, opening + count, rate)
    undone = wait_done(on, processes, first, opening + count)
    waited = sorted(
        (result.at.timestamp() - accepted[result.number]) * 1_000
        for result in on.results.committed()
        if result.number in accepted and result.number >= first + opening
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

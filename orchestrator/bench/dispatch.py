"""``bench dispatch``: a backlog, one worker process, and how soon every event has its committed result.

Throughput is counted from the first committed result to the last, so neither the start of a process nor what a first
batch did before it is measured. Rounds go in turn, so that all meet the same weather on the machine.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from orchestrator.bench import cpu
from orchestrator.bench.arena import TEMPLATE, Arena, Round, arena
from orchestrator.bench.contenders import LIMITS, OURS, Contender
from orchestrator.bench.machine import machine, spread
from orchestrator.bench.tournament import Tournament

EVENTS = 20_000
ROUNDS = 3
PATIENCE_S = 600.0
LOOK_S = 0.02


@dataclass(frozen=True, slots=True)
class Measured:
    """One contender's round. Processor seconds are for 1,000 events, counted after the first result."""

    events_per_s: float
    worker_cpu_s: float
    other_cpu_s: float
    postgres_cpu_s: float
    redis_cpu_s: float
    undone: int
    doubled: int


def measure(against: Sequence[Contender], *, events: int = EVENTS, rounds: int = ROUNDS) -> dict[str, Any]:
    about = machine()
    tournament = Tournament([OURS, *LIMITS, *against])
    measured: dict[str, list[Measured]] = {contender.name: [] for contender in tournament.able}
    with arena() as place:
        servers = place.found.servers()
        for _ in range(rounds):
            for contender in tournament.able:
                one = tournament.turn(contender, partial(one_round, place, contender, events))
                if one is not None:
                    measured[contender.name].append(one)
    whole = {name: of for name, of in measured.items() if len(of) == rounds}
    ours = whole[OURS.name]
    ratios = {name: _ratio(ours, of) for name, of in whole.items() if name != OURS.name}
    safe = [contender.name for contender in against if contender.loses_nothing and contender.name in whole]
    best = min(safe, key=lambda name: ratios[name]["median"], default=None)
    return {
        "bench": "dispatch",
        "machine": about | servers,
        "events": events,
        "rounds": rounds,
        "about": tournament.about(),
        "contenders": {name: _summary(of) for name, of in whole.items()},
        "left_out": tournament.left_out,
        "ratio_of_ours_to": ratios,
        "best_peer_that_loses_nothing": best,
        "targets": {"ratio_to_best_peer_that_loses_nothing": 1.5, "ratio_to_loops_that_write_the_same_rows": 0.5},
    }


def one_round(place: Arena, contender: Contender, events: int, *, template: str = TEMPLATE) -> Measured:
    with place.round(contender, template=template) as on:
        on.feed(1, events)
        return _measure(place, on, events)


def _measure(place: Arena, on: Round, events: int) -> Measured:
    servers = (cpu.postgres_pid(place.found.home / "postgres"), cpu.redis_pid())
    with on.running() as processes:
        deadline = time.monotonic() + PATIENCE_S

        def spent() -> list[float]:
            worker, *others = [cpu.spent_s(pid) for pid in processes.pids]
            return [worker, sum(others), *map(cpu.spent_s, servers)]

        while on.results.begun() == 0 and time.monotonic() < deadline:
            processes.complain_if_ended()
            time.sleep(LOOK_S)
        begun, before = on.results.begun(), spent()
        while time.monotonic() < deadline and not (
            on.results.begun() >= events and on.results.different_from(1) >= events
        ):
            processes.complain_if_ended()
            time.sleep(LOOK_S)
        after = spent()
    committed = on.results.committed()
    different = {result.number for result in committed}
    lasted = (committed[-1].at - committed[0].at).total_seconds()
    first_batch = sum(1 for result in committed if result.at == committed[0].at)
    worker, others, postgres, redis = (
        round((end - start) / max(1, events - begun) * 1_000, 3) for start, end in zip(before, after, strict=True)
    )
    return Measured(
        events_per_s=round((len(committed) - first_batch) / max(lasted, 1e-6), 1),
        worker_cpu_s=worker,
        other_cpu_s=others,
        postgres_cpu_s=postgres,
        redis_cpu_s=redis,
        undone=events - len(different),
        doubled=len(committed) - len(different),
    )


def _summary(rounds: Sequence[Measured]) -> dict[str, Any]:
    per_thousand = ("worker_cpu_s", "other_cpu_s", "postgres_cpu_s", "redis_cpu_s")
    return {
        "events_per_s": spread([one.events_per_s for one in rounds]),
        "per_1000_events": {name: spread([getattr(one, name) for one in rounds])["median"] for name in per_thousand},
        "undone": sum(one.undone for one in rounds),
        "doubled": sum(one.doubled for one in rounds),
    }


def _ratio(ours: Sequence[Measured], theirs: Sequence[Measured]) -> dict[str, float]:
    """Of the rounds that lay beside each other."""
    return spread([one.events_per_s / other.events_per_s for one, other in zip(ours, theirs, strict=True)])

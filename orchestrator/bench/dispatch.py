"""``bench dispatch``: a backlog, one worker process, and how soon every event has its committed result.

Throughput is counted from the first committed result to the last, so neither the start of a process nor what a first
batch did before it is measured. Rounds go in turn, so that all meet the same weather on the machine.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.bench import cpu
from orchestrator.bench.arena import TEMPLATE, Arena, Round, arena
from orchestrator.bench.contenders import CONTENDERS, Contender
from orchestrator.bench.machine import machine, spread

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


def measure(against: Sequence[str], *, events: int = EVENTS, rounds: int = ROUNDS) -> dict[str, Any]:
    about = machine()
    chosen = [contender for contender in CONTENDERS.values() if contender.part != "peer" or contender.name in against]
    measured: dict[str, list[Measured]] = {contender.name: [] for contender in chosen}
    with arena() as place:
        for _ in range(rounds):
            for contender in chosen:
                measured[contender.name].append(one_round(place, contender, events))
    ours = measured["jarvis"]
    return {
        "bench": "dispatch",
        "machine": about,
        "events": events,
        "rounds": rounds,
        "contenders": {name: _summary(CONTENDERS[name], of) for name, of in measured.items()},
        "ratio_of_ours_to": {name: _ratio(ours, of) for name, of in measured.items() if name != "jarvis"},
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


def _summary(contender: Contender, rounds: Sequence[Measured]) -> dict[str, Any]:
    per_thousand = ("worker_cpu_s", "other_cpu_s", "postgres_cpu_s", "redis_cpu_s")
    return {
        "about": contender.about,
        "events_per_s": spread([one.events_per_s for one in rounds]),
        "per_1000_events": {name: spread([getattr(one, name) for one in rounds])["median"] for name in per_thousand},
        "undone": sum(one.undone for one in rounds),
        "doubled": sum(one.doubled for one in rounds),
    }


def _ratio(ours: Sequence[Measured], theirs: Sequence[Measured]) -> dict[str, float]:
    """Of the rounds that lay beside each other."""
    return spread([one.events_per_s / other.events_per_s for one, other in zip(ours, theirs, strict=True)])

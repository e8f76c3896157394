"""``bench history``: what old rows and long queues cost the events that come now.

A database with millions of finished events, filled by set-based SQL, beside an empty one; then the delay of a steady
trickle of events while 100,000 other subjects wait, and while one subject's long line is being worked off.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from db.queries import bench_history
from orchestrator.bench.arena import TEMPLATE, Arena, arena
from orchestrator.bench.contenders import OURS, Contender
from orchestrator.bench.dispatch import one_round as dispatch_round
from orchestrator.bench.ground import free_port
from orchestrator.bench.ingress import ingress_settings
from orchestrator.bench.latency import WARM_UP, Latency, paced, running, wait_done
from orchestrator.bench.machine import machine, spread

FINISHED = 2_000_000
BACKLOG = 20_000
SUBJECTS = 100_000
LINE = 10_000
ROUNDS = 3
RATE = 200
SECONDS = 10
HISTORY = "bench_history"
FIRST_OTHER = 100_000_000
"""Numbers of the events whose delay is measured lie beyond all others."""

Before = Callable[[str], None]


def measure(_against: Sequence[Contender], *, events: int = FINISHED, rounds: int = ROUNDS) -> dict[str, Any]:
    """``events`` scales everything: 2,000,000 finished ones mean a backlog of 20,000, and so on."""
    about = machine()
    share = events / FINISHED
    backlog, subjects, line = (max(100, int(size * share)) for size in (BACKLOG, SUBJECTS, LINE))
    with arena() as place:
        servers = place.found.servers()
        place.make_template(HISTORY, lambda url: bench_history.fill_finished(url, events))
        pairs = [_throughputs(place, backlog) for _ in range(rounds)]
        quiet = [_delay(place, _nothing) for _ in range(rounds)]
        many = [_delay(place, lambda url: bench_history.make_subjects_wait(url, subjects)) for _ in range(rounds)]
        long = [_delay(place, lambda url: bench_history.make_line_wait(url, line)) for _ in range(rounds)]
    return {
        "bench": "history",
        "machine": about | servers,
        "finished_events": events,
        "backlog": backlog,
        "subjects_waiting": subjects,
        "line_waiting": line,
        "rounds": rounds,
        "events_per_s": {
            "empty": spread([empty for empty, _ in pairs]),
            "with_history": spread([full for _, full in pairs]),
        },
        "ratio_with_history_to_empty": spread([full / empty for empty, full in pairs]),
        "delay_at_200_per_s": {
            "quiet": _delays(quiet),
            "subjects_wait": _delays(many),
            "one_long_line": _delays(long),
        },
        "ratio_p99_to_quiet": {
            "subjects_wait": _p99_ratio(many, quiet),
            "one_long_line": _p99_ratio(long, quiet),
        },
        "targets": {"ratio_with_history_to_empty": 0.9, "ratio_p99_to_quiet": 2.0},
    }


def _throughputs(place: Arena, backlog: int) -> tuple[float, float]:
    """On an empty database, then on the old one."""
    empty, full = (dispatch_round(place, OURS, backlog, template=template) for template in (TEMPLATE, HISTORY))
    return empty.events_per_s, full.events_per_s


def _delay(place: Arena, before: Before) -> Latency:
    port = free_port()
    with place.round(OURS, **ingress_settings(port)) as on, running(on, port) as processes:
        on.feed(FIRST_OTHER, WARM_UP)
        wait_done(on, processes, FIRST_OTHER, WARM_UP)
        before(on.url)
        return paced(on, processes, FIRST_OTHER + WARM_UP, RATE * SECONDS, RATE)


def _nothing(_url: str) -> None:
    """The quiet database that the others are compared with."""


def _delays(rounds: Sequence[Latency]) -> dict[str, Any]:
    rows = [asdict(one) for one in rounds]
    return {name: spread([row[name] for row in rows]) for name in ("p50_ms", "p99_ms", "worst_ms")}


def _p99_ratio(busy: Sequence[Latency], quiet: Sequence[Latency]) -> dict[str, float]:
    return spread([one.p99_ms / other.p99_ms for one, other in zip(busy, quiet, strict=True)])

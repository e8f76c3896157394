"""Small rounds of the real benches: who takes part does every event once. Speed is never judged by a test."""

from collections.abc import Iterator

import pytest

from orchestrator.bench.arena import Arena, arena
from orchestrator.bench.contenders import LIMITS, OURS, Contender
from orchestrator.bench.dispatch import one_round
from orchestrator.bench.kill import kill_ours
from orchestrator.bench.latency import one_round as latency_round

EVENTS = 200


@pytest.fixture(scope="module")
def place() -> Iterator[Arena]:
    with arena() as opened:
        yield opened


@pytest.mark.parametrize("contender", [OURS, *LIMITS], ids=lambda contender: contender.name)
def test_each_event_of_a_backlog_has_one_result(place: Arena, contender: Contender) -> None:
    measured = one_round(place, contender, EVENTS)

    assert (measured.undone, measured.doubled) == (0, 0)


def test_a_killed_worker_leaves_nothing_undone_and_nothing_twice(place: Arena) -> None:
    (killed,) = kill_ours(place, tasks=EVENTS, kills=1, cap_s=30, think_s=0.01)

    assert (killed.undone, killed.doubled) == (0, 0)
    assert killed.done_s is not None
    assert killed.done_s > 0, "it was done before it was killed"


def test_what_the_real_ingress_accepts_is_committed(place: Arena) -> None:
    delay = latency_round(place, OURS, count=50, rate=200)

    assert delay.undone == 0
    assert delay.p50_ms <= delay.p99_ms <= delay.worst_ms

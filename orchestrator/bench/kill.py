"""``bench kill``: SIGKILL of the worker in the middle of its tasks, started again at once, settings as shipped.

Each task thinks for a moment, so that 32 are in flight when the worker dies. Who delivers again only after minutes is
not waited for longer than the cap. Jarvis is killed many times over, thinking and in batches.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from orchestrator.bench.arena import Arena, Processes, Round, arena
from orchestrator.bench.contenders import OURS, Contender
from orchestrator.bench.machine import machine, spread
from orchestrator.bench.tournament import Tournament

TASKS = 2_000
IN_FLIGHT = 32
THINK_S = 0.02
CAP_S = 90.0
KILLS_OF_OURS = 50
KILLS_OF_PEERS = 3
START_S = 60.0
LOOK_S = 0.01


@dataclass(frozen=True, slots=True)
class Killed:
    """``done_s`` is from the kill to the last first commit of a task, None when tasks stayed undone."""

    undone: int
    doubled: int
    done_s: float | None


def measure(
    against: Sequence[Contender], *, events: int = TASKS, rounds: int = KILLS_OF_OURS, cap_s: float = CAP_S
) -> dict[str, Any]:
    """``rounds`` is how often Jarvis is killed in each way; a peer up to three times, until tasks stay undone."""
    about = machine()
    tournament = Tournament(against)
    measured: dict[str, dict[str, Any]] = {}
    with arena() as place:
        servers = place.found.servers()
        thinking = kill_ours(place, tasks=events, kills=rounds, cap_s=cap_s, think_s=THINK_S)
        in_batches = kill_ours(place, tasks=events, kills=rounds, cap_s=cap_s, think_s=0)
        for peer in tournament.able:
            killed = tournament.turn(peer, partial(kill_peer, place, peer, tasks=events, cap_s=cap_s))
            if killed is not None:
                measured[peer.name] = _summary(killed)
    return {
        "bench": "kill",
        "machine": about | servers,
        "tasks": events,
        "in_flight": IN_FLIGHT,
        "think_s": THINK_S,
        "cap_s": cap_s,
        "about": tournament.about(),
        "ours": {"thinking": _summary(thinking), "in_batches": _summary(in_batches)},
        "peers": measured,
        "left_out": tournament.left_out,
        "targets": {"undone": 0, "doubled": 0, "done_s": 5.0},
    }


def kill_peer(place: Arena, peer: Contender, *, tasks: int, cap_s: float, kills: int = KILLS_OF_PEERS) -> list[Killed]:
    """Each time on a fresh database; who left tasks undone once is not waited for again."""
    killed: list[Killed] = []
    while len(killed) < kills and not any(one.undone for one in killed):
        with place.round(peer, **_settings(THINK_S)) as on:
            on.feed(1, tasks)
            with on.running() as processes:
                killed.append(_kill(on, processes, 1, tasks, cap_s))
    return killed


def kill_ours(place: Arena, *, tasks: int, kills: int, cap_s: float, think_s: float) -> list[Killed]:
    """Again and again on one database, whose history grows."""
    with place.round(OURS, **_settings(think_s)) as on, on.running() as processes:
        killed: list[Killed] = []
        for turn in range(kills):
            with processes.worker_held():
                on.feed(1 + turn * tasks, tasks)
            killed.append(_kill(on, processes, 1 + turn * tasks, tasks, cap_s))
        return killed


def _settings(think_s: float) -> dict[str, str]:
    return {
        "BENCH_THINK_S": str(think_s),
        "BENCH_AT_ONCE": str(IN_FLIGHT),
        "JARVIS_WORK__CONCURRENCY": str(IN_FLIGHT),
    }


def _kill(on: Round, processes: Processes, first: int, tasks: int, cap_s: float) -> Killed:
    """Kill when half of the tasks from ``first`` on have been begun to be written."""
    deadline = time.monotonic() + START_S
    while on.results.different_from(first) < tasks // 2 and time.monotonic() < deadline:
        processes.complain_if_ended()
        time.sleep(LOOK_S)
    killed_at = datetime.now(UTC)
    processes.kill_worker()
    processes.start_worker()
    deadline = time.monotonic() + cap_s
    while on.results.different_from(first) < tasks and time.monotonic() < deadline:
        processes.complain_if_ended()
        time.sleep(LOOK_S)
    committed = [result for result in on.results.committed() if result.number >= first]
    done = {result.number: result.at for result in reversed(committed)}
    undone = tasks - len(done)
    done_s = round((max(done.values()) - killed_at).total_seconds(), 2) if not undone else None
    return Killed(undone=undone, doubled=len(committed) - len(done), done_s=done_s)


def _summary(killed: Sequence[Killed]) -> dict[str, Any]:
    done = [one.done_s for one in killed if one.done_s is not None]
    return {
        "kills": len(killed),
        "undone": sum(one.undone for one in killed),
        "doubled": sum(one.doubled for one in killed),
        "done_s": spread(done) if done else None,
    }

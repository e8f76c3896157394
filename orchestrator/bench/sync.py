"""``bench sync``: the first reconcile of a large company and a second pass over the same data.

The branches are read one after another by one worker place, so that our time and the twin's never overlap: what is
left of the wall clock after the twin's own time is ours, HTTP and Postgres included.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import uvloop

from core.events import NewEvent, SyncDue
from core.settings import RentprogSettings, Settings, WorkSettings
from db.events import record
from db.queries import evidence
from db.queries.branches import put_branches
from orchestrator.bench.ground import Ground, child, free_port, ground
from orchestrator.bench.machine import machine, spread
from orchestrator.dispatcher import Dispatcher
from orchestrator.registry import AGENTS
from orchestrator.router import route
from orchestrator.sandbox_credentials import with_sandbox_credentials
from orchestrator.servers import Servers
from orchestrator.wiring import Jarvis, wired

CARS, CLIENTS, BOOKINGS = 500, 4_400, 5_000
UNCHANGED_PASSES = 3


@dataclass(frozen=True, slots=True)
class Pass:
    """Seconds of one pass over all branches, and what it did."""

    wall_s: float
    twin_s: float
    read: int
    written: int

    @property
    def own_s(self) -> float:
        return self.wall_s - self.twin_s


def measure() -> dict[str, Any]:
    about = machine()
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    arguments = ["-m", "orchestrator.bench.big_sandbox", str(port), str(CARS), str(CLIENTS), str(BOOKINGS)]
    with ground() as found, child(arguments, {}, ready_url=f"{base}/_sandbox/rentprog/stats"):
        _lift_limits(base)
        passes = uvloop.run(_passes(found, base))  # the loop that jarvis up runs on
    first, later = passes[0], passes[1:]
    again = spread([one.own_s for one in later])
    return {
        "bench": "sync",
        "machine": about,
        "objects_read": first.read,
        "first_pass": {"wall_s": round(first.wall_s, 2), "own_s": round(first.own_s, 2), "rows_written": first.written},
        "objects_per_s": round(first.read / first.own_s),
        "unchanged_passes": {"own_s": again, "rows_written": sum(one.written for one in later)},
        "unchanged_speedup": round(first.own_s / again["median"], 2),
        "targets": {"objects_per_s": 2_000, "unchanged_speedup": 3, "rows_written_unchanged": 0},
    }


async def _passes(found: Ground, base: str) -> list[Pass]:
    settings = with_sandbox_credentials(
        Settings(
            home=found.home,
            rentprog=RentprogSettings(base_url=f"{base}/rentprog/api/v1", is_rate_limited=False),
            work=WorkSettings(concurrency=1, poll_s=0.2),
        )
    )
    servers = Servers(found.database_url, found.redis_url, (found.home / "storage").as_uri())
    async with wired(settings, servers) as jarvis:
        async with jarvis.db.transaction() as tx:
            await put_branches(tx, settings.rentprog.branches)
        syncing = [spec for spec in AGENTS if spec.name == "rental_sync"]
        dispatcher = Dispatcher(syncing, jarvis.deps, route=_only_sync, bell=jarvis.bell, progress=jarvis.progress)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(dispatcher.run(stop))
            passes = [await _one_pass(jarvis, base) for _ in range(1 + UNCHANGED_PASSES)]
            stop.set()
    return passes


def _only_sync(kind: str) -> Any:
    """The topics of cars are another bench's matter."""
    plan = route(kind)
    return plan if plan.stages == (("rental_sync",),) else type(plan)()


async def _one_pass(jarvis: Jarvis, base: str) -> Pass:
    before, twin_before = await _totals(jarvis), _twin_busy(base)
    began = time.perf_counter()
    for branch in jarvis.settings.rentprog.branches:
        async with jarvis.db.transaction() as tx:
            due = SyncDue(branch=branch.code)
            event = NewEvent(body=due, subject=f"sync:{branch.code}", external_id=str(uuid4()), branch=branch.code)
            recorded = await record(tx, [event], _only_sync)
        await jarvis.bell.ring_runs(recorded.ready_runs)
        await _finished(jarvis, int(before["passes"]) + 1 + jarvis.settings.rentprog.branches.index(branch))
    wall = time.perf_counter() - began
    after = await _totals(jarvis)
    return Pass(
        wall_s=wall,
        twin_s=_twin_busy(base) - twin_before,
        read=int(after["read"] - before["read"]),
        written=int(after["written"] - before["written"]),
    )


async def _finished(jarvis: Jarvis, passes: int) -> None:
    while True:
        if (await _totals(jarvis))["passes"] >= passes:
            return
        await asyncio.sleep(0.03)


async def _totals(jarvis: Jarvis) -> dict[str, int]:
    async with jarvis.db.transaction() as tx:
        return await evidence.sync_totals(tx)


def _lift_limits(base: str) -> None:
    order = Request(  # noqa: S310 - our own twin on loopback
        f"{base}/_sandbox/rentprog/limits", data=b'{"enabled": false}', headers={"Content-Type": "application/json"}
    )
    urlopen(order, timeout=10).close()  # noqa: S310 - our own twin on loopback


def _twin_busy(base: str) -> float:
    with urlopen(f"{base}/_sandbox/rentprog/stats", timeout=30) as answer:  # noqa: S310 - our own twin on loopback
        return json.load(answer)["busy_s"]

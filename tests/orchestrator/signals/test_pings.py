"""A ping well is sent only while the circle has really turned; a circle that stands still says why, or nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from agents.spec import Deps, Outcome, Run
from core.events import Event, HealthDue, NewEvent
from core.health import ROLES
from core.plans import Plan
from core.settings import MonitoringSettings
from db.queries import status
from db.session import Database
from orchestrator.dispatcher import Dispatcher
from orchestrator.progress import Progress
from orchestrator.signals.pings import Pinger
from orchestrator.streams import Bell
from tests import make
from tests.sink import Sink, Taken, http_sink
from tests.wait import wait_until

ADDRESS = "/ping/canary-7f3a9c2e"
_numbers = count(1)


def route(kind: str) -> Plan:
    return {HealthDue.kind: Plan.of("watcher")}.get(kind, Plan())


@pytest.fixture
def sink() -> Iterator[Sink]:
    with http_sink() as sink:
        yield sink


@pytest.fixture
async def bell(redis_url: str) -> AsyncIterator[Bell]:
    bell = Bell(redis_url)
    yield bell
    await bell.close()


@pytest.fixture
async def alive(db: Database) -> Database:
    """Every loop beats; whether the circle turns is another question."""
    async with db.transaction() as tx:
        await status.put_heartbeats(tx, "host:1", {role: {} for role in ROLES})
    return db


@asynccontextmanager
async def pinging(db: Database, bell: Bell, sink: Sink) -> AsyncIterator[None]:
    stop = asyncio.Event()
    pinger = Pinger(sink.url + ADDRESS, MonitoringSettings(ping_every_s=0.02), db, bell)
    async with asyncio.TaskGroup() as group:
        group.create_task(pinger.run(stop))
        yield
        stop.set()


@asynccontextmanager
async def working(db: Database, bell: Bell, run: Run) -> AsyncIterator[None]:
    agent = replace(make.agent("watcher", run, time_limit_s=60), handles=(HealthDue,), quick=())
    dispatcher = Dispatcher([agent], make.deps(db), route=route, bell=bell, progress=Progress())
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(dispatcher.run(stop))
        yield
        stop.set()


async def the_clock_asks(db: Database) -> None:
    asked = NewEvent(body=HealthDue(), subject="check:health", source="clock", external_id=f"slot-{next(_numbers)}")
    await make.record_all(db, [asked], route)


async def the_next(sink: Sink, ending: str) -> Taken:
    """The first ping with this ending that comes from now on."""
    seen = len(sink.taken)

    async def found() -> list[Taken]:
        return [one for one in sink.taken[seen:] if one.path == ADDRESS + ending]

    return (await wait_until(found))[0]


async def test_a_circle_that_turned_is_told_well(alive: Database, bell: Bell, sink: Sink):
    async with working(alive, bell, make.quiet), pinging(alive, bell, sink):
        await the_clock_asks(alive)
        well = await the_next(sink, "")
    assert (well.method, well.body) == ("POST", b"the circle turns")
    assert sink.paths[0] == f"{ADDRESS}/start"


async def test_loops_that_beat_are_no_proof_until_the_circle_turns(alive: Database, bell: Bell, sink: Sink):
    async with pinging(alive, bell, sink):
        await the_clock_asks(alive)
        told = await the_next(sink, "/fail")
        assert told.body == b"no check of the clock has been worked on yet"
        assert ADDRESS not in sink.paths
        async with working(alive, bell, make.quiet):
            await the_next(sink, "")


async def test_a_circle_that_gets_stuck_in_the_middle_is_told_and_so_is_its_recovery(
    alive: Database, bell: Bell, sink: Sink, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("orchestrator.signals.pings.TURN_S", 0.5)
    released, seen = asyncio.Event(), count(1)

    async def hang_at_the_second(event: Event[Any], deps: Deps) -> Outcome:
        await {1: released}.get(next(seen) - 1, _open()).wait()
        return Outcome()

    async with working(alive, bell, hang_at_the_second), pinging(alive, bell, sink):
        await the_clock_asks(alive)
        await the_next(sink, "")
        await the_clock_asks(alive)
        stuck = await the_next(sink, "/fail")
        assert stuck.body.startswith(b"the circle last turned ")
        released.set()
        await the_next(sink, "")


def _open() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


async def test_work_older_than_its_bound_is_told_although_the_circle_turns(alive: Database, bell: Bell, sink: Sink):
    async with working(alive, bell, make.quiet), pinging(alive, bell, sink):
        await the_clock_asks(alive)
        await the_next(sink, "")
        await make.record_all(alive, [make.event()], make.route_to("nobody"))
        async with alive.transaction() as tx:
            await tx.run("UPDATE runs SET not_before = now() - interval '5 minutes' WHERE agent = 'nobody'")
        told = await the_next(sink, "/fail")
        assert told.body == b"the oldest run of nobody has waited 300 s"


async def test_what_dead_processes_left_behind_is_told(alive: Database, bell: Bell, sink: Sink):
    async with working(alive, bell, make.quiet), pinging(alive, bell, sink):
        await the_clock_asks(alive)
        await the_next(sink, "")
        await make.record_all(alive, [make.event()], make.route_to("nobody"))
        async with alive.transaction() as tx:
            await tx.run(
                """UPDATE runs SET state = 'running', lease_until = now() - interval '5 minutes'
                   WHERE agent = 'nobody'"""
            )
        assert (await the_next(sink, "/fail")).body == b"1 runs of processes that died are not taken back"


async def test_without_postgres_the_host_is_told_ill_and_no_address_leaves(bell: Bell, sink: Sink):
    away = Database("postgresql://canary_user:canary_password@127.0.0.1:1/none")
    async with pinging(away, bell, sink):
        told = await the_next(sink, "/fail")
    await away.close()
    assert told.body == b"postgres does not answer"


async def test_a_service_that_is_away_does_not_disturb(alive: Database, bell: Bell, sink: Sink):
    sink.status = 503
    async with working(alive, bell, make.quiet), pinging(alive, bell, sink):
        await the_clock_asks(alive)
        await the_next(sink, "")
        sink.status = 200
        await the_next(sink, "")

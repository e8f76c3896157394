"""The worker: outcomes are saved once and whole, errors have their four actions, order is kept."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from agents.spec import Deps, Outcome
from core.errors import Broken, NeedsAttention, Rejected, Temporary
from core.events import AlarmCleared, Event
from db.session import Database, Tx
from orchestrator.streams import Bell
from tests import make
from tests.orchestrator.dispatcher_at_work import all_ended, working
from tests.wait import wait_until

ROUTE = make.route_to("reader")


async def test_an_outcome_becomes_events_and_commands_in_one_transaction(db: Database, bell: Bell):
    async def run(event: Event[AlarmCleared], deps: Deps) -> Outcome:
        follow = make.event("car:2", key="followed") if event.body.key == "a" else None
        news = () if follow is None else (replace(follow, external_id=None),)
        return Outcome(events=news, commands=(make.message(effect_key=f"told:{event.id}"),), note="told")

    await make.record_all(db, [make.event("car:1", key="a")], ROUTE)
    async with working(db, bell, [make.agent("reader", run)]):
        states = await wait_until(lambda: all_ended(db, 2))
    async with db.transaction() as tx:
        commands = await tx.rows("SELECT run_id, event_id FROM commands ORDER BY id")
        caused = await tx.row("SELECT caused_by FROM events WHERE payload->>'key' = 'followed'")
    assert states == ["done", "done"]
    assert len(commands) == 2
    assert caused == {"caused_by": commands[0]["run_id"]}


async def test_an_outcome_that_cannot_be_saved_leaves_nothing(db: Database, bell: Bell):
    async def run(event: Event[AlarmCleared], deps: Deps) -> Outcome:
        return Outcome(commands=(make.message(effect_key="told"),))

    async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
        await tx.run("INSERT INTO pauses (scope, name, reason) VALUES ('agent', 'somebody', 'half done')")
        raise Broken("the second half failed")

    await make.record_all(db, [make.event()], ROUTE)
    async with working(db, bell, [make.agent("reader", run, save=save)]):
        assert await wait_until(lambda: all_ended(db, 1)) == ["dead"]
    async with db.transaction() as tx:
        assert await tx.rows("SELECT * FROM pauses") == []
        assert await tx.rows("SELECT * FROM commands") == []


async def test_an_agent_may_not_cause_what_its_spec_does_not_name(db: Database, bell: Bell):
    async def run(event: Event[AlarmCleared], deps: Deps) -> Outcome:
        return Outcome(commands=(make.message(),))

    spec = replace(make.agent("reader", run), causes=())
    await make.record_all(db, [make.event()], ROUTE)
    async with working(db, bell, [spec]):
        assert await wait_until(lambda: all_ended(db, 1)) == ["dead"]


@pytest.mark.parametrize(
    ("error", "state", "tries"),
    [(Rejected("no such car"), "failed", 1), (Broken("bug"), "dead", 1), (Temporary("away"), "dead", 3)],
)
async def test_each_error_word_has_its_action(db: Database, bell: Bell, error: Exception, state: str, tries: int):
    async def run(event: Event[AlarmCleared], deps: Deps) -> Outcome:
        raise error

    await make.record_all(db, [make.event()], ROUTE)
    async with working(db, bell, [make.agent("reader", run)], max_attempts=3):
        assert await wait_until(lambda: all_ended(db, 1)) == [state]
    async with db.transaction() as tx:
        row = await tx.row("SELECT attempt, error FROM runs")
        alarms = await tx.rows("SELECT payload->>'text_key' AS key FROM events WHERE kind = 'alarm.raised'")
    assert row is not None
    assert row["attempt"] == tries
    assert str(error) in row["error"]
    assert [alarm["key"] for alarm in alarms] == (["alarm-dead-run"] if state == "dead" else [])


async def test_a_temporary_error_recovers(db: Database, bell: Bell):
    tries: list[int] = []

    async def run(event: Event[AlarmCleared], deps: Deps) -> Outcome:
        tries.append(1)
        if len(tries) < 3:
            raise Temporary("away")
        return Outcome()

    await make.record_all(db, [make.event()], ROUTE)
    async with working(db, bell, [make.agent("reader", run)]):
        assert await wait_until(lambda: all_ended(db, 1)) == ["done"]
    assert len(tries) == 3


async def test_what_needs_a_person_keeps_its_place_and_raises_an_alarm(db: Database, bell: Bell):
    async def run(event: Event[AlarmCleared], deps: Deps) -> Outcome:
        raise NeedsAttention("token revoked")

    async def alarm(_: None = None) -> list[dict[str, Any]]:
        async with db.transaction() as tx:
            return await tx.rows("SELECT 1 AS one FROM events WHERE kind = 'alarm.raised'")

    await make.record_all(db, [make.event()], ROUTE)
    async with working(db, bell, [make.agent("reader", run)], backoff_max_s=60):
        await wait_until(alarm)
    assert [state for _, _, state in await make.states(db)] == ["queued"]


async def test_a_thought_that_takes_too_long_is_stopped(db: Database, bell: Bell):
    async def run(event: Event[AlarmCleared], deps: Deps) -> Outcome:
        await asyncio.sleep(60)
        return Outcome()

    await make.record_all(db, [make.event()], ROUTE)
    async with working(db, bell, [make.agent("reader", run, time_limit_s=0.05)], max_attempts=1):
        assert await wait_until(lambda: all_ended(db, 1)) == ["dead"]


async def test_events_of_one_subject_are_worked_on_in_order_and_one_at_a_time(db: Database, bell: Bell):
    seen: list[str] = []
    active: set[str] = set()

    async def run(event: Event[AlarmCleared], deps: Deps) -> Outcome:
        assert event.subject not in active
        active.add(event.subject)
        await asyncio.sleep(0.005)
        active.remove(event.subject)
        seen.append(f"{event.subject} {event.body.key}")
        return Outcome()

    events = [make.event(f"car:{car}", key=f"{n:02}") for n in range(10) for car in range(4)]
    await make.record_all(db, events, ROUTE)
    async with working(db, bell, [make.agent("reader", run)]), working(db, bell, [make.agent("reader", run)]):
        states = await wait_until(lambda: all_ended(db, 40))
    assert set(states) == {"done"}
    for car in range(4):
        assert [line for line in seen if line.startswith(f"car:{car} ")] == [f"car:{car} {n:02}" for n in range(10)]


async def test_a_slow_agent_leaves_room_for_the_others(db: Database, bell: Bell):
    gate = asyncio.Event()

    async def slow(event: Event[AlarmCleared], deps: Deps) -> Outcome:
        await gate.wait()
        return Outcome()

    route = make.route_to(("slow", "quick"))
    await make.record_all(db, [make.event(f"car:{n}") for n in range(20)], route)
    agents = [make.agent("slow", slow, time_limit_s=60), make.agent("quick", make.quiet)]
    async with working(db, bell, agents, route=route, concurrency=4):
        await wait_until(lambda: all_ended(db, 20))
        gate.set()
        await wait_until(lambda: all_ended(db, 40))


async def test_flushall_loses_nothing(db: Database, bell: Bell, redis_url: str):
    import redis.asyncio as redis

    async with working(db, bell, [make.agent("reader", make.quiet)]):
        for n in range(5):
            recorded = await make.record_all(db, [make.event(f"car:{n}")], ROUTE)
            async with redis.Redis.from_url(redis_url) as client:
                await client.flushall()
            await bell.ring_runs(recorded.ready_runs)
        assert set(await wait_until(lambda: all_ended(db, 5))) == {"done"}


async def test_work_goes_on_without_redis(db: Database):
    bell = Bell("redis://127.0.0.1:1")
    await make.record_all(db, [make.event()], ROUTE)
    async with working(db, bell, [make.agent("reader", make.quiet)]):
        assert await wait_until(lambda: all_ended(db, 1)) == ["done"]
    assert not bell.is_well
    await bell.close()


async def test_a_stopping_worker_hands_its_run_back_without_counting_the_try(db: Database, bell: Bell):
    started = asyncio.Event()

    async def run(event: Event[AlarmCleared], deps: Deps) -> Outcome:
        started.set()
        await asyncio.sleep(60)
        return Outcome()

    await make.record_all(db, [make.event()], ROUTE)
    async with working(db, bell, [make.agent("reader", run, time_limit_s=60)], stop_grace_s=0.1):
        await started.wait()
    async with db.transaction() as tx:
        assert await tx.row("SELECT state, attempt FROM runs") == {"state": "queued", "attempt": 0}

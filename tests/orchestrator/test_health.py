"""Health is honest in both directions: well when work goes on, not well when it stands still (G11, failure G3)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from core.health import ROLES
from db import commands
from db.queries import status
from db.session import Database
from orchestrator.health import Heart, Readiness, readiness
from orchestrator.progress import Progress
from orchestrator.streams import Bell
from tests import make
from tests.wait import wait_until

ROUTE = make.route_to("reader")
STALL_S = 60.0


@pytest.fixture
async def bell(redis_url: str) -> AsyncIterator[Bell]:
    bell = Bell(redis_url)
    yield bell
    await bell.close()


@pytest.fixture
async def alive(db: Database) -> Database:
    """A database where every role has just beaten."""
    async with db.transaction() as tx:
        await status.put_heartbeats(tx, "host:1", {role: {} for role in ROLES})
    return db


async def change(db: Database, sql: str) -> None:
    async with db.transaction() as tx:
        assert await tx.run(sql) > 0


async def look(db: Database, bell: Bell) -> Readiness:
    return await readiness(db, bell, stall_s=STALL_S)


async def test_a_jarvis_at_work_is_ready(alive: Database, bell: Bell):
    found = await look(alive, bell)
    assert (found.is_ready, found.reasons, found.notes) == (True, (), ())


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_that_stopped_going_round_is_named_until_it_goes_again(alive: Database, bell: Bell, role: str):
    await change(alive, f"UPDATE heartbeats SET at = now() - interval '2 minutes' WHERE role = '{role}'")
    assert (await look(alive, bell)).reasons == (f"no {role} is at work",)
    async with alive.transaction() as tx:
        await status.put_heartbeats(tx, "host:2", {role: {}})
    assert (await look(alive, bell)).is_ready


async def test_a_process_that_died_is_no_trouble_while_another_has_its_role(alive: Database, bell: Bell):
    async with alive.transaction() as tx:
        await status.put_heartbeats(tx, "host:2", {"worker": {}})
    await change(
        alive, "UPDATE heartbeats SET at = now() - interval '2 minutes' WHERE process='host:1' AND role='worker'"
    )
    assert (await look(alive, bell)).is_ready


async def test_a_run_nobody_takes_is_a_reason_until_somebody_does(alive: Database, bell: Bell):
    await make.record_all(alive, [make.event()], ROUTE)
    assert (await look(alive, bell)).is_ready
    await change(alive, "UPDATE runs SET not_before = now() - interval '2 minutes'")
    assert (await look(alive, bell)).reasons == ("the oldest run of reader has waited 120 s",)
    await change(alive, "UPDATE runs SET state = 'done'")
    assert (await look(alive, bell)).is_ready


async def test_a_run_that_waits_for_its_retry_stands_still_for_nobody(alive: Database, bell: Bell):
    await make.record_all(alive, [make.event()], ROUTE)
    await change(alive, "UPDATE runs SET queued_at = now() - interval '1 day', not_before = now() + interval '1 hour'")
    assert (await look(alive, bell)).is_ready


async def test_a_command_nobody_performs_is_a_reason_until_it_is_held_back_on_purpose(alive: Database, bell: Bell):
    async with alive.transaction() as tx:
        await commands.order(tx, [make.message(1)])
    await change(alive, "UPDATE commands SET not_before = now() - interval '2 minutes'")
    assert (await look(alive, bell)).reasons == ("the oldest command for telegram has waited 120 s",)
    async with alive.transaction() as tx:
        await commands.park(tx, "telegram:1", "bot was kicked")
    found = await look(alive, bell)
    assert (found.is_ready, found.notes) == (True, ("telegram:1 is parked: bot was kicked",))


async def test_what_is_paused_by_a_person_is_a_note_and_no_reason(alive: Database, bell: Bell):
    await make.record_all(alive, [make.event()], ROUTE)
    await change(alive, "UPDATE runs SET not_before = now() - interval '2 minutes'")
    async with alive.transaction() as tx:
        await status.pause(tx, "agent", "reader", "a person said so")
    found = await look(alive, bell)
    assert (found.is_ready, found.notes) == (True, ("agent reader is paused: a person said so",))
    async with alive.transaction() as tx:
        assert await status.resume(tx, "agent", "reader")
    assert not (await look(alive, bell)).is_ready


async def test_redis_away_is_a_note_and_no_reason(alive: Database):
    away = Bell("redis://127.0.0.1:1")
    found = await look(alive, away)
    assert (found.is_ready, found.notes) == (True, ("redis does not answer: work goes on by polling",))
    await away.close()


async def test_postgres_away_is_a_reason(bell: Bell):
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    found = await look(away, bell)
    await away.close()
    assert not found.is_ready
    assert found.reasons[0].startswith("postgres does not answer")


async def test_a_database_that_was_never_migrated_is_a_reason_and_no_crash(
    alive: Database, bell: Bell, as_owner: Callable[[str], None]
):
    as_owner("DELETE FROM alembic_version")
    as_owner("DROP TABLE runs CASCADE")
    found = await look(alive, bell)
    assert not found.is_ready
    assert "jarvis db upgrade" in found.reasons[0]


async def test_an_old_version_stays_ready_on_the_schema_of_a_newer_one(
    alive: Database, bell: Bell, as_owner: Callable[[str], None]
):
    as_owner("UPDATE alembic_version SET version_num = '9999'")
    found = await look(alive, bell)
    assert (found.is_ready, found.notes) == (True, ("the database stands at revision 9999 of a newer version",))


async def beats(db: Database) -> list[dict[str, Any]]:
    async with db.transaction() as tx:
        return await tx.rows("SELECT role, details FROM heartbeats ORDER BY role")


async def test_the_heart_beats_for_roles_that_go_round_and_takes_leave_at_the_end(db: Database):
    progress = Progress()
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(Heart(db, progress).run(stop))
        assert await beats(db) == []
        progress.beat("worker", active=3)
        assert await wait_until(lambda: beats(db)) == [{"role": "worker", "details": {"active": 3}}]
        stop.set()
    assert await beats(db) == []


async def test_a_role_that_hangs_stops_beating_though_its_process_lives(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("orchestrator.health.HEARTBEAT_S", 0.05)
    progress = Progress()
    stop = asyncio.Event()

    async def age_s() -> float:
        async with db.transaction() as tx:
            rows = await status.heartbeats(tx, within=timedelta(days=1))
        return {row["role"]: row["age_s"] for row in rows}.get("worker", 0.0)

    async def is_silent() -> bool:
        progress.beat("relay")
        return await age_s() > 0.5

    progress.beat("worker")
    async with asyncio.TaskGroup() as group:
        group.create_task(Heart(db, progress).run(stop))
        assert await wait_until(is_silent)
        stop.set()

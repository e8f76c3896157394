"""The relay: nothing stays unheard, and nothing stays with the dead."""

import asyncio
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from core.commands import BODY_OF_KIND, NewCommand, Repeat, TelegramCommand, chat_destination
from db import commands, runs, sweeps
from db.commands import ClaimedCommand
from db.session import Database
from orchestrator import relay as relay_module
from orchestrator.progress import Progress
from orchestrator.relay import Relay
from orchestrator.signals import metrics
from orchestrator.streams import Bell
from tests import make
from tests.wait import wait_until

ROUTE = make.route_to("reader")
DEAD_AT_ONCE = timedelta(seconds=-1)
"""A lease that ended before it began: its holder counts as dead."""


class PayClient(TelegramCommand):
    kind: ClassVar[str] = "test.pay_client"
    repeat: ClassVar[Repeat] = Repeat.NEVER


@pytest.fixture
def relay(db: Database, bell: Bell) -> Relay:
    return Relay(make.deps(db, make.settings(max_attempts=3, poll_s=1e-6)), route=ROUTE, bell=bell, progress=Progress())


async def claim_run_and_die(db: Database) -> list[int]:
    async with db.transaction() as tx:
        claimed = await make.claim(tx, "reader", lease_s=-1)
        lease = runs.Lease(DEAD_AT_ONCE)
        return [run.id for run in claimed or await runs.claim_suspect(tx, agents=["reader"], lease=lease)]


async def claim_command_and_die(db: Database, lease: timedelta = DEAD_AT_ONCE) -> list[ClaimedCommand]:
    async with db.transaction() as tx:
        return await commands.claim(tx, systems=["telegram"], limit=9, lease=lease)


async def rows(db: Database, sql: str) -> list[dict[str, Any]]:
    async with db.transaction() as tx:
        return await tx.rows(sql)


async def alarms(db: Database) -> list[dict[str, Any]]:
    return [row["payload"] for row in await rows(db, "SELECT payload FROM events WHERE kind = 'alarm.raised'")]


async def test_a_run_nobody_heard_of_is_rung_for(db: Database, bell: Bell, relay: Relay):
    recorded = await make.record_all(db, [make.event(f"car:{n}") for n in range(3)], ROUTE)
    await relay.go_round()
    assert await bell.wait_runs(count=9, wait_s=1) == list(recorded.ready_runs)


async def test_g16_a_run_that_was_rung_for_in_vain_is_rung_for_again(
    db: Database, bell: Bell, relay: Relay, monkeypatch: pytest.MonkeyPatch
):
    recorded = await make.record_all(db, [make.event()], ROUTE)
    await relay.go_round()
    assert await bell.wait_runs(count=9, wait_s=1) == list(recorded.ready_runs)
    await relay.go_round()
    assert await bell.wait_runs(count=9, wait_s=0.05) == []
    monkeypatch.setattr(relay_module, "RING_AGAIN_S", -1.0)
    await relay.go_round()
    assert await bell.wait_runs(count=9, wait_s=1) == list(recorded.ready_runs)


async def test_a_ring_lost_with_redis_comes_again(db: Database, bell: Bell, relay: Relay, redis_url: str):
    import redis.asyncio as redis

    recorded = await make.record_all(db, [make.event()], ROUTE)
    async with redis.Redis.from_url(redis_url) as client:
        await client.flushall()
    await relay.go_round()
    await bell.wait_runs(count=9, wait_s=0.05)  # finds its group gone and makes it anew, from the first ring on
    assert await bell.wait_runs(count=9, wait_s=1) == list(recorded.ready_runs)


async def test_a_run_of_a_dead_worker_is_taken_back(db: Database, relay: Relay):
    await make.record_all(db, [make.event()], ROUTE)
    dead = await claim_run_and_die(db)
    await relay.go_round()
    assert await rows(db, "SELECT id, state, attempt FROM runs") == [{"id": dead[0], "state": "queued", "attempt": 1}]


async def test_a_run_that_kills_its_worker_every_time_is_buried_and_its_line_goes_on(
    db: Database, bell: Bell, relay: Relay
):
    await make.record_all(db, [make.event("car:1"), make.event("car:1")], ROUTE)
    for _ in range(3):
        [poison] = await claim_run_and_die(db)
        await relay.go_round()
    [dead, next_run] = await rows(db, "SELECT id, state, error FROM runs ORDER BY id")
    [alarm] = await alarms(db)
    assert dead == {"id": poison, "state": "dead", "error": "its worker died every time"}
    assert next_run["state"] == "queued"
    assert alarm["key"] == "dead-run:reader"
    assert alarm["args"]["run"] == poison
    assert next_run["id"] in await bell.wait_runs(count=9, wait_s=1)


async def test_a_run_out_of_tries_can_be_claimed_by_nobody_before_it_is_buried(db: Database):
    await make.record_all(db, [make.event()], ROUTE)
    await claim_run_and_die(db)
    async with db.transaction() as tx:
        assert len((await sweeps.take_back(tx, max_attempts=1, max_crashes=9)).spent) == 1
    assert await claim_run_and_die(db) == []


async def test_a_worker_that_came_back_in_time_is_not_buried(db: Database):
    await make.record_all(db, [make.event()], ROUTE)
    async with db.transaction() as tx:
        [run] = await make.claim(tx, "reader", lease_s=-1)
        await sweeps.take_back(tx, max_attempts=1, max_crashes=9)
        await runs.mark_done(tx, [(run, None)])
        assert not await sweeps.bury(tx, run.id, "too late")


async def test_a_chat_text_whose_deliverer_died_is_ordered_again_before_what_stands_behind_it(
    db: Database, relay: Relay
):
    async with db.transaction() as tx:
        await commands.order(tx, [make.message(effect_key="lost"), make.message(effect_key="behind")])
    await claim_command_and_die(db)
    assert await claim_command_and_die(db) == []
    await relay.go_round()
    [again] = await claim_command_and_die(db)
    assert again.command is not None
    assert (again.command.effect_key, again.command.is_repeat) == ("lost", True)


async def test_money_whose_deliverer_died_is_unknown_and_said_once(
    db: Database, relay: Relay, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(BODY_OF_KIND, PayClient.kind, PayClient)
    pay = NewCommand(body=PayClient(chat_id=1), destination=chat_destination(1), effect_key="pay")
    async with db.transaction() as tx:
        await commands.order(tx, [pay, make.message()])
    await claim_command_and_die(db)
    for _ in range(3):
        await relay.go_round()
    states = [row["state"] for row in await rows(db, "SELECT state FROM commands ORDER BY id")]
    assert states == ["unknown", "pending"]
    assert [alarm["key"] for alarm in await alarms(db)] == ["unknown-command:telegram:1"]


async def test_a_command_that_kills_its_deliverer_every_time_is_dead_and_its_chat_goes_on(db: Database, relay: Relay):
    async with db.transaction() as tx:
        await commands.order(tx, [make.message(effect_key="poison"), make.message(effect_key="behind")])
    for _ in range(3):
        await claim_command_and_die(db)
        await relay.go_round()
    [next_one] = await claim_command_and_die(db)
    assert next_one.command is not None
    assert next_one.command.effect_key == "behind"
    assert [alarm["key"] for alarm in await alarms(db)] == ["dead-command:telegram:1"]


async def test_a_zombie_deliverer_changes_nothing_but_tells_what_it_did(db: Database, relay: Relay):
    async with db.transaction() as tx:
        await commands.order(tx, [make.message()])
    [zombie] = await claim_command_and_die(db)
    await relay.go_round()
    [heir] = await claim_command_and_die(db, lease=timedelta(minutes=1))
    async with db.transaction() as tx:
        await commands.retry_later(tx, zombie, delay=timedelta(0), error="late")
        assert not await commands.settle(tx, zombie, state="dead", error="late")
        assert await tx.row("SELECT state, attempt FROM commands") == {"state": "sending", "attempt": 2}
        assert await commands.settle(tx, zombie, state="sent", result={"message_id": 1})
        assert not await commands.settle(tx, heir, state="sent", result={"message_id": 2})
        assert await tx.row("SELECT state, result FROM commands") == {"state": "sent", "result": {"message_id": 1}}


async def test_the_relay_goes_on_after_the_database_was_away(db: Database, bell: Bell):
    progress = Progress()
    relay = Relay(make.deps(db), route=ROUTE, bell=bell, progress=progress)
    recorded = await make.record_all(db, [make.event()], ROUTE)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(relay.run(stop))
        assert await bell.wait_runs(count=1, wait_s=1) == list(recorded.ready_runs)
        await cut_connections(db)
        progress.beats.clear()

        async def goes_round() -> bool:
            return "relay" in progress.beats

        await wait_until(goes_round)
        stop.set()


async def cut_connections(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.rows(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"""
        )


async def test_what_was_taken_back_is_counted(db: Database, bell: Bell, relay: Relay):
    def expired(what: str) -> float:
        return metrics.COUNTED.get_sample_value("jarvis_leases_expired_total", {"what": what}) or 0.0

    before = expired("run"), expired("command")
    await make.record_all(db, [make.event("car:1"), make.event("car:2")], ROUTE)
    await claim_run_and_die(db)
    async with db.transaction() as tx:
        await commands.order(tx, [make.message()])
    await claim_command_and_die(db)
    await relay.go_round()
    assert (expired("run") - before[0], expired("command") - before[1]) == (2, 1)

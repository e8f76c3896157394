"""One update at a time: the world's trouble is waited out, ours is set aside with an alarm."""

import asyncio
import json
from contextlib import suppress

import psycopg
import pytest

from core.errors import Temporary
from tests.bot.handlers.test_presses import alarm_button, offered
from tests.wait import wait_until


async def break_pool(stage):
    """As a restart of Postgres does: the only connection of the pool is dead when it is used next."""
    [row] = await stage.rows("SELECT pg_backend_pid() AS pid")
    async with await psycopg.AsyncConnection.connect(stage.db.url, autocommit=True) as other:
        await other.execute("SELECT pg_terminate_backend(%s)", (row["pid"],))


async def test_an_update_nobody_can_read_becomes_an_alarm_and_the_next_goes_on(stage, cast):
    await stage.hire(cast.employee)
    broken = {"update_id": 5, "message": {"message_id": "no number", "text": "canary"}}
    await stage.intake.take(broken)
    assert "What I can do" in await stage.ask(cast.employee.telegram_id, "/help")
    [alarm] = await stage.events("alarm.raised")
    assert alarm["external_id"] == "5:alarm"
    assert alarm["payload"]["args"]["update"] == "5"
    assert json.loads(bytes(alarm["raw"])) == broken


async def test_a_handler_that_fails_three_times_sets_the_update_aside(stage, cast):
    """A button made by a version whose event no longer fits."""
    await stage.hire(cast.employee)
    message = await offered(stage, cast.employee.telegram_id, alarm_button())
    await stage.rows("UPDATE buttons SET payload = '{}' RETURNING 1")
    await stage.press(cast.employee.telegram_id, message, "Do it")
    [alarm] = await stage.events("alarm.raised")
    assert alarm["payload"]["args"]["error"] == "Broken"
    assert await stage.events("alarm.cleared") == []
    assert await stage.rows("SELECT used_at FROM buttons") == [{"used_at": None}]
    assert "What I can do" in await stage.ask(cast.employee.telegram_id, "/help")


async def test_the_same_poisoned_update_again_raises_one_alarm(stage):
    broken = {"update_id": 5, "message": {}}
    await stage.intake.take(broken)
    await stage.intake.take(broken)
    assert len(await stage.events("alarm.raised")) == 1


async def test_kinds_that_nobody_asked_for_are_passed_over(stage):
    await stage.intake.take({"update_id": 5, "some_future_kind": {"x": 1}})
    assert await stage.rows("SELECT 1 FROM events") == []


async def test_an_update_waits_for_the_database_and_is_then_handled(stage, cast):
    await stage.hire(cast.employee)
    await stage.say(cast.employee.telegram_id, "/help")
    [raw] = await stage.updates()
    await break_pool(stage)
    await stage.intake.take(raw)
    assert await stage.rows("SELECT effect_key FROM commands") == [{"effect_key": f"reply:{raw['update_id']}:0"}]
    assert await stage.events("alarm.raised") == []


async def test_a_webhook_update_meets_the_database_away_and_comes_again(stage, cast):
    await stage.hire(cast.employee)
    await stage.say(cast.employee.telegram_id, "/help")
    [raw] = await stage.updates()
    await break_pool(stage)
    with pytest.raises(Temporary):
        await stage.intake.feed(json.dumps(raw).encode())
    await stage.intake.feed(json.dumps(raw).encode())
    assert len(await stage.rows("SELECT 1 FROM commands")) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>", "bad_json"),
        (b"", "bad_json"),
        (b"\xff\x00", "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"message":' * 5000 + b"1" + b"}" * 5000, "bad_json"),
        (b'{"update_id":' + b"9" * 5000 + b"}", "bad_json"),
        (b"[]", "not_an_object"),
    ],
)
async def test_row_24_a_webhook_body_that_is_no_update_is_kept_raw_and_raised_once(stage, body, reason):
    for _ in range(2):
        await stage.intake.feed(body)
    [event] = await stage.events("webhook.quarantined")
    assert (event["payload"]["system"], event["payload"]["reason"]) == ("telegram", reason)
    assert bytes(event["raw"]) == body


@pytest.mark.parametrize(
    "raw",
    [
        {"message": {}},
        {"update_id": -1, "message": {}},
        {"update_id": 2**70, "message": {}},
        {"update_id": "7", "message": "\ud800 \x00"},
    ],
)
async def test_row_24_an_update_with_a_strange_number_is_set_aside_whole(stage, raw):
    await stage.intake.feed(json.dumps(raw).encode())
    [alarm] = await stage.events("alarm.raised")
    assert json.loads(bytes(alarm["raw"])) == raw


async def test_row_21_another_update_under_a_known_number_is_quarantined_and_not_handled(stage, cast):
    await stage.hire(cast.employee)
    await stage.say(cast.employee.telegram_id, "/help")
    [raw] = await stage.updates()
    other = raw | {"message": raw["message"] | {"text": "/today"}}
    for update in (raw, raw, other, other):
        await stage.intake.feed(json.dumps(update).encode())
    [event] = await stage.events("webhook.quarantined")
    assert event["payload"]["reason"] == "changed_update"
    assert json.loads(bytes(event["raw"])) == other
    assert len(await stage.rows("SELECT 1 FROM commands")) == 1


async def test_a_try_that_the_world_or_our_own_stop_ended_does_not_count(stage, cast):
    """Ten restarts while the database answers nothing: the update is met as if for the first time."""
    await stage.hire(cast.employee)
    await stage.say(cast.employee.telegram_id, "/help")
    [raw] = await stage.updates()
    for _ in range(10):
        async with stage.db.transaction() as tx:
            await tx.run("LOCK TABLE people")
            taking = asyncio.ensure_future(stage.intake.take(raw))
            await wait_until(lambda: stage.rows("SELECT 1 FROM telegram_updates WHERE tries = 1"))
            taking.cancel()
            with suppress(asyncio.CancelledError):
                await taking
        assert await stage.rows("SELECT tries FROM telegram_updates") == [{"tries": 0}]
    await stage.intake.take(raw)
    assert len(await stage.rows("SELECT 1 FROM commands")) == 1
    assert await stage.events("alarm.raised") == []


async def test_updates_are_forgotten_after_telegram_forgot_them(stage):
    for number in range(1, 4):
        await stage.intake.take({"update_id": number, "message": {}})
    await stage.rows("UPDATE telegram_updates SET taken_at = now() - interval '4 days' RETURNING 1")
    await stage.intake.take({"update_id": 4, "message": {}})
    assert await stage.rows("SELECT update_id FROM telegram_updates") == [{"update_id": 4}]


async def test_the_bell_rings_after_the_commit_with_runs_and_commands(stage, cast):
    await stage.hire(cast.admin)
    someone = await stage.stranger()
    await stage.say(someone, "/start")
    await stage.listen()
    [(run_ids, has_commands)] = stage.rings
    assert has_commands
    assert await stage.rows("SELECT id FROM runs") == [{"id": run_ids[0]}]

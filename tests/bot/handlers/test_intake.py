"""One update at a time: the world's trouble is waited out, ours is set aside with an alarm."""

import json

import psycopg
import pytest

from core.errors import Temporary
from tests.bot.handlers.test_presses import alarm_button, offered


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


async def test_a_webhook_body_that_is_no_update_is_refused(stage):
    with pytest.raises(ValueError, match="Expecting value"):
        await stage.intake.feed(b"<html>")
    with pytest.raises(TypeError):
        await stage.intake.feed(b"[]")


async def test_the_bell_rings_after_the_commit_with_runs_and_commands(stage, cast):
    await stage.hire(cast.admin)
    someone = await stage.stranger()
    await stage.say(someone, "/start")
    await stage.listen()
    [(run_ids, has_commands)] = stage.rings
    assert has_commands
    assert await stage.rows("SELECT id FROM runs") == [{"id": run_ids[0]}]

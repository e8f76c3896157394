"""The one poller: its lock, webhooks left behind, other pollers, and updates that come twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.app import build_bot
from bot.intake import ALLOWED_UPDATES
from bot.polling import Poller, poller_lock_name
from core.errors import NeedsAttention
from core.settings import TelegramSettings
from db.locks import SingletonLock
from tests.bot.handlers.conftest import Stage
from tests.wait import wait_until


def poller_of(stage: Stage) -> Poller:
    lock = SingletonLock(stage.db.url, poller_lock_name(stage.bot))
    return Poller(stage.bot, stage.intake, lock, poll_s=1, pause_s=0.02)


@asynccontextmanager
async def polling(stage: Stage) -> AsyncIterator[asyncio.Task[None]]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(poller_of(stage).run())
        try:
            yield task
        finally:
            task.cancel()


async def answered(stage: Stage, update_count: int) -> bool:
    return len(await stage.rows("SELECT 1 FROM commands WHERE effect_key LIKE %s", "reply:%")) >= update_count


async def has_rung(stage: Stage) -> bool:
    return len(stage.rings) > 0


async def test_a_poller_names_every_kind_of_update_it_wants(stage, cast):
    await stage.hire(cast.employee)
    async with polling(stage):
        await stage.say(cast.employee.telegram_id, "/help")
        await wait_until(lambda: answered(stage, 1))
    call = (await stage.calls("getUpdates"))[-1]
    assert call["params"]["allowed_updates"] == list(ALLOWED_UPDATES)


async def test_a_second_poller_waits_and_takes_over_when_the_first_stops(stage, second_stage, cast):
    """Failure F15."""
    await stage.hire(cast.employee)
    async with polling(stage) as first:
        await stage.say(cast.employee.telegram_id, "/help")
        await wait_until(lambda: answered(stage, 1))
        async with polling(second_stage):
            await stage.say(cast.employee.telegram_id, "/help")
            await wait_until(lambda: answered(stage, 2))
            assert second_stage.rings == []
            first.cancel()
            await stage.say(cast.employee.telegram_id, "/help")
            await wait_until(lambda: has_rung(second_stage))
    assert len(await stage.rows("SELECT 1 FROM commands")) == 3


async def test_a_webhook_left_registered_is_removed_and_what_waited_is_handled(stage, cast):
    """Failure G27."""
    await stage.hire(cast.employee)
    await stage.bot.set_webhook("https://jarvis.example.invalid/hooks/telegram")
    await stage.say(cast.employee.telegram_id, "/help")
    async with polling(stage):
        await wait_until(lambda: answered(stage, 1))
    assert (await stage.bot.get_webhook_info()).url == ""


async def test_a_webhook_that_comes_back_is_removed_again(stage, cast):
    await stage.hire(cast.employee)
    async with polling(stage):
        await stage.say(cast.employee.telegram_id, "/help")
        await wait_until(lambda: answered(stage, 1))
        await stage.bot.set_webhook("https://jarvis.example.invalid/hooks/telegram")
        await stage.say(cast.employee.telegram_id, "/help")
        await wait_until(lambda: answered(stage, 2))


async def test_another_program_that_reads_the_updates_stops_the_poller_with_a_clear_word(stage):
    """The other one asks again and again, as a poller does; one of the two is told that it is not alone."""
    with pytest.raises(NeedsAttention, match="another program reads this bot's updates"):
        async with asyncio.timeout(60):
            await asyncio.gather(poller_of(stage).run(), _poll_elsewhere(stage))


async def _poll_elsewhere(stage: Stage) -> None:
    while True:
        await stage.bot.get_updates(timeout=0)


async def test_a_wrong_token_needs_a_person(stage, sandbox):
    settings = stage.settings.model_copy(
        update={"telegram": TelegramSettings(token="7000000001:wrong", api_url=f"{sandbox}/telegram")}
    )
    bot = build_bot(settings)
    lock = SingletonLock(stage.db.url, poller_lock_name(bot))
    with pytest.raises(NeedsAttention, match="token"):
        await Poller(bot, stage.intake, lock, poll_s=1, pause_s=0.02).run()
    await bot.session.close()


async def test_a_cut_line_and_a_failing_server_are_waited_out(stage, cast):
    await stage.hire(cast.employee)
    await stage.post("/faults", method="deleteWebhook", drop=True)
    await stage.post("/faults", method="getUpdates", drop=True)
    await stage.post("/faults", method="getUpdates", error_code=502, description="Bad Gateway")
    await stage.say(cast.employee.telegram_id, "/help")
    async with polling(stage):
        await wait_until(lambda: answered(stage, 1))


async def test_a_lock_lost_with_its_connection_is_taken_again(stage, cast):
    await stage.hire(cast.employee)
    async with polling(stage):
        await stage.say(cast.employee.telegram_id, "/help")
        await wait_until(lambda: answered(stage, 1))
        await stage.rows(
            """SELECT pg_terminate_backend(pid) FROM pg_locks
               WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"""
        )
        await stage.say(cast.employee.telegram_id, "/help")
        await wait_until(lambda: answered(stage, 2))


async def test_an_update_that_comes_again_after_a_kill_adds_nothing(stage, second_stage, cast):
    """Killed between the commit and the confirming poll: the next process gets the same updates."""
    await stage.hire(cast.admin)
    someone = await stage.stranger()
    await stage.say(someone, "/start")
    await stage.say(cast.admin.telegram_id, "/help")
    for raw in await stage.updates():
        await stage.intake.take(raw)
    before = await stage.rows("SELECT (SELECT count(*) FROM events) AS e, (SELECT count(*) FROM commands) AS c")
    second_stage.offset = stage.offset
    assert await second_stage.listen() == 2
    after = await stage.rows("SELECT (SELECT count(*) FROM events) AS e, (SELECT count(*) FROM commands) AS c")
    assert after == before
    assert second_stage.rings == []


async def test_row_45_a_press_that_comes_again_after_a_kill_decides_nothing_twice(stage, second_stage, cast):
    await stage.hire(cast.admin)
    someone = await stage.stranger()
    await stage.ask(someone, "/start")
    await stage.touch(cast.admin.telegram_id, await stage.last(cast.admin.telegram_id), "director")
    [raw] = await stage.updates()
    await stage.intake.take(raw)
    await second_stage.intake.take(raw)
    await stage.turn()
    assert len(await stage.events("access.decided")) == 1
    assert await stage.rows("SELECT count(*) AS n FROM audit") == [{"n": 1}]

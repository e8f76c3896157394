"""Ordered faults and the sending limits, as aiogram meets them."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from aiogram.exceptions import (
    RestartingTelegram,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from sandbox.company.telegram import BOT_TOKEN
from tests.contract.telegram_at_work import TelegramAtWork, telegram_at_work


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramAtWork]:
    async with telegram_at_work() as at_work:
        yield at_work


@pytest.fixture
async def strict() -> AsyncIterator[TelegramAtWork]:
    async with telegram_at_work(strict_limits=True) as at_work:
        yield at_work


async def test_a_fault_hits_as_often_as_ordered_and_then_no_more(telegram: TelegramAtWork):
    await telegram.act("/faults", method="sendMessage", times=2, error_code=500)
    for _ in range(2):
        with pytest.raises(TelegramServerError, match="Internal Server Error"):
            await telegram.bot.send_message(telegram.owner, "x")
    assert await telegram.bot.send_message(telegram.owner, "x")


async def test_a_fault_may_be_meant_for_one_chat(telegram: TelegramAtWork):
    await telegram.act(
        "/faults", method="*", chat_id=telegram.owner, times=1, error_code=403, description="Forbidden: x"
    )
    assert await telegram.bot.send_message(telegram.guest, "x")
    with pytest.raises(TelegramForbiddenError, match="Forbidden: x"):
        await telegram.bot.send_message(telegram.owner, "x")


async def test_too_many_requests_name_the_wait_in_body_and_header(telegram: TelegramAtWork):
    await telegram.act("/faults", method="sendMessage", times=2, retry_after=7)
    with pytest.raises(TelegramRetryAfter) as refused:
        await telegram.bot.send_message(telegram.owner, "x")
    assert refused.value.retry_after == 7
    async with httpx.AsyncClient(base_url=telegram.url) as http:
        raw = await http.post(f"/telegram/bot{BOT_TOKEN}/sendMessage", data={"chat_id": telegram.owner, "text": "x"})
    assert (raw.status_code, raw.headers["Retry-After"]) == (429, "7")
    assert raw.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }


async def test_a_restart_is_told_apart(telegram: TelegramAtWork):
    await telegram.act("/faults", error_code=500, description="Internal Server Error: restart", times=1)
    with pytest.raises(RestartingTelegram):
        await telegram.bot.get_me()


async def test_a_dropped_call_had_no_effect(telegram: TelegramAtWork):
    await telegram.act("/faults", method="sendMessage", times=1, drop=True)
    with pytest.raises(TelegramNetworkError):
        await telegram.bot.send_message(telegram.owner, "Lost")
    assert "Lost" not in str(await telegram.look(f"/chats/{telegram.owner}/messages"))
    assert await telegram.bot.send_message(telegram.owner, "Found")


async def test_an_answer_may_be_lost_after_the_call_took_effect(telegram: TelegramAtWork):
    chat = await telegram.group()
    await telegram.forget_updates()
    await telegram.act("/faults", method="createForumTopic", times=1, drop=True, effect=True)
    with pytest.raises(TelegramNetworkError):
        await telegram.bot.create_forum_topic(chat, "Toyota")
    message = (await telegram.updates())[0]["message"]
    assert message["forum_topic_created"]["name"] == "Toyota"
    assert (await telegram.look(f"/chats/{chat}"))["topics"][0]["message_thread_id"] == message["message_id"]


async def test_a_slow_call_is_slow_and_right(telegram: TelegramAtWork):
    await telegram.act("/faults", method="getMe", times=1, latency_s=0.2)
    before = time.monotonic()
    assert (await telegram.bot.get_me()).is_bot
    assert time.monotonic() - before >= 0.2


async def test_faults_that_wait_can_be_taken_back(telegram: TelegramAtWork):
    await telegram.act("/faults", times=9, error_code=500)
    assert len((await telegram.look("/faults"))["faults"]) == 1
    await telegram.http.delete("/_sandbox/telegram/faults")
    assert await telegram.bot.get_me()


async def test_the_journal_holds_calls_answers_and_refusals_in_order(telegram: TelegramAtWork):
    before = (await telegram.look("/journal"))["calls"][-1]["n"]
    await telegram.bot.send_message(telegram.owner, "<b>x</b>", parse_mode="HTML")
    await telegram.raw("sendMessage", chat_id=4, text="x")
    good, bad = (await telegram.look("/journal", since=before))["calls"]
    assert (good["n"], good["method"], good["ok"], good["result"]["text"]) == (before + 1, "sendMessage", True, "x")
    assert good["params"] == {"chat_id": telegram.owner, "text": "<b>x</b>", "parse_mode": "HTML"}
    assert (bad["ok"], bad["error"]) == (False, "Bad Request: chat not found")


async def test_without_strictness_there_is_no_limit(telegram: TelegramAtWork):
    sent = [await telegram.bot.send_message(telegram.owner, str(number)) for number in range(40)]
    assert [message.text for message in sent] == [str(number) for number in range(40)]


async def test_too_many_messages_at_once_are_refused_until_the_wait_is_over(strict: TelegramAtWork):
    sends = [strict.raw("sendMessage", chat_id=strict.owner, text="x") for _ in range(12)]
    refusals = [answer for answer in await asyncio.gather(*sends) if not answer["ok"]]
    assert refusals[-1]["error_code"] == 429
    wait = refusals[-1]["parameters"]["retry_after"]
    assert 1 <= wait <= 2
    await strict.act("/clock", advance_s=wait)
    assert await strict.bot.send_message(strict.owner, "x")


async def test_other_chats_do_not_notice(strict: TelegramAtWork):
    sends = [strict.raw("sendMessage", chat_id=strict.owner, text="x") for _ in range(12)]
    assert not all(answer["ok"] for answer in await asyncio.gather(*sends))
    assert await strict.bot.send_message(strict.guest, "x")


async def test_the_limits_are_switched_on_and_off(strict: TelegramAtWork):
    await strict.act("/limits", enabled=False)
    sent = [await strict.bot.send_message(strict.owner, str(number)) for number in range(40)]
    assert [message.text for message in sent] == [str(number) for number in range(40)]

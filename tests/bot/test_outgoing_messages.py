"""Texts, edits, deletions, alarms and what Telegram may answer to them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.send import TelegramPerformer
from core.commands import Button, DeleteMessages, EditMessage, SendMessage, TellAlarm, Text
from core.errors import AnswerLost, Broken, NeedsAttention, Rejected, Temporary
from db.commands import Delivery, Postponed
from db.queries import alarms
from db.session import Database
from sandbox.company.telegram import BOT_TOKEN
from tests.bot.outgoing_at_work import NOW, TEXTS, Outgoing, outgoing_at_work

HELLO = Text(key="car-card-title", args={"plate": "A&B", "model": "<x>"})


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        await at_work.branch("tbilisi")
        yield at_work


async def _send(out: Outgoing, chat_id: int, **details: Any) -> Delivery | Postponed:
    return await out.perform(SendMessage(**({"chat_id": chat_id, "text": HELLO} | details)))


async def test_row_44_a_text_reaches_a_person_with_its_markup_and_its_arguments_as_they_are(out: Outgoing):
    delivery = await _send(out, out.telegram.owner)
    (message,) = [m for m in await out.said(out.telegram.owner) if m["from"]["is_bot"]]
    assert message["text"] == "A&B <x>"
    assert message["html"] == "<b>A&amp;B</b> &lt;x&gt;"
    assert isinstance(delivery, Delivery)
    assert delivery.result["message_id"] == message["message_id"]


async def test_a_text_whose_first_answer_was_lost_says_that_it_may_be_a_repeat(out: Outgoing):
    await out.order(SendMessage(chat_id=out.telegram.owner, text=HELLO, language="en"))
    await out.sql("UPDATE commands SET may_be_done = true")
    await out.deliver_all()
    assert (await out.texts(out.telegram.owner))[-1].splitlines() == [
        "A&B <x>",
        "↩️ This may be a repeat: the first try got no answer.",
    ]


async def test_general_is_never_named(out: Outgoing):
    forum = await out.forum("tbilisi")
    await _send(out, forum, thread_id=1)
    assert len(await out.said(forum, 0)) == 1


async def test_a_long_text_is_cut_to_what_telegram_takes(out: Outgoing):
    await _send(out, out.telegram.owner, text=Text(key="booking-place", args={"place": "🚗<&" * 3000}))
    text = (await out.said(out.telegram.owner))[-1]["text"]
    assert len(text.encode("utf-16-le")) // 2 <= 4096
    assert text.endswith("…")


async def test_an_answer_to_a_deleted_message_is_sent_all_the_same(out: Outgoing):
    assert isinstance(await _send(out, out.telegram.owner, reply_to=999_999), Delivery)


async def test_row_35_what_cannot_be_parsed_goes_out_once_more_as_plain_text(out: Outgoing):
    await out.fault("sendMessage", error_code=400, description="Bad Request: can't parse entities: Unclosed start tag")
    await _send(out, out.telegram.owner)
    message = (await out.said(out.telegram.owner))[-1]
    assert (message["text"], message["html"]) == ("A&B <x>", "A&amp;B &lt;x&gt;")


async def test_buttons_carry_opaque_tokens_that_point_to_rows(out: Outgoing):
    button = Button(
        label=Text(key="car-unnamed", args={"number": "7"}),
        event_kind="access.decided",
        event={"branch": "tbilisi"},
        subject="person:tg:1",
        style="success",
    )
    await _send(out, out.telegram.owner, buttons=((button, button), (button,)))
    keyboard = (await out.said(out.telegram.owner))[-1]["reply_markup"]["inline_keyboard"]
    tokens = [key["callback_data"] for row in keyboard for key in row]
    rows = await out.sql("SELECT token, subject FROM buttons")
    assert [len(row) for row in keyboard] == [2, 1]
    assert keyboard[0][0]["text"] == "Машина 7"
    assert {row["token"] for row in rows} == set(tokens)


async def test_row_31_429_names_the_wait_for_this_chat_alone(out: Outgoing):
    await out.fault("sendMessage", chat_id=out.telegram.owner, retry_after=17)
    with pytest.raises(Temporary) as raised:
        await _send(out, out.telegram.owner)
    assert raised.value.retry_after == 17
    assert isinstance(await _send(out, out.telegram.guest), Delivery)


@pytest.mark.parametrize("how", ["blocked", "kicked"])
async def test_row_33_403_of_any_kind_parks_this_chat_alone(out: Outgoing, how: str):
    forum = await out.forum("tbilisi")
    chat_id = {"blocked": out.telegram.guest, "kicked": forum}[how]
    acts = {
        "blocked": ("/block", {"person": out.telegram.guest}),
        "kicked": ("/members/kick", {"chat_id": forum, "user_id": out.telegram.bot.id}),
    }
    await out.telegram.act(acts[how][0], **acts[how][1])
    with pytest.raises(NeedsAttention, match="Forbidden") as raised:
        await _send(out, chat_id)
    assert raised.value.scope == "destination"
    assert isinstance(await _send(out, out.telegram.owner), Delivery)


async def test_401_stops_the_whole_system(out: Outgoing):
    await out.fault("sendMessage", error_code=401, description="Unauthorized")
    with pytest.raises(NeedsAttention, match="token") as raised:
        await _send(out, out.telegram.owner)
    assert raised.value.scope == "system"


async def test_a_chat_that_does_not_exist_is_refused(out: Outgoing):
    with pytest.raises(Rejected, match="chat not found"):
        await _send(out, 4_242_424_242)


async def test_a_refusal_we_do_not_know_is_our_fault(out: Outgoing):
    await out.fault("sendMessage", error_code=400, description="Bad Request: BUTTON_DATA_INVALID")
    with pytest.raises(Broken, match="BUTTON_DATA_INVALID"):
        await _send(out, out.telegram.owner)


async def test_5xx_is_tried_again_later(out: Outgoing):
    await out.fault("sendMessage", error_code=502)
    with pytest.raises(Temporary):
        await _send(out, out.telegram.owner)
    assert isinstance(await _send(out, out.telegram.owner), Delivery)


async def test_a_connection_cut_after_sending_is_a_lost_answer(out: Outgoing):
    await out.fault("sendMessage", drop=True, effect=True)
    with pytest.raises(AnswerLost):
        await _send(out, out.telegram.owner)


async def test_no_connection_at_all_is_not_a_lost_answer(out: Outgoing, tmp_path: Path):
    session = AiohttpSession(api=TelegramAPIServer.from_base("http://127.0.0.1:9"))
    bot = Bot(BOT_TOKEN, session=session)
    out.performer = TelegramPerformer(
        bot, out.db, out.performer._means.storage, settings=out.settings, clock=out.clock, texts=TEXTS
    )
    with pytest.raises(Temporary) as raised:
        await _send(out, 1)
    await session.close()
    assert not isinstance(raised.value, AnswerLost)


async def test_a_message_waits_when_the_budget_of_its_chat_is_spent(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path, per_group_per_min=1) as out:
        await out.branch("tbilisi")
        forum = await out.forum("tbilisi")
        assert isinstance(await _send(out, forum), Delivery)
        postponed = await _send(out, forum)
        assert isinstance(postponed, Postponed)
        assert timedelta(seconds=59) < postponed.delay <= timedelta(seconds=60)
        assert len(await out.said(forum)) == 1
        out.clock.advance(timedelta(seconds=60))
        await out.hurry()
        assert isinstance((await out.deliver_all())[0], Delivery)


async def test_an_edit_takes_the_buttons_away_and_the_same_edit_again_is_done(out: Outgoing):
    button = Button(label=HELLO, event_kind="access.decided", event={}, subject="x")
    delivery = await _send(out, out.telegram.owner, buttons=((button,),))
    assert isinstance(delivery, Delivery)
    edit = EditMessage(
        chat_id=out.telegram.owner, message_id=delivery.result["message_id"], text=Text(key="car-card-free")
    )
    await out.perform(edit)
    await out.perform(edit)
    message = (await out.said(out.telegram.owner))[-1]
    assert message["text"] == "🅿️ Сейчас свободна"
    assert "reply_markup" not in message


async def test_an_edit_of_a_deleted_message_is_skipped(out: Outgoing):
    edit = EditMessage(chat_id=out.telegram.owner, message_id=987, text=HELLO)
    delivery = await out.perform(edit)
    assert isinstance(delivery, Delivery)
    assert "skipped" in delivery.result


async def test_an_album_is_deleted_whole_and_missing_ones_do_not_matter(out: Outgoing):
    forum = await out.forum("tbilisi")
    sent = [await _send(out, forum) for _ in range(3)]
    ids = tuple(delivery.result["message_id"] for delivery in sent if isinstance(delivery, Delivery))
    await out.perform(DeleteMessages(chat_id=forum, message_ids=(*ids, 55_555)))
    await out.perform(DeleteMessages(chat_id=forum, message_ids=ids))
    assert await out.said(forum) == []


async def test_more_than_a_hundred_are_deleted_in_several_calls(out: Outgoing):
    forum = await out.forum("tbilisi")
    await out.perform(DeleteMessages(chat_id=forum, message_ids=tuple(range(1000, 1250))))
    assert await out.calls("deleteMessages") == ["deleteMessages"] * 3


async def _open_alarm(out: Outgoing, times: int) -> alarms.Alarm:
    async with out.db.transaction() as tx:
        for _ in range(times):
            alarm = await alarms.count_up(
                tx,
                "k",
                text_key="alarm-dead-command",
                args={"command": 61000, "who": "telegram:1", "text": "<oops>"},
                now=NOW,
                quiet_since=NOW,
            )
    return alarm


async def test_an_alarm_is_told_with_its_newest_count_in_the_language_of_the_chat(out: Outgoing):
    alarm = await _open_alarm(out, 3)
    await out.perform(TellAlarm(chat_id=out.telegram.owner, key="k", opened_at=alarm.opened_at))
    assert (await out.said(out.telegram.owner))[-1]["text"].splitlines() == [
        "❗️ Команда 61000 для telegram:1 не выполнена: <oops>",
        "Повторилось: 3 раза",
    ]
    assert (await out.sql("SELECT told_count FROM alarms"))[0]["told_count"] == 3


async def test_an_alarm_that_is_over_is_not_told(out: Outgoing):
    alarm = await _open_alarm(out, 1)
    async with out.db.transaction() as tx:
        await alarms.clear(tx, "k", now=NOW)
    delivery = await out.perform(TellAlarm(chat_id=out.telegram.owner, key="k", opened_at=alarm.opened_at))
    assert isinstance(delivery, Delivery)
    assert "skipped" in delivery.result

"""Clients write in their languages, staff read and answer in theirs; nobody's message is lost or doubled."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.events import InboxDue, TranslationsDue
from orchestrator.demo.pictures import picture
from sandbox.scenes.clients import attachment
from tests.flows.company import CLERK, HEAD, text_of
from tests.flows.talk import ARAB, ENGLISHMAN, STRANGER, Talk, talk_at_work
from tests.wait import wait_until


@pytest.fixture
async def talk(db_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Talk]:
    async with talk_at_work(db_url, redis_url, tmp_path) as talk:
        yield talk


async def test_a_client_is_read_in_russian_and_reads_the_answer_in_their_own_language(talk: Talk) -> None:
    await talk.clients.writes(ENGLISHMAN, "Good morning, where do I find the car tomorrow?")
    message = await talk.reads(ENGLISHMAN, "Good morning, where do I find the car tomorrow?")
    assert text_of(message).startswith("[ru]") or "[ru]" in text_of(message)
    card = await talk.card(ENGLISHMAN)
    assert (await talk.name(ENGLISHMAN)) in text_of(card)

    await talk.says(ENGLISHMAN, "Здравствуйте, машина стоит у отеля")
    got = await talk.client_reads(ENGLISHMAN, "Здравствуйте, машина стоит у отеля")
    assert "[en]" in got["text"]
    await talk.quiet()
    assert len(await talk.sent_to(ENGLISHMAN)) == 1


async def test_what_is_told_twice_is_shown_once(talk: Talk) -> None:
    await talk.clients.writes(ARAB, "مرحبا، أين السيارة؟", twice=True)
    await talk.reads(ARAB, "أين السيارة")
    await talk.quiet()
    shown = [message for message in await talk.in_topic(ARAB) if "أين السيارة" in text_of(message)]
    assert len(shown) == 1


async def test_an_album_stays_an_album_and_a_voice_message_becomes_words(talk: Talk) -> None:
    photos = [attachment("photo", f"{n}.png", "image/png", picture()) for n in range(3)]
    await talk.clients.writes(ENGLISHMAN, "See the scratches here please", attachments=photos)
    await talk.reads(ENGLISHMAN, "See the scratches here please")
    await talk.clients.speaks(ENGLISHMAN, "I am waiting at the airport with two suitcases")
    await talk.reads(ENGLISHMAN, "waiting at the airport")
    await talk.quiet()
    messages = await talk.in_topic(ENGLISHMAN)
    groups = [message.get("media_group_id") for message in messages if message.get("photo")]
    assert len(groups) == 3
    assert len(set(groups)) == 1
    assert [message for message in messages if message.get("voice") or message.get("audio")] != []


async def test_a_client_without_a_telephone_is_answered_where_they_wrote(talk: Talk) -> None:
    await talk.clients.writes(STRANGER, "Hello, do you have a car for the weekend?")
    await talk.reads(STRANGER, "car for the weekend")
    await talk.says(STRANGER, "Добрый день, конечно есть")
    await talk.client_reads(STRANGER, "Добрый день, конечно есть")
    await talk.quiet()
    assert await talk.sent_to(ENGLISHMAN) == []


async def test_words_in_consult_mode_never_leave(talk: Talk) -> None:
    await talk.clients.writes(ENGLISHMAN, "Can you make it cheaper for me please?")
    await talk.reads(ENGLISHMAN, "cheaper")
    await talk.says(ENGLISHMAN, "/consult")
    await talk.quiet()
    await talk.says(ENGLISHMAN, "Он торгуется каждый раз, не уступаем")
    await talk.quiet()
    assert await talk.sent_to(ENGLISHMAN) == []
    await talk.says(ENGLISHMAN, "/consult")
    await talk.quiet()
    await talk.says(ENGLISHMAN, "Это наша лучшая цена")
    await talk.client_reads(ENGLISHMAN, "Это наша лучшая цена")
    assert len(await talk.sent_to(ENGLISHMAN)) == 1


async def test_a_model_that_is_away_keeps_nobody_waiting_and_the_translation_comes_later(talk: Talk) -> None:
    await talk.clients.model_down()
    await talk.clients.writes(ENGLISHMAN, "Is the road to the mountains open today?")
    first = await talk.reads(ENGLISHMAN, "Is the road to the mountains open today?")
    assert "[ru]" not in text_of(first)
    await talk.clients.model_up()
    await talk.tick(TranslationsDue())

    async def is_translated() -> bool:
        shown = [one for one in await talk.in_topic(ENGLISHMAN) if one["message_id"] == first["message_id"]]
        return "[ru]" in text_of(shown[0])

    await wait_until(is_translated)


async def test_an_answer_that_umnico_asks_to_wait_with_waits_and_is_sent_once(talk: Talk) -> None:
    await talk.clients.writes(ENGLISHMAN, "Where are you?")
    await talk.reads(ENGLISHMAN, "Where are you?")
    await talk.company.order("umnico/faults", operation="send", times=2, status=429, retry_after=1)
    await talk.says(ENGLISHMAN, "Мы уже подъезжаем к вам")
    await talk.client_reads(ENGLISHMAN, "Мы уже подъезжаем к вам")
    await talk.quiet()
    assert len(await talk.sent_to(ENGLISHMAN)) == 1


async def test_an_answer_that_may_have_left_while_umnico_broke_down_is_sent_again_by_a_person_only(talk: Talk) -> None:
    await talk.clients.writes(ENGLISHMAN, "Where are you?")
    await talk.reads(ENGLISHMAN, "Where are you?")
    await talk.clients.umnico_down()
    await talk.says(ENGLISHMAN, "Мы уже подъезжаем к вам")

    async def was_tried() -> bool:
        return await talk.clients.umnico_calls("send") != []

    await wait_until(was_tried, timeout_s=talk.company.patience_s)
    await talk.clients.umnico_up()
    doubtful = await talk.reads(ENGLISHMAN, "❓")
    assert await talk.sent_to(ENGLISHMAN) == []
    await talk.press(doubtful, "🔁")
    await talk.client_reads(ENGLISHMAN, "Мы уже подъезжаем к вам")
    await talk.quiet()
    assert len(await talk.sent_to(ENGLISHMAN)) == 1


async def test_an_answer_that_is_refused_is_shown_as_not_sent_and_may_be_tried_again(talk: Talk) -> None:
    await talk.clients.writes(ENGLISHMAN, "Where are you?")
    await talk.reads(ENGLISHMAN, "Where are you?")
    await talk.clients.refuse_send(words="The client blocked us")
    written = await talk.says(ENGLISHMAN, "Мы уже подъезжаем к вам")
    refused = await talk.reads(ENGLISHMAN, "blocked us", after=written)
    assert await talk.sent_to(ENGLISHMAN) == []
    retry = refused["reply_markup"]["inline_keyboard"][0][0]["text"]
    await talk.press(refused, retry)
    await talk.client_reads(ENGLISHMAN, "Мы уже подъезжаем к вам")
    await talk.quiet()
    assert len(await talk.sent_to(ENGLISHMAN)) == 1


async def test_a_lost_answer_of_umnico_is_found_in_the_history_and_nothing_is_doubled(talk: Talk) -> None:
    await talk.clients.writes(ENGLISHMAN, "Where are you?")
    await talk.reads(ENGLISHMAN, "Where are you?")
    await talk.clients.lose_answer_of_send()
    await talk.says(ENGLISHMAN, "Мы уже подъезжаем к вам")
    await talk.client_reads(ENGLISHMAN, "Мы уже подъезжаем к вам")
    await talk.quiet()
    assert len(await talk.sent_to(ENGLISHMAN)) == 1


async def test_a_topic_that_somebody_deleted_opens_again_with_the_next_message(talk: Talk) -> None:
    await talk.clients.writes(ENGLISHMAN, "First words of mine")
    await talk.reads(ENGLISHMAN, "First words of mine")
    old = await talk.topic(ENGLISHMAN)
    await talk.director.delete_topic(talk.groups[CLERK], old["message_thread_id"])
    await talk.clients.writes(ENGLISHMAN, "Second words of mine")
    await talk.reads(ENGLISHMAN, "Second words of mine")
    new = await talk.topic(ENGLISHMAN)
    assert new["message_thread_id"] != old["message_thread_id"]


async def test_what_was_written_while_the_webhook_was_off_is_found_and_the_webhook_is_on_again(talk: Talk) -> None:
    await talk.clients.writes(ENGLISHMAN, "Before the gap")
    await talk.reads(ENGLISHMAN, "Before the gap")
    await talk.clients.switch_hook_off()
    await talk.clients.writes(ENGLISHMAN, "Inside the gap, one")
    await talk.clients.writes(ARAB, "داخل الفجوة")
    await talk.tick(InboxDue())
    await talk.reads(ENGLISHMAN, "Inside the gap, one")
    await talk.reads(ARAB, "داخل الفجوة")
    assert [hook["status"] for hook in await talk.clients.webhooks()] == [1]


async def test_the_head_takes_a_conversation_and_both_see_the_answer_leave_once(talk: Talk) -> None:
    await talk.clients.writes(ENGLISHMAN, "I want to speak with your manager")
    await talk.reads(ENGLISHMAN, "speak with your manager")
    await talk.says(ENGLISHMAN, f"/assign {HEAD}")
    await talk.reads(ENGLISHMAN, "speak with your manager", HEAD)
    await talk.says(ENGLISHMAN, "Добрый день, я руководитель филиала", by=HEAD)
    await talk.client_reads(ENGLISHMAN, "я руководитель филиала")
    await talk.quiet()
    assert len(await talk.sent_to(ENGLISHMAN)) == 1

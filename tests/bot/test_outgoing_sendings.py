"""Under what staff wrote: nobody may believe that a message left when it did not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.commands import consent_to_offer, send_to_client
from core.events import SendConfirmed, SendRetried, read_body
from db.queries.messages import Message
from db.session import Database
from tests.bot.outgoing_at_work import NOW, Outgoing, outgoing_at_work
from tests.bot.talk_at_work import Talk, button, labels, talk_at_work

DONE = {"translation": "Come at ten", "translation_state": "done"}


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        yield at_work


@pytest.fixture
async def talk(out: Outgoing, tmp_path: Path) -> Talk:
    return await opened(out, tmp_path)


async def opened(out: Outgoing, tmp_path: Path, *, language: str = "en") -> Talk:
    """With a first message of the client, so that there is a topic to answer in."""
    talk = await talk_at_work(out, str(tmp_path), language=language)
    await talk.show(await talk.wrote("hello"))
    return talk


async def is_silent(talk: Talk) -> bool:
    """Whether the last message came without a sound."""
    journal = (await talk.out.telegram.look("/journal"))["calls"]
    return [call for call in journal if call["method"] == "sendMessage"][-1]["params"]["disable_notification"] == "true"


async def test_what_goes_out_hangs_on_what_was_written_in_the_clients_words(talk: Talk):
    message = await talk.answered("Приходите в десять", **DONE)
    await talk.show_sending(message)
    shown = await talk.last()
    assert shown["reply_to"] == message.message_id
    assert shown["text"].splitlines() == ["📤 On its way…", "Come at ten"]
    assert labels(shown) == []


async def test_it_is_edited_in_place_until_it_is_sent(talk: Talk):
    message = await talk.answered("Приходите", **DONE)
    first = await talk.show_sending(message)
    await talk.store(replace(message, delivery="sent"))
    second = await talk.show_sending(message)
    assert second["message_id"] == first["message_id"]
    assert await talk.lines() == ["✅ Sent", "Come at ten"]


async def test_what_its_author_has_to_know_comes_as_a_new_reply_with_a_sound(talk: Talk):
    message = await talk.answered("Приходите", **DONE)
    first = await talk.show_sending(message)
    assert await is_silent(talk)
    await talk.store(replace(message, delivery="failed", delivery_note="away"))
    second = await talk.show_sending(message)
    assert second["message_id"] != first["message_id"]
    shown = await talk.last()
    assert shown["reply_to"] == message.message_id
    assert not await is_silent(talk)
    assert first["message_id"] not in {one["message_id"] for one in await talk.said()}
    assert (await talk.show_sending(message))["message"] == "unchanged"


async def test_success_after_a_failure_is_an_edit_that_nobody_hears(talk: Talk):
    message = await talk.answered("Приходите", delivery="failed", delivery_note="away", **DONE)
    first = await talk.show_sending(message)
    await talk.store(replace(message, delivery="sent", delivery_note=None))
    assert (await talk.show_sending(message))["message_id"] == first["message_id"]
    assert await talk.lines() == ["✅ Sent", "Come at ten"]


async def test_words_that_go_out_as_they_are_are_not_repeated(talk: Talk):
    await talk.show_sending(await talk.answered("OK", delivery="sent"))
    assert await talk.lines() == ["✅ Sent"]


STATES: list[tuple[dict[str, Any], dict[str, str], list[str]]] = [
    (
        {"translation_state": "waiting"},
        {"en": "⏳ Not sent yet.", "ru": "⏳ Пока не отправлено.", "ka": "⏳ ჯერ არ გაგზავნილა."},
        ["✉️", "↩️"],
    ),
    (
        {"delivery": "held", **DONE},
        {"en": "✋ Not sent yet.", "ru": "✋ Пока не отправлено.", "ka": "✋ ჯერ არ გაგზავნილა."},
        ["✅", "↩️"],
    ),
    (
        {
            "delivery": "held",
            "translation": "at 11",
            "translation_state": "held",
            "translation_note": "changed: 10 -> 11",
        },
        {
            "en": "• different in the translation: 10 → 11",
            "ru": "• в переводе другое: 10 → 11",
            "ka": "• თარგმანში სხვაა: 10 → 11",
        },
        ["✅", "↩️", "✉️"],
    ),
    (
        {"delivery": "failed", "delivery_note": "refused: the client has blocked us", **DONE},
        {
            "en": "⚠️ Umnico refused it: the client has blocked us",
            "ru": "⚠️ Umnico отказал: the client has blocked us",
            "ka": "⚠️ Umnico-მ უარი თქვა: the client has blocked us",
        },
        ["🔁"],
    ),
    (
        {"delivery": "failed", "delivery_note": "approval expired", **DONE},
        {"en": "⚠️ Nobody consented in time", "ru": "⚠️ Никто не согласился вовремя", "ka": "⚠️ დროულად არავინ დათანხმდა"},
        ["🔁"],
    ),
    (
        {"delivery": "failed", "delivery_note": "taken back"},
        {"en": "↩️ Taken back", "ru": "↩️ Отозвано", "ka": "↩️ გაუქმდა"},
        [],
    ),
    (
        {"delivery": "unknown", "delivery_note": "lost", **DONE},
        {"en": "❓ It may have left", "ru": "❓ Неизвестно, ушло ли", "ka": "❓ უცნობია"},
        ["Umnico", "🔁"],
    ),
]


@pytest.mark.parametrize("language", ["en", "ru", "ka"])
@pytest.mark.parametrize(
    ("columns", "words", "offered"),
    STATES,
    ids=["waits", "held", "lost a fact", "refused", "expired", "taken back", "unknown"],
)
async def test_every_state_says_what_it_is_and_what_can_be_done(
    out: Outgoing, tmp_path: Path, language: str, columns: dict[str, Any], words: dict[str, str], offered: list[str]
):
    talk = await opened(out, tmp_path, language=language)
    await talk.show_sending(await talk.answered("Приходите", **columns))
    shown = await talk.last()
    assert words[language] in shown["text"]
    assert len(labels(shown)) == len(offered)
    assert all(mark in label for mark, label in zip(offered, labels(shown), strict=True))


async def test_buttons_record_what_they_say(talk: Talk):
    message = await talk.answered("Приходите", delivery="held", translation="Come", translation_state="held")
    await talk.show_sending(message)
    behind = await talk.events_behind(await talk.last())
    assert [read_body(one["event_kind"], one["payload"]) for one in behind.values()] == [
        SendConfirmed(conversation_id=talk.id, message_id=message.id, is_let_go=True),
        SendConfirmed(conversation_id=talk.id, message_id=message.id, is_let_go=False),
        SendConfirmed(conversation_id=talk.id, message_id=message.id, is_let_go=True, as_written=True),
    ]
    assert {one["subject"] for one in behind.values()} == {talk.conversation.entity}


async def test_a_message_that_may_have_left_is_looked_up_before_it_is_sent_again(talk: Talk):
    message = await talk.answered("Приходите", delivery="unknown", **DONE)
    await talk.show_sending(message)
    shown = await talk.last()
    assert button(shown, "Umnico")["url"].endswith("/details/4100")
    (behind,) = (await talk.events_behind(shown)).values()
    assert read_body(behind["event_kind"], behind["payload"]) == SendRetried(
        conversation_id=talk.id, message_id=message.id
    )


async def test_a_try_that_fails_again_can_be_tried_again(talk: Talk):
    message = await talk.answered("Приходите", delivery="failed", delivery_note="away", **DONE)
    first = await talk.show_sending(message)
    before = button(await talk.last(), "🔁")["callback_data"]
    await talk.press("🔁")
    second = await talk.show_sending(message)
    assert (second["message_id"], second["message"]) == (first["message_id"], "edited")
    assert button(await talk.last(), "🔁")["callback_data"] != before


async def test_an_offer_waits_for_a_head(talk: Talk):
    message = await talk.answered("Скидка 10%", translation="10% off", translation_state="done", needs_approval=True)
    await ask_for_consent(talk, message)
    await talk.show_sending(message)
    assert await talk.lines() == ["🕓 Not sent yet. A head has to consent first.", "10% off"]


async def ask_for_consent(talk: Talk, message: Message) -> None:
    approval = consent_to_offer(
        talk.id, message.client_words, staff_text=message.original, person_id=talk.person_id, expires_at=NOW
    )
    order = send_to_client(7, 4100, talk.id, message.id, message.client_words, approval=approval)
    await talk.out.order_all([order])


async def test_words_from_a_voice_message_are_shown_before_they_leave(talk: Talk):
    await talk.show_sending(
        await talk.answered("", transcript="приходите", delivery="held", translation="come", translation_state="done")
    )
    assert await talk.lines() == [
        "✋ Not sent yet. Please look at it and decide:",
        "come",
        "🎧 Written down from your voice message: check it. The recording itself is not sent.",
    ]


async def test_markup_in_our_own_words_stays_text(talk: Talk):
    await talk.show_sending(await talk.answered("<b>", translation="</blockquote>✅ Sent", translation_state="done"))
    assert (await talk.last())["html"].count("</blockquote>") == 1


async def test_in_a_topic_that_was_deleted_the_failure_is_told_all_the_same(talk: Talk):
    message = await talk.answered("Приходите", delivery="failed", delivery_note="away", **DONE)
    (thread,) = await talk.out.threads(talk.chat_id)
    await talk.out.telegram.act(
        "/topics/delete", person=talk.out.telegram.owner, chat_id=talk.chat_id, message_thread_id=thread
    )
    await talk.show_sending(message)
    assert (await talk.lines())[0] == "❌ Not sent."


async def test_a_clients_message_is_no_sending_of_ours(talk: Talk):
    message = await talk.wrote("hello")
    assert "skipped" in await talk.show_sending(message)


async def test_words_longer_than_a_message_are_all_there_to_be_read_before_they_leave(talk: Talk):
    words = "слово " * 1000
    message = await talk.answered("word", delivery="held", translation=words, translation_state="done")
    await talk.show_sending(message)
    shown = await talk.last()
    content = (await talk.out.telegram.http.get(shown["document"]["url"])).content.decode("utf-8-sig")
    assert content == words
    assert labels(shown) == ["✅ Send", "↩️ Take back"]
    await talk.store(replace(message, delivery="sent"))
    await talk.show_sending(message)
    assert (await talk.last())["caption"].startswith("✅ Sent")
    assert labels(await talk.last()) == []

"""What staff write beside commands, and which of it is worth reading."""

import httpx
import pytest

from tests.bot.handlers.conftest import Cast, Stage

KIND = "telegram.message.employee"


async def test_words_in_a_cars_topic_are_about_that_car(stage: Stage, cast: Cast):
    who = await stage.hire(cast.employee)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    car = await stage.car("AB-123-CD")
    thread_id = await stage.topic(cast.tbilisi_forum, car, who.telegram_id)
    await stage.say(who.telegram_id, "колодки скрипят", chat_id=cast.tbilisi_forum, thread_id=thread_id)
    await stage.turn()
    [event] = await stage.events(KIND)
    assert event["subject"] == f"car:{car}"
    assert (event["payload"]["text"], event["payload"]["entity"]) == ("колодки скрипят", f"car:{car}")
    assert event["trust"].startswith("staff:")
    assert event["branch"] == "tbilisi"


async def test_words_in_private_belong_to_their_writer(stage: Stage, cast: Cast):
    who = await stage.hire(cast.employee)
    await stage.say(who.telegram_id, "колодки скрипят")
    await stage.turn()
    [event] = await stage.events(KIND)
    assert (event["subject"], event["payload"]["entity"]) == (f"person:tg:{who.telegram_id}", None)


@pytest.mark.parametrize("text", ["спасибо", "+", "/unknown command"])
async def test_small_talk_and_unknown_commands_get_the_hint_at_once(stage: Stage, cast: Cast, text: str):
    who = await stage.hire(cast.employee)
    assert "/help" in await stage.ask(who.telegram_id, text)
    assert await stage.events(KIND) == []


async def test_talk_in_general_and_small_talk_in_topics_are_left_in_peace(stage: Stage, cast: Cast):
    who = await stage.hire(cast.employee)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    thread_id = await stage.topic(cast.tbilisi_forum, await stage.car("AB-123-CD"), who.telegram_id)
    await stage.say(who.telegram_id, "колодки скрипят у всех", chat_id=cast.tbilisi_forum)
    await stage.say(who.telegram_id, "спасибо!", chat_id=cast.tbilisi_forum, thread_id=thread_id)
    await stage.turn()
    assert await stage.events(KIND) == []
    assert await stage.answers(cast.tbilisi_forum) == []


async def test_a_stranger_is_not_read(stage: Stage):
    stranger = await stage.stranger()
    await stage.say(stranger, "колодки скрипят")
    await stage.turn()
    assert await stage.events(KIND) == []


async def _speak(stage: Stage, user_id: int, chat_id: int, thread_id: int | None = None) -> None:
    data = {"as": str(user_id), "chat_id": str(chat_id), "kind": "voice"}
    data |= {"thread_id": str(thread_id)} if thread_id else {}
    answer: httpx.Response = await stage.http.post(
        "/_sandbox/telegram/send_media", data=data, files=[("files", ("a.ogg", b"OggS", "audio/ogg"))]
    )
    assert answer.status_code == 200, answer.text
    await stage.turn()


async def test_a_voice_message_in_a_forum_is_kept_as_words_and_not_cleared_away(stage: Stage, cast: Cast):
    who = await stage.hire(cast.employee)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    car = await stage.car("AB-123-CD")
    thread_id = await stage.topic(cast.tbilisi_forum, car, who.telegram_id)
    await _speak(stage, who.telegram_id, cast.tbilisi_forum, thread_id)
    [event] = await stage.events(KIND)
    assert event["payload"]["file"]["media_kind"] == "voice"
    assert event["payload"]["entity"] == f"car:{car}"
    assert await stage.calls("deleteMessages") == []


async def test_a_voice_message_in_private_is_kept_as_words(stage: Stage, cast: Cast):
    who = await stage.hire(cast.employee)
    await _speak(stage, who.telegram_id, who.telegram_id)
    [event] = await stage.events(KIND)
    assert event["payload"]["chat_id"] == who.telegram_id

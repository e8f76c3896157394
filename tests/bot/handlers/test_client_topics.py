"""What staff write in a client's topic, and what must never leave from there."""

from typing import Any

import pytest

from core.clock import SystemClock
from tests.bot.handlers.client_room import Room, person_id, room_of


@pytest.fixture
async def room(stage, cast) -> Room:
    return await room_of(stage, cast.employee, cast.head)


async def test_words_in_the_topic_are_an_answer_by_whoever_wrote_them(room: Room, cast):
    message_id = await room.say(cast.employee, "Добрый день")
    [event] = await room.answers()
    assert event["subject"] == room.conversation.entity
    assert event["trust"] == f"staff:{room.owner_id}"
    payload = event["payload"]
    assert (payload["text"], payload["message_id"], payload["thread_id"]) == ("Добрый день", message_id, room.thread_id)
    assert (payload["is_edit"], payload["needs_approval"], payload["reply_to"]) == (False, False, None)


async def test_a_colleague_in_the_group_answers_as_themselves(stage, room: Room, cast):
    await room.say(cast.head, "Поможем")
    [event] = await room.answers()
    assert event["trust"] == f"staff:{await person_id(stage, cast.head)}"


async def test_a_reply_says_what_it_answers(stage, room: Room, cast):
    first = await room.say(cast.employee, "one")
    body = {"as": cast.employee.telegram_id, "chat_id": room.chat_id, "thread_id": room.thread_id, "text": "two"}
    await stage.post("/send", **body, reply_to_message_id=first)
    await stage.turn()
    assert [event["payload"]["reply_to"] for event in await room.answers()] == [None, first]


async def test_somebody_whose_access_ended_says_nothing_to_clients(stage, room: Room, cast):
    await stage.rows("UPDATE people SET is_active = false WHERE tg_user_id = %s", cast.head.telegram_id)
    await room.say(cast.head, "Добрый день")
    assert await room.answers() == []


@pytest.mark.parametrize("text", ["/tkae", "/today", "/take@somebody_elses_bot", "/", "/1 day"])
async def test_a_command_never_goes_to_the_client(room: Room, cast, text):
    await room.say(cast.employee, text)
    assert await room.answers() == []


async def test_an_unknown_command_is_told_that_the_client_got_nothing(room: Room, cast):
    assert "The client got nothing" in await room.told(cast.employee, "/tkae")


async def test_an_edited_message_is_told_as_one(stage, room: Room, cast):
    message_id = await room.say(cast.employee, "Добрый день")
    body = {"as": cast.employee.telegram_id, "chat_id": room.chat_id, "message_id": message_id}
    await stage.post("/edit", **body, text="Добрый вечер")
    await stage.turn()
    [_, edit] = await room.answers()
    assert (edit["payload"]["text"], edit["payload"]["is_edit"]) == ("Добрый вечер", True)
    assert edit["payload"]["message_id"] == message_id


async def test_an_edited_command_is_not_read(stage, room: Room, cast):
    message_id = await room.say(cast.employee, "/close")
    body = {"as": cast.employee.telegram_id, "chat_id": room.chat_id, "message_id": message_id}
    await stage.post("/edit", **body, text="/offer 10 USD")
    await stage.turn()
    assert "do not read edited" in (await stage.last(room.chat_id))["text"]
    assert await room.answers() == []


async def test_a_file_is_an_answer_once_it_is_safe_and_stays_where_it_is(stage, room: Room, cast):
    [message_id] = await stage.photograph(
        cast.employee.telegram_id, chat_id=room.chat_id, thread_id=room.thread_id, files=[b"papers"]
    )
    await stage.turn()
    [event] = await room.answers()
    assert event["subject"] == room.conversation.entity
    assert event["trust"] == f"staff:{room.owner_id}"
    file = event["payload"]["file"]
    assert (file["media_kind"], file["mime"], file["size"]) == ("document", "application/pdf", 6)
    [kept] = await stage.rows("SELECT storage_key, entity FROM media")
    assert kept == {"storage_key": file["storage_key"], "entity": room.conversation.entity}
    assert await stage.events("media.stored") == []
    assert message_id in {message["message_id"] for message in await stage.messages(room.chat_id)}


def raw_message(room: Room, cast, message_id: int, **content: Any) -> dict[str, Any]:
    """An update as Telegram sends it, of what the emulator's people cannot post."""
    return {
        "message_id": message_id,
        "message_thread_id": room.thread_id,
        "is_topic_message": True,
        "date": int(SystemClock().now().timestamp()),
        "chat": {"id": room.chat_id, "type": "supergroup", "title": "Clients", "is_forum": True},
        "from": {"id": cast.employee.telegram_id, "is_bot": False, "first_name": "I"},
        **content,
    }


async def test_a_caption_goes_along_and_a_caption_that_is_a_command_does_not(stage, room: Room, cast):
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 2, "mime_type": "audio/ogg", "file_size": 5}
    told = raw_message(room, cast, 501, voice=voice, caption="Послушайте")
    await stage.intake.take({"update_id": 1, "message": told})
    slip = raw_message(room, cast, 502, voice=voice, caption="/tkae")
    await stage.intake.take({"update_id": 2, "message": slip})
    [posted] = await stage.events("media.posted")
    assert posted["payload"]["media_kind"] == "voice"
    words = posted["payload"]["words"]
    assert (words["text"], words["conversation_id"]) == ("Послушайте", str(room.conversation.id))


async def test_a_file_too_big_for_a_bot_is_told_under_it(stage, room: Room, cast):
    message_id = await room.say(cast.employee, "/close")
    video = {"file_id": "v", "file_unique_id": "v", "duration": 2, "width": 9, "height": 9, "file_size": 30_000_000}
    await stage.intake.take({"update_id": 1, "message": raw_message(room, cast, message_id, video=video)})
    await stage.turn()
    told = await stage.last(room.chat_id)
    assert "was not passed on" in told["text"]
    assert told["message_thread_id"] == room.thread_id
    assert told["reply_to"] == message_id
    assert await room.answers() == []
    assert len(await stage.events("alarm.raised")) == 1


async def test_a_file_too_big_is_told_in_the_language_of_whoever_posted_it(stage, room: Room, cast):
    await stage.rows("UPDATE people SET language = 'ka' RETURNING 1")
    message_id = await room.say(cast.employee, "/close")
    video = {"file_id": "v", "file_unique_id": "v", "duration": 2, "width": 9, "height": 9, "file_size": 30_000_000}
    await stage.intake.take({"update_id": 1, "message": raw_message(room, cast, message_id, video=video)})
    await stage.turn()
    assert "ეს ფაილი არსად გაგზავნილა" in (await stage.last(room.chat_id))["text"]


async def test_what_cannot_be_passed_on_is_said(stage, room: Room, cast):
    body = {"as": cast.employee.telegram_id, "chat_id": room.chat_id, "thread_id": room.thread_id}
    await stage.post("/send", **body, location={"latitude": 41.7, "longitude": 44.8})
    await stage.turn()
    assert "The client got nothing" in (await stage.last(room.chat_id))["text"]
    assert await room.answers() == []


async def test_in_general_and_in_topics_of_others_a_hint_says_where_to_write(stage, room: Room, cast):
    assert "topic of the client" in await stage.ask(cast.employee.telegram_id, "Добрый день", chat_id=room.chat_id)
    made = await stage.post("/topics/create", **{"as": cast.employee.telegram_id, "chat_id": room.chat_id, "name": "x"})
    where = {"chat_id": room.chat_id, "thread_id": made["message_thread_id"]}
    await stage.ask(cast.employee.telegram_id, "Добрый день", **where)
    assert "topic of the client" in (await stage.last(room.chat_id))["text"]
    assert await room.answers() == []


async def test_a_group_that_is_nobodys_any_more_sends_nothing_and_says_so(stage, room: Room, cast):
    await stage.rows("UPDATE chats SET purpose = 'unbound', person_id = NULL WHERE chat_id = %s", room.chat_id)
    assert "The client got nothing" in await room.told(cast.employee, "Добрый день")
    assert await room.answers() == []


async def test_words_in_a_topic_that_was_given_up_still_mean_the_client(stage, room: Room, cast):
    await stage.rows("UPDATE topics SET state = 'dead' WHERE chat_id = %s", room.chat_id)
    await room.say(cast.employee, "Добрый день")
    assert len(await room.answers()) == 1


async def test_somebody_anonymous_is_told_that_the_client_got_nothing(stage, room: Room, cast):
    message_id = await room.say(cast.employee, "/close")
    bot_of_telegram = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    chat = {"id": room.chat_id, "type": "supergroup", "title": "Clients"}
    update = raw_message(room, cast, message_id, text="Добрый день", sender_chat=chat) | {"from": bot_of_telegram}
    await stage.intake.take({"update_id": 1, "message": update})
    await stage.turn()
    assert "кто пишет" in (await stage.last(room.chat_id))["text"]
    assert await room.answers() == []

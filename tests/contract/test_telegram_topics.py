"""Forum topics over real HTTP: threads, General, closed and deleted topics, forum mode, private topics."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import ReplyParameters

from tests.contract.telegram_at_work import BOT, TelegramAtWork, telegram_at_work


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramAtWork]:
    async with telegram_at_work() as at_work:
        yield at_work


@pytest.fixture
async def forum(telegram: TelegramAtWork) -> int:
    return await telegram.group()


@pytest.fixture
async def thread(telegram: TelegramAtWork, forum: int) -> int:
    """A topic of the bot; nothing waits in its queue."""
    topic = await telegram.bot.create_forum_topic(forum, "Toyota AA-001-AA")
    await telegram.forget_updates()
    return topic.message_thread_id


def refused(text: str) -> Any:
    return pytest.raises(TelegramBadRequest, match=f"Bad Request: {text}$")


async def test_thread_1_and_unknown_threads_are_not_found(telegram: TelegramAtWork, forum: int):
    for number in (1, 77):
        with refused("message thread not found"):
            await telegram.bot.send_message(forum, "x", message_thread_id=number)


async def test_general_has_no_thread_but_a_reply_in_it_has_one(telegram: TelegramAtWork, forum: int):
    root = await telegram.bot.send_message(forum, "Root")
    first = await telegram.bot.send_message(forum, "1", reply_parameters=ReplyParameters(message_id=root.message_id))
    second = await telegram.bot.send_message(forum, "2", reply_parameters=ReplyParameters(message_id=first.message_id))
    assert (root.message_thread_id, root.is_topic_message) == (None, None)
    assert (first.message_thread_id, first.is_topic_message) == (root.message_id, None)
    assert (second.message_thread_id, second.is_topic_message) == (root.message_id, None)


async def test_what_people_write_in_a_topic_arrives_with_its_thread(telegram: TelegramAtWork, forum: int, thread: int):
    await telegram.act("/send", person=telegram.guest, chat_id=forum, thread_id=thread, text="Scratched")
    message = (await telegram.updates())[0]["message"]
    assert (message["message_thread_id"], message["is_topic_message"], message["text"]) == (thread, True, "Scratched")
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "Toyota AA-001-AA"


async def test_a_reply_goes_into_the_topic_of_what_it_answers(telegram: TelegramAtWork, forum: int, thread: int):
    said = await telegram.bot.send_message(forum, "Where?", message_thread_id=thread)
    answer = await telegram.bot.send_message(
        forum, "Here", reply_parameters=ReplyParameters(message_id=said.message_id)
    )
    assert (answer.message_thread_id, answer.is_topic_message) == (thread, True)


async def test_without_forum_mode_the_thread_is_silently_ignored(telegram: TelegramAtWork, forum: int, thread: int):
    await telegram.act(f"/chats/{forum}/forum", is_forum=False)
    sent = await telegram.bot.send_message(forum, "x", message_thread_id=thread)
    assert (sent.message_thread_id, sent.is_topic_message, sent.chat.is_forum) == (None, None, None)
    with refused("the chat is not a forum"):
        await telegram.bot.create_forum_topic(forum, "Another")
    await telegram.act(f"/chats/{forum}/forum", is_forum=True)
    assert (await telegram.bot.send_message(forum, "x", message_thread_id=thread)).is_topic_message


async def test_a_deleted_topic_takes_no_messages_and_no_changes(telegram: TelegramAtWork, forum: int, thread: int):
    bot = telegram.bot
    sent = await bot.send_message(forum, "x", message_thread_id=thread)
    await telegram.act("/topics/delete", chat_id=forum, message_thread_id=thread)
    assert await telegram.updates() == []
    with refused("message thread not found"):
        await bot.send_message(forum, "x", message_thread_id=thread)
    with refused("TOPIC_DELETED"):
        await bot.edit_forum_topic(forum, thread, name="New")
    with refused("TOPIC_DELETED"):
        await bot.send_chat_action(forum, "typing", message_thread_id=thread)
    with refused("TOPIC_ID_INVALID"):
        await bot.close_forum_topic(forum, 999)
    with refused("message to edit not found"):
        await bot.edit_message_text("y", chat_id=forum, message_id=sent.message_id)


async def test_a_change_that_changes_nothing_is_refused(telegram: TelegramAtWork, forum: int, thread: int):
    bot = telegram.bot
    with refused("TOPIC_NOT_MODIFIED"):
        await bot.reopen_forum_topic(forum, thread)
    with refused("TOPIC_NOT_MODIFIED"):
        await bot.edit_forum_topic(forum, thread, name="Toyota AA-001-AA")
    await bot.close_forum_topic(forum, thread)
    with refused("TOPIC_NOT_MODIFIED"):
        await bot.close_forum_topic(forum, thread)


async def test_a_closed_topic_takes_messages_of_who_may_manage_topics(
    telegram: TelegramAtWork, forum: int, thread: int
):
    await telegram.act("/topics/close", chat_id=forum, message_thread_id=thread)
    assert await telegram.bot.send_message(forum, "x", message_thread_id=thread)
    assert "TOPIC_CLOSED" in await telegram.refused(
        "/send", person=telegram.guest, chat_id=forum, thread_id=thread, text="x"
    )
    await telegram.act("/members/promote", chat_id=forum, user_id=BOT, rights=["can_pin_messages"])
    with refused("TOPIC_CLOSED"):
        await telegram.bot.send_message(forum, "x", message_thread_id=thread)
    # The bot opened this topic, so it may open it again without the right.
    assert await telegram.bot.reopen_forum_topic(forum, thread)
    assert await telegram.bot.send_message(forum, "x", message_thread_id=thread)


async def test_closed_general_refuses_replies_even_of_administrators(telegram: TelegramAtWork, forum: int):
    root = await telegram.bot.send_message(forum, "Root")
    await telegram.bot.close_general_forum_topic(forum)
    assert await telegram.bot.send_message(forum, "Plain")
    with refused("TOPIC_CLOSED"):
        await telegram.bot.send_message(forum, "x", reply_parameters=ReplyParameters(message_id=root.message_id))


async def test_topics_of_people_need_the_right(telegram: TelegramAtWork, forum: int):
    created = await telegram.act("/topics/create", person=telegram.owner, chat_id=forum, name="By hand")
    await telegram.act("/members/promote", chat_id=forum, user_id=BOT, rights=["can_pin_messages"])
    with refused("not enough rights to edit the topic"):
        await telegram.bot.edit_forum_topic(forum, created["message_thread_id"], name="Other")


async def test_a_long_name_is_cut(telegram: TelegramAtWork, forum: int):
    assert (await telegram.bot.create_forum_topic(forum, "я" * 200)).name == "я" * 128


async def test_an_unknown_colour_is_refused(telegram: TelegramAtWork, forum: int):
    with refused("TOPIC_ICON_COLOR_INVALID"):
        await telegram.bot.create_forum_topic(forum, "Car", icon_color=1)


async def test_a_message_about_the_opening_of_a_topic_cannot_be_deleted(
    telegram: TelegramAtWork, forum: int, thread: int
):
    with refused("message can't be deleted"):
        await telegram.bot.delete_message(forum, thread)


async def test_topics_in_private_chats_come_with_the_mode(telegram: TelegramAtWork):
    with refused("the chat is not a forum"):
        await telegram.bot.create_forum_topic(telegram.owner, "Client")
    await telegram.act("/modes", topics_in_private=True)
    assert (await telegram.bot.get_me()).has_topics_enabled
    topic = await telegram.bot.create_forum_topic(telegram.owner, "Client")
    sent = await telegram.bot.send_message(telegram.owner, "x", message_thread_id=topic.message_thread_id)
    assert sent.is_topic_message
    assert await telegram.bot.edit_forum_topic(telegram.owner, topic.message_thread_id, name="Guest")
    with refused("the chat is not a forum"):
        await telegram.bot.close_forum_topic(telegram.owner, topic.message_thread_id)
    assert await telegram.bot.delete_forum_topic(telegram.owner, topic.message_thread_id)


async def test_deleting_all_pins_of_a_topic_leaves_those_of_others(telegram: TelegramAtWork, forum: int, thread: int):
    here = await telegram.bot.send_message(forum, "Here", message_thread_id=thread)
    general = await telegram.bot.send_message(forum, "There")
    for message in (here, general):
        await telegram.bot.pin_chat_message(forum, message.message_id)
    await telegram.bot.unpin_all_forum_topic_messages(forum, thread)
    assert (await telegram.look(f"/chats/{forum}"))["pinned"] == [general.message_id]

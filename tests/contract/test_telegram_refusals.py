"""Each refusal of the Bot API that can be provoked is provoked, and aiogram raises what it should."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.methods import SetWebhook, TelegramMethod
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    ReactionTypeEmoji,
    ReplyParameters,
)

from tests.contract.telegram_at_work import BOT, MANAGER_RIGHTS, TelegramAtWork, png, telegram_at_work

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramAtWork]:
    async with telegram_at_work() as at_work:
        yield at_work


def bad_request(text: str) -> Any:
    return pytest.raises(TelegramBadRequest, match=f"Bad Request: {text}$")


def button(**action: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Yes", **action)]])


async def test_the_length_of_a_text_is_counted_after_parsing(telegram: TelegramAtWork):
    marked = "<b>" + "я" * 4096 + "</b>"
    assert (await telegram.bot.send_message(telegram.owner, marked, parse_mode="HTML")).text == "я" * 4096
    with bad_request("message is too long"):
        await telegram.bot.send_message(telegram.owner, "a" * 4097)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "<b></b>"])
async def test_a_text_without_words_is_refused(telegram: TelegramAtWork, text: str):
    with bad_request("message text is empty"):
        await telegram.bot.send_message(telegram.owner, text, parse_mode="HTML")


async def test_captions_and_answers_have_their_own_lengths(telegram: TelegramAtWork):
    photo = BufferedInputFile(png(), "car.png")
    assert (await telegram.bot.send_photo(telegram.owner, photo, caption="a" * 1024)).caption == "a" * 1024
    with bad_request("message caption is too long"):
        await telegram.bot.send_photo(telegram.owner, photo, caption="a" * 1025)
    with bad_request("MESSAGE_TOO_LONG"):
        await telegram.bot.answer_callback_query("1", text="a" * 201)


async def test_callback_data_is_measured_in_bytes(telegram: TelegramAtWork):
    assert await telegram.bot.send_message(telegram.owner, "?", reply_markup=button(callback_data="я" * 32))
    with bad_request("BUTTON_DATA_INVALID"):
        await telegram.bot.send_message(telegram.owner, "?", reply_markup=button(callback_data="a" * 65))
    with bad_request("BUTTON_DATA_INVALID"):
        await telegram.bot.send_message(telegram.owner, "?", reply_markup=button(callback_data="я" * 33))


async def test_keyboards_are_looked_at_closely(telegram: TelegramAtWork):
    with bad_request("Text buttons are unallowed in the inline keyboard"):
        await telegram.bot.send_message(telegram.owner, "?", reply_markup=button())
    with bad_request("inline keyboard button URL 'file:///x' is invalid: unsupported URL protocol"):
        await telegram.bot.send_message(telegram.owner, "?", reply_markup=button(url="file:///x"))
    with bad_request("reply markup is too long"):
        rows = [[InlineKeyboardButton(text="Yes", callback_data=str(n))] for n in range(101)]
        await telegram.bot.send_message(telegram.owner, "?", reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<u>a</b>", 'Unmatched end tag at byte offset 4, expected "</u>", found "</b>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("ы<table>", 'Unsupported start tag "table" at byte offset 2'),
    ],
)
async def test_broken_markup_is_refused(telegram: TelegramAtWork, markup: str, reason: str):
    with pytest.raises(TelegramBadRequest) as refused:
        await telegram.bot.send_message(telegram.owner, markup, parse_mode="HTML")
    assert str(refused.value).endswith(f"Bad Request: can't parse entities: {reason}")


async def test_a_missing_or_foreign_message_is_named_by_what_was_wanted(telegram: TelegramAtWork):
    bot, chat = telegram.bot, telegram.owner
    said = (await telegram.act("/send", person=chat, chat_id=chat, text="Hello"))["message_ids"][0]
    with bad_request("message to edit not found"):
        await bot.edit_message_text("x", chat_id=chat, message_id=999)
    with bad_request("message to delete not found"):
        await bot.delete_message(chat, 999)
    with bad_request("message to be replied not found"):
        await bot.send_message(chat, "x", reply_parameters=ReplyParameters(message_id=999))
    with bad_request("message to copy not found"):
        await bot.copy_message(chat, chat, 999)
    with bad_request("message to forward not found"):
        await bot.forward_message(chat, chat, 999)
    with bad_request("message to react not found"):
        await bot.set_message_reaction(chat, 999)
    with bad_request("message to pin not found"):
        await bot.pin_chat_message(chat, 999)
    with bad_request("message to unpin not found"):
        await bot.unpin_chat_message(chat)
    with bad_request("message can't be edited"):
        await bot.edit_message_text("x", chat_id=chat, message_id=said)


async def test_a_message_can_be_deleted_once(telegram: TelegramAtWork):
    sent = await telegram.bot.send_message(telegram.owner, "Gone soon")
    assert await telegram.bot.delete_message(telegram.owner, sent.message_id)
    with bad_request("message to delete not found"):
        await telegram.bot.delete_message(telegram.owner, sent.message_id)


async def test_a_reply_to_nothing_goes_out_when_that_is_allowed(telegram: TelegramAtWork):
    reply = ReplyParameters(message_id=999, allow_sending_without_reply=True)
    sent = await telegram.bot.send_message(telegram.owner, "Anyway", reply_parameters=reply)
    assert sent.reply_to_message is None


async def test_an_edit_that_changes_nothing_is_refused(telegram: TelegramAtWork):
    sent = await telegram.bot.send_message(telegram.owner, "Same", reply_markup=button(callback_data="1"))
    where = {"chat_id": telegram.owner, "message_id": sent.message_id}
    with bad_request(NOT_MODIFIED):
        await telegram.bot.edit_message_text("Same", **where, reply_markup=button(callback_data="1"))
    with bad_request("there is no caption in the message to edit"):
        await telegram.bot.edit_message_caption(**where, caption="x")


async def test_messages_older_than_two_days_stay(telegram: TelegramAtWork):
    sent = await telegram.bot.send_message(telegram.owner, "Old")
    await telegram.act("/clock", advance_s=48 * 3600 - 60)
    fresh = await telegram.bot.send_message(telegram.owner, "Fresh")
    await telegram.act("/clock", advance_s=61)
    with bad_request("message can't be deleted for everyone"):
        await telegram.bot.delete_message(telegram.owner, sent.message_id)
    assert await telegram.bot.delete_message(telegram.owner, fresh.message_id)


async def test_deleting_what_others_wrote_needs_the_right(telegram: TelegramAtWork):
    chat = await telegram.group(rights=["can_pin_messages"])
    said = (await telegram.act("/send", person=telegram.guest, chat_id=chat, text="Mine"))["message_ids"][0]
    with bad_request("message can't be deleted"):
        await telegram.bot.delete_message(chat, said)
    await telegram.act("/members/promote", chat_id=chat, user_id=BOT, rights=["can_delete_messages"])
    assert await telegram.bot.delete_message(chat, said)


async def test_a_press_waits_two_and_a_half_minutes_for_its_answer(telegram: TelegramAtWork):
    sent = await telegram.bot.send_message(telegram.owner, "?", reply_markup=button(callback_data="yes"))
    press = {"person": telegram.owner, "chat_id": telegram.owner, "message_id": sent.message_id, "callback_data": "yes"}
    early = (await telegram.act("/press", **press))["callback_query_id"]
    await telegram.act("/clock", advance_s=140)
    assert await telegram.bot.answer_callback_query(early)
    await telegram.act("/clock", advance_s=11)
    with bad_request(QUERY_TOO_OLD):
        await telegram.bot.answer_callback_query(early)
    with bad_request(QUERY_TOO_OLD):
        await telegram.bot.answer_callback_query("12345")
    assert await telegram.bot.get_updates() == []


async def test_albums_and_lists_have_their_bounds(telegram: TelegramAtWork):
    bot, chat = telegram.bot, telegram.owner
    photo = InputMediaPhoto(media=BufferedInputFile(png(), "a.png"))
    paper = InputMediaDocument(media=BufferedInputFile(b"x", "a.txt"))
    with bad_request("can't use the media of the specified type in the album"):
        await bot.send_media_group(chat, [photo, paper])
    with bad_request("can't use the media of the specified type in the album"):
        await bot.send_media_group(chat, [InputMediaAudio(media=BufferedInputFile(b"x", "a.mp3")), paper])
    with bad_request("must include 2-10 items in the album"):
        await bot.send_media_group(chat, [photo])
    with bad_request("message identifiers must be in a strictly increasing order"):
        await bot.forward_messages(chat, chat, [2, 1])
    with bad_request("message_ids must be 1-100 in size"):
        await bot.delete_messages(chat, list(range(1, 102)))
    with bad_request("REACTIONS_TOO_MANY"):
        like = ReactionTypeEmoji(emoji="👍")
        sent = await bot.send_message(chat, "x")
        await bot.set_message_reaction(chat, sent.message_id, reaction=[like, like])


async def test_files_have_their_bounds(telegram: TelegramAtWork):
    bot, chat = telegram.bot, telegram.owner
    with bad_request("wrong file identifier/HTTP URL specified"):
        await bot.send_photo(chat, "nonsense")
    with bad_request("invalid file_id"):
        await bot.get_file("AgACnonsense")
    with bad_request("IMAGE_PROCESS_FAILED"):
        await bot.send_photo(chat, BufferedInputFile(b"no picture", "a.png"))
    with bad_request("PHOTO_INVALID_DIMENSIONS"):
        await bot.send_photo(chat, BufferedInputFile(png(210, 10), "a.png"))
    with bad_request("failed to get HTTP URL content"):
        await bot.send_photo(chat, f"{telegram.url}/nowhere.png")
    paper = await bot.send_document(chat, BufferedInputFile(b"x", "a.txt"))
    assert paper.document is not None
    with bad_request("can't use file of type Document as Photo"):
        await bot.send_photo(chat, paper.document.file_id)


async def test_what_is_too_big_is_refused_on_the_way_in_and_on_the_way_out(telegram: TelegramAtWork):
    big = await telegram.bot.send_document(telegram.owner, BufferedInputFile(bytes((20 << 20) + 1), "big.bin"))
    assert big.document is not None
    with bad_request("file is too big"):
        await telegram.bot.get_file(big.document.file_id)
    with pytest.raises(TelegramEntityTooLarge, match="Request Entity Too Large"):
        await telegram.bot.send_document(telegram.owner, BufferedInputFile(bytes(52 << 20), "huge.bin"))


async def test_unknown_chats_are_not_found(telegram: TelegramAtWork):
    stranger = await telegram.person("Never wrote")
    with bad_request("chat not found"):
        await telegram.bot.send_message(4_000_000_001, "x")
    with bad_request("chat not found"):
        await telegram.bot.send_message("@nobody_here", "x")
    with bad_request("chat_id is empty"):
        await telegram.bot.send_message("", "x")
    with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation with a user"):
        await telegram.bot.send_message(stranger, "x")


async def test_a_chat_that_is_closed_to_the_bot_says_why(telegram: TelegramAtWork):
    bot = telegram.bot
    kicked, left, deleted = [await telegram.group() for _ in range(3)]
    await telegram.act("/members/kick", chat_id=kicked, user_id=BOT)
    await bot.leave_chat(left)
    await telegram.act(f"/chats/{deleted}/delete")
    with pytest.raises(TelegramForbiddenError, match=r"Forbidden: bot was kicked from the supergroup chat$"):
        await bot.send_message(kicked, "x")
    with pytest.raises(TelegramForbiddenError, match=r"Forbidden: bot is not a member of the supergroup chat$"):
        await bot.send_message(left, "x")
    with pytest.raises(TelegramForbiddenError, match=r"Forbidden: the group chat was deleted$"):
        await bot.send_message(deleted, "x")


async def test_a_person_who_is_gone_or_blocked_the_bot_gets_nothing(telegram: TelegramAtWork):
    await telegram.act("/block", person=telegram.owner)
    with pytest.raises(TelegramForbiddenError, match=r"Forbidden: bot was blocked by the user$"):
        await telegram.bot.send_message(telegram.owner, "x")
    await telegram.act("/block", person=telegram.owner, is_blocked=False)
    assert await telegram.bot.send_message(telegram.owner, "x")
    await telegram.act(f"/users/{telegram.guest}/deactivate")
    with pytest.raises(TelegramForbiddenError, match=r"Forbidden: user is deactivated$"):
        await telegram.bot.send_message(telegram.guest, "x")


async def test_a_migrated_chat_names_its_new_id_and_goes_on_there(telegram: TelegramAtWork):
    old = await telegram.group()
    thread = (await telegram.bot.create_forum_topic(old, "Car")).message_thread_id
    await telegram.forget_updates()
    new = (await telegram.act(f"/chats/{old}/migrate"))["id"]
    with pytest.raises(TelegramMigrateToChat, match="group chat was upgraded to a supergroup chat") as refused:
        await telegram.bot.send_message(old, "x")
    assert refused.value.migrate_to_chat_id == new
    assert (await telegram.bot.send_message(new, "x", message_thread_id=thread)).message_thread_id == thread
    notes = [update["message"] for update in await telegram.updates()]
    assert (notes[0]["chat"]["id"], notes[0]["migrate_to_chat_id"]) == (old, new)
    assert (notes[1]["chat"]["id"], notes[1]["migrate_from_chat_id"]) == (new, old)


async def test_a_right_that_is_missing_is_named(telegram: TelegramAtWork):
    bot, chat = telegram.bot, await telegram.group(rights=["can_change_info"])
    with bad_request("not enough rights to create a topic"):
        await bot.create_forum_topic(chat, "Car")
    with bad_request("not enough rights to edit the topic"):
        await bot.close_general_forum_topic(chat)
    with bad_request("not enough rights to manage pinned messages in the chat"):
        await bot.unpin_all_general_forum_topic_messages(chat)
    with bad_request("not enough rights to restrict/unrestrict chat member"):
        await bot.ban_chat_member(chat, telegram.guest)
    with bad_request("not enough rights to manage chat invite link"):
        await bot.create_chat_invite_link(chat)


async def test_deleting_a_topic_needs_the_right_to_delete_messages(telegram: TelegramAtWork):
    chat = await telegram.group(rights=["can_manage_topics"])
    topic = await telegram.bot.create_forum_topic(chat, "Car")
    with bad_request("not enough rights to delete the topic"):
        await telegram.bot.delete_forum_topic(chat, topic.message_thread_id)
    await telegram.act("/members/promote", chat_id=chat, user_id=BOT, rights=["can_delete_messages"])
    assert await telegram.bot.delete_forum_topic(chat, topic.message_thread_id)


async def test_owners_administrators_and_the_bot_itself_cannot_be_put_out(telegram: TelegramAtWork):
    chat = await telegram.group()
    await telegram.act("/members/promote", chat_id=chat, user_id=telegram.guest)
    with bad_request("can't remove chat owner"):
        await telegram.bot.ban_chat_member(chat, telegram.owner)
    with bad_request("user is an administrator of the chat"):
        await telegram.bot.ban_chat_member(chat, telegram.guest)
    with bad_request("can't restrict self"):
        await telegram.bot.ban_chat_member(chat, BOT)


async def test_a_member_without_permission_cannot_write(telegram: TelegramAtWork):
    chat = await telegram.group(rights=list(MANAGER_RIGHTS))
    await telegram.raw("setChatPermissions", chat_id=chat, permissions={"can_send_polls": False})
    await telegram.act("/members/promote", chat_id=chat, user_id=BOT, rights=[])
    with bad_request("not enough rights to send text messages to the chat"):
        await telegram.bot.send_message(chat, "x")
    with bad_request("not enough rights to send photos to the chat"):
        await telegram.bot.send_photo(chat, BufferedInputFile(png(), "a.png"))


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"chat_id": "1", "text": "x", "colour": "red"}, 'unknown parameter "colour" of sendMessage'),
        ({"chat_id": "1"}, "message text is empty"),
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": "1", "text": "x", "reply_markup": "{"}, "can't parse reply_markup JSON object"),
        ({"chat_id": "1", "text": "x", "message_thread_id": "one"}, 'invalid value of parameter "message_thread_id"'),
        ({"chat_id": "1", "text": "x", "entities": '{"type": "bold"}'}, 'invalid value of parameter "entities"'),
        (
            {"chat_id": "1", "text": "x", "link_preview_options": '{"size": 1}'},
            'unknown field "size" of LinkPreviewOptions',
        ),
        (
            {"chat_id": "1", "text": "x", "reply_parameters": '{"message_id": "one"}'},
            'invalid value of parameter "message_id"',
        ),
    ],
)
async def test_a_request_that_the_schema_does_not_allow_is_refused(
    telegram: TelegramAtWork, params: dict[str, str], description: str
):
    response = await telegram.raw("sendMessage", **params)
    assert response == {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"}


async def test_an_unknown_method_is_not_found(telegram: TelegramAtWork):
    assert await telegram.raw("sendPigeon") == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found: method not found",
    }

    class SendPigeon(TelegramMethod[bool]):
        __returning__ = bool
        __api_method__ = "sendPigeon"

    with pytest.raises(TelegramNotFound):
        await telegram.bot(SendPigeon())


async def test_a_wrong_token_is_unauthorized(telegram: TelegramAtWork):
    async with httpx.AsyncClient(base_url=telegram.url) as http:
        wrong = await http.get("/telegram/bot1:abc/getMe")
        broken = await http.get("/telegram/botnonsense/getMe")
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    assert (broken.status_code, broken.json()["description"]) == (401, "Unauthorized: invalid token specified")
    stranger = Bot("123:abc", session=telegram.bot.session)
    with pytest.raises(TelegramUnauthorizedError):
        await stranger.get_me()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://bot.example.com/hook", "An HTTPS URL must be provided for webhook"),
        ("https://bot.example.com:9000/hook", "Webhook can be set up only on ports 80, 88, 443 or 8443"),
    ],
)
async def test_a_webhook_needs_https_on_a_known_port(telegram: TelegramAtWork, url: str, reason: str):
    with bad_request(f"bad webhook: {reason}"):
        await telegram.bot(SetWebhook(url=url))


async def test_polling_beside_a_webhook_is_a_conflict(telegram: TelegramAtWork):
    await telegram.bot.set_webhook("https://bot.example.com/hook")
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook is active"):
        await telegram.bot.get_updates()

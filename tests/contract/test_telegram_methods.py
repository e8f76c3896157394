"""aiogram's typed client calls every method over real HTTP, and its models read every answer."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    ChatPermissions,
    EphemeralMessageParameters,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaDocument,
    InputMediaPhoto,
    InputTextMessageContent,
    LinkPreviewOptions,
    MenuButtonCommands,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
)

from sandbox.telegram.extract_schema import METHODS
from sandbox.telegram.methods import HANDLERS
from tests.contract.telegram_at_work import BOT, TelegramAtWork, png, telegram_at_work


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramAtWork]:
    async with telegram_at_work() as at_work:
        yield at_work


def keyboard(data: str = "yes") -> InlineKeyboardMarkup:
    button = InlineKeyboardButton(text="Yes", callback_data=data, style="success")
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


def picture(name: str = "car.png") -> BufferedInputFile:
    return BufferedInputFile(png(), name)


def test_every_method_that_jarvis_needs_has_a_handler():
    assert set(HANDLERS) == set(METHODS)
    assert len(HANDLERS) == 59


async def test_the_bot_knows_itself(telegram: TelegramAtWork):
    me = await telegram.bot.get_me()
    assert me.is_bot
    assert me.id == BOT
    assert me.can_join_groups
    assert me.has_topics_enabled is False


async def test_a_text_comes_back_as_it_was_understood(telegram: TelegramAtWork):
    sent = await telegram.bot.send_message(
        telegram.owner,
        "<b>Car</b> &amp; <a href='https://example.com/a'>key</a> 🚗 <code>A1</code>",
        parse_mode="HTML",
        reply_markup=keyboard(),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        protect_content=True,
    )
    assert sent.text == "Car & key 🚗 A1"
    assert [(one.type, one.offset, one.length) for one in sent.entities or []] == [
        ("bold", 0, 3),
        ("text_link", 6, 3),
        ("code", 13, 2),
    ]
    assert sent.reply_markup is not None
    assert sent.reply_markup.inline_keyboard[0][0].style == "success"
    assert sent.has_protected_content
    assert sent.link_preview_options is not None


async def test_entities_may_be_given_instead_of_markup(telegram: TelegramAtWork):
    bold = MessageEntity(type="bold", offset=0, length=5)
    sent = await telegram.bot.send_message(telegram.owner, "Hello there", entities=[bold])
    assert [one.model_dump() for one in sent.entities or []] == [bold.model_dump()]


async def test_files_of_every_kind_are_uploaded_and_can_be_downloaded(telegram: TelegramAtWork):
    bot, chat = telegram.bot, telegram.owner
    photo = await bot.send_photo(chat, picture(), caption="<i>Front</i>", parse_mode="HTML", has_spoiler=True)
    document = await bot.send_document(chat, BufferedInputFile(b"%PDF-", "act.pdf"), thumbnail=picture())
    video = await bot.send_video(chat, BufferedInputFile(b"film", "walk.mp4"), duration=3, width=640, height=480)
    voice = await bot.send_voice(chat, BufferedInputFile(b"OggS", "word.ogg"), duration=2)
    audio = await bot.send_audio(chat, BufferedInputFile(b"ID3", "song.mp3"), performer="Nobody", title="None")
    assert photo.photo is not None
    assert (photo.photo[-1].width, photo.photo[-1].height) == (64, 48)
    assert photo.caption == "Front"
    assert document.document is not None
    assert document.document.mime_type == "application/pdf"
    assert document.document.thumbnail is not None
    assert video.video is not None
    assert (video.video.duration, video.video.width) == (3, 640)
    assert voice.voice is not None
    assert audio.audio is not None
    assert audio.audio.title == "None"
    file = await bot.get_file(photo.photo[-1].file_id)
    assert file.file_path is not None
    downloaded = await bot.download_file(file.file_path)
    assert downloaded is not None
    assert downloaded.read() == png()


async def test_a_thumbnail_is_not_the_photo(telegram: TelegramAtWork):
    sent = await telegram.bot.send_photo(telegram.owner, BufferedInputFile(png(640, 480), "car.png"))
    assert sent.photo is not None
    small, full = sent.photo
    assert (small.width, small.height) == (90, 68)
    assert (full.width, full.height) == (640, 480)
    assert small.file_id != full.file_id


async def test_a_known_file_is_sent_again_by_its_id(telegram: TelegramAtWork):
    first = await telegram.bot.send_document(telegram.owner, BufferedInputFile(b"text", "note.txt"))
    assert first.document is not None
    again = await telegram.bot.send_document(telegram.guest, first.document.file_id)
    assert again.document == first.document


async def test_a_file_is_fetched_from_an_address(telegram: TelegramAtWork):
    sent = await telegram.bot.send_photo(telegram.owner, picture())
    assert sent.photo is not None
    address = f"{telegram.url}/_sandbox/telegram/files/{sent.photo[-1].file_id}"
    fetched = await telegram.bot.send_photo(telegram.guest, address)
    assert fetched.photo is not None
    assert fetched.photo[-1].width == 64


async def test_an_album_is_as_many_messages_as_items(telegram: TelegramAtWork):
    items = [InputMediaPhoto(media=picture(f"{side}.png"), caption=side) for side in ("front", "back", "left")]
    messages = await telegram.bot.send_media_group(telegram.owner, items)
    assert [message.caption for message in messages] == ["front", "back", "left"]
    assert len({message.media_group_id for message in messages}) == 1
    papers = [InputMediaDocument(media=BufferedInputFile(b"one", f"{n}.txt")) for n in range(2)]
    assert len(await telegram.bot.send_media_group(telegram.owner, papers)) == 2


async def test_a_place_an_action_and_a_draft_are_sent(telegram: TelegramAtWork):
    sent = await telegram.bot.send_location(telegram.owner, 41.7, 44.8, horizontal_accuracy=12.5)
    assert sent.location is not None
    assert sent.location.latitude == 41.7
    assert await telegram.bot.send_chat_action(telegram.owner, "typing")
    assert await telegram.bot.send_message_draft(telegram.owner, draft_id=7, text="Thinking about it", can_stop=True)
    assert (await telegram.look(f"/chats/{telegram.owner}"))["drafts"] == [{"draft_id": 7, "text": "Thinking about it"}]
    await telegram.act("/drafts/stop", person=telegram.owner, draft_id=7)
    stopped = (await telegram.bot.get_updates())[0].stopped_message_generation
    assert stopped is not None
    assert stopped.draft_id == 7


async def test_copies_have_no_author_and_forwards_have_one(telegram: TelegramAtWork):
    bot, source, target = telegram.bot, telegram.owner, telegram.guest
    said = (await telegram.act("/send", person=source, chat_id=source, text="The key is in the box"))["message_ids"][0]
    shown = (await bot.send_photo(source, picture(), caption="Left door")).message_id
    copy = await bot.copy_message(target, source, shown, caption="Right door", reply_markup=keyboard())
    copies = await bot.copy_messages(target, source, [said, shown, shown + 50], remove_caption=True)
    forward = await bot.forward_message(target, source, said)
    forwards = await bot.forward_messages(target, source, [said, shown])
    assert forward.forward_origin is not None
    assert forward.forward_origin.type == "user"
    assert len(copies) == 2
    assert len(forwards) == 2
    seen = {one["message_id"]: one for one in (await telegram.look(f"/chats/{target}/messages"))["messages"]}
    assert seen[copy.message_id]["caption"] == "Right door"
    assert "caption" not in seen[copies[1].message_id]
    assert seen[copies[0].message_id]["text"] == "The key is in the box"


async def test_own_messages_are_edited_in_all_their_parts(telegram: TelegramAtWork):
    bot, chat = telegram.bot, telegram.owner
    text = await bot.send_message(chat, "One", reply_markup=keyboard())
    photo = await bot.send_photo(chat, picture(), caption="Before")
    edited = await bot.edit_message_text("Two", chat_id=chat, message_id=text.message_id)
    assert edited.text == "Two"
    assert edited.edit_date is not None
    assert edited.reply_markup is None
    captioned = await bot.edit_message_caption(chat_id=chat, message_id=photo.message_id, caption="After")
    assert captioned.caption == "After"
    replaced = await bot.edit_message_media(
        InputMediaDocument(media=BufferedInputFile(b"act", "act.txt")), chat_id=chat, message_id=photo.message_id
    )
    assert replaced.document is not None
    assert replaced.photo is None
    marked = await bot.edit_message_reply_markup(chat_id=chat, message_id=text.message_id, reply_markup=keyboard("no"))
    assert marked.reply_markup is not None
    assert marked.reply_markup.model_dump() == keyboard("no").model_dump()
    assert await bot.delete_message(chat, text.message_id)
    assert await bot.delete_messages(chat, [photo.message_id, photo.message_id + 90])
    left = (await telegram.look(f"/chats/{chat}/messages"))["messages"]
    assert {text.message_id, photo.message_id}.isdisjoint({one["message_id"] for one in left})


async def test_a_press_is_answered_and_the_answer_reaches_the_person(telegram: TelegramAtWork):
    sent = await telegram.bot.send_message(telegram.owner, "Ready?", reply_markup=keyboard())
    pressed = await telegram.act(
        "/press", person=telegram.owner, chat_id=telegram.owner, message_id=sent.message_id, callback_data="yes"
    )
    query = (await telegram.bot.get_updates())[0].callback_query
    assert query is not None
    assert (query.id, query.data, query.from_user.id) == (pressed["callback_query_id"], "yes", telegram.owner)
    assert await telegram.bot.answer_callback_query(query.id, text="Noted", show_alert=True)
    known = await telegram.look(f"/callbacks/{query.id}")
    assert known == {
        "callback_query_id": query.id,
        "user_id": telegram.owner,
        "answered": True,
        "text": "Noted",
        "show_alert": True,
    }


async def test_the_bot_reacts_once_and_on_the_first_of_an_album(telegram: TelegramAtWork):
    album = await telegram.bot.send_media_group(
        telegram.owner, [InputMediaPhoto(media=picture()), InputMediaPhoto(media=picture())]
    )
    like = ReactionTypeEmoji(emoji="👍")
    assert await telegram.bot.set_message_reaction(telegram.owner, album[1].message_id, reaction=[like])
    seen = (await telegram.look(f"/chats/{telegram.owner}/messages"))["messages"]
    assert [one.get("reactions") for one in seen[-2:]] == [{str(BOT): [{"type": "emoji", "emoji": "👍"}]}, None]


async def test_a_group_tells_about_itself_and_its_people(telegram: TelegramAtWork):
    chat = await telegram.group()
    full = await telegram.bot.get_chat(chat)
    assert (full.type, full.title, full.is_forum) == ("supergroup", "Branch", True)
    assert full.permissions is not None
    assert await telegram.bot.get_chat_member_count(chat) == 3
    administrators = await telegram.bot.get_chat_administrators(chat)
    assert {one.status for one in administrators} == {"creator", "administrator"}
    mine = await telegram.bot.get_chat_member(chat, BOT)
    assert mine.status == "administrator"
    assert mine.can_manage_topics
    assert (await telegram.bot.get_chat_member(chat, telegram.guest)).status == "member"


async def test_members_are_restricted_banned_and_let_in_again(telegram: TelegramAtWork):
    chat, guest, bot = await telegram.group(), telegram.guest, telegram.bot
    assert await bot.restrict_chat_member(
        chat, guest, ChatPermissions(can_send_messages=False), until_date=timedelta(days=2)
    )
    assert (await bot.get_chat_member(chat, guest)).status == "restricted"
    assert "may not write" in await telegram.refused("/send", person=guest, chat_id=chat, text="Hello")
    assert await bot.ban_chat_member(chat, guest)
    assert (await bot.get_chat_member(chat, guest)).status == "kicked"
    assert await bot.unban_chat_member(chat, guest, only_if_banned=True)
    assert (await bot.get_chat_member(chat, guest)).status == "left"
    assert await bot.set_chat_permissions(chat, ChatPermissions(can_send_polls=True))
    permissions = (await bot.get_chat(chat)).permissions
    assert permissions is not None
    assert permissions.can_send_messages
    assert not permissions.can_send_photos


async def test_people_come_in_by_links_and_requests(telegram: TelegramAtWork):
    chat, bot = await telegram.group(members=[telegram.owner]), telegram.bot
    other = await telegram.person("Zura")
    link = await bot.create_chat_invite_link(chat, name="Staff", creates_join_request=True)
    assert (await telegram.act("/join", person=telegram.guest, invite_link=link.invite_link)) == {"is_inside": False}
    request = next(one.chat_join_request for one in await bot.get_updates() if one.chat_join_request)
    assert request.from_user.id == telegram.guest
    assert await bot.approve_chat_join_request(chat, telegram.guest)
    assert (await bot.get_chat_member(chat, telegram.guest)).status == "member"
    await telegram.act("/join", person=other, invite_link=link.invite_link)
    assert await bot.decline_chat_join_request(chat, other)
    assert (await bot.revoke_chat_invite_link(chat, link.invite_link)).is_revoked
    assert "INVITE_HASH_EXPIRED" in await telegram.refused("/join", person=other, invite_link=link.invite_link)


async def test_pins_come_and_go(telegram: TelegramAtWork):
    chat = await telegram.group()
    first, second = [await telegram.bot.send_message(chat, text) for text in ("First", "Second")]
    assert await telegram.bot.pin_chat_message(chat, first.message_id)
    assert await telegram.bot.pin_chat_message(chat, second.message_id, disable_notification=True)
    pinned = (await telegram.bot.get_chat(chat)).pinned_message
    assert pinned is not None
    assert pinned.message_id == second.message_id
    assert await telegram.bot.unpin_chat_message(chat)
    assert (await telegram.look(f"/chats/{chat}"))["pinned"] == [first.message_id]
    assert await telegram.bot.unpin_chat_message(chat, message_id=first.message_id)
    assert (await telegram.look(f"/chats/{chat}"))["pinned"] == []


async def test_commands_menu_and_web_apps(telegram: TelegramAtWork):
    bot = telegram.bot
    commands = [BotCommand(command="start", description="Begin")]
    assert await bot.set_my_commands(commands, scope=BotCommandScopeChat(chat_id=telegram.owner), language_code="ru")
    assert await bot.set_chat_menu_button(chat_id=telegram.owner, menu_button=MenuButtonCommands())
    opened = await telegram.act("/web_app", person=telegram.owner)
    answer = InlineQueryResultArticle(
        id="1",
        title="Photos",
        input_message_content=InputTextMessageContent(message_text="Twelve photos taken"),
        reply_markup=keyboard(),
    )
    sent = await bot.answer_web_app_query(opened["web_app_query_id"], answer)
    assert sent.inline_message_id is not None
    assert await bot.edit_message_text("Eleven photos taken", inline_message_id=sent.inline_message_id) is True


async def test_a_topic_lives_from_its_opening_to_its_end(telegram: TelegramAtWork):
    bot, chat = telegram.bot, await telegram.group()
    await telegram.forget_updates()
    icon = (await bot.get_forum_topic_icon_stickers())[0].custom_emoji_id
    topic = await bot.create_forum_topic(chat, "Toyota AA-001-AA", icon_color=9367192, icon_custom_emoji_id=icon)
    thread = topic.message_thread_id
    sent = await bot.send_message(chat, "Returned", message_thread_id=thread)
    assert (sent.message_thread_id, sent.is_topic_message) == (thread, True)
    assert await bot.edit_forum_topic(chat, thread, name="Toyota (2)")
    assert await bot.close_forum_topic(chat, thread)
    assert await bot.reopen_forum_topic(chat, thread)
    await bot.pin_chat_message(chat, sent.message_id)
    assert await bot.unpin_all_forum_topic_messages(chat, thread)
    assert await bot.delete_forum_topic(chat, thread)
    seen = [update.message for update in await bot.get_updates()]
    kinds = [message.content_type for message in seen if message]
    assert kinds == [
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "pinned_message",
    ]
    assert seen[0] is not None
    assert seen[0].message_id == thread == seen[0].message_thread_id
    assert seen[0].from_user is not None
    assert seen[0].from_user.id == BOT


async def test_general_is_renamed_closed_hidden_and_shown_again(telegram: TelegramAtWork):
    bot, chat = telegram.bot, await telegram.group()
    assert await bot.edit_general_forum_topic(chat, "Everybody")
    assert await bot.close_general_forum_topic(chat)
    assert await bot.reopen_general_forum_topic(chat)
    assert await bot.hide_general_forum_topic(chat)
    general = (await telegram.look(f"/chats/{chat}"))["general"]
    assert (general["name"], general["hidden"], general["closed"]) == ("Everybody", True, True)
    assert await bot.unhide_general_forum_topic(chat)
    assert await bot.unpin_all_general_forum_topic_messages(chat)


async def test_a_private_word_in_a_group_is_seen_by_one_person(telegram: TelegramAtWork):
    chat = await telegram.group()
    sent = await telegram.bot.send_message(
        chat, "Not yours", ephemeral_message_parameters=EphemeralMessageParameters(receiver_user_id=telegram.guest)
    )
    assert (sent.message_id, sent.ephemeral_message_id) == (0, 1)
    assert sent.receiver_user is not None
    assert sent.receiver_user.id == telegram.guest
    assert "Not yours" not in str(await telegram.look(f"/chats/{chat}/messages"))


async def test_a_reply_shows_what_it_answers(telegram: TelegramAtWork):
    said = (await telegram.act("/send", person=telegram.owner, chat_id=telegram.owner, text="When?"))["message_ids"][0]
    answer = await telegram.bot.send_message(
        telegram.owner, "At ten", reply_parameters=ReplyParameters(message_id=said)
    )
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "When?"


async def test_the_bot_leaves_a_group(telegram: TelegramAtWork):
    chat = await telegram.group()
    assert await telegram.bot.leave_chat(chat)
    assert (await telegram.look("/state", person=BOT))["chats"][-1]["id"] != chat


async def test_the_webhook_is_set_told_about_and_taken_away(telegram: TelegramAtWork):
    assert await telegram.bot.set_webhook(
        "https://bot.example.com/hooks/telegram", secret_token="word", max_connections=3
    )
    info = await telegram.bot.get_webhook_info()
    assert (info.url, info.max_connections) == ("https://bot.example.com/hooks/telegram", 3)
    assert await telegram.bot.delete_webhook()
    assert (await telegram.bot.get_webhook_info()).url == ""

"""What people do: write, press, edit, react, open and delete topics; the bot learns of it as from the real service."""

from dataclasses import dataclass
from typing import Any

from sandbox.telegram.entities import parse
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import UPLOAD_LIMIT
from sandbox.telegram.posting import (
    Place,
    announce,
    announce_chat,
    announce_topic,
    bot_sees,
    change_member,
    delete_topic,
    find_place,
    lane_of_chat,
    may_send,
    post,
    post_opening_of_topic,
    post_service,
)
from sandbox.telegram.state import (
    ICON_COLORS,
    KEPT_CALLBACKS,
    CallbackQuery,
    Chat,
    Member,
    Message,
    TelegramState,
    Topic,
)
from sandbox.telegram.validation import Upload
from sandbox.telegram.wire import chat_json, message_json, user_json

Json = dict[str, Any]

PERMISSION = {
    "photo": "can_send_photos",
    "video": "can_send_videos",
    "voice": "can_send_voice_notes",
    "document": "can_send_documents",
}
MOST_IN_ALBUM = 10


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Who writes, in which chat and thread, in answer to what."""

    user_id: int
    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None


def _place(state: TelegramState, where: Whereabouts, permission: str) -> Place:
    chat = state.open_private_chat(where.user_id) if where.chat_id == where.user_id else state.chat(where.chat_id)
    if not chat.has(where.user_id):
        raise bad_request("the person is not in this chat")
    if chat.kind == "private" and not chat.has(state.bot.id):
        change_member(state, chat, where.user_id, Member(state.bot.id))
    if not may_send(chat, where.user_id, permission):
        raise bad_request("the person may not write here")
    reply = chat.messages.get(where.reply_to) if where.reply_to else None
    if where.reply_to and reply is None:
        raise bad_request("message to be replied not found")
    return find_place(state, chat, where.user_id, where.thread_id, reply)


def say(state: TelegramState, where: Whereabouts, content: Json) -> Message:
    """A person writes; `content` holds `text`, or `location`."""
    place = _place(state, where, "can_send_messages")
    if "text" in content:
        content = _words("text", "entities", content["text"], 4096)
        if not content["text"]:
            raise bad_request("message text is empty")
    return post(state, place, where.user_id, content)


def show(state: TelegramState, where: Whereabouts, uploads: list[tuple[str, Upload]], caption: str) -> list[Message]:
    """A person sends files as (kind, file); several become an album whose first item carries the caption."""
    if not 1 <= len(uploads) <= MOST_IN_ALBUM:
        raise bad_request("must include 1-10 files")
    places = [_place(state, where, PERMISSION[kind]) for kind, _ in uploads]
    contents = [_media(state, kind, upload) for kind, upload in uploads]
    if caption:
        contents[0] |= _words("caption", "caption_entities", caption, 1024)
    group_id = str(state.dice.randrange(10**16, 10**17)) if len(uploads) > 1 else None
    return [
        post(state, place, where.user_id, content, media_group_id=group_id)
        for place, content in zip(places, contents, strict=True)
    ]


def _media(state: TelegramState, kind: str, upload: Upload) -> Json:
    if len(upload.data) > 40 * UPLOAD_LIMIT:
        raise bad_request("file is too big")
    wire = state.files.keep(kind, upload.data, upload.file_name, upload.mime_type, {}).wire
    return {kind: wire}


def _words(name: str, entities_name: str, text: str, most: int) -> Json:
    plain, entities = parse(text, None, None)
    if len(plain) > most:
        raise bad_request("message is too long")
    return {name: plain} | ({entities_name: entities} if entities else {})


def edit(state: TelegramState, user_id: int, chat_id: int, message_id: int, text: str) -> Message:
    """A person rewrites their own message; the bot gets the new version."""
    message = _message(state, chat_id, message_id)
    if message.sender_id != user_id or message.is_service:
        raise bad_request("message can't be edited")
    kept = {key: value for key, value in message.content.items() if not key.startswith(("text", "entit", "caption"))}
    is_text = "text" in message.content
    words = _words("text", "entities", text, 4096) if is_text else _words("caption", "caption_entities", text, 1024)
    message.content = kept | words
    message.edit_date = state.now()
    if bot_sees(state, message):
        state.updates.add("edited_message", message_json(state, message), lane_of_chat(message.chat))
    announce(state, "edit", message)
    return message


def press(state: TelegramState, user_id: int, chat_id: int, message_id: int, data: str) -> CallbackQuery:
    """A person presses a button that is really there; a disabled one does nothing."""
    message = _message(state, chat_id, message_id)
    if not message.chat.has(user_id):
        raise bad_request("the person is not in this chat")
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    if not any(button.get("callback_data") == data for row in rows for button in row):
        raise bad_request("there is no such button")
    number = str(state.dice.randrange(10**17, 10**18))
    query = CallbackQuery(number, user_id, chat_id, message_id, data, state.now())
    state.callbacks[number] = query
    if len(state.callbacks) > KEPT_CALLBACKS:
        state.callbacks.pop(next(iter(state.callbacks)))
    update = {
        "id": number,
        "from": user_json(state.user(user_id)),
        "message": message_json(state, message),
        "chat_instance": str(abs(chat_id) * 7919),
        "data": data,
    }
    state.updates.add("callback_query", update, f"user:{user_id}")
    return query


def react(state: TelegramState, user_id: int, chat_id: int, message_id: int, emoji: str) -> None:
    """A person leaves an emoji under a message, or takes theirs away with an empty one."""
    message = _message(state, chat_id, message_id)
    old = message.reactions.pop(user_id, [])
    new = [{"type": "emoji", "emoji": emoji}] if emoji else []
    if new:
        message.reactions[user_id] = new
    update = {
        "chat": chat_json(state, message.chat),
        "message_id": message_id,
        "user": user_json(state.user(user_id)),
        "date": state.now(),
        "old_reaction": old,
        "new_reaction": new,
    }
    bot = message.chat.members.get(state.bot.id)
    if bot is not None and (bot.role == "administrator" or message.chat.kind == "private"):
        state.updates.add("message_reaction", update, lane_of_chat(message.chat))
    announce(state, "edit", message)


def stop_draft(state: TelegramState, user_id: int, draft_id: int) -> None:
    """A person stops what the bot is writing, where the bot allowed it."""
    chat = state.chat(user_id)
    draft = chat.drafts.get(draft_id)
    if draft is None or not draft.can_stop:
        raise bad_request("there is no draft to stop")
    del chat.drafts[draft_id]
    update: Json = {"chat": chat_json(state, chat), "draft_id": draft_id}
    if draft.topic_id:
        update["message_thread_id"] = draft.topic_id
    state.updates.add("stopped_message_generation", update, lane_of_chat(chat))


def open_topic(state: TelegramState, user_id: int, chat_id: int, name: str) -> Topic:
    chat = _forum(state, chat_id)
    topic = Topic(0, name[:128], ICON_COLORS[len(chat.topics) % len(ICON_COLORS)], creator_id=user_id)
    post_opening_of_topic(state, chat, topic)
    return topic


def remove_topic(state: TelegramState, chat_id: int, thread_id: int) -> None:
    chat = _forum(state, chat_id)
    delete_topic(state, chat, chat.topic(thread_id))


def close_topic(state: TelegramState, actor_id: int | None, chat_id: int, thread_id: int, *, is_closed: bool) -> None:
    """Close or reopen a topic, or General as thread 0, in the name of the person or else of the owner."""
    chat = _forum(state, chat_id)
    topic = chat.topic(thread_id) if thread_id else chat.general
    if topic.is_closed == is_closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.is_closed = is_closed
    content: Json = {"forum_topic_closed": {}} if is_closed else {"forum_topic_reopened": {}}
    post_service(state, Place(chat, thread_id or None), actor_id or owner(chat), content)
    announce_topic(state, chat, topic)


def block_bot(state: TelegramState, user_id: int, *, is_blocked: bool) -> None:
    """A person blocks the bot in the private chat, or lets it in again."""
    chat = state.open_private_chat(user_id)
    change_member(state, chat, user_id, Member(state.bot.id, "kicked" if is_blocked else "member"))


def ask_to_join(state: TelegramState, user_id: int, link_url: str) -> bool:
    """A person follows an invite link; True when they are inside at once, False when they have to be let in."""
    found = [(chat, chat.invite_links[link_url]) for chat in state.chats.values() if link_url in chat.invite_links]
    if not found:
        raise bad_request("INVITE_HASH_EXPIRED")
    chat, link = found[0]
    is_over = link.expires is not None and link.expires <= state.now()
    if link.is_revoked or is_over or (link.member_limit is not None and link.used >= link.member_limit):
        raise bad_request("INVITE_HASH_EXPIRED")
    link.used += 1
    if not link.makes_requests:
        change_member(state, chat, user_id, Member(user_id))
        post_service(state, Place(chat), user_id, {"new_chat_members": [user_json(state.user(user_id))]})
        return True
    chat.join_requests[user_id] = link_url
    request = {
        "chat": chat_json(state, chat),
        "from": user_json(state.user(user_id)),
        "user_chat_id": user_id,
        "date": state.now(),
    }
    state.updates.add("chat_join_request", request, lane_of_chat(chat))
    announce_chat(state, chat)
    return False


def owner(chat: Chat) -> int:
    """Who made the chat; acts that nobody is named for are theirs."""
    return next(member.user_id for member in chat.members.values() if member.role == "creator")


def _message(state: TelegramState, chat_id: int, message_id: int) -> Message:
    found = state.chat(chat_id).messages.get(message_id)
    if found is None:
        raise bad_request("message not found")
    return found


def _forum(state: TelegramState, chat_id: int) -> Chat:
    chat = state.chat(chat_id)
    if not state.takes_topics(chat):
        raise bad_request("the chat is not a forum")
    return chat

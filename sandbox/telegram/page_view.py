"""Chats and messages as the chat page shows them to one person."""

from collections.abc import Iterable
from typing import Any

from sandbox.telegram.markup import render
from sandbox.telegram.state import Chat, Message, TelegramState, Topic, User
from sandbox.telegram.wire import me_json

Json = dict[str, Any]

FILES = "/_sandbox/telegram/files"
MEDIA = ("photo", "document", "video", "voice", "audio")
PREVIEW = {"photo": "Photo", "document": "File", "video": "Video", "voice": "Voice message", "audio": "Audio"}
SHOWN_MEDIA_FIELDS = ("width", "height", "duration", "file_name", "mime_type", "file_size")


def page_user(user: User) -> Json:
    shown: Json = {
        "id": user.id,
        "first_name": user.first_name,
        "language_code": user.language_code,
        "is_bot": user.is_bot,
    }
    optional = {"last_name": user.last_name, "username": user.username, "title": user.title}
    return shown | {name: value for name, value in optional.items() if value}


def page_state(state: TelegramState, viewer: int | None) -> Json:
    chats = state.chats_of(viewer) if viewer is not None else list(state.chats.values())
    return {
        "users": [page_user(user) for user in state.users.values()],
        "me": me_json(state),
        "chats": [page_chat_row(state, chat, viewer) for chat in chats],
    }


def page_chat_row(state: TelegramState, chat: Chat, viewer: int | None) -> Json:
    row: Json = {
        "id": chat.id,
        "type": chat.kind,
        "title": chat.title,
        "is_forum": chat.is_forum,
        "unread": sum(_unread(state, chat, viewer).values()),
        "member_count": len(chat.members_inside()),
        "my_role": _role(chat, viewer),
    }
    return row | _last(chat.messages.values())


def page_chat(state: TelegramState, chat: Chat, viewer: int | None) -> Json:
    by_thread: dict[int, list[Message]] = {}
    for message in chat.messages.values():
        by_thread.setdefault(message.topic_id or 0, []).append(message)
    unread = _unread(state, chat, viewer)
    return {
        "id": chat.id,
        "type": chat.kind,
        "title": chat.title,
        "is_forum": chat.is_forum,
        "my_role": _role(chat, viewer),
        "members": [
            page_user(state.users[member.user_id]) | {"role": member.role, "rights": sorted(member.allowed)}
            for member in chat.members_inside()
        ],
        "topics": [
            page_topic(topic) | {"unread": unread.get(key, 0)} | _last(by_thread.get(key, ()))
            for key, topic in chat.topics.items()
        ],
        "general": page_topic(chat.general) | {"message_thread_id": 0, "unread": unread.get(0, 0)},
        "pinned": list({chat.messages[number].topic_id: number for number in chat.pinned}.values()),
        "drafts": [{"draft_id": draft.draft_id, "text": draft.text} for draft in chat.drafts.values()],
    }


def page_topic(topic: Topic) -> Json:
    return {
        "message_thread_id": topic.thread_id,
        "name": topic.name,
        "icon_color": topic.icon_color,
        "closed": topic.is_closed,
        "hidden": topic.is_hidden,
        "deleted": topic.is_deleted,
    }


def page_message(state: TelegramState, message: Message) -> Json:
    sender = state.users[message.sender_id]
    shown: Json = {
        "message_id": message.message_id,
        "date": message.date,
        "from": {"id": sender.id, "first_name": sender.first_name, "is_bot": sender.is_bot},
        "pinned": message.message_id in message.chat.pinned,
        "deleted": False,
    }
    optional = {
        "edit_date": message.edit_date,
        "message_thread_id": message.topic_id,
        "media_group_id": message.media_group_id,
        "reply_to": message.reply_to,
        "reply_markup": message.reply_markup,
        "ephemeral_message_id": message.extra.get("ephemeral_message_id"),
        "location": message.content.get("location"),
    }
    shown |= {name: value for name, value in optional.items() if value is not None}
    if message.is_service:
        return shown | {"service": _service(message)}
    if message.reactions:
        shown["reactions"] = {str(user_id): given for user_id, given in message.reactions.items()}
    return shown | _words(message.content) | _media(message.content)


def _role(chat: Chat, viewer: int | None) -> str | None:
    member = chat.members.get(viewer) if viewer is not None else None
    return member.role if member else None


def mark_read(state: TelegramState, chat: Chat, viewer: int, messages: Iterable[Message]) -> None:
    """The viewer has seen these, so their threads have nothing unread up to them."""
    for message in messages:
        key = viewer, chat.id, message.topic_id or 0
        state.read_marks[key] = max(state.read_marks.get(key, 0), message.message_id)


def _unread(state: TelegramState, chat: Chat, viewer: int | None) -> dict[int, int]:
    """How many messages of others each thread holds beyond what the viewer has seen; 0 is General."""
    counts: dict[int, int] = {}
    if viewer is None:
        return counts
    for message in chat.messages.values():
        thread = message.topic_id or 0
        if message.sender_id != viewer and message.message_id > state.read_marks.get((viewer, chat.id, thread), 0):
            counts[thread] = counts.get(thread, 0) + 1
    return counts


def _last(messages: Iterable[Message]) -> Json:
    last: Message | None = None
    for message in messages:
        last = message
    return {"last": {"text": _preview(last), "date": last.date}} if last else {}


def _preview(message: Message) -> str:
    """One line for the list of chats."""
    content = message.content
    text = content.get("text") or content.get("caption")
    kinds = [PREVIEW[kind] for kind in MEDIA if kind in content]
    return (text or (kinds[0] if kinds else next(iter(content), "").replace("_", " "))).split("\n")[0][:120]


def _words(content: Json) -> Json:
    shown: Json = {}
    if "text" in content:
        shown |= {"text": content["text"], "html": render(content["text"], content.get("entities", []))}
    if "caption" in content:
        shown |= {
            "caption": content["caption"],
            "caption_html": render(content["caption"], content.get("caption_entities", [])),
        }
    return shown


def _media(content: Json) -> Json:
    shown: Json = {}
    for kind in MEDIA:
        if kind in content:
            wire = content[kind][-1] if kind == "photo" else content[kind]
            described = {name: wire[name] for name in SHOWN_MEDIA_FIELDS if name in wire}
            shown[kind] = {"url": f"{FILES}/{wire['file_id']}"} | described
    return shown


def _service(message: Message) -> Json:
    """The kind of a service message and what it is about, in one flat object."""
    kind, value = next(iter(message.content.items()))
    if kind == "pinned_message_id":
        pinned = message.chat.messages.get(value)
        return {"kind": "pinned_message", "message_id": value, "text": _preview(pinned) if pinned else ""}
    if isinstance(value, dict):
        return {"kind": kind, **value}
    return {"kind": kind, "value": value}

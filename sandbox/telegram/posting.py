"""How a message gets into a chat: its place, its number, the update for the bot and the event for the pages."""

from dataclasses import dataclass
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.page_view import page_message, page_topic
from sandbox.telegram.state import GENERAL, KEPT_MESSAGES, Chat, Member, Message, TelegramState, Topic
from sandbox.telegram.wire import chat_json, member_json, message_json, user_json

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a chat a message goes."""

    chat: Chat
    topic_id: int | None = None
    reply_to: int | None = None
    root_id: int | None = None


def find_place(state: TelegramState, chat: Chat, sender_id: int, thread_id: int | None, reply: Message | None) -> Place:
    """The topic, or General, or the only thread of a chat that is no forum, where thread ids are ignored."""
    reply_to = reply.message_id if reply else None
    if not state.takes_topics(chat):
        return Place(chat, None, reply_to, _root(chat, reply))
    if not thread_id and reply is not None:
        thread_id = reply.topic_id
    may_manage = chat.may(sender_id, "can_manage_topics")
    if not thread_id:
        if chat.general.is_closed and (reply is not None or not may_manage):
            raise bad_request("TOPIC_CLOSED")
        return Place(chat, None, reply_to, _root(chat, reply))
    topic = chat.topics.get(thread_id)
    if topic is None or topic.is_deleted or thread_id == GENERAL:
        raise bad_request("message thread not found")
    if topic.is_closed and not may_manage:
        raise bad_request("TOPIC_CLOSED")
    return Place(chat, thread_id, reply_to)


def _root(chat: Chat, reply: Message | None) -> int | None:
    """Replies outside topics form a thread named after the first message of the chain."""
    if reply is None or chat.kind != "supergroup":
        return None
    return reply.root_id or reply.message_id


def may_send(chat: Chat, user_id: int, permission: str) -> bool:
    """Owners and administrators always may; the others need the permission."""
    member = chat.members.get(user_id)
    is_above = member is not None and member.role in {"creator", "administrator"}
    return is_above or chat.may(user_id, permission)


def post(state: TelegramState, place: Place, sender_id: int, content: Json, **details: Any) -> Message:
    """Put an ordinary message into a chat; `details` are further fields of Message."""
    message = _made(state, place, sender_id, content, **details)
    _announce(state, message)
    return message


def post_service(state: TelegramState, place: Place, actor_id: int, content: Json) -> Message:
    """Put a service message into a chat; these reach the bot even when it caused them."""
    message = _made(state, place, actor_id, content, is_service=True)
    _announce(state, message)
    return message


def post_opening_of_topic(state: TelegramState, chat: Chat, topic: Topic) -> Message:
    """The service message that opens a topic lends the topic its number."""
    created: Json = {"name": topic.name, "icon_color": topic.icon_color}
    if topic.icon_custom_emoji_id:
        created["icon_custom_emoji_id"] = topic.icon_custom_emoji_id
    content = {"forum_topic_created": created}
    message = _made(state, Place(chat), topic.creator_id, content, is_service=True)
    message.topic_id = topic.thread_id = message.message_id
    chat.topics[topic.thread_id] = topic
    _announce(state, message)
    announce_topic(state, chat, topic)
    return message


def _made(state: TelegramState, place: Place, sender_id: int, content: Json, **details: Any) -> Message:
    chat = place.chat
    message = Message(
        message_id=state.next_message_id(chat),
        chat=chat,
        sender_id=sender_id,
        date=state.now(),
        content=content,
        topic_id=place.topic_id,
        reply_to=place.reply_to,
        root_id=place.root_id,
        **details,
    )
    chat.messages[message.message_id] = message
    if len(chat.messages) > KEPT_MESSAGES:
        forget(chat, next(iter(chat.messages)))
    return message


def _announce(state: TelegramState, message: Message) -> None:
    if bot_sees(state, message):
        state.updates.add("message", message_json(state, message), lane_of_chat(message.chat))
    announce(state, "message", message)


def bot_sees(state: TelegramState, message: Message) -> bool:
    """In groups a bot that is no administrator sees only what is meant for it, unless privacy mode is off."""
    chat = message.chat
    if not chat.has(state.bot.id):
        return False
    if message.is_service:
        return True
    if message.sender_id == state.bot.id:
        return False
    if chat.kind == "private" or state.reads_all_group_messages:
        return True
    return chat.members[state.bot.id].role in {"administrator", "creator"} or _addresses_bot(state, message)


def _addresses_bot(state: TelegramState, message: Message) -> bool:
    text = str(message.content.get("text") or message.content.get("caption") or "")
    answered = message.chat.messages.get(message.reply_to or 0)
    is_answer = answered is not None and answered.sender_id == state.bot.id
    names_bot = bool(state.bot.username) and f"@{state.bot.username}" in text
    return is_answer or names_bot or text.startswith("/")


def announce(state: TelegramState, kind: str, message: Message, **more: Any) -> None:
    """Tell the pages that a message came or changed."""
    if state.events.has_listeners:
        state.events.publish(
            {
                "type": kind,
                "chat_id": message.chat.id,
                "message_thread_id": message.topic_id,
                "message": page_message(state, message),
                **more,
            }
        )


def announce_deletion(state: TelegramState, message: Message) -> None:
    state.events.publish(
        {
            "type": "delete",
            "chat_id": message.chat.id,
            "message_thread_id": message.topic_id,
            "message_id": message.message_id,
            "message": {"message_id": message.message_id, "deleted": True},
        }
    )


def announce_topic(state: TelegramState, chat: Chat, topic: Topic) -> None:
    state.events.publish(
        {
            "type": "topic",
            "chat_id": chat.id,
            "message_thread_id": 0 if topic is chat.general else topic.thread_id,
            "topic": page_topic(topic),
        }
    )


def announce_chat(state: TelegramState, chat: Chat) -> None:
    state.events.publish({"type": "chat", "chat_id": chat.id})


def forget(chat: Chat, message_id: int) -> Message:
    """Take a message out of the chat for everybody."""
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
    return chat.messages.pop(message_id)


def delete_topic(state: TelegramState, chat: Chat, topic: Topic) -> None:
    """A deleted topic takes its messages with it, and nobody tells the bot."""
    topic.is_deleted = True
    for message_id in [number for number, message in chat.messages.items() if message.topic_id == topic.thread_id]:
        forget(chat, message_id)
    announce_topic(state, chat, topic)


def change_member(state: TelegramState, chat: Chat, actor_id: int, member: Member) -> None:
    """Give a user a new place in the chat and tell the bot, about itself always, about others when it asked to."""
    user_id = member.user_id
    old = member_json(state, chat, user_id)
    chat.members[user_id] = member
    update = {
        "chat": chat_json(state, chat),
        "from": user_json(state.users[actor_id]),
        "date": state.now(),
        "old_chat_member": old,
        "new_chat_member": member_json(state, chat, user_id),
    }
    bot = chat.members.get(state.bot.id)
    if user_id == state.bot.id or chat.kind == "private":
        state.updates.add("my_chat_member", update, lane_of_chat(chat))
    elif bot is not None and bot.role == "administrator":
        state.updates.add("chat_member", update, lane_of_chat(chat))
    announce_chat(state, chat)


def lane_of_chat(chat: Chat) -> str:
    return f"chat:{chat.id}"

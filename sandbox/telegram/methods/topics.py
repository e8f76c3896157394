"""Forum topics: General, which is always there, and those that are opened, renamed, closed and deleted."""

from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.call import Call
from sandbox.telegram.posting import (
    Place,
    announce_chat,
    announce_topic,
    delete_topic,
    post_opening_of_topic,
    post_service,
)
from sandbox.telegram.state import ICON_COLORS, Chat, Topic
from sandbox.telegram.wire import topic_json

Json = dict[str, Any]

# Icons that every topic may have; the numbers are invented, as those of custom emoji are only names.
ICONS = {"5300000000000000001": "🚗", "5300000000000000002": "💬", "5300000000000000003": "✅"}


async def get_forum_topic_icon_stickers(call: Call) -> list[Json]:
    del call
    return [
        {
            "file_id": f"CAAC{number}",
            "file_unique_id": f"AQAD{number}",
            "type": "custom_emoji",
            "width": 100,
            "height": 100,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
            "custom_emoji_id": number,
        }
        for number, emoji in ICONS.items()
    ]


async def create_forum_topic(call: Call) -> Json:
    chat = _forum(call)
    call.need(chat, "can_manage_topics", "not enough rights to create a topic")
    color = call.get("icon_color", ICON_COLORS[0])
    if color not in ICON_COLORS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    topic = Topic(0, _name(call), color, _icon(call), creator_id=call.bot_id)
    post_opening_of_topic(call.state, chat, topic)
    return topic_json(topic)


async def edit_forum_topic(call: Call) -> bool:
    chat, topic = _own_or_managed(call)
    name = call.get("name", "").strip() or topic.name
    icon = _icon(call) if "icon_custom_emoji_id" in call.params else topic.icon_custom_emoji_id
    edited: Json = {"name": name} if name != topic.name else {}
    if icon != topic.icon_custom_emoji_id:
        edited["icon_custom_emoji_id"] = icon
    if not edited:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name, topic.icon_custom_emoji_id = name, icon
    return _noted(call, chat, topic, {"forum_topic_edited": edited})


async def close_forum_topic(call: Call) -> bool:
    chat, topic = _own_or_managed(call, groups_only=True)
    return _close(call, chat, topic)


async def reopen_forum_topic(call: Call) -> bool:
    chat, topic = _own_or_managed(call, groups_only=True)
    return _reopen(call, chat, topic)


async def delete_forum_topic(call: Call) -> bool:
    """Needs the right to delete messages, not the one to manage topics."""
    chat = _forum(call)
    topic = chat.topic(call.params["message_thread_id"])
    call.need(chat, "can_delete_messages", "not enough rights to delete the topic")
    delete_topic(call.state, chat, topic)
    return True


async def unpin_all_forum_topic_messages(call: Call) -> bool:
    chat = _forum(call)
    topic = chat.topic(call.params["message_thread_id"])
    return _unpin_all(call, chat, topic.thread_id)


async def edit_general_forum_topic(call: Call) -> bool:
    chat = _managed_general(call)
    name = _name(call)
    if name == chat.general.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.general.name = name
    return _noted(call, chat, chat.general, {"forum_topic_edited": {"name": name}})


async def close_general_forum_topic(call: Call) -> bool:
    chat = _managed_general(call)
    return _close(call, chat, chat.general)


async def reopen_general_forum_topic(call: Call) -> bool:
    """Opening General shows it again as well."""
    chat = _managed_general(call)
    chat.general.is_hidden = False
    return _reopen(call, chat, chat.general)


async def hide_general_forum_topic(call: Call) -> bool:
    """Hiding General closes it as well."""
    chat = _managed_general(call)
    if chat.general.is_hidden:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.general.is_hidden = chat.general.is_closed = True
    return _noted(call, chat, chat.general, {"general_forum_topic_hidden": {}})


async def unhide_general_forum_topic(call: Call) -> bool:
    chat = _managed_general(call)
    if not chat.general.is_hidden:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.general.is_hidden = False
    return _noted(call, chat, chat.general, {"general_forum_topic_unhidden": {}})


async def unpin_all_general_forum_topic_messages(call: Call) -> bool:
    return _unpin_all(call, _forum(call, groups_only=True), None)


def _forum(call: Call, *, groups_only: bool = False) -> Chat:
    chat = call.chat()
    if not call.state.takes_topics(chat) or (groups_only and chat.kind == "private"):
        raise bad_request("the chat is not a forum")
    return chat


def _managed_general(call: Call) -> Chat:
    chat = _forum(call, groups_only=True)
    call.need(chat, "can_manage_topics", "not enough rights to edit the topic")
    return chat


def _own_or_managed(call: Call, *, groups_only: bool = False) -> tuple[Chat, Topic]:
    """The bot's own topics need no right."""
    chat = _forum(call, groups_only=groups_only)
    topic = chat.topic(call.params["message_thread_id"])
    if topic.creator_id != call.bot_id:
        call.need(chat, "can_manage_topics", "not enough rights to edit the topic")
    return chat, topic


def _close(call: Call, chat: Chat, topic: Topic) -> bool:
    if topic.is_closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.is_closed = True
    return _noted(call, chat, topic, {"forum_topic_closed": {}})


def _reopen(call: Call, chat: Chat, topic: Topic) -> bool:
    if not topic.is_closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.is_closed = False
    return _noted(call, chat, topic, {"forum_topic_reopened": {}})


def _noted(call: Call, chat: Chat, topic: Topic, content: Json) -> bool:
    """The change as a service message in its topic."""
    place = Place(chat, None if topic is chat.general else topic.thread_id)
    post_service(call.state, place, call.bot_id, content)
    announce_topic(call.state, chat, topic)
    return True


def _unpin_all(call: Call, chat: Chat, topic_id: int | None) -> bool:
    call.need(chat, "can_pin_messages", "not enough rights to manage pinned messages in the chat")
    chat.pinned = [number for number in chat.pinned if chat.messages[number].topic_id != topic_id]
    announce_chat(call.state, chat)
    return True


def _name(call: Call) -> str:
    name = call.params["name"].strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    return name


def _icon(call: Call) -> str:
    icon = call.get("icon_custom_emoji_id", "")
    if icon and icon not in ICONS:
        raise bad_request("DOCUMENT_INVALID")
    return icon

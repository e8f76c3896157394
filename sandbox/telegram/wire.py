"""Users, chats, members and messages as the objects of the Bot API."""

from typing import Any

from sandbox.telegram.schema import record
from sandbox.telegram.state import (
    ADMIN_RIGHTS,
    GENERAL,
    PERMISSIONS,
    Chat,
    InviteLink,
    Member,
    Message,
    TelegramState,
    Topic,
    User,
)

Json = dict[str, Any]

# Rights of channels, which the server leaves out for groups.
CHANNEL_RIGHTS = {"can_post_messages", "can_edit_messages", "can_manage_direct_messages", "can_manage_tags"}
RESTRICTED_FLAGS = tuple(name for name in record("ChatMemberRestricted").required if name.startswith("can_"))


def user_json(user: User) -> Json:
    wire: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name}
    wire |= _given(last_name=user.last_name, username=user.username)
    return wire if user.is_bot else wire | _given(language_code=user.language_code)


def me_json(state: TelegramState) -> Json:
    return user_json(state.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": state.reads_all_group_messages,
        "supports_guest_queries": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": state.topics_in_private,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_join_request_queries": False,
    }


def chat_json(state: TelegramState, chat: Chat) -> Json:
    if chat.kind == "private":
        user = state.users[chat.id]
        named = _given(first_name=user.first_name, last_name=user.last_name, username=user.username)
        return {"id": chat.id, "type": "private", **named}
    return {"id": chat.id, "type": chat.kind, "title": chat.title, **({"is_forum": True} if chat.is_forum else {})}


def full_chat_json(state: TelegramState, chat: Chat) -> Json:
    wire = chat_json(state, chat) | {
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(record("AcceptedGiftTypes").required, False),
    }
    if chat.pinned:
        wire["pinned_message"] = message_json(state, chat.messages[chat.pinned[-1]], with_reply=False)
    if chat.kind != "private":
        wire["permissions"] = {name: name in chat.permissions for name in PERMISSIONS}
    return wire


def member_json(state: TelegramState, chat: Chat, user_id: int) -> Json:
    """A user's place in the chat; who never was there counts as gone."""
    member = chat.members.get(user_id) or Member(user_id, "left")
    wire: Json = {"status": member.role, "user": user_json(state.users[user_id])}
    if member.role == "creator":
        return wire | {"is_anonymous": False}
    if member.role == "administrator":
        rights = {name: name in member.allowed for name in ADMIN_RIGHTS if name not in CHANNEL_RIGHTS}
        return wire | {"can_be_edited": False, "is_anonymous": False} | rights
    if member.role == "restricted":
        allowed = {name: name in member.allowed for name in RESTRICTED_FLAGS}
        return wire | {"is_member": True, "until_date": member.until} | allowed
    if member.role == "kicked":
        return wire | {"until_date": member.until}
    return wire


def message_json(state: TelegramState, message: Message, *, with_reply: bool = True) -> Json:
    """The message; the one it answers is inside once, without a further one inside that."""
    chat = message.chat
    wire: Json = {
        "message_id": message.message_id,
        "from": user_json(state.users[message.sender_id]),
        "chat": chat_json(state, chat),
        "date": message.date,
    }
    thread_id = message.topic_id or message.root_id
    if thread_id:
        wire["message_thread_id"] = thread_id
    if message.topic_id:
        wire["is_topic_message"] = True
    wire |= _given(
        edit_date=message.edit_date, media_group_id=message.media_group_id, reply_markup=message.reply_markup
    )
    if message.is_protected:
        wire["has_protected_content"] = True
    if with_reply:
        wire |= _reply(state, message)
    return wire | message.extra | _content(state, message)


def _reply(state: TelegramState, message: Message) -> Json:
    """In a topic whatever answers nothing else answers the message that opened the topic."""
    answered = message.reply_to or (message.topic_id if message.message_id != message.topic_id else None)
    found = message.chat.messages.get(answered) if answered else None
    return {"reply_to_message": message_json(state, found, with_reply=False)} if found else {}


def _content(state: TelegramState, message: Message) -> Json:
    """What was said; a pin shows the pinned message as it is now."""
    pinned = message.content.get("pinned_message_id")
    if pinned is None:
        return message.content
    found = message.chat.messages.get(pinned)
    if found is None:
        inaccessible = {"chat": chat_json(state, message.chat), "message_id": pinned, "date": 0}
        return {"pinned_message": inaccessible}
    return {"pinned_message": message_json(state, found, with_reply=False)}


def topic_json(topic: Topic) -> Json:
    wire: Json = {"message_thread_id": topic.thread_id, "name": topic.name, "icon_color": topic.icon_color}
    return wire | _given(icon_custom_emoji_id=topic.icon_custom_emoji_id)


def invite_link_json(state: TelegramState, link: InviteLink) -> Json:
    return {
        "invite_link": link.url,
        "creator": user_json(state.users[link.creator_id]),
        "creates_join_request": link.makes_requests,
        "is_primary": False,
        "is_revoked": link.is_revoked,
    } | _given(name=link.name, expire_date=link.expires, member_limit=link.member_limit)


def thread_of(message: Message) -> int | None:
    """The topic for the chat page: none in General and outside forums."""
    return message.topic_id if message.topic_id != GENERAL else None


def _given(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value}

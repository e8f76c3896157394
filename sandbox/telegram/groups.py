"""Groups come into being and change: members, rights, forum mode, migration."""

from collections.abc import Iterable

from sandbox.telegram.errors import bad_request
from sandbox.telegram.people import owner
from sandbox.telegram.posting import Place, announce_chat, change_member, post_service
from sandbox.telegram.state import ADMIN_RIGHTS, Chat, ChatKind, Member, TelegramState
from sandbox.telegram.wire import user_json

EVERY_RIGHT = frozenset(ADMIN_RIGHTS)


def create_group(
    state: TelegramState, title: str, member_ids: list[int], *, kind: ChatKind = "supergroup", is_forum: bool = False
) -> Chat:
    """A group of these people, the first of whom owns it; the bot comes in by `add_member`."""
    if not member_ids:
        raise bad_request("a group needs an owner")
    members = {user_id: Member(state.user(user_id).id) for user_id in member_ids}
    members[member_ids[0]].role = "creator"
    chat_id = state.new_supergroup_id() if kind == "supergroup" else -state.new_user_id()
    return adopt_group(state, Chat(chat_id, kind, title, is_forum=is_forum, members=members))


def adopt_group(state: TelegramState, chat: Chat) -> Chat:
    """Take in a group with an id of its own."""
    state.chats[chat.id] = chat
    announce_chat(state, chat)
    return chat


def add_member(state: TelegramState, chat: Chat, user_id: int) -> None:
    """The owner adds somebody; the bot learns of itself by `my_chat_member`."""
    if chat.has(user_id):
        return
    change_member(state, chat, owner(chat), Member(state.user(user_id).id))
    post_service(state, Place(chat), owner(chat), {"new_chat_members": [user_json(state.user(user_id))]})


def promote_member(state: TelegramState, chat: Chat, user_id: int, rights: Iterable[str] | None) -> None:
    """Make somebody administrator with these rights, None for all of them; an empty list takes the rank away."""
    granted = EVERY_RIGHT if rights is None else frozenset(rights)
    unknown = granted - EVERY_RIGHT
    if unknown:
        raise bad_request(f"unknown rights: {', '.join(sorted(unknown))}")
    if not chat.has(user_id):
        add_member(state, chat, user_id)
    if chat.members[user_id].role == "creator":
        raise bad_request("the owner has every right")
    # An administrator with any right may always manage the chat.
    member = Member(user_id, "administrator", granted | {"can_manage_chat"}) if granted else Member(user_id)
    change_member(state, chat, owner(chat), member)


def kick_member(state: TelegramState, chat: Chat, user_id: int) -> None:
    if not chat.has(user_id):
        raise bad_request("user is not a member of the chat")
    if chat.members[user_id].role == "creator":
        raise bad_request("can't remove chat owner")
    change_member(state, chat, owner(chat), Member(user_id, "kicked"))
    if user_id != state.bot.id:
        post_service(state, Place(chat), owner(chat), {"left_chat_member": user_json(state.user(user_id))})


def set_forum_mode(state: TelegramState, chat: Chat, *, is_forum: bool) -> None:
    """Topics stay as they are and come back with the mode; the bot is told nothing."""
    if chat.kind != "supergroup":
        raise bad_request("only a supergroup can be a forum")
    chat.is_forum = is_forum
    announce_chat(state, chat)


def rename(state: TelegramState, chat: Chat, title: str) -> None:
    chat.title = title
    post_service(state, Place(chat), owner(chat), {"new_chat_title": title})
    announce_chat(state, chat)


def delete_group(state: TelegramState, chat: Chat) -> None:
    chat.is_deleted = True
    for member in chat.members.values():
        member.role = "left"
    announce_chat(state, chat)


def migrate(state: TelegramState, old: Chat) -> Chat:
    """The chat goes on under a new id with its people, topics and messages; the old id only points there."""
    if old.kind == "private":
        raise bad_request("only a group can be upgraded")
    new = Chat(
        id=state.new_supergroup_id(),
        kind="supergroup",
        title=old.title,
        is_forum=old.is_forum,
        members=old.members,
        topics=old.topics,
        general=old.general,
        messages=dict(old.messages),
        last_message_id=old.last_message_id,
        permissions=old.permissions,
        pinned=old.pinned,
    )
    state.chats[new.id] = new
    post_service(state, Place(old), owner(old), {"migrate_to_chat_id": new.id})
    for message in new.messages.values():
        message.chat = new
    old.messages, old.topics, old.pinned, old.migrated_to = {}, {}, [], new.id
    post_service(state, Place(new), owner(new), {"migrate_from_chat_id": old.id})
    announce_chat(state, old)
    announce_chat(state, new)
    return new

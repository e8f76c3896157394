"""Bans, restrictions, invite links and requests to join."""

from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.call import Call
from sandbox.telegram.posting import Place, announce_chat, change_member, post_service
from sandbox.telegram.state import DAY_S, Chat, InviteLink, Member
from sandbox.telegram.wire import invite_link_json, user_json

Json = dict[str, Any]

NO_RIGHT = "not enough rights to restrict/unrestrict chat member"
NO_LINK_RIGHT = "not enough rights to manage chat invite link"
SENDING = frozenset(
    f"can_send_{kind}" for kind in ("messages", "audios", "documents", "photos", "videos", "video_notes", "voice_notes")
)
# What a permission brings along, unless `use_independent_chat_permissions` is set.
IMPLIED = {
    "can_send_other_messages": SENDING,
    "can_add_web_page_previews": SENDING,
    "can_send_polls": frozenset({"can_send_messages"}),
}


async def ban_chat_member(call: Call) -> bool:
    chat = _restricting(call)
    user_id = _ordinary_member(call, chat, "can't remove chat owner")
    was_inside = chat.has(user_id)
    change_member(call.state, chat, call.bot_id, Member(user_id, "kicked", until=_until(call)))
    if was_inside:
        post_service(call.state, Place(chat), call.bot_id, {"left_chat_member": _user(call, user_id)})
    return True


async def unban_chat_member(call: Call) -> bool:
    """Without `only_if_banned` a member who is inside is put out, as on the real server."""
    chat = _restricting(call)
    user_id = _ordinary_member(call, chat, "can't remove chat owner")
    member = chat.members.get(user_id)
    is_banned = member is not None and member.role == "kicked"
    if member is not None and (is_banned or not call.get("only_if_banned")):
        change_member(call.state, chat, call.bot_id, Member(user_id, "left"))
    return True


async def restrict_chat_member(call: Call) -> bool:
    chat = _restricting(call)
    user_id = _ordinary_member(call, chat, "can't restrict chat owner")
    if not chat.has(user_id):
        raise bad_request("user is not a member of the chat")
    allowed = _allowed(call)
    is_free = allowed >= chat.permissions
    member = Member(user_id, "member") if is_free else Member(user_id, "restricted", allowed, _until(call))
    change_member(call.state, chat, call.bot_id, member)
    return True


async def set_chat_permissions(call: Call) -> bool:
    chat = _restricting(call)
    allowed = _allowed(call)
    if allowed == chat.permissions:
        raise bad_request("CHAT_NOT_MODIFIED")
    chat.permissions = allowed
    announce_chat(call.state, chat)
    return True


async def create_chat_invite_link(call: Call) -> Json:
    chat = call.supergroup()
    call.need(chat, "can_invite_users", NO_LINK_RIGHT)
    if call.get("creates_join_request") and call.get("member_limit"):
        raise bad_request("member limit can't be specified for links requiring administrator approval")
    link = InviteLink(
        url=f"https://t.me/+{call.state.token(16)}",
        creator_id=call.bot_id,
        name=call.get("name", ""),
        expires=call.get("expire_date"),
        member_limit=call.get("member_limit"),
        makes_requests=call.get("creates_join_request", False),
    )
    chat.invite_links[link.url] = link
    return invite_link_json(call.state, link)


async def revoke_chat_invite_link(call: Call) -> Json:
    chat = call.supergroup()
    call.need(chat, "can_invite_users", NO_LINK_RIGHT)
    link = chat.invite_links.get(call.params["invite_link"])
    if link is None:
        raise bad_request("INVITE_HASH_EXPIRED")
    link.is_revoked = True
    return invite_link_json(call.state, link)


async def approve_chat_join_request(call: Call) -> bool:
    chat, user_id = _asking(call)
    change_member(call.state, chat, call.bot_id, Member(user_id))
    post_service(call.state, Place(chat), user_id, {"new_chat_members": [_user(call, user_id)]})
    return True


async def decline_chat_join_request(call: Call) -> bool:
    _asking(call)
    return True


def _asking(call: Call) -> tuple[Chat, int]:
    """The chat and the person whose request is now settled."""
    chat = call.supergroup()
    call.need(chat, "can_invite_users", "not enough rights to manage join requests")
    user_id = call.params["user_id"]
    if chat.has(user_id):
        raise bad_request("USER_ALREADY_PARTICIPANT")
    if chat.join_requests.pop(user_id, None) is None:
        raise bad_request("HIDE_REQUESTER_MISSING")
    return chat, user_id


def _restricting(call: Call) -> Chat:
    chat = call.supergroup()
    call.need(chat, "can_restrict_members", NO_RIGHT)
    return chat


def _ordinary_member(call: Call, chat: Chat, about_owner: str) -> int:
    """A user who may be put out: neither the bot itself, nor the owner, nor an administrator."""
    user_id = call.params["user_id"]
    if user_id not in call.state.users:
        raise bad_request("invalid user_id specified")
    if user_id == call.bot_id:
        raise bad_request("can't restrict self")
    member = chat.members.get(user_id)
    if member is not None and member.role == "creator":
        raise bad_request(about_owner)
    if member is not None and member.role == "administrator":
        raise bad_request("user is an administrator of the chat")
    return user_id


def _allowed(call: Call) -> frozenset[str]:
    named = {name for name, is_allowed in call.params["permissions"].items() if is_allowed}
    if not call.get("use_independent_chat_permissions"):
        named |= {implied for name in tuple(named) for implied in IMPLIED.get(name, ())}
    return frozenset(named)


def _until(call: Call) -> int:
    """Less than half a minute or more than 366 days means for ever, which is 0."""
    date = call.get("until_date", 0)
    return date if 30 <= date - call.state.now() <= 366 * DAY_S else 0


def _user(call: Call, user_id: int) -> Json:
    return user_json(call.state.users[user_id])

"""What a chat is, who is in it, what is pinned, what people think of a message."""

from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.call import Call
from sandbox.telegram.posting import Place, announce, change_member, post_service
from sandbox.telegram.state import Chat, Member, Message
from sandbox.telegram.wire import full_chat_json, member_json

Json = dict[str, Any]

REACTIONS = frozenset({
    "❤", "👍", "👎", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🤬", "😢", "🎉", "🤩", "🤮",
    "💩", "🙏", "👌", "🕊", "🤡", "🥱", "🥴", "😍", "🐳", "❤‍🔥", "🌚", "🌭", "💯", "🤣", "⚡",
    "🍌", "🏆", "💔", "🤨", "😐", "🍓", "🍾", "💋", "🖕", "😈", "😴", "😭", "🤓", "👻", "👨‍💻",
    "👀", "🎃", "🙈", "😇", "😨", "🤝", "✍", "🤗", "🫡", "🎅", "🎄", "☃", "💅", "🤪", "🗿",
    "🆒", "💘", "🙉", "🦄", "😘", "💊", "🙊", "😎", "👾", "🤷‍♂", "🤷", "🤷‍♀", "😡",
})  # fmt: skip


async def get_chat(call: Call) -> Json:
    return full_chat_json(call.state, call.chat())


async def get_chat_member(call: Call) -> Json:
    chat = call.chat()
    user_id = call.params["user_id"]
    if user_id not in call.state.users:
        raise bad_request("invalid user_id specified")
    return member_json(call.state, chat, user_id)


async def get_chat_administrators(call: Call) -> list[Json]:
    """Other bots are left out unless asked for; ours is always there."""
    chat = call.chat()
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    above = [member for member in chat.members.values() if member.role in {"creator", "administrator"}]
    return [
        member_json(call.state, chat, member.user_id)
        for member in above
        if call.get("return_bots") or member.user_id == call.bot_id or not call.state.users[member.user_id].is_bot
    ]


async def get_chat_member_count(call: Call) -> int:
    return len(call.chat().members_inside())


async def leave_chat(call: Call) -> bool:
    chat = call.supergroup()
    change_member(call.state, chat, call.bot_id, Member(call.bot_id, "left"))
    return True


async def pin_chat_message(call: Call) -> bool:
    """The newest pin comes last; pinning again moves it there."""
    chat = _chat_with_pins(call)
    message = call.message(chat, "pin")
    if message.is_service:
        raise bad_request("message can't be pinned")
    if message.message_id in chat.pinned:
        chat.pinned.remove(message.message_id)
    chat.pinned.append(message.message_id)
    post_service(call.state, Place(chat, message.topic_id), call.bot_id, {"pinned_message_id": message.message_id})
    announce(call.state, "pin", message)
    return True


async def unpin_chat_message(call: Call) -> bool:
    """The named pin, or the newest one."""
    chat = _chat_with_pins(call)
    number = call.get("message_id") or (chat.pinned[-1] if chat.pinned else None)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    announce(call.state, "pin", chat.messages[number])
    return True


def _chat_with_pins(call: Call) -> Chat:
    chat = call.chat()
    call.need(chat, "can_pin_messages", "not enough rights to manage pinned messages in the chat")
    return chat


async def set_message_reaction(call: Call) -> bool:
    """At most one reaction of the bot; on an album it goes to the first message that is still there."""
    chat = call.chat()
    message = _first_of_album(chat, call.message(chat, "react"))
    wanted = call.get("reaction") or []
    if len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if message.is_service or any(one["type"] != "emoji" or one["emoji"] not in REACTIONS for one in wanted):
        raise bad_request("REACTION_INVALID")
    message.reactions.pop(call.bot_id, None)
    if wanted:
        message.reactions[call.bot_id] = wanted
    announce(call.state, "edit", message)
    return True


def _first_of_album(chat: Chat, message: Message) -> Message:
    if message.media_group_id is None:
        return message
    return next(other for other in chat.messages.values() if other.media_group_id == message.media_group_id)

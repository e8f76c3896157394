"""Copies and forwards of messages."""

from itertools import pairwise
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.call import Call
from sandbox.telegram.methods.sending import copy_caption, destination, post_own
from sandbox.telegram.posting import Place
from sandbox.telegram.state import Message
from sandbox.telegram.wire import message_json, user_json

Json = dict[str, Any]


async def copy_message(call: Call) -> Json:
    place = destination(call, call.chat_to_write())
    source = call.message(call.chat("from_chat_id"), "copy")
    if source.is_service:
        raise bad_request("message can't be copied")
    return {"message_id": post_own(call, place, copy_caption(call, source.content)).message_id}


async def copy_messages(call: Call) -> list[Json]:
    """Those that are there are copied; the others are left out."""
    place = destination(call, call.chat_to_write())
    keeps_caption = not call.get("remove_caption", False)
    return _numbers(
        [
            _copied(call, place, source, keeps_caption=keeps_caption)
            for source in _sources(call, "copy")
            if not source.is_service
        ]
    )


def _copied(call: Call, place: Place, source: Message, *, keeps_caption: bool) -> Message:
    hidden = set() if keeps_caption else {"caption", "caption_entities"}
    content = {name: value for name, value in source.content.items() if name not in hidden}
    return post_own(call, place, content, media_group_id=source.media_group_id)


async def forward_message(call: Call) -> Json:
    place = destination(call, call.chat_to_write())
    source = call.message(call.chat("from_chat_id"), "forward")
    if source.is_service or source.is_protected:
        raise bad_request("message can't be forwarded")
    return message_json(call.state, _forwarded(call, place, source))


async def forward_messages(call: Call) -> list[Json]:
    place = destination(call, call.chat_to_write())
    sources = [source for source in _sources(call, "forward") if not source.is_service and not source.is_protected]
    return _numbers([_forwarded(call, place, source) for source in sources])


def _forwarded(call: Call, place: Place, source: Message) -> Message:
    sender = user_json(call.state.users[source.sender_id])
    origin = source.extra.get("forward_origin") or {"type": "user", "date": source.date, "sender_user": sender}
    return post_own(call, place, source.content, media_group_id=source.media_group_id, extra={"forward_origin": origin})


def _sources(call: Call, action: str) -> list[Message]:
    numbers = call.params["message_ids"]
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    chat = call.chat("from_chat_id")
    found = [chat.messages[number] for number in numbers if number in chat.messages]
    if not found:
        raise bad_request(f"message to {action} not found")
    return found


def _numbers(messages: list[Message]) -> list[Json]:
    return [{"message_id": message.message_id} for message in messages]

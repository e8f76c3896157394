"""The methods that change or remove a message that is already there."""

from typing import Any

from sandbox.telegram.errors import NOT_MODIFIED, bad_request
from sandbox.telegram.methods.call import WITHOUT_COUNTERPART, Call
from sandbox.telegram.methods.media import media_content
from sandbox.telegram.methods.text import caption_content, inline_keyboard, text_content
from sandbox.telegram.posting import announce, announce_deletion, forget
from sandbox.telegram.state import Chat, Message
from sandbox.telegram.wire import message_json

Json = dict[str, Any]

MEDIA_KINDS = ("photo", "video", "document", "audio", "voice")
CAPTION_FIELDS = {"caption", "caption_entities", "show_caption_above_media"}
DELETABLE_FOR_S = 48 * 3600


async def edit_message_text(call: Call) -> Json | bool:
    message = _target(call)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _changed(call, message, text_content(call.state, call.method, call.params))


async def edit_message_caption(call: Call) -> Json | bool:
    message = _target(call)
    if not any(kind in message.content for kind in MEDIA_KINDS):
        raise bad_request("there is no caption in the message to edit")
    kept = {name: value for name, value in message.content.items() if name not in CAPTION_FIELDS}
    return _changed(call, message, kept | caption_content(call.state, call.method, call.params))


async def edit_message_media(call: Call) -> Json | bool:
    message = _target(call)
    media = call.params["media"]
    if media["type"] not in MEDIA_KINDS:
        raise bad_request(f"media of type {media['type']} is not simulated")
    if message.media_group_id and media["type"] not in {"photo", "video"} and media["type"] not in message.content:
        raise bad_request("can't use the media of the specified type in the album")
    return _changed(call, message, await media_content(call, media["type"], "sendPhoto", media))


async def edit_message_reply_markup(call: Call) -> Json | bool:
    message = _target(call)
    return _changed(call, message, message.content)


def _target(call: Call) -> Message:
    """The bot's own message, named by chat and number or by the id of an inline message."""
    for name in ("business_connection_id", "rich_message"):
        if call.get(name):
            raise bad_request(WITHOUT_COUNTERPART[name])
    if call.get("inline_message_id"):
        return _inline_target(call)
    if call.get("chat_id") is None:
        raise bad_request("chat_id is empty")
    if call.get("message_id") is None:
        raise bad_request("message identifier is not specified")
    message = call.message(call.chat(), "edit")
    if message.sender_id != call.bot_id or message.is_service:
        raise bad_request("message can't be edited")
    return message


def _inline_target(call: Call) -> Message:
    place = call.state.inline_messages.get(call.params["inline_message_id"])
    found = call.state.chats[place[0]].messages.get(place[1]) if place else None
    if found is None:
        raise bad_request("message to edit not found")
    return found


def _changed(call: Call, message: Message, content: Json) -> Json | bool:
    """The keyboard is set anew with every edit: left out, it goes away."""
    markup = inline_keyboard(call.get("reply_markup"))
    if content == message.content and markup == message.reply_markup:
        raise bad_request(NOT_MODIFIED)
    if content != message.content:
        message.edit_date = call.state.now()
    message.content = content
    message.reply_markup = markup
    announce(call.state, "edit", message)
    return True if call.get("inline_message_id") else message_json(call.state, message)


async def delete_message(call: Call) -> bool:
    chat = call.chat()
    message = call.message(chat, "delete")
    refusal = _why_not_deletable(call, chat, message)
    if refusal:
        raise bad_request(refusal)
    _delete(call, chat, message)
    return True


async def delete_messages(call: Call) -> bool:
    """Ids that are not there are skipped; one that may not go stops the call before anything is deleted."""
    chat = call.chat()
    found = [chat.messages[number] for number in call.params["message_ids"] if number in chat.messages]
    refusals = [refusal for message in found if (refusal := _why_not_deletable(call, chat, message))]
    if refusals:
        raise bad_request(refusals[0])
    for message in found:
        _delete(call, chat, message)
    return True


def _why_not_deletable(call: Call, chat: Chat, message: Message) -> str | None:
    if "forum_topic_created" in message.content:
        return "message can't be deleted"
    if call.state.now() - message.date >= DELETABLE_FOR_S:
        return "message can't be deleted for everyone"
    is_own = message.sender_id == call.bot_id
    if is_own or chat.may(call.bot_id, "can_delete_messages"):
        return None
    return "message can't be deleted"


def _delete(call: Call, chat: Chat, message: Message) -> None:
    if message.message_id in chat.messages:
        forget(chat, message.message_id)
        announce_deletion(call.state, message)

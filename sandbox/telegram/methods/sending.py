"""The methods that put something new into a chat."""

from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.call import Call, find_chat
from sandbox.telegram.methods.ephemeral import post_ephemeral
from sandbox.telegram.methods.media import DETAILS, media_content
from sandbox.telegram.methods.text import caption_content, inline_keyboard, text_content
from sandbox.telegram.posting import Place, announce_chat, find_place, may_send, post
from sandbox.telegram.state import DRAFT_LIFE_S, Chat, Draft, Message
from sandbox.telegram.wire import message_json

Json = dict[str, Any]

# What a restricted bot must be allowed for each kind, and the server's word for it.
PERMISSION = {
    "text": ("can_send_messages", "text messages"),
    "location": ("can_send_messages", "text messages"),
    "photo": ("can_send_photos", "photos"),
    "video": ("can_send_videos", "videos"),
    "document": ("can_send_documents", "documents"),
    "voice": ("can_send_voice_notes", "voice messages"),
    "audio": ("can_send_audios", "music"),
}
ALBUM_MIXES = ({"photo", "video"}, {"document"}, {"audio"})
CHAT_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


async def send_message(call: Call) -> Json:
    return _sent(call, "text", lambda: text_content(call.state, "sendMessage", call.params))


async def send_photo(call: Call) -> Json:
    return await _send_media(call, "photo")


async def send_document(call: Call) -> Json:
    return await _send_media(call, "document")


async def send_video(call: Call) -> Json:
    return await _send_media(call, "video")


async def send_voice(call: Call) -> Json:
    return await _send_media(call, "voice")


async def send_audio(call: Call) -> Json:
    return await _send_media(call, "audio")


async def send_location(call: Call) -> Json:
    names = ("latitude", "longitude", "horizontal_accuracy", "live_period", "heading", "proximity_alert_radius")
    if abs(call.params["latitude"]) > 90 or abs(call.params["longitude"]) > 180:
        raise bad_request("invalid location coordinates")
    return _sent(
        call, "location", lambda: {"location": {name: call.get(name) for name in names if name in call.params}}
    )


async def send_media_group(call: Call) -> list[Json]:
    """An album: one message per item, held together by a number."""
    items = call.params["media"]
    kinds = {item["type"] for item in items}
    if not any(kinds <= mix for mix in ALBUM_MIXES):
        raise bad_request("can't use the media of the specified type in the album")
    chat = call.chat_to_write()
    place = destination(call, chat)
    for kind in kinds:
        need_permission(call, chat, kind)
    contents = [await media_content(call, item["type"], "sendPhoto", item) for item in items]
    group_id = str(call.state.dice.randrange(10**16, 10**17))
    messages = [post_own(call, place, content, media_group_id=group_id) for content in contents]
    return [message_json(call.state, message) for message in messages]


async def send_chat_action(call: Call) -> bool:
    if call.params["action"] not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = call.chat_to_write()
    thread_id = call.get("message_thread_id")
    if thread_id and call.state.takes_topics(chat):
        chat.topic(thread_id)
    return True


async def send_message_draft(call: Call) -> bool:
    """A preview in a private chat for half a minute; the message itself must follow."""
    chat = call.chat_to_write()
    if chat.kind != "private":
        raise bad_request("method is available for private chats only")
    draft_id = call.params["draft_id"]
    if draft_id == 0:
        raise bad_request("draft_id must be non-zero")
    place = destination(call, chat)
    text = str(text_content(call.state, call.method, call.params)["text"]) if call.get("text") else ""
    now = call.state.now()
    chat.drafts = {key: draft for key, draft in chat.drafts.items() if now - draft.shown_at < DRAFT_LIFE_S}
    chat.drafts[draft_id] = Draft(draft_id, text, now, can_stop=call.get("can_stop", False), topic_id=place.topic_id)
    announce_chat(call.state, chat)
    return True


async def _send_media(call: Call, kind: str) -> Json:
    chat = call.chat_to_write()
    destination(call, chat)
    need_permission(call, chat, kind)
    fields = {name: call.params[name] for name in (kind, *_MEDIA_FIELDS, *DETAILS[kind]) if name in call.params}
    content = await media_content(call, kind, call.method, fields)
    return _sent(call, kind, lambda: content)


_MEDIA_FIELDS = ("caption", "parse_mode", "caption_entities", "show_caption_above_media", "has_spoiler", "thumbnail")


def _sent(call: Call, kind: str, content: Any) -> Json:
    """Post what `content()` makes, as everybody's message or as one person's."""
    chat = call.chat_to_write()
    place = destination(call, chat)
    need_permission(call, chat, kind)
    made = content()
    if call.get("ephemeral_message_parameters"):
        return post_ephemeral(call, place, made)
    return message_json(call.state, post_own(call, place, made))


def post_own(call: Call, place: Place, content: Json, **details: Any) -> Message:
    """The bot's own message with the common parameters of the sending methods."""
    extra = {"effect_id": call.params["message_effect_id"]} if call.get("message_effect_id") else {}
    return post(
        call.state,
        place,
        call.bot_id,
        content,
        reply_markup=inline_keyboard(call.get("reply_markup")),
        is_protected=call.get("protect_content", False),
        extra=extra | details.pop("extra", {}),
        **details,
    )


def destination(call: Call, chat: Chat) -> Place:
    """Where the message goes, by its thread and by what it answers."""
    inline_keyboard(call.get("reply_markup"))
    return find_place(call.state, chat, call.bot_id, call.get("message_thread_id"), _answered(call, chat))


def _answered(call: Call, chat: Chat) -> Message | None:
    reply = call.get("reply_parameters")
    if not reply or "message_id" not in reply:
        return None
    source = find_chat(call.state, reply["chat_id"]) if "chat_id" in reply else chat
    found = source.messages.get(reply["message_id"])
    if found is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found if source is chat else None


def need_permission(call: Call, chat: Chat, kind: str) -> None:
    permission, word = PERMISSION[kind]
    if not may_send(chat, call.bot_id, permission):
        raise bad_request(f"not enough rights to send {word} to the chat")


def copy_caption(call: Call, content: Json) -> Json:
    """The content with a caption of the copier's own, when one is given."""
    if call.get("caption") is None:
        return content
    kept = {name: value for name, value in content.items() if name not in {"caption", "caption_entities"}}
    return kept | caption_content(call.state, call.method, call.params)

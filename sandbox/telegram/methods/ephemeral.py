"""Messages in a group that one person and the bot see."""

from typing import Any

from sandbox.telegram.errors import QUERY_TOO_OLD, bad_request
from sandbox.telegram.methods.call import Call
from sandbox.telegram.methods.text import inline_keyboard
from sandbox.telegram.posting import Place, announce
from sandbox.telegram.state import KEPT_EPHEMERAL, Message
from sandbox.telegram.wire import message_json, user_json

Json = dict[str, Any]


def post_ephemeral(call: Call, place: Place, content: Json) -> Json:
    """Show the content to the named member only; it has the message id 0 and a number of its own."""
    wanted = call.params["ephemeral_message_parameters"]
    receiver_id = wanted["receiver_user_id"]
    chat = place.chat
    if not chat.has(receiver_id):
        raise bad_request("USER_NOT_PARTICIPANT")
    if wanted.get("callback_query_id", "") not in {"", *call.state.callbacks}:
        raise bad_request(QUERY_TOO_OLD)
    chat.last_ephemeral_id += 1
    message = Message(
        message_id=0,
        chat=chat,
        sender_id=call.bot_id,
        date=call.state.now(),
        content=content,
        topic_id=place.topic_id,
        reply_markup=inline_keyboard(call.get("reply_markup")),
        extra={
            "receiver_user": user_json(call.state.user(receiver_id)),
            "ephemeral_message_id": chat.last_ephemeral_id,
        },
    )
    chat.ephemeral[chat.last_ephemeral_id] = message
    while len(chat.ephemeral) > KEPT_EPHEMERAL:
        chat.ephemeral.pop(next(iter(chat.ephemeral)))
    announce(call.state, "message", message, user_id=receiver_id)
    return message_json(call.state, message)

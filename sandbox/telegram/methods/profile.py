"""The bot itself: who it is, its commands and menu, its answers to presses and Web Apps."""

from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram.errors import QUERY_TOO_OLD, bad_request
from sandbox.telegram.methods.call import Call, find_chat
from sandbox.telegram.methods.text import inline_keyboard, text_content
from sandbox.telegram.posting import Place, post
from sandbox.telegram.state import CALLBACK_LIFE_S
from sandbox.telegram.wire import me_json, user_json

Json = dict[str, Any]

MOST_COMMANDS = 100


async def get_me(call: Call) -> Json:
    return me_json(call.state)


async def set_my_commands(call: Call) -> bool:
    commands = call.params["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    if any(not _is_command(command["command"]) for command in commands):
        raise bad_request("BOT_COMMAND_INVALID")
    scope = call.get("scope") or {"type": "default"}
    if "chat_id" in scope:
        find_chat(call.state, scope["chat_id"])
    key = ":".join(str(part) for part in (*scope.values(), call.get("language_code", "")))
    call.state.commands[key] = commands
    return True


def _is_command(word: str) -> bool:
    return word.isascii() and word == word.lower() and word.replace("_", "").isalnum()


async def set_chat_menu_button(call: Call) -> bool:
    chat_id = call.get("chat_id")
    if chat_id is not None and call.chat().kind != "private":
        raise bad_request("chat_id must be a private chat")
    button: Json = call.get("menu_button") or {"type": "default"}
    if button["type"] == "web_app" and urlsplit(button["web_app"]["url"]).scheme != "https":
        raise bad_request("menu button Web App URL is invalid: Only HTTPS links are allowed")
    call.state.menu_buttons[chat_id] = button
    return True


async def answer_callback_query(call: Call) -> bool:
    """Two and a half minutes after the press nobody waits for the answer any more."""
    query = call.state.callbacks.get(call.params["callback_query_id"])
    if query is None or call.state.now() - query.pressed_at >= CALLBACK_LIFE_S:
        raise bad_request(QUERY_TOO_OLD)
    answer: Json = {"text": call.get("text", ""), "show_alert": call.get("show_alert", False)}
    query.answer = answer | ({"url": call.params["url"]} if call.get("url") else {})
    call.state.events.publish(
        {
            "type": "callback_answer",
            "chat_id": query.chat_id,
            "callback_query_id": query.id,
            "user_id": query.user_id,
            **answer,
        }
    )
    return True


async def answer_web_app_query(call: Call) -> Json:
    """The result becomes a message in the chat with the person who had the Web App open."""
    user_id = call.state.web_app_queries.pop(call.params["web_app_query_id"], None)
    if user_id is None:
        raise bad_request(QUERY_TOO_OLD)
    result = call.params["result"]
    words = result.get("input_message_content", {})
    if "message_text" not in words:
        raise bad_request("only text results of Web Apps are simulated")
    fields = {**words, "text": words["message_text"]}
    content = text_content(call.state, "sendMessage", fields)
    chat = call.state.open_private_chat(user_id)
    markup = inline_keyboard(result.get("reply_markup"))
    extra = {"via_bot": user_json(call.state.bot)}
    message = post(call.state, Place(chat), user_id, content, reply_markup=markup, extra=extra)
    if markup is None:
        return {}
    inline_id = call.state.token(27)
    call.state.inline_messages[inline_id] = (chat.id, message.message_id)
    return {"inline_message_id": inline_id}

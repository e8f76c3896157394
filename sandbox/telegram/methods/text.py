"""Texts, captions and keyboards of a call, measured as the server measures them."""

import json
from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram.entities import parse
from sandbox.telegram.errors import bad_request
from sandbox.telegram.state import TelegramState
from sandbox.telegram.validation import parsed_limit
from sandbox.telegram.wire import user_json

Json = dict[str, Any]

MENTION = "tg://user?id="
BUTTON_ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
}
STYLES = {None, "danger", "success", "primary"}
MOST_BUTTONS = 100
MOST_MARKUP_BYTES = 10_240


def text_content(state: TelegramState, owner: str, fields: Json) -> Json:
    """`text` and `entities` of a message; `owner` is the method whose limit holds."""
    text, entities = _parsed(state, fields.get("text", ""), fields.get("parse_mode"), fields.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if len(text) > parsed_limit(owner, "text"):
        raise bad_request("message is too long")
    content: Json = {"text": text} | ({"entities": entities} if entities else {})
    options = fields.get("link_preview_options")
    return content | ({"link_preview_options": options} if options else {})


def caption_content(state: TelegramState, owner: str, fields: Json) -> Json:
    """`caption` and what belongs to it; nothing when it is empty."""
    raw = fields.get("caption", "")
    text, entities = _parsed(state, raw, fields.get("parse_mode"), fields.get("caption_entities"))
    if len(text) > parsed_limit(owner, "caption"):
        raise bad_request("message caption is too long")
    content: Json = {"caption": text} if text else {}
    content |= {"caption_entities": entities} if entities else {}
    content |= {"show_caption_above_media": True} if fields.get("show_caption_above_media") else {}
    return content


def _parsed(state: TelegramState, text: str, mode: str | None, given: list[Json] | None) -> tuple[str, list[Json]]:
    plain, entities = parse(text, mode, given)
    return plain, [_as_mention(state, entity) for entity in entities]


def _as_mention(state: TelegramState, entity: Json) -> Json:
    """A link to a person's id becomes a mention of somebody whom the bot knows."""
    address = str(entity.get("url", ""))
    number = address.removeprefix(MENTION)
    if entity["type"] != "text_link" or number == address or not number.isdigit() or int(number) not in state.users:
        return entity
    place = {"offset": entity["offset"], "length": entity["length"]}
    return {"type": "text_mention", **place, "user": user_json(state.users[int(number)])}


def inline_keyboard(markup: Json | None) -> Json | None:
    """The keyboard that stays with the message; the other kinds of markup only pass through."""
    if markup is None:
        return None
    if len(json.dumps(markup, ensure_ascii=False).encode()) > MOST_MARKUP_BYTES:
        raise bad_request("reply markup is too long")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)
    kept = [row for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _check_button(button: Json) -> None:
    actions = BUTTON_ACTIONS & button.keys()
    if not button["text"].strip():
        raise bad_request("inline keyboard button text is empty")
    if not actions:
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1 or button.get("style") not in STYLES:
        raise bad_request("BUTTON_TYPE_INVALID")
    if "url" in button:
        _check_url(button["url"])


def _check_url(url: str) -> None:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in {"http", "https", "tg", "ton"}:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: unsupported URL protocol")
    if not parts.netloc or " " in parts.netloc:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: wrong HTTP URL")

"""Text with entities as safe HTML for the chat page."""

import html
from collections.abc import Callable
from typing import Any

Entity = dict[str, Any]

SIMPLE = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
SAFE_SCHEMES = ("http://", "https://", "tg://", "mailto:", "tel:")


def render(text: str, entities: list[Entity]) -> str:
    """HTML in which everything from the sender is escaped and only our own tags are markup."""
    units = text.encode("utf-16-le")
    ordered = sorted(entities, key=lambda one: (one["offset"], -one["length"]))
    return _span(units, 0, len(units) // 2, ordered)


def _span(units: bytes, start: int, end: int, entities: list[Entity]) -> str:
    """The units from start to end; an entity that crosses the end of its parent is cut there."""
    parts: list[str] = []
    position = start
    while entities:
        entity, *entities = entities
        begin = max(entity["offset"], position)
        close = min(entity["offset"] + entity["length"], end)
        if close <= begin:
            continue
        inside = [one for one in entities if one["offset"] < close]
        entities = [one for one in entities if one["offset"] >= close]
        parts.append(_escaped(units, position, begin))
        parts.append(_wrapped(entity, _span(units, begin, close, inside), _slice(units, begin, close)))
        position = close
    parts.append(_escaped(units, position, end))
    return "".join(parts)


def _slice(units: bytes, start: int, end: int) -> str:
    return units[2 * start : 2 * end].decode("utf-16-le", "replace")


def _escaped(units: bytes, start: int, end: int) -> str:
    return html.escape(_slice(units, start, end)).replace("\n", "<br>")


def _wrapped(entity: Entity, inside: str, plain: str) -> str:
    kind = entity["type"]
    if kind in SIMPLE:
        return f"<{SIMPLE[kind]}>{inside}</{SIMPLE[kind]}>"
    if kind in LINKS:
        return _link(LINKS[kind](entity, plain), inside)
    if kind == "spoiler":
        return f'<span class="spoiler">{inside}</span>'
    return inside


def _link(address: str, inside: str) -> str:
    if not address.startswith(SAFE_SCHEMES):
        return inside
    return f'<a href="{html.escape(address)}" rel="noreferrer noopener" target="_blank">{inside}</a>'


LINKS: dict[str, Callable[[Entity, str], str]] = {
    "text_link": lambda entity, _: str(entity.get("url", "")),
    "url": lambda _, plain: plain,
    "email": lambda _, plain: f"mailto:{plain}",
}

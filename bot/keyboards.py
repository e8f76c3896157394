"""Buttons under a message: rows of the database behind opaque tokens, committed before anybody can press."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.means import Means
from bot.posts import Look
from bot.topics import Place
from core.commands import Button, Text
from db.queries import buttons


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address and tells nobody."""

    label: Text
    url: str


Rows = Sequence[Sequence[Button | Link]]


async def keyboard(
    means: Means, chat_id: int, rows: Rows, *, group_key: str, language: str
) -> InlineKeyboardMarkup | None:
    """One press uses up all buttons that share ``group_key``."""
    if not any(rows):
        return None
    ours = [[button for button in row if isinstance(button, Button)] for row in rows]
    async with means.db.transaction() as tx:
        stored = await buttons.create_buttons(tx, chat_id, ours, group_key=group_key)
    tokens = iter([token for row in stored for token in row])
    shown = [[_shown(means, button, language, tokens) for button in row] for row in rows]
    return InlineKeyboardMarkup(inline_keyboard=shown)


def _shown(means: Means, button: Button | Link, language: str, tokens: Iterator[str]) -> InlineKeyboardButton:
    label = means.texts.plain(button.label, language)
    if isinstance(button, Link):
        return InlineKeyboardButton(text=label, url=button.url)
    return InlineKeyboardButton(text=label, callback_data=next(tokens), style=button.style)


async def look_with(means: Means, place: Place, purpose: str, look: Look, rows: Rows, *, language: str) -> Look:
    """The look with buttons that stay for as long as it stands.

    A press uses them up, so a look that comes back after one (or did not change by it) gets fresh ones: it counts as
    another look, and the message is edited.
    """
    told = "\0".join(repr(button) for row in rows for button in (*row, "/"))
    digest = sha256(f"{look.digest}\0{told}".encode()).hexdigest()
    base = f"post:{place.chat_id}:{place.entity}:{purpose}:{digest}"
    async with means.db.transaction() as tx:
        drawing = await buttons.times_used(tx, base)
    group_key = f"{base}:{drawing}"

    async def made() -> InlineKeyboardMarkup | None:
        return await keyboard(means, place.chat_id, rows, group_key=group_key, language=language)

    return look.with_keyboard(made, mark=group_key)

"""Lengths and cuts of our HTML as Telegram counts them: after parsing, never through a tag or a character."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TOPIC_NAME_LIMIT = 128
CALLBACK_ANSWER_LIMIT = 200
ELLIPSIS = "…"

_TOKEN = re.compile(r"<[^>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);|.", re.DOTALL)
_JOINER = "\u200d"


@dataclass(slots=True)
class _Piece:
    """A tag (shown as nothing), or one character as a person sees it, with its source."""

    source: str
    shown: str
    is_tag: bool = False


def units(text: str) -> int:
    """UTF-16 code units, the strictest way to count: an emoji beyond the basic plane takes two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def length(markup: str) -> int:
    """How long the text is after parsing."""
    return units(plain(markup))


def plain(markup: str) -> str:
    """The text without its tags and with its references resolved."""
    return "".join(piece.shown for piece in _pieces(markup))


def escape(text: str) -> str:
    return html.escape(text, quote=True)


def cut(markup: str, limit: int) -> str:
    """The markup with at most ``limit`` units of text; what is cut ends in an ellipsis and its tags are closed."""
    if length(markup) <= limit:
        return markup
    room = limit - len(ELLIPSIS)
    kept: list[str] = []
    open_tags: list[str] = []
    for piece in _pieces(markup):
        room -= units(piece.shown)
        if room < 0:
            break
        kept.append(piece.source)
        if piece.is_tag:
            _follow(open_tags, piece.source)
    return "".join(kept) + ELLIPSIS + "".join(f"</{name}>" for name in reversed(open_tags))


def cut_plain(text: str, limit: int) -> str:
    """A text without markup (a topic's name, a button) with at most ``limit`` units."""
    if units(text) <= limit:
        return text
    room = limit - len(ELLIPSIS)
    kept: list[str] = []
    for piece in _characters(_Piece(character, character) for character in text):
        room -= units(piece.shown)
        if room < 0:
            break
        kept.append(piece.source)
    return "".join(kept) + ELLIPSIS


def _follow(open_tags: list[str], tag: str) -> None:
    if tag.startswith("</"):
        open_tags.pop()
    else:
        open_tags.append(tag[1:-1].split(maxsplit=1)[0])


def _pieces(markup: str) -> Iterator[_Piece]:
    return _characters(_read(match[0]) for match in _TOKEN.finditer(markup))


def _read(source: str) -> _Piece:
    if source.startswith("<") and len(source) > 1:
        return _Piece(source, "", is_tag=True)
    return _Piece(source, html.unescape(source) if source.startswith("&") else source)


def _characters(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Join what only together is one character to the eye: accents, joined emoji, flags."""
    held: _Piece | None = None
    for piece in pieces:
        if held is not None and not piece.is_tag and not held.is_tag and _belongs(held.shown, piece.shown):
            held = _Piece(held.source + piece.source, held.shown + piece.shown)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


def _belongs(before: str, character: str) -> bool:
    if character == _JOINER or before.endswith(_JOINER):
        return True
    if unicodedata.category(character[0]) in {"Mn", "Me", "Mc"} or "\U0001f3fb" <= character <= "\U0001f3ff":
        return True
    return _is_half_flag(character) and _is_half_flag(before)


def _is_half_flag(character: str) -> bool:
    return len(character) == 1 and "\U0001f1e6" <= character <= "\U0001f1ff"

"""Words of strangers made fit to show: nothing in them can turn, hide or forge a line of ours."""

import re
import unicodedata

from bot.markup import cut_plain

NAME_LIMIT = 80
NOTE_LIMIT = 300

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn or isolate text. Telegram sets each line by its own letters, so honest words need none of them."""
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_OPEN, _CLOSE = "\u2068", "\u2069"


def body(text: str) -> str:
    """Several lines, to stand inside a quote."""
    return _CONTROLS.sub("", _TURNING.sub("", text.replace("\r\n", "\n"))).strip("\n")


def line(text: str, limit: int = NAME_LIMIT) -> str:
    """One line, to stand among our own words; written from right to left it keeps its order to itself."""
    flat = cut_plain(" ".join(body(text).split()), limit)
    return f"{_OPEN}{flat}{_CLOSE}" if is_right_to_left(flat) else flat


def is_right_to_left(text: str) -> bool:
    """Whether any letter of it is written from right to left."""
    return any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)

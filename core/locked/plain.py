"""One spelling for what looks alike: digits of all scripts, dashes, spaces, invisible marks, letter variants."""

import re
import unicodedata

FILLER = "\ue000"
"""Stands where an entity was already found, so that no later pass reads it again; never a character of a text."""

_DASHES = "‐‑‒–—―−﹘﹣－־"
_SPACES = "\u00a0\u2007\u2009\u200a\u202f\u3000\t\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u205f"
_APOSTROPHES = "’‘ʼ`´′"
_QUOTES = "״“”„«»″"
_TABLE = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys(_QUOTES, '"'),
        "׳": "'",
        "٫": ".",
        "٬": "'",
        "،": ",",
        "٪": "%",
        FILLER: " ",
    },
)
_NO_MEANING = frozenset({"Cf", "Me"})
_LETTERS_ALIKE = str.maketrans({"ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ئ": "ي", "ة": "ه", "ı": "i"})


def plain(text: str) -> str:
    """The text with one spelling for all digits, dashes, spaces and quotes, and without marks nobody sees."""
    return "".join(map(_plain_character, text)).translate(_TABLE)


def fold(word: str) -> str:
    """A word as the word lists know it: no case, no alef or yo variants, no Turkish dot."""
    return word.casefold().replace("\u0307", "").translate(_LETTERS_ALIKE)


def _plain_character(character: str) -> str:
    if character < "\x80":
        return character
    category = unicodedata.category(character)
    if category in _NO_MEANING or _is_vowel_mark(character):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "No":
        return f" {unicodedata.normalize('NFKC', character)} "  # a raised or broken digit never joins its neighbours
    return character if character in "´″" else unicodedata.normalize("NFKC", character)


def _is_vowel_mark(character: str) -> bool:
    """Points of Arabic and Hebrew, the stretching tatweel, and the selectors behind emoji."""
    return bool(
        re.match(
            "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0610-\u061a\u0640\u064b-\u065f\ufe00-\ufe0f]", character
        )
    )

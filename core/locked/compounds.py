"""Number words written together: German "fünfundzwanzig", Georgian "ოცდახუთი"."""

import re

from core.locked.plain import fold
from core.locked.words import NUMBERS

_GERMAN = re.compile(r"(?:(\w{3,6})?(hundert))?(?:und)?(?:(\w{3,6})und)?(\w{3,9})?")
_TWENTIES = (("ოთხმოცდა", 80), ("სამოცდა", 60), ("ორმოცდა", 40), ("ოცდა", 20))
_LONGEST = 32


def split_compound(word: str) -> str | None:
    """The value of a number word that is made of several, if it is one."""
    if len(word) > _LONGEST:
        return None
    folded = fold(word)
    return _georgian(folded) if "\u10d0" <= folded[:1] <= "\u10ff" else _german(folded)


def _georgian(word: str) -> str | None:
    """Georgian counts in twenties: 95 is "four twenties and fifteen"."""
    for prefix, base in _TWENTIES:
        if word.startswith(prefix):
            rest = _value(word.removeprefix(prefix), "ka")
            return str(base + rest) if rest is not None and 0 < rest < 20 else None
    return None


def _german(word: str) -> str | None:
    match = _GERMAN.fullmatch(word)
    if match is None or not (match[2] or match[3]):
        return None
    hundreds = (_value(match[1], "de") if match[1] else 1) if match[2] else 0
    units = _value(match[3], "de") if match[3] else 0
    tens = _value(match[4], "de") if match[4] else 0
    if (
        hundreds is None
        or units is None
        or tens is None
        or hundreds > 9
        or (match[3] and not (units < 10 and tens % 10 == 0))
    ):
        return None
    return str(hundreds * 100 + units + tens)


def _value(word: str, language: str) -> int | None:
    meaning = NUMBERS.of(language).find(word)
    return int(meaning.value) if meaning and meaning.value.isdigit() else None

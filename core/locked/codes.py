"""Codes: plates, flights, documents, models; letters and digits that are read together, in one alphabet."""

import re
from collections.abc import Sequence

from core.locked.entity import Kind, Reading
from core.locked.sheet import Sheet
from core.locked.words import MONEY, MONTHS, UNITS

_LATIN_LOOKALIKES = str.maketrans("АВЕКМНОРСТУХІ", "ABEKMHOPCTYXI")
_LETTER = "A-ZА-Я"
_SPACED_PLATE = re.compile(
    rf"(?<![\w-])(?:"
    rf"[{_LETTER}]{{2}}[ -]{{1,3}}\d{{3}}[ -]{{1,3}}[{_LETTER}]{{2}}"  # Georgia, France, Italy
    rf"|[{_LETTER}]{{1,3}}[ -][A-Z]{{1,2}} ?\d{{1,4}}"  # Germany
    rf"|\d{{2}} [A-Z]{{1,3}} \d{{2,4}}"  # Turkey
    rf"|[A-Z]{{2}}\d{{2}} [A-Z]{{3}}"  # Britain
    rf"|[{_LETTER}] ?\d{{3}} ?[{_LETTER}]{{2}} ?\d{{2,3}}"  # Russia
    rf"|\d{{2,3}}-\d{{2}}-\d{{3}}|\d{{3}}-\d{{2}}-\d{{3}}"  # Israel
    rf"|[A-Z]{{2}} \d{{2,4}}"  # a flight
    rf")(?![\w-])",
)
_JOINED = re.compile(r"(?<![^\W_])[^\W_]+(?:[-/][^\W_]+){0,4}(?![^\W_])")
_NUMBERED = re.compile(r"(?:№|#) ?([\w-]{1,30})")
_VERSION = re.compile(r"(?<![\w.])\d{1,9}(?:\.\d{1,9}){2,8}(?![\w.]\d)")
_SUFFIX = re.compile(r"(\d+)([^\W\d_]+)")


def take_codes(sheet: Sheet) -> None:
    sheet.take(Kind.CODE, _SPACED_PLATE, _plate)
    sheet.take(Kind.CODE, _NUMBERED, lambda match: [("code", _canonical(match[1]))] if _has_digit(match[1]) else ())
    sheet.take(Kind.CODE, _JOINED, _joined)


def take_versions(sheet: Sheet) -> None:
    """What has two dots and is no date: an address of a machine, a chapter; kept as written."""
    sheet.take(Kind.CODE, _VERSION, lambda match: [("code", match[0])] if not _is_grouped(match[0]) else ())


def _plate(match: re.Match[str]) -> Sequence[Reading]:
    """Words in capitals before a figure ("GEL 300", "NOV 24") are no plate."""
    words = re.findall(r"[^\W\d_]+", match[0])
    is_phrase = any(MONEY.find(word) or MONTHS.find(word) or word in _SHOUTED for word in words)
    return () if is_phrase and "-" not in match[0] else [("code", _canonical(match[0]))]


def _joined(match: re.Match[str]) -> Sequence[Reading]:
    """Letters before digits make a code, so do capitals behind them; a bent figure ("5-го", "3rd", "50km") is none."""
    text = match[0]
    if not _has_digit(text):
        return ()
    if text.isdigit():
        is_group = re.search(r"\d[.,' ]$", match.string[max(0, match.start() - 2) : match.start()])
        return [("code", text)] if len(text) > 2 and text.startswith("0") and not is_group else ()
    letters = re.findall(r"[^\W\d_]+", text)
    if not letters or any(len(word) > 4 for word in letters) or not all(map(_is_latin_or_capital, letters)):
        return ()
    if text[0].isdigit():
        suffixed = _SUFFIX.fullmatch(text)
        is_bent = not any(word.isupper() for word in letters) or ("-" in text and len(letters) == 1)
        is_mixed = len(re.findall(r"\d+", text)) > 1 and "-" not in text and not re.fullmatch(r"\d+h\d+", text)
        is_unit = suffixed is not None and bool(UNITS.find(suffixed[2]) or MONEY.find(suffixed[2]))
        if is_unit or (is_bent and not is_mixed) or text.casefold().endswith(_BENT):
            return ()
    elif MONEY.find(letters[0]) or MONTHS.find(letters[0]):
        return ()
    return [("code", _canonical(text))]


_SHOUTED = frozenset(
    {
        "AT",
        "TO",
        "IN",
        "ON",
        "OF",
        "BY",
        "AM",
        "PM",
        "OR",
        "IS",
        "DO",
        "FOR",
        "AND",
        "THE",
        "В",
        "С",
        "К",
        "И",
        "НА",
        "ДО",
        "ПО",
        "ЗА",
        "ОТ",
        "IT",
        "UP",
        "NO",
        "UM",
        "AB",
        "BIS",
    }
)
_BENT = ("st", "nd", "rd", "th", "am", "pm", "k")


def _is_latin_or_capital(word: str) -> bool:
    return word.isascii() or (word.isupper() and word.translate(_LATIN_LOOKALIKES).isascii())


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _is_grouped(text: str) -> bool:
    return all(len(group) == 3 for group in text.split(".")[1:]) and len(text.split(".", maxsplit=1)[0]) <= 3


def _canonical(text: str) -> str:
    return re.sub(r"[\W_]", "", text).upper().translate(_LATIN_LOOKALIKES)

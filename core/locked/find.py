"""All locked entities of one text: what is certain first, then what needs its neighbours."""

import re
from collections.abc import Iterable

from core.locked.addresses import take_addresses, take_phones
from core.locked.codes import take_codes, take_versions
from core.locked.entity import Entity
from core.locked.figures import take_full_dates
from core.locked.items import cut
from core.locked.names import Name, take_names
from core.locked.phrases import Reader
from core.locked.plain import plain
from core.locked.sheet import Sheet

_HEBREW_DAYS = (
    ("ראשון", "sunday"),
    ("שני", "monday"),
    ("שלישי", "tuesday"),
    ("רביעי", "wednesday"),
    ("חמישי", "thursday"),
    ("שישי", "friday"),
)
_IDIOMS = (
    (re.compile(r"\b([ap])\.\s?m\b\.?", re.IGNORECASE), r"\1m"),
    (re.compile(r"\bo'clock\b", re.IGNORECASE), "oclock"),
    (re.compile(r"(?:\bفي |\bب)ال(?:مئة|مائة|مية)\b"), "%"),
    (re.compile(r"(?<=[א-ת])[\"'](?=[א-ת])"), ""),
    (re.compile(r"(?<=\d)х(?=\d)"), "x"),
    *((re.compile(rf"(?<![א-ת])[בלמהוש]{{0,2}}יום {word}(?![א-ת])"), day) for word, day in _HEBREW_DAYS),
)
"""Expressions of several words, or with a mark inside, that stand for one."""


def find(text: str, names: Iterable[Name] = (), language: str | None = None) -> list[Entity]:
    """The entities in their order; ``language`` tells the words of the Latin script apart where it is known."""
    sheet = Sheet(plain(text))
    take_addresses(sheet)
    take_names(sheet, names)
    for idiom, word in _IDIOMS:
        sheet.text = idiom.sub(word, sheet.text)
    take_full_dates(sheet)
    take_phones(sheet)
    take_versions(sheet)
    take_codes(sheet)
    entities = [*sheet.entities, *Reader(cut(sheet.text, language)).read()]
    return sorted(entities, key=lambda entity: entity.start)

"""Given names: clients, staff, car models, words of the glossary; each may be written in the spellings handed in."""

import re
from collections.abc import Iterable, Sequence

from core.locked.entity import Kind, Reading
from core.locked.plain import fold, plain
from core.locked.sheet import Sheet

Name = str | Sequence[str]
"""One spelling, or all spellings that count as the same name: ``("Toyota", "Тойота")``, ``("deposit", "залог")``."""


def take_names(sheet: Sheet, names: Iterable[Name]) -> None:
    """Longer spellings win, so "Land Cruiser Prado" is not read as "Land Cruiser"."""
    owners: dict[str, str] = {}
    for name in names:
        spellings = [plain(spelling).strip() for spelling in ([name] if isinstance(name, str) else name)]
        known = [_key(spelling) for spelling in spellings if len(_key(spelling)) > 1]
        for key in known:
            owners.setdefault(key, owners.get(known[0], known[0]))
    if not owners:
        return
    spelled = "|".join(_loose(key) for key in sorted(owners, key=len, reverse=True))
    # A name may follow a prefix of another script ("ל-Camry", "לCamry") and be bent at its end ("Camry'nin", "Иваном").
    pattern = re.compile(
        rf"(?<![^\W_])({spelled})(?:'?[^\W\d_]{{0,3}})(?![^\W_])|(?<=[א-ת\u0621-\u064a])([a-z]{{2,40}})", re.IGNORECASE
    )

    def read(match: re.Match[str]) -> Sequence[Reading]:
        owner = owners.get(_key(match[1] or match[2]))
        return [("name", owner)] if owner else ()

    sheet.take(Kind.NAME, pattern, read)


def _key(spelling: str) -> str:
    return re.sub(r"[\s-]+", " ", fold(spelling)).strip()


def _loose(key: str) -> str:
    """A space of a name may be written as a hyphen; letters that fold alike stand for each other."""
    alike = {"е": "[её]", "ا": "[اأإآ]", "ي": "[يىئ]", "ه": "[هة]", "i": "[iıİ]", " ": r"[\s-]{1,3}"}
    return "".join(alike.get(letter, re.escape(letter)) for letter in key)

"""From a ``Text`` to words: escaping in one place, and a way out when a key or a variable is missing."""

import re
from collections.abc import Mapping

from fluent.runtime.types import fluent_number

from bot.markup import escape, plain
from bot.quoting import line
from bot.texts.catalog import Catalog
from core.commands import Text
from core.errors import Broken
from core.log import get_logger

FALLBACK = "en"
LONGEST_VALUE = 900
PEOPLE = frozenset({"client", "name", "by", "who", "responsible", "former", "person", "holder"})
"""Arguments that name somebody. One written from right to left would turn the dates and numbers behind it."""
_MARK = re.compile("\ue000\\d+\ue001")
_log = get_logger("bot.texts")


class Texts:
    """The catalogs of all languages.

    A missing key or variable is ``Broken`` where ``is_strict`` (tests); people at work get English, else the key, and
    the log gets the fault.
    """

    def __init__(self, catalogs: Mapping[str, Catalog], *, is_strict: bool = False) -> None:
        self.catalogs = catalogs
        self.is_strict = is_strict

    def html(self, text: Text, language: str | None) -> str:
        """The markup of the text with its parts."""
        first = self._one(text, language or FALLBACK)
        parts = [self.html(part, language) for part in text.parts]
        return f"{first} {', '.join(parts)}" if text.is_list else "\n".join([first, *parts])

    def plain(self, text: Text, language: str | None) -> str:
        return plain(self.html(text, language))

    def _one(self, text: Text, language: str) -> str:
        filling = _Filling(text.args)
        for candidate in dict.fromkeys((language, FALLBACK)):
            catalog = self.catalogs.get(candidate)
            if catalog is None or text.key not in catalog.variables:
                self._complain(f"text {text.key} is missing in {candidate}")
                continue
            words, errors = catalog.format(text.key, filling.arguments)
            if not errors:
                return filling.complete(words)
            self._complain(f"text {text.key} in {candidate}: {errors[0]}")
        return escape(text.key)

    def _complain(self, fault: str) -> None:
        if self.is_strict:
            raise Broken(fault)
        _log.error("text_fault", fault=fault)


class _Filling:
    """Arguments as Fluent takes them.

    Words are escaped, and names of people keep their direction to themselves. A number is written without separators
    unless its text asks for them (``useGrouping``). Fluent refuses values of more than a thousand characters, so long
    ones stand aside and are put in afterwards.
    """

    def __init__(self, args: Mapping[str, str | int]) -> None:
        self._aside: dict[str, str] = {}
        self.arguments = {name: self._argument(name, value) for name, value in args.items()}

    def complete(self, words: str) -> str:
        return _MARK.sub(lambda found: self._aside.get(found[0], found[0]), words) if self._aside else words

    def _argument(self, name: str, value: str | int) -> object:
        if not isinstance(value, str):
            return fluent_number(value, useGrouping=False)
        escaped = escape(line(value, LONGEST_VALUE) if name in PEOPLE else value)
        if len(escaped) <= LONGEST_VALUE:
            return escaped
        mark = f"\ue000{len(self._aside)}\ue001"
        self._aside[mark] = escaped
        return mark

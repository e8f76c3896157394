"""The rest of a text cut into items: quantities (in figures or words), clock times, words and signs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.locked.compounds import split_compound
from core.locked.figures import FIGURE, canonical, read_figure, times
from core.locked.plain import FILLER
from core.locked.words import NUMBERS
from core.locked.words.money import SIGNS

_TOKEN = re.compile(
    rf"(?P<clock>(?<![\d.,:])\d{{1,2}}(?::\d{{2}}){{1,2}}(?![\d:])|(?<!\d)\d{{1,2}}h\d{{2}}(?!\w))"
    rf"|(?P<figure>{FIGURE})|(?P<word>[^\W\d_]+)|(?P<sign>[{SIGNS}%]|{FILLER})",
)
_AND = frozenset({"and", "und", "و", "ו", "და"})
_FACTORS = frozenset({"100", "1000", "1000000"})


@dataclass(frozen=True, slots=True)
class Item:
    kind: str
    """``quantity``, ``clock``, ``word`` or ``sign``."""
    text: str
    start: int
    end: int
    gap: str
    """What stands between the item before and this one."""
    value: str = ""
    is_optional: bool = False
    figure: str = ""
    """The figure as written, empty for number words."""


@dataclass(slots=True)
class _Words:
    """Number words that may yet become one quantity: "two", then "hundred", then "fifty"."""

    items: list[Item]
    sealed: Decimal
    current: Decimal
    last: Decimal

    @classmethod
    def starting(cls, item: Item) -> "_Words":
        value = Decimal(item.value)
        return cls([item], Decimal(0), value, value)

    def takes(self, item: Item, has_and: bool) -> bool:
        value = Decimal(item.value)
        previous = self.last
        if item.gap.strip(" -") or value != value.to_integral_value() or previous <= 0:
            return False
        if value >= 1000 and self.current < value:
            self.sealed, self.current = self.sealed + self.current * value, Decimal(0)
        elif value == 100 and previous < 10:
            self.current *= value
        elif self._adds(previous, value, has_and=has_and):
            self.current += value
        else:
            return False
        self.last = value
        self.items.append(item)
        return True

    def _adds(self, previous: Decimal, value: Decimal, *, has_and: bool) -> bool:
        is_tail = 0 < value < previous and (previous >= 100 or (previous % 10 == 0 and value < 10))
        is_semitic_teen = previous < 10 and value == 10 and "\u0590" <= self.items[-1].text[0] <= "\u06ff"
        is_unit_first = has_and and previous < 10 and value in range(20, 100, 10)
        return is_tail or is_semitic_teen or is_unit_first

    def whole(self) -> Item:
        first, last = self.items[0], self.items[-1]
        text = " ".join(item.text for item in self.items)
        is_optional = all(item.is_optional for item in self.items)
        value = canonical(self.sealed + self.current)
        return Item("quantity", text, first.start, last.end, first.gap, value, is_optional)


def cut(text: str, language: str | None) -> list[Item]:
    """All items of a text in their order."""
    items: list[Item] = []
    words: _Words | None = None
    joiner: Item | None = None
    for item, has_and in _tokens(text, language):
        if words is not None:
            if item.kind == "quantity" and not item.figure and words.takes(item, has_and or joiner is not None):
                joiner = None
                continue
            if joiner is None and item.kind == "word" and item.text in _AND and _may_go_on(words):
                joiner = item
                continue
            items.append(words.whole())
            items.extend([joiner] if joiner else [])
            words, joiner = None, None
        if items and _multiplies(items[-1], item):
            items[-1] = _multiplied(items[-1], item)
        elif item.kind == "quantity" and not item.figure:
            words = _Words.starting(item)
        else:
            items.append(item)
    if words is not None:
        items.append(words.whole())
        items.extend([joiner] if joiner else [])
    return _with_factors(items)


def _tokens(text: str, language: str | None) -> Iterator[tuple[Item, bool]]:
    lexicon = NUMBERS.of(language)
    end = 0
    for match in _TOKEN.finditer(text):
        kind, gap = match.lastgroup or "sign", text[end : match.start()]
        end = match.end()
        place = (match[0], match.start(), end, gap)
        if kind == "figure":
            yield Item("quantity", *place, read_figure(match[0], language), figure=match[0]), False
        elif kind == "word":
            meaning = lexicon.find(match[0])
            compound = None if meaning else split_compound(match[0])
            if meaning:
                yield Item("quantity", *place, meaning.value, meaning.is_optional), meaning.has_and
            else:
                yield Item("quantity", *place, compound) if compound else Item("word", *place), False
        else:
            yield Item(kind, *place), False


def _may_go_on(words: _Words) -> bool:
    """Such as "two hundred and fifty", "خمسة و عشرين"."""
    return words.last >= 100 or words.items[-1].text[0] > "\u058f"


def _multiplies(quantity: Item, item: Item) -> bool:
    """Such as "50k", "50к": only without a space, where the letter is no word of its own."""
    return bool(quantity.figure) and item.gap == "" and item.text in {"k", "K", "к", "К"}


def _multiplied(quantity: Item, factor: Item) -> Item:
    value = times(quantity.value, int(factor.value or "1000"))
    text = f"{quantity.text}{factor.gap}{factor.text}"
    return Item("quantity", text, quantity.start, factor.end, quantity.gap, value, figure=text)


def _with_factors(items: list[Item]) -> list[Item]:
    """Such as "5 тысяч", "1.5 million": a figure and the word behind it are one quantity."""
    joined: list[Item] = []
    for item in items:
        is_factor = item.kind == "quantity" and not item.figure and item.value in _FACTORS
        if joined and is_factor and joined[-1].figure and item.gap in {"", " "}:
            joined[-1] = _multiplied(joined[-1], item)
        else:
            joined.append(item)
    return joined

"""What figures and number words mean beside their neighbours: dates, times, money, shares, counts."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

from core.locked.clock import clock_readings
from core.locked.entity import Entity, Kind, Reading
from core.locked.figures import date_readings
from core.locked.items import Item
from core.locked.words import MARKERS, MONEY, MONTHS, UNITS, WEEKDAYS
from core.locked.words.lexicon import Meaning
from core.locked.words.money import SIGNS

_PERCENT = frozenset(
    {
        "%",
        "percent",
        "prozent",
        "процент",
        "процента",
        "процентов",
        "процентах",
        "אחוז",
        "אחוזים",
        "პროცენტი",
        "პროცენტით",
        "yüzde",
    }
)
_OF_THE_MONTH = frozenset({"of", "the", "de", "go", "го", "е", "ого", "st", "nd", "rd", "th", "ב", "من", "შ", "يوم"})
_ORDINAL_WORDS = frozenset({"st", "nd", "rd", "th", "го", "е", "ого"})
_RANGE = frozenset(
    {
        "to",
        "till",
        "until",
        "and",
        "по",
        "до",
        "и",
        "bis",
        "und",
        "ile",
        "ve",
        "عد",
        "الى",
        "إلى",
        "حتى",
        "و",
        "עד",
        "ל",
        "და",
        "დან",
    }
)
_ONLY_CODES = {"TRY": "TRY"}


@dataclass(slots=True)
class Reader:
    """Reads items from the left; a neighbour that went into one entity is not used by the next."""

    items: list[Item]
    found: dict[int, Entity] = field(default_factory=dict[int, Entity])
    used: set[int] = field(default_factory=set[int])

    def read(self) -> list[Entity]:
        for index, item in enumerate(self.items):
            if item.kind in {"quantity", "clock"} and index not in self.used:
                self._read_figure(index)
        for index in range(len(self.items)):
            if index not in self.used and index not in self.found:
                self._read_lone_word(index)
        self._spread_over_ranges()
        return list(self.found.values())

    def _read_figure(self, index: int) -> None:
        item = self.items[index]
        date = self._date(index) if item.kind == "quantity" else None
        if date:
            self._add(index, Kind.DATE, [date])
            return
        if self._takes_percent(index):
            self._add(index, Kind.PERCENT, [("percent", item.value)])
            return
        currency = self._take_currency(index) if item.kind == "quantity" else None
        if currency:
            self._add(index, Kind.MONEY, [("money", item.value, currency)])
            return
        unit = self._unit(index)
        times, is_certain = (
            ([], False) if unit and unit != "hour" and not self._is_open(index) else clock_readings(self.items, index)
        )
        if times and is_certain:
            self._add(index, Kind.TIME, times)
        elif item.kind == "clock":
            self._add(index, Kind.CODE, [("code", item.text)])
        else:
            self._add_number(index, times, unit)

    def _add_number(self, index: int, times: list[Reading], unit: str | None) -> None:
        """Such as "24.11" with two figures behind the dot is a date; "5.5" may be one."""
        item = self.items[index]
        day, _, month = item.figure.partition(".")
        dotted: list[Reading] = []
        if len(day) <= 2 and len(month) <= 2 and day.isdigit() and month.isdigit() and not unit:
            dotted = date_readings(day, month)
        if dotted and len(month) == 2:
            self._add(index, Kind.DATE, dotted)
            return
        self._add(index, Kind.NUMBER, [("number", item.value), *times, *dotted], unit)

    def _add(self, index: int, kind: Kind, readings: list[Reading], unit: str | None = None) -> None:
        item = self.items[index]
        self.found[index] = Entity(
            kind, item.text, item.start, frozenset(readings), unit, item.is_optional and kind is Kind.NUMBER
        )

    def _date(self, index: int) -> Reading | None:
        """Such as "24 November", "24th of November", "24-го ноября", "November 24, 2026"."""
        day = self.items[index].value
        if not (day.isdigit() and len(day) <= 2 and 1 <= int(day) <= 31):
            return None
        place = index + 1
        while self._text(place) in _OF_THE_MONTH and place <= index + 3:
            place += 1
        month = self._month(place)
        last = place
        if month is None or not self._is_near(index + 1, place):
            place, last = index - 1, index + (self._text(index + 1) in _ORDINAL_WORDS)
            month = self._month(place)
            if month is None or place in self.used or self.items[index].gap.strip(" .,"):
                return None
        if self._is_preposition(index, last):
            return None
        self.used.add(place)
        year = self._take_year(last + 1)
        return next(iter(date_readings(day, month, year)), None)

    def _is_preposition(self, index: int, last: int) -> bool:
        """Such as "on November 24": the Turkish ten is no day where a day in figures follows."""
        following = self.items[last + 1].figure if last + 1 < len(self.items) else ""
        return self.items[index].is_optional and len(following) in {1, 2}

    def _take_year(self, index: int) -> str:
        if index < len(self.items) and not self.items[index].gap.strip(" .,"):
            figure = self.items[index].figure
            if (
                figure.isdigit()
                and len(figure) == 4
                and figure.startswith(("19", "20"))
                and not self._currency_at(index + 1)
            ):
                self.used.add(index)
                return figure
        return ""

    def _take_currency(self, index: int) -> str | None:
        """A sign or a code may stand before the figure, a word only behind it."""
        before, after = index - 1, index + 1
        if before >= 0 and before not in self.used and not self.items[index].gap.strip():
            text = self.items[before].text
            is_leading = text in SIGNS or text.isupper()
            currency = self._currency_at(before)
            if is_leading and currency:
                self.used.add(before)
                return currency
        if after < len(self.items) and not self.items[after].gap.strip(" -'"):
            currency = self._currency_at(after)
            if currency:
                self.used.add(after)
                return currency
        return None

    def _takes_percent(self, index: int) -> bool:
        for place, gap_owner in ((index + 1, index + 1), (index - 1, index)):
            if self._text(place) not in _PERCENT or place in self.used or self.items[gap_owner].gap.strip(" -"):
                continue
            if place < index and self._text(place) not in {"%", "yüzde"}:
                continue
            self.used.add(place)
            return True
        return False

    def _unit(self, index: int) -> str | None:
        after = index + 1
        if after >= len(self.items) or self.items[after].kind != "word" or self.items[after].gap.strip(" -'"):
            return None
        meaning = UNITS.find(self.items[after].text)
        return meaning.value if meaning and not self._opens_a_time(index) else None

    def _opens_a_time(self, index: int) -> bool:
        """Such as "24.11 الساعة 9:30": the word for the hour belongs to the time behind it, not to the date before."""
        word, behind = index + 1, index + 2
        marker = MARKERS.find(self.items[word].text)
        if "." not in self.items[index].figure or marker is None or marker.value != "before":
            return False
        is_figure = behind < len(self.items) and self.items[behind].kind in {"quantity", "clock"}
        return is_figure and self._is_near(behind, behind)

    def _is_open(self, index: int) -> bool:
        return self._text(index + 1) in {"дня", "ночи"} or self._text(index - 1) == "saat"

    def _read_lone_word(self, index: int) -> None:
        item = self.items[index]
        currency = self._currency_at(index) if item.text not in _ONLY_CODES else None
        for kind, meaning in (
            (Kind.DATE, self._meaning(index, months=True)),
            (Kind.WEEKDAY, self._meaning(index, months=False)),
        ):
            if meaning:
                readings = frozenset({(kind.value, "", meaning.value, "")})
                self.found[index] = Entity(kind, item.text, item.start, readings, None, meaning.is_optional)
                return
        if currency and (len(item.text) > 2 or item.text in SIGNS):
            self.found[index] = Entity(Kind.MONEY, item.text, item.start, frozenset({("money", "", currency)}))

    def _spread_over_ranges(self) -> None:
        """Such as "24-28 November", "с 5 до 7 вечера", "$50-60": what is said of one end may be meant for both."""
        ends = sorted(self.found)
        for left, right in zip(reversed(ends[:-1]), reversed(ends[1:]), strict=True):
            if self._is_range(left, right):
                self._borrow(left, self.found[right])
        for left, right in pairwise(ends):
            if self._is_range(left, right):
                self._borrow(right, self.found[left])

    def _is_range(self, left: int, right: int) -> bool:
        between = [
            place for place in range(left + 1, right) if place not in self.used and self.items[place].kind != "sign"
        ]
        words = [self._text(place) for place in between]
        words = [word for word in words if word not in _ORDINAL_WORDS]
        if right - left > 5 or self.items[right].kind == "word" or self.items[left].kind == "word":
            return False
        is_hyphened = not words and any("-" in self.items[place].gap for place in range(left + 1, right + 1))
        return is_hyphened or (len(words) == 1 and words[0] in _RANGE)

    def _borrow(self, index: int, lender: Entity) -> None:
        entity, value = self.found[index], self.items[index].value
        if entity.kind is not Kind.NUMBER or not value.isdigit():
            return
        borrowed: set[Reading] = set()
        for reading in lender.readings:
            match reading:
                case ("date", year, month, _) if len(value) <= 2:
                    borrowed.update(date_readings(value, month, year))
                case ("money", _, currency):
                    borrowed.add(("money", value, currency))
                case ("percent", _):
                    borrowed.add(("percent", value))
                case ("time", clock) if len(value) <= 2 and int(value) <= 12:
                    borrowed.add(("time", f"{(int(value) % 12 + (12 if clock >= '12:00' else 0)):02}:00"))
                case _:
                    pass
        self.found[index] = replace(entity, readings=entity.readings | borrowed, unit=entity.unit or lender.unit)

    def _month(self, index: int) -> str | None:
        meaning = self._meaning(index, months=True)
        return meaning.value if meaning else None

    def _meaning(self, index: int, *, months: bool) -> Meaning | None:
        if not 0 <= index < len(self.items) or self.items[index].kind != "word":
            return None
        return (MONTHS if months else WEEKDAYS).find(self.items[index].text)

    def _currency_at(self, index: int) -> str | None:
        if not 0 <= index < len(self.items) or self.items[index].kind not in {"word", "sign"}:
            return None
        text = self.items[index].text
        meaning = MONEY.find(text)
        return meaning.value if meaning else _ONLY_CODES.get(text)

    def _text(self, index: int) -> str:
        return self.items[index].text.casefold() if 0 <= index < len(self.items) else ""

    def _is_near(self, first: int, last: int) -> bool:
        return all(not self.items[place].gap.strip(" .,'-") for place in range(first, last + 1))

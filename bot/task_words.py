"""What stands behind ``/task create``: the text, what it is about, and when it is due."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVENING = time(18)
MORNING = time(9)
_TODAY = {"today", "сегодня", "დღეს"}
_TOMORROW = {"tomorrow", "завтра", "ხვალ"}
_QUOTED = re.compile(r"""["“”„«]([^"“”«»]+)["“”»]""")
_LINK = re.compile(r"(?<!\S)(car|booking|client):(\S+)", re.IGNORECASE)
_CLOCK = r"(?:\s+\d{1,2}:\d{2})?"
_DUE = re.compile(rf"(?<!\S)due:\s*(\d{{1,2}}:\d{{2}}|\S+{_CLOCK})", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?|(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Wish:
    """``links`` are pairs of a kind and a number or plate as written; ``due`` is as written."""

    text: str
    links: tuple[tuple[str, str], ...] = ()
    due: str | None = None


def read_wish(words: str) -> Wish:
    """Options may stand anywhere outside the quotes; without quotes all the rest is the text."""
    quoted = _QUOTED.search(words)
    outside = words if quoted is None else words[: quoted.start()] + " " + words[quoted.end() :]
    due = _DUE.search(outside)
    links = tuple((kind.lower(), key) for kind, key in _LINK.findall(outside))
    rest = _LINK.sub(" ", _DUE.sub(" ", outside))
    text = rest if quoted is None else quoted[1]
    return Wish(" ".join(text.split()), links, None if due is None else " ".join(due[1].split()))


def read_due(words: str, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment meant by ``today 18:00``, ``tomorrow``, ``24.11 10:00`` or ``18:00``; None where it is unclear.

    Without a time today means 18:00 and every other day 09:00.
    """
    day_word, _, clock = words.lower().partition(" ")
    if ":" in day_word:
        day_word, clock = "today", day_word
    today = now.astimezone(zone).date()
    try:
        if day_word in _TODAY:
            day, usual = today, EVENING
        elif day_word in _TOMORROW:
            day, usual = today + timedelta(days=1), MORNING
        elif (match := _DAY.fullmatch(day_word)) is not None:
            numbers = [None if part is None else int(part) for part in match.groups()]
            day, usual = _day(numbers, today), MORNING
        else:
            return None
        at = time.fromisoformat(clock.zfill(5)) if clock else usual
    except ValueError:
        return None
    return datetime.combine(day, at, zone).astimezone(UTC)


def _day(numbers: list[int | None], today: date) -> date:
    """A day without a year is the next one of that name."""
    day, month, year, iso_year, iso_month, iso_day = numbers
    if iso_year and iso_month and iso_day:
        return date(iso_year, iso_month, iso_day)
    assert day is not None
    assert month is not None
    if year is not None:
        return date(year, month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)

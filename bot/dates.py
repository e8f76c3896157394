"""Days and windows as staff write them: day before month, local time, words for today and tomorrow."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.clock import LOCAL_ZONE

OPENS = time(9)
CLOSES = time(20)
"""Working hours of the branches (business rules, section 3): a day without a time means from opening to closing."""

_TODAY = {"today", "сегодня", "დღეს"}
_TOMORROW = {"tomorrow", "завтра", "ხვალ"}
_NOW = {"", "now", "сейчас", "ახლა"}

_DAY = r"(?:(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?|(\d{4})-(\d{2})-(\d{2}))(?:\s+(\d{1,2}):(\d{2}))?"
_WINDOW = re.compile(rf"\s*{_DAY}(?:\s*[-\u2013\u2014 ]\s*{_DAY})?\s*")


@dataclass(frozen=True, slots=True)
class Window:
    """From ``starts`` to ``ends``; ``is_now`` when nobody named a day."""

    starts: datetime
    ends: datetime
    is_now: bool = False


def local_day(now: datetime, zone: ZoneInfo = LOCAL_ZONE) -> Window:
    """The local calendar day that ``now`` belongs to."""
    today = now.astimezone(zone).date()
    return Window(_at(today, time(), zone), _at(today + timedelta(days=1), time(), zone))


def parse_window(text: str, *, now: datetime, zone: ZoneInfo = LOCAL_ZONE) -> Window | None:
    """``24.11``, ``24.11-27.11``, ``24.11 10:00 - 27.11 18:00``, ``tomorrow``, nothing (now); None when unclear."""
    word = text.strip().lower()
    today = now.astimezone(zone).date()
    if word in _NOW:
        return Window(now, now + timedelta(minutes=1), is_now=True)
    if word in _TODAY:
        return _checked(max(now, _at(today, OPENS, zone)), _at(today, CLOSES, zone))
    if word in _TOMORROW:
        tomorrow = today + timedelta(days=1)
        return _checked(_at(tomorrow, OPENS, zone), _at(tomorrow, CLOSES, zone))
    match = _WINDOW.fullmatch(word)
    return None if match is None else _window(match.groups(), now=now, zone=zone)


def _window(parts: tuple[str | None, ...], *, now: datetime, zone: ZoneInfo) -> Window | None:
    first, last = parts[:8], parts[8:]
    today = now.astimezone(zone).date()
    try:
        first_day = _date(first, today)
        last_day = _date(last, first_day) if any(last) else first_day
        starts = _at(first_day, _time(first, OPENS), zone)
        ends = _at(last_day, _time(last, CLOSES), zone)
    except ValueError:
        return None
    if first_day == today and first[6] is None:
        starts = max(starts, now)
    return _checked(starts, ends)


def _checked(starts: datetime, ends: datetime) -> Window | None:
    return Window(starts, ends) if starts < ends else None


def _date(parts: tuple[str | None, ...], not_before: date) -> date:
    """A day without a year is the next one of that name."""
    day, month, year, iso_year, iso_month, iso_day = (None if part is None else int(part) for part in parts[:6])
    if iso_year and iso_month and iso_day:
        return date(iso_year, iso_month, iso_day)
    assert day is not None
    assert month is not None
    if year is not None:
        return date(year if year > 99 else 2000 + year, month, day)
    this_year = date(not_before.year, month, day)
    return this_year if this_year >= not_before else date(not_before.year + 1, month, day)


def _time(parts: tuple[str | None, ...], default: time) -> time:
    hour, minute = parts[6:8] if len(parts) == 8 else (None, None)
    return default if hour is None or minute is None else time(int(hour), int(minute))


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone)

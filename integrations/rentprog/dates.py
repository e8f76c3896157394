"""The one parser of RentProg's dates and times: one explicit format per kind, aware UTC out, `bad_date` else."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TypeVar

from core.clock import LOCAL_ZONE
from integrations.rentprog.values import BadValueError, is_missing

T = TypeVar("T")

TBILISI = timezone(timedelta(hours=4))
"""Wall time of every branch: no daylight saving, so a fixed offset is exact, and it is fast."""

# The hour is not padded ("22-11-2025 9:00"), everything else is.
_LOCAL = re.compile(r"(\d{2})-(\d{2})-(\d{4}) (\d{1,2}):(\d{2})", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_SEASON_DAY = re.compile(r"(\d{2})\.(\d{2})", re.ASCII)
_UI = re.compile(r"(\d{1,2}) ([а-я]{3,8})\.? (\d{2}) (\d{1,2}):(\d{2})", re.ASCII)

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            ("янв", "января"),
            ("февр", "фев", "февраля"),
            ("мар", "март", "марта"),
            ("апр", "апреля"),
            ("мая", "май"),
            ("июн", "июнь", "июня"),
            ("июл", "июль", "июля"),
            ("авг", "августа"),
            ("сент", "сен", "сентября"),
            ("окт", "октября"),
            ("нояб", "ноя", "ноября"),
            ("дек", "декабря"),
        ),
        start=1,
    )
    for name in names
}
_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True, order=True)
class SeasonDay:
    """A day of any year; a season from 01.11 to 31.03 wraps over the new year."""

    month: int
    day: int


def local_datetime(value: object) -> datetime | None:
    """``"22-11-2025 9:00"``, wall time in Tbilisi (failures F5, F6)."""
    return _parse(value, _LOCAL, _from_local)


def iso_datetime(value: object) -> datetime | None:
    """ISO with an offset; without one the moment would be a guess, so it is refused."""
    return _parse(value, _ISO, _from_iso)


def iso_date(value: object) -> date | None:
    return _parse(value, _DATE, _from_date)


def season_day(value: object) -> SeasonDay | None:
    """``"01.11"``, day first; an ISO date is accepted too and loses its year."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        return _parse(value, _DATE, _from_season_date)
    return _parse(value, _SEASON_DAY, _from_season_day)


def ui_datetime(value: object) -> datetime | None:
    """``"05 нояб. 25 18:46"`` as the web pages show it, wall time in Tbilisi."""
    return _parse(value, _UI, _from_ui)


def request_datetime(moment: datetime) -> str:
    """``DD-MM-YYYY H:mm`` in local time, as `free_cars` wants it."""
    local = moment.astimezone(LOCAL_ZONE)
    return f"{local:%d-%m-%Y} {local.hour}:{local:%M}"


def _parse(value: object, shape: re.Pattern[str], build: Callable[[re.Match[str]], T]) -> T | None:
    if is_missing(value):
        return None
    match = shape.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise BadValueError("bad_date")
    try:
        return build(match)
    except (ValueError, OverflowError, KeyError) as error:
        raise BadValueError("bad_date") from error


def _from_local(match: re.Match[str]) -> datetime:
    day, month, year, hour, minute = match.groups()
    return datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=TBILISI).astimezone(UTC)


def _from_iso(match: re.Match[str]) -> datetime:
    return datetime.fromisoformat(match[0]).astimezone(UTC)


def _from_date(match: re.Match[str]) -> date:
    return date(int(match[1]), int(match[2]), int(match[3]))


def _from_season_date(match: re.Match[str]) -> SeasonDay:
    day = _from_date(match)
    return SeasonDay(month=day.month, day=day.day)


def _from_season_day(match: re.Match[str]) -> SeasonDay:
    day, month = int(match[1]), int(match[2])
    date(_LEAP_YEAR, month, day)  # refuses 31.02, allows 29.02
    return SeasonDay(month=month, day=day)


def _from_ui(match: re.Match[str]) -> datetime:
    day, month, year, hour, minute = match.groups()
    return datetime(2000 + int(year), _MONTHS[month], int(day), int(hour), int(minute), tzinfo=TBILISI).astimezone(UTC)

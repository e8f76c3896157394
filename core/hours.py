"""Working hours of a branch and quiet hours of its people: a clock that stands still while nobody works."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))
EVENING = time(18)
"""When a day's work that has no time of its own is due."""
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a branch works, by its own wall clock (business rules, section 3).

    ``closes`` at or before ``opens`` means the next day; equal ones mean round the clock. ``days`` are the days on
    which the branch opens, Monday is 0. Every moment given must be aware; every moment returned is UTC.
    """

    zone: ZoneInfo
    opens: time = time(9)
    closes: time = time(20)
    days: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        if not self.days or not self.days <= EVERY_DAY:
            raise ValueError("a branch works on at least one day, 0 (Monday) to 6")

    def is_working(self, moment: datetime) -> bool:
        """Both limits belong to working time: 09:00 and 20:00 sharp."""
        return self.next_working(moment) == moment

    def next_working(self, moment: datetime) -> datetime:
        """The moment itself while the branch works, else its next opening."""
        opened, _ = next(self._windows(moment))
        return max(opened, moment.astimezone(UTC))

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Zero when ``end`` is not later than ``start``."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        worked = timedelta(0)
        for opened, closed in self._windows(start):
            if opened >= end:
                break
            worked += max(timedelta(0), min(closed, end) - max(opened, start))
        return worked

    def after_working(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest working moment by which so much working time has passed since ``start``.

        Five minutes after 19:58 are 09:03 of the next working day, two minutes are 20:00 sharp.
        """
        start = start.astimezone(UTC)
        for opened, closed in self._windows(start):
            begun = max(opened, start)
            if closed - begun >= amount:
                return begun + amount
            amount -= closed - begun
        raise AssertionError("the windows of a branch do not end")

    def closing(self, moment: datetime) -> datetime:
        """The end of the working day of the moment or, outside of one, of the next."""
        moment = moment.astimezone(UTC)
        return next(closed for _, closed in self._windows(moment) if closed > moment)

    def next_evening(self, moment: datetime) -> datetime:
        """18:00 of the next working day, or when that day closes before it."""
        today = moment.astimezone(self.zone).date()
        days = ((opened.astimezone(self.zone).date(), closed) for opened, closed in self._windows(moment))
        day, closed = next((day, closed) for day, closed in days if day > today)
        return min(_instant(day, EVENING, self.zone), closed)

    def _windows(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The windows that close at the moment or later, in order, without end."""
        start = moment.astimezone(UTC)
        # A window of the day before may still be open, and a zone may stand a day ahead of its own yesterday.
        day = start.astimezone(self.zone).date() - 2 * _DAY
        while True:
            if day.weekday() in self.days:
                opened, closed = _window(day, self.opens, self.closes, self.zone)
                if opened < closed and closed >= start:
                    yield opened, closed
            day += _DAY


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When only critical messages pass (owner's decision ``hours.quiet``); equal limits mean that no hour is quiet."""

    zone: ZoneInfo
    begins: time = time(22)
    ends: time = time(8)

    def next_allowed(self, moment: datetime, *, is_critical: bool = False) -> datetime:
        """When a message may go out: now, or at the end of the quiet hours. 22:00 sharp is quiet, 08:00 is not."""
        moment = moment.astimezone(UTC)
        if is_critical or self.begins == self.ends:
            return moment
        day = moment.astimezone(self.zone).date() - 2 * _DAY
        for step in range(4):
            begun, ended = _window(day + step * _DAY, self.begins, self.ends, self.zone)
            if begun <= moment < ended:
                moment = ended
        return moment


def _window(day: date, opens: time, closes: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    last = day + _DAY if closes <= opens else day
    return _instant(day, opens, zone), _instant(last, closes, zone)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first moment of the day at which the wall clock shows the time or has jumped over it."""
    first, second = (datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:  # an ordinary time, or one that comes twice when the clock is set back
        return first
    wall = datetime.combine(day, at)
    seconds = range(int((first - second) / _SECOND))
    jump = bisect_left(
        seconds, wall, key=lambda passed: (second + passed * _SECOND).astimezone(zone).replace(tzinfo=None)
    )
    return second + jump * _SECOND

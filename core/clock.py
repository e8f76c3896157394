"""The one source of time, so that tests and the sandbox can move it; UTC inside, local at the edge."""

from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Tbilisi")
"""The zone of every branch today; Georgia keeps UTC+4 all year."""


class Clock(Protocol):
    """Tells the current moment as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved, for tests and replays."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> None:
        self._now += step


def local_text(moment: datetime, zone: ZoneInfo = LOCAL_ZONE) -> str:
    """``21.11 10:00``: the form in which staff read a time in every language of ours."""
    return moment.astimezone(zone).strftime("%d.%m %H:%M")

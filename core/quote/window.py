"""A stretch of time, and how many days it counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` to ``end``, both aware; the end itself is outside."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs times with a zone")
        if self.end <= self.start:
            raise ValueError("a window ends after it starts")

    def overlaps(self, other: "Window") -> bool:
        """Touching ends do not overlap: a car that comes back at 10:00 may go out at 10:00."""
        return self.start < other.end and self.end > other.start

    @property
    def rental_days(self) -> int:
        """Every 24 hours that began; the business names no hours of grace, so there are none."""
        return -(-(self.end - self.start) // _DAY)


def calendar_days(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """Whole local calendar days from one moment to another: 23:59 to 00:01 of the next day is one."""
    return (end.astimezone(zone).date() - start.astimezone(zone).date()).days

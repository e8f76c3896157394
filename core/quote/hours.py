"""Working hours: an issue or a return outside them costs a fee."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Local times of every day. Both limits belong to working time (business rules, section 3)."""

    opens: time = time(9)
    closes: time = time(20)

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError("working hours end after they begin")

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"

    def include(self, moment: datetime, zone: ZoneInfo) -> bool:
        return self.opens <= moment.astimezone(zone).time() <= self.closes

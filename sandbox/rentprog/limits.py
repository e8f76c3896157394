"""RentProg's rate limits: a sliding minute for each branch and kind of call."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil

from core.clock import Clock

WINDOW_S = 60.0


class Kind(StrEnum):
    GET = "get"
    WRITE = "write"
    SEARCH = "search"
    TOKEN = "token"  # noqa: S105 - the name of a limit


def vendor_limits() -> dict[Kind, int]:
    return {Kind.GET: 120, Kind.WRITE: 60, Kind.SEARCH: 30, Kind.TOKEN: 60}


@dataclass
class RateLimits:
    clock: Clock
    enabled: bool = True
    per_minute: dict[Kind, int] = field(default_factory=vendor_limits)
    _calls: defaultdict[tuple[int, Kind], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait_s(self, company_id: int, kind: Kind) -> int | None:
        """Count the call; the seconds to wait when it is one too many, else None."""
        now = self.clock.now().timestamp()
        calls = self._calls[company_id, kind]
        while calls and calls[0] <= now - WINDOW_S:
            calls.popleft()
        if self.enabled and len(calls) >= self.per_minute[kind]:
            return max(1, ceil(calls[0] + WINDOW_S - now))
        calls.append(now)
        return None

    def forget(self) -> None:
        self._calls.clear()

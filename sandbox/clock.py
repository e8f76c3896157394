"""The sandbox's own clock: real time plus what somebody advanced it by."""

from datetime import UTC, datetime, timedelta


class VirtualClock:
    """A day passes at once when a test says so; it never goes back."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def timestamp(self) -> int:
        return int(self.now().timestamp())

    def advance(self, seconds: float) -> None:
        """Move forward; a negative step is refused, since what has happened stays in the past."""
        if seconds < 0:
            raise ValueError("the clock only goes forward")
        self._ahead += timedelta(seconds=seconds)

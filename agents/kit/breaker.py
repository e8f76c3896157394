"""The circuit breaker of one provider: while it is down nobody waits for it."""

from datetime import datetime, timedelta

from core.clock import Clock

LONGEST_WAIT_S = 900.0
"""A provider may ask us to wait; beyond this we look for ourselves."""


class Breaker:
    """Down for ``down_s`` after ``failures_until_down`` failures in a row; then one call at a time tries it.

    Every ``admits()`` that was true is followed by one of ``succeeded``, ``failed`` and ``let_go``.
    """

    def __init__(self, clock: Clock, *, failures_until_down: int, down_s: float) -> None:
        self._clock = clock
        self._failures_until_down = failures_until_down
        self._down_s = down_s
        self._failures = 0
        self._down_until: datetime | None = None
        self._is_tried = False

    def down_for(self) -> float:
        """Seconds until it may be tried; 0 where it may be asked now."""
        if self._down_until is None:
            return 0.0
        left = (self._down_until - self._clock.now()).total_seconds()
        return max(left, 1.0 if self._is_tried else 0.0)

    def admits(self) -> bool:
        if self._down_until is None:
            return True
        if self.down_for() > 0:
            return False
        self._is_tried = True
        return True

    def succeeded(self) -> None:
        self._failures, self._down_until, self._is_tried = 0, None, False

    def failed(self, asked_wait_s: float | None = None) -> None:
        """``asked_wait_s`` is what the provider itself asked for; then it is left alone at once."""
        self._failures += 1
        self._is_tried = False
        if asked_wait_s is None and self._failures < self._failures_until_down:
            return
        wait_s = self._down_s if asked_wait_s is None else min(asked_wait_s, LONGEST_WAIT_S)
        self._down_until = self._clock.now() + timedelta(seconds=wait_s)

    def let_go(self) -> None:
        """The call ended without saying anything about the provider: it was cancelled from our side."""
        self._is_tried = False

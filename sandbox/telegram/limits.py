"""Telegram's sending limits as token buckets: per chat, per group and over all chats."""

import math
from dataclasses import dataclass

from core.clock import Clock
from sandbox.telegram.errors import too_many_requests

PER_CHAT = (1.0, 3.0)
PER_GROUP = (20 / 60, 20.0)
OVERALL = (30.0, 30.0)


@dataclass(slots=True)
class Bucket:
    """Tokens that come at `rate` per second up to `size`; one message takes one."""

    rate: float
    size: float
    tokens: float
    filled_at: float

    def wait_s(self, wanted: float, now: float) -> float:
        """How long until the wanted tokens are there; more than the bucket holds is asked of a full one."""
        self.tokens = min(self.size, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        return max(0.0, (min(wanted, self.size) - self.tokens) / self.rate)


class Limiter:
    """Refuses with 429 what is too fast; off unless the sandbox is strict.

    Edits count against the chat and the whole, but not against a group's twenty messages a minute: the real
    server does not say, and obeying `retry_after` is right either way.
    """

    def __init__(self, clock: Clock) -> None:
        self.is_enabled = False
        self._clock = clock
        self._buckets: dict[tuple[str, int], Bucket] = {}

    def spend(self, chat_id: int, messages: int, *, is_group: bool, is_edit: bool = False) -> None:
        """Take the tokens for a call, or none of them and raise with the time to wait."""
        if not self.is_enabled:
            return
        now = self._clock.now().timestamp()
        buckets = [self._bucket("chat", chat_id, PER_CHAT, now), self._bucket("all", 0, OVERALL, now)]
        if is_group and not is_edit:
            buckets.append(self._bucket("group", chat_id, PER_GROUP, now))
        wait = max(bucket.wait_s(messages, now) for bucket in buckets)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for bucket in buckets:
            bucket.tokens -= messages

    def _bucket(self, kind: str, chat_id: int, measure: tuple[float, float], now: float) -> Bucket:
        rate, size = measure
        return self._buckets.setdefault((kind, chat_id), Bucket(rate, size, size, now))

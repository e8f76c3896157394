"""How fast we may speak: one chat, one group with all its topics, and the whole bot (contract page of Telegram)."""

from collections import deque
from datetime import datetime, timedelta

from core.clock import Clock
from core.commands import Priority
from core.settings import TelegramSettings

BURST = 3
"""Messages that one chat takes at once before its one a second begins to count."""
WINDOW = timedelta(minutes=1)
URGENT_SHARE = 4
"""One message in so many of a group's minute stays free for lines and answers while cards and digests pour in."""


class SendLimits:
    """Budgets of one process. Several processes may together overrun them; then Telegram's 429 holds the queue."""

    def __init__(self, settings: TelegramSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._overall = _Bucket(settings.overall_per_s, settings.overall_per_s, clock.now())
        self._chats: dict[int, _Bucket] = {}
        self._groups: dict[int, deque[datetime]] = {}

    def take(self, chat_id: int, *, priority: Priority, is_edit: bool = False) -> timedelta:
        """Zero when one message may go now (and is counted), else how long to wait; nothing is taken then.

        Edits are not counted into a group's minute: Telegram does not say whether they are, and obeying its
        ``retry_after`` is right either way.
        """
        now = self._clock.now()
        chat = self._chats.setdefault(chat_id, _Bucket(self._settings.per_chat_per_s, BURST, now))
        minute = None if is_edit or chat_id > 0 else self._groups.setdefault(chat_id, deque())
        waits = [chat.wait(now), self._overall.wait(now)]
        if minute is not None:
            waits.append(self._group_wait(minute, priority, now))
        wait = max(waits)
        if wait <= timedelta(0):
            chat.take()
            self._overall.take()
            if minute is not None:
                minute.append(now)
        return max(wait, timedelta(0))

    def _group_wait(self, minute: deque[datetime], priority: Priority, now: datetime) -> timedelta:
        while minute and now - minute[0] >= WINDOW:
            minute.popleft()
        whole = self._settings.per_group_per_min
        room = whole if priority < Priority.CARD else max(1, whole - whole // URGENT_SHARE)
        if len(minute) < room:
            return timedelta(0)
        return minute[len(minute) - room] + WINDOW - now


class _Bucket:
    """Tokens that come at ``rate`` a second, up to ``size``."""

    def __init__(self, rate: float, size: float, now: datetime) -> None:
        self._rate = rate
        self._size = size
        self._tokens = size
        self._filled_at = now

    def wait(self, now: datetime) -> timedelta:
        passed = max(0.0, (now - self._filled_at).total_seconds())
        self._tokens = min(self._size, self._tokens + passed * self._rate)
        self._filled_at = now
        return timedelta(seconds=max(0.0, 1 - self._tokens) / self._rate)

    def take(self) -> None:
        self._tokens -= 1

"""The bot's queue of updates: kept until confirmed or too old, read by one poller at a time or sent to a webhook."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any

from sandbox.clock import VirtualClock
from sandbox.telegram.errors import OTHER_POLLER, WEBHOOK_ACTIVE, conflict
from sandbox.telegram.schema import check, record

Json = dict[str, Any]

KINDS = tuple(name for name in record("Update").fields if name != "update_id")
# These come only to a bot that names them.
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
LIFE_S = {"callback_query": 150, "pre_checkout_query": 150, "shipping_query": 150, "inline_query": 30}
DAY_S = 24 * 3600
LONGEST_POLL_S = 50
# A bot that never reads loses its oldest updates instead of filling our memory.
KEPT_UPDATES = 100_000


@dataclass(frozen=True, slots=True)
class Pending:
    """An update that waits; `lane` is the webhook queue it belongs to: updates of one lane go one after another."""

    update_id: int
    kind: str
    payload: Json
    lane: str
    expires_at: float

    def as_json(self) -> Json:
        return {"update_id": self.update_id, self.kind: self.payload}


@dataclass(slots=True)
class Webhook:
    """Where updates are sent; no URL means long polling."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error_date: int = 0
    last_error: str = ""


class UpdateQueue:
    """Updates in their order; ids go up by one."""

    def __init__(self, clock: VirtualClock, first_id: int) -> None:
        self._clock = clock
        self._next_id = first_id
        self._pending: deque[Pending] = deque(maxlen=KEPT_UPDATES)
        self._allowed: tuple[str, ...] = ()
        self._changed = asyncio.Event()
        self._poll_number = 0
        self._is_closed = False
        self.webhook = Webhook()

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    @property
    def allowed(self) -> tuple[str, ...]:
        """What the bot asked for; empty means the usual kinds."""
        return self._allowed

    def allow(self, kinds: list[str] | None) -> None:
        """Change the subscription; None leaves it, an empty list means the usual kinds, unknown kinds are ignored."""
        if kinds is not None:
            self._allowed = tuple(kind for kind in kinds if kind in KINDS)

    def add(self, kind: str, payload: Json, lane: str) -> None:
        """Queue an update, if the bot subscribes to its kind."""
        wanted = kind in self._allowed if self._allowed else kind not in ON_REQUEST
        if not wanted:
            return
        expires_at = self._clock.now().timestamp() + LIFE_S.get(kind, DAY_S)
        pending = Pending(self._next_id, kind, payload, lane, expires_at)
        check(("Update",), pending.as_json(), "update")
        self._next_id += 1
        self._pending.append(pending)
        self.wake()

    def waiting(self) -> tuple[Pending, ...]:
        """What is still worth delivering, oldest first."""
        now = self._clock.now().timestamp()
        if any(pending.expires_at <= now for pending in self._pending):
            fresh = [pending for pending in self._pending if pending.expires_at > now]
            self._pending = deque(fresh, maxlen=KEPT_UPDATES)
        return tuple(self._pending)

    def done(self, update_id: int) -> None:
        """Forget a delivered update."""
        kept = [pending for pending in self._pending if pending.update_id != update_id]
        self._pending = deque(kept, maxlen=KEPT_UPDATES)

    def drop(self) -> None:
        self._pending.clear()

    def wake(self) -> None:
        """Let everybody who waits for a change look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, timeout_s: float) -> None:
        """Until something changed, or the time is over."""
        try:
            await asyncio.wait_for(self._changed.wait(), timeout_s)
        except TimeoutError:
            return

    def close(self) -> None:
        """Let waiting polls go, so that the server can stop."""
        self._is_closed = True
        self.wake()

    async def poll(self, offset: int | None, limit: int, timeout_s: int) -> list[Json]:
        """The long poll: confirms what is below the offset, then waits for something new."""
        if self.webhook.url:
            raise conflict(WEBHOOK_ACTIVE)
        self._poll_number += 1
        mine = self._poll_number
        self.wake()
        self._confirm(offset)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + min(max(timeout_s, 0), LONGEST_POLL_S)
        while True:
            found = [pending.as_json() for pending in self.waiting()[:limit]]
            left = deadline - loop.time()
            if found or left <= 0 or self._is_closed:
                return found
            await self.wait(left)
            if mine != self._poll_number:
                raise conflict(OTHER_POLLER)
            if self.webhook.url:
                raise conflict("terminated by setWebhook request")

    def _confirm(self, offset: int | None) -> None:
        """Everything below the offset is read; a negative one counts from the end and drops what is before."""
        if offset is None or not self._pending:
            return
        if offset < 0:
            offset = self._pending[max(len(self._pending) + offset, 0)].update_id
        while self._pending and self._pending[0].update_id < offset:
            self._pending.popleft()

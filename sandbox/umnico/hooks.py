"""Webhooks: at most ten, each letter repeated until 200, and an address that goes on failing is switched off."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

import httpx

from core.clock import Clock

MOST = 10
TIMEOUT_S = 10.0
_HEADERS = {"Content-Type": "application/json", "User-Agent": "umnico-webhooks"}


@dataclass(slots=True)
class Webhook:
    """``failures`` counts attempts in a row that were not answered with 200."""

    id: int
    url: str
    name: str | None
    status: int = 1
    failures: int = 0

    def as_wire(self) -> dict[str, Any]:
        return {"id": self.id, "url": self.url, "name": self.name, "status": self.status}


@dataclass(slots=True)
class Schedule:
    """The real one is not known. A letter is posted ``attempts`` times; the first pause doubles each time."""

    attempts: int = 5
    pause_s: float = 1.0
    off_after: int = 10


@dataclass(slots=True)
class Delivery:
    """One attempt to post one body; ``status`` is None when nobody answered, and ``error`` says why."""

    n: int
    at: str
    webhook_id: int
    event: str
    attempt: int
    body: str
    status: int | None = None
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Letter:
    """``lane``: letters of one lead go out in their order."""

    event: str
    body: bytes = field(repr=False)
    lane: int | None = None
    delay_s: float = 0.0


def letter_of(body: dict[str, Any], *, delay_s: float = 0.0) -> Letter:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Letter(body["type"], text.encode(), body.get("leadId"), delay_s)


class Courier:
    def __init__(self, clock: Clock) -> None:
        self.webhooks: dict[int, Webhook] = {}
        self.schedule = Schedule()
        self.deliveries: list[Delivery] = []
        self._clock = clock
        self._ids = count(501)
        self._http: httpx.AsyncClient | None = None
        self._group: asyncio.TaskGroup | None = None
        self._waiting: set[asyncio.Task[None]] = set()
        self._last_of_lane: dict[tuple[int, int | None], asyncio.Task[None]] = {}

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[None]:
        """What still waits when the twin stops is lost."""
        async with httpx.AsyncClient(timeout=TIMEOUT_S, headers=_HEADERS) as self._http, asyncio.TaskGroup() as group:
            self._group = group
            yield
            for task in self._waiting:
                task.cancel()

    @property
    def is_posting(self) -> bool:
        return bool(self._waiting)

    def create(self, url: str, name: str | None) -> Webhook:
        webhook = Webhook(next(self._ids), url, name)
        self.webhooks[webhook.id] = webhook
        return webhook

    def post(self, letter: Letter) -> None:
        """To every webhook that is on; what comes while one is off is never told to it."""
        if self._group is None:
            raise RuntimeError("the lifespan of the courier has not begun")
        for webhook in self.webhooks.values():
            if webhook.status == 1:
                lane = webhook.id, letter.lane
                # A delayed letter comes late, after younger ones: it waits for nobody and holds up nobody.
                before = None if letter.delay_s else self._last_of_lane.get(lane)
                task = self._group.create_task(self._deliver(webhook, letter, before))
                if not letter.delay_s:
                    self._last_of_lane[lane] = task
                self._waiting.add(task)
                task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._waiting.discard(task)
        self._last_of_lane = {lane: last for lane, last in self._last_of_lane.items() if last is not task}

    async def _deliver(self, webhook: Webhook, letter: Letter, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        await asyncio.sleep(letter.delay_s)
        for attempt in range(self.schedule.attempts):
            if attempt:
                await asyncio.sleep(self.schedule.pause_s * 2 ** (attempt - 1))
            if webhook.status != 1:
                return
            if await self._is_taken(webhook, letter, attempt + 1):
                webhook.failures = 0
                return
            webhook.failures += 1
            if webhook.failures >= self.schedule.off_after:
                webhook.status = 0

    async def _is_taken(self, webhook: Webhook, letter: Letter, attempt: int) -> bool:
        delivery = Delivery(
            n=len(self.deliveries) + 1,
            at=self._clock.now().isoformat(),
            webhook_id=webhook.id,
            event=letter.event,
            attempt=attempt,
            body=letter.body.decode(errors="backslashreplace"),
        )
        self.deliveries.append(delivery)
        assert self._http is not None
        try:
            delivery.status = (await self._http.post(webhook.url, content=letter.body)).status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            delivery.error = type(error).__name__
        return delivery.status == 200

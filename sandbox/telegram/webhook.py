"""Sends updates to the bot's webhook: in order within a lane, again after a failure, until they are too old."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx

from sandbox.telegram.updates import Pending, UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header, not a secret
LONGEST_PAUSE_S = 60.0
LONGEST_RETRY_AFTER_S = 3600.0
GONE_FOR_S = 23 * 3600
# How often the queue is looked at when nothing wakes it: a pause may be over or an update too old.
LOOK_AGAIN_S = 0.5

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Lane:
    """One queue of the webhook: after a failure it pauses, longer each time."""

    not_before: float = 0.0
    failures: int = 0
    gone_since: float | None = None
    is_busy: bool = False


class WebhookSender:
    """Delivers what is pending while a webhook is set; sleeps otherwise."""

    def __init__(
        self,
        updates: UpdateQueue,
        now: Callable[[], float],
        answer: Callable[[dict[str, Any]], Awaitable[None]],
        first_pause_s: float,
    ) -> None:
        self._updates = updates
        self._now = now
        self._answer = answer
        self._first_pause_s = first_pause_s
        self._lanes: dict[str, Lane] = {}

    async def run(self) -> None:
        """Until the queue is closed."""
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(httpx.AsyncClient(timeout=60))
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            while not self._updates.is_closed:
                if self._updates.webhook.url:
                    for pending in self._ready():
                        self._lanes[pending.lane].is_busy = True
                        tasks.create_task(self._deliver(client, pending))
                await self._updates.wait(LOOK_AGAIN_S if self._updates.webhook.url else 3600)

    def _ready(self) -> list[Pending]:
        """The head of every lane that is neither busy nor pausing, as far as connections allow."""
        loop_time = asyncio.get_running_loop().time()
        heads: dict[str, Pending] = {}
        for pending in self._updates.waiting():
            heads.setdefault(pending.lane, pending)
        self._lanes = {name: lane for name, lane in self._lanes.items() if name in heads or lane.is_busy}
        busy = sum(lane.is_busy for lane in self._lanes.values())
        ready = []
        for name, pending in heads.items():
            lane = self._lanes.setdefault(name, Lane())
            if not lane.is_busy and lane.not_before <= loop_time:
                ready.append(pending)
        return ready[: max(self._updates.webhook.max_connections - busy, 0)]

    async def _deliver(self, client: httpx.AsyncClient, pending: Pending) -> None:
        webhook = self._updates.webhook
        lane = self._lanes[pending.lane]
        headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
        try:
            response = await client.post(webhook.url, json=pending.as_json(), headers=headers)
        except httpx.HTTPError as error:
            self._failed(lane, f"Connection failed: {type(error).__name__}", None)
        else:
            await self._judge(lane, pending, response)
        finally:
            lane.is_busy = False
            self._updates.wake()

    async def _judge(self, lane: Lane, pending: Pending, response: httpx.Response) -> None:
        if response.is_success:
            lane.failures = 0
            lane.gone_since = None
            self._updates.done(pending.update_id)
            await self._perform_answer(response)
            return
        self._failed(
            lane, f"Wrong response from the webhook: {response.status_code}", response.headers.get("Retry-After")
        )
        if response.status_code != httpx.codes.GONE:
            lane.gone_since = None
            return
        lane.gone_since = lane.gone_since or self._now()
        if self._now() - lane.gone_since >= GONE_FOR_S:
            self._updates.webhook.url = ""

    async def _perform_answer(self, response: httpx.Response) -> None:
        """A webhook may answer with a call in its body, whose result nobody sees."""
        if response.headers.get("content-type", "").startswith("application/json"):
            try:
                body = response.json()
            except ValueError:
                log.info("the webhook's answer is no JSON")
                return
            if isinstance(body, dict) and "method" in body:
                await self._answer(body)

    def _failed(self, lane: Lane, reason: str, retry_after: str | None) -> None:
        lane.failures += 1
        pause = min(self._first_pause_s * 2 ** min(lane.failures - 1, 16), LONGEST_PAUSE_S)
        if retry_after and retry_after.isdigit():
            pause = min(float(retry_after), LONGEST_RETRY_AFTER_S)
        lane.not_before = asyncio.get_running_loop().time() + pause
        self._updates.webhook.last_error_date = int(self._now())
        self._updates.webhook.last_error = reason

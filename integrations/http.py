"""HTTP for every integration: paced calls, time-outs, retries, and the four errors instead of status codes."""

import asyncio
import logging
import math
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, Protocol

import httpx

from core.clock import Clock
from core.errors import AnswerLost, Broken, JarvisError, NeedsAttention, Rejected, Temporary

# httpx logs whole addresses at INFO and httpcore headers at DEBUG; both may hold tokens.
for _logger in ("httpx", "httpcore"):
    logging.getLogger(_logger).setLevel(logging.WARNING)

WAIT_WITHOUT_RETRY_AFTER = 60.0
LARGEST_ANSWER = 64 * 1024 * 1024


class CallKind(StrEnum):
    """Kinds of calls that outside systems limit separately."""

    GET = "get"
    WRITE = "write"
    SEARCH = "search"
    TOKEN = "token"  # noqa: S105 - the name of a kind of call


class Timer(Protocol):
    """Seconds that only grow, and waiting; tests bring their own."""

    def monotonic(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...


class SystemTimer:
    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Pace:
    """At most ``per_minute`` calls in any 60 seconds, and ``gap`` seconds between two of them."""

    per_minute: int
    gap: float = 0.0


@dataclass(slots=True)
class _Lane:
    """``ended`` holds when each call of the last minute was over, the oldest first."""

    pace: Pace
    last_start: float = -math.inf
    under_way: int = 0
    ended: deque[float] = field(default_factory=deque[float])
    one_ended: asyncio.Event = field(default_factory=asyncio.Event)
    door: asyncio.Lock = field(default_factory=asyncio.Lock)


class RateBudget:
    """The paced limiter that all users of one key share: one queue per kind of call, first come first served.

    A call counts until a minute after its end: nobody here knows when between start and end the other side counted
    it. A kind without a pace is not limited. A waiter that is cancelled uses nothing up.
    """

    def __init__(self, paces: Mapping[CallKind, Pace], timer: Timer | None = None) -> None:
        self.timer = timer or SystemTimer()
        self._lanes = {kind: _Lane(pace) for kind, pace in paces.items()}
        self._held_until = -math.inf

    @asynccontextmanager
    async def turn(self, kind: CallKind) -> AsyncIterator[None]:
        """Waits until a call of this kind may go out; it is under way inside the block."""
        lane = self._lanes.get(kind)
        if lane is None:
            await self._wait_out_hold()
            yield
            return
        async with lane.door:
            await self._wait_for_place(lane)
            lane.last_start = self.timer.monotonic()
            lane.under_way += 1
        try:
            yield
        finally:
            lane.under_way -= 1
            lane.ended.append(self.timer.monotonic())
            lane.one_ended.set()

    def hold(self, seconds: float) -> None:
        """Nobody calls for this long: the other side said 429, and the key is shared."""
        self._held_until = max(self._held_until, self.timer.monotonic() + seconds)

    async def _wait_for_place(self, lane: _Lane) -> None:
        while True:
            now = self.timer.monotonic()
            while lane.ended and lane.ended[0] + 60 <= now:
                lane.ended.popleft()
            until = max(self._held_until, lane.last_start + lane.pace.gap)
            if lane.under_way >= lane.pace.per_minute:
                lane.one_ended.clear()
                await lane.one_ended.wait()
                continue
            if lane.under_way + len(lane.ended) >= lane.pace.per_minute:
                until = max(until, lane.ended[0] + 60)
            if until <= now:
                return
            await self.timer.sleep(until - now)

    async def _wait_out_hold(self) -> None:
        while (wait := self._held_until - self.timer.monotonic()) > 0:
            await self.timer.sleep(wait)


@dataclass(frozen=True, slots=True)
class Patience:
    """``attempt_s`` bounds one attempt whole, also against a server that drips; ``total_s`` bounds all of them."""

    attempts: int = 3
    attempt_s: float = 12.0
    total_s: float = 100.0
    backoff_s: float = 0.25
    jitter_s: float = 0.1

    def pause(self, attempt: int) -> float:
        return self.backoff_s * 2**attempt + random.uniform(0, self.jitter_s)  # noqa: S311 - spreads retries, no secret


Credentials = Callable[[], Awaitable[Mapping[str, str]]]
"""Gives the headers that prove who calls."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent as multipart, under the name of its field and beside plain fields."""

    part: str
    filename: str
    content: bytes
    mime: str
    beside: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Call:
    """One call. ``name`` is what errors say: it must not hold secrets, which addresses and parameters may."""

    name: str
    method: str
    url: str
    kind: CallKind = CallKind.GET
    params: Mapping[str, str | int] | None = None
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    credentials: Credentials | None = field(default=None, repr=False)
    """Asked for when the call's turn has come: a token bought before a long queue would be dead by then."""
    json: Any = None
    upload: Upload | None = field(default=None, repr=False)
    is_repeatable: bool = True
    """False for a write that must not happen twice: it is tried again only where it surely was not received."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``asked_with`` are the headers of the request, so that a refused credential is known."""

    status: int
    headers: httpx.Headers
    body: bytes
    asked_with: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    @property
    def is_html(self) -> bool:
        """A page for people, such as the sign-in page of an ended session (failure G21)."""
        return "html" in self.headers.get("content-type", "") or self.body.lstrip()[:1] == b"<"


class HttpLink:
    """The way to one outside system."""

    def __init__(
        self,
        system: str,
        *,
        http: httpx.AsyncClient,
        budget: RateBudget,
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        self.system = system
        self._http = http
        self._budget = budget
        self._clock = clock
        self._patience = patience or Patience()

    async def send(self, call: Call) -> Answer:
        """The answer, whatever its status, except that network errors, 5xx and 429 are tried again and then raised."""
        deadline: float | None = None
        attempt = 0
        while True:
            async with self._budget.turn(call.kind):
                deadline = deadline or self._budget.timer.monotonic() + self._patience.total_s
                proof = {} if call.credentials is None else await call.credentials()
                outcome = await self._try(replace(call, headers={**(call.headers or {}), **proof}))
            if isinstance(outcome, Answer):
                return outcome
            attempt += 1
            wait = self._patience.pause(attempt - 1) if outcome.retry_after is None else outcome.retry_after
            is_late = self._budget.timer.monotonic() + wait >= deadline
            if isinstance(outcome, AnswerLost) or attempt >= self._patience.attempts or is_late:
                raise outcome
            await self._budget.timer.sleep(wait)

    async def _try(self, call: Call) -> Answer | Temporary:
        try:
            async with asyncio.timeout(self._patience.attempt_s):
                answer = await self._exchange(call)
        except (httpx.TransportError, httpx.DecodingError, TimeoutError) as error:
            # The name of the error is all: its text and its request may hold the address with a token in it.
            text = f"{self.system}: {call.name}: {type(error).__name__}"
            was_sent = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
            return AnswerLost(text) if was_sent and not call.is_repeatable else Temporary(text)
        if answer.status == 429:
            wait = retry_after(answer.headers, now=self._clock.now())
            wait = WAIT_WITHOUT_RETRY_AFTER if wait is None else wait
            self._budget.hold(wait)
            return Temporary(f"{self.system}: {call.name}: over the limit", retry_after=wait)
        if answer.status >= 500:
            text = f"{self.system}: {call.name}: status {answer.status}"
            wait = retry_after(answer.headers, now=self._clock.now())
            return Temporary(text, retry_after=wait) if call.is_repeatable else AnswerLost(text)
        return answer

    async def _exchange(self, call: Call) -> Answer:
        request = self._http.build_request(
            call.method, call.url, params=call.params, headers=call.headers, json=call.json, **_multipart(call.upload)
        )
        response = await self._http.send(request, stream=True, follow_redirects=False)
        try:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise Broken(f"{self.system}: {call.name}: the answer is larger than {LARGEST_ANSWER} bytes")
            return Answer(response.status_code, response.headers, bytes(body), call.headers or {})
        finally:
            await response.aclose()


def _multipart(upload: Upload | None) -> dict[str, Any]:
    if upload is None:
        return {}
    return {"files": {upload.part: (upload.filename, upload.content, upload.mime)}, "data": upload.beside}


def open_http(timeout_s: float = 12.0) -> httpx.AsyncClient:
    """A client with explicit time-outs that follows no redirect; its owner closes it."""
    return httpx.AsyncClient(timeout=httpx.Timeout(timeout_s), follow_redirects=False)


def error_of(answer: Answer, system: str, name: str) -> JarvisError | None:
    """Which of the four errors a status means; None for 2xx."""
    text = f"{system}: {name}: status {answer.status}"
    match answer.status:
        case status if 200 <= status < 300:
            return None
        case 401 | 402 | 403:
            return NeedsAttention(f"{text}: the credentials are refused")
        case 404 | 409 | 410 | 422:
            return Rejected(text)
        case status if status in {408, 425, 429} or status >= 500:
            return Temporary(text)
        case status if 300 <= status < 400:
            return NeedsAttention(f"{text}: the address has moved or the session has ended")
        case _:
            return Broken(text)


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Seconds from a ``Retry-After`` header, which holds seconds or an HTTP date; None if absent or unreadable."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())

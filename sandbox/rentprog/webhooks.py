"""Webhooks as RentProg posts them: a Ruby hash as text inside JSON, to one secret URL a branch, never retried."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from random import Random
from time import perf_counter
from typing import Any

import httpx

from core.clock import Clock
from sandbox.company.branches import BY_CODE, Branch
from sandbox.company.table import Row
from sandbox.rentprog.changes import Change
from sandbox.rentprog.ruby_inspect import RubyStyle, inspect

TIMEOUT_S = 10.0
_HEADERS = {"Content-Type": "application/json", "User-Agent": "rentprog_webhook/1.0"}


class Style(StrEnum):
    """How the payload is written; see `RubyStyle` for the first four."""

    RUBY = "ruby"
    RUBY34 = "ruby34"
    SYMBOLS = "symbols"
    SYMBOLS34 = "symbols34"
    JSON_STRING = "json_string"
    JSON_OBJECT = "json_object"


@dataclass(slots=True)
class Delivery:
    """One attempt to post one body; ``status`` is None when nobody answered, and ``error`` says why."""

    n: int
    at: str
    branch: str
    event: str
    body: str
    raw: bytes = field(repr=False)
    status: int | None = None
    error: str | None = None
    took_ms: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """``body`` shows bytes that are no text with backslashes; ``raw`` is what is sent again."""
        told = asdict(self)
        told.pop("raw")
        return told


@dataclass(frozen=True, slots=True)
class Wording:
    """How one change is written.

    ``shuffle_seed`` mixes the keys, ``text_id`` makes the id a string of digits, ``service_diffs`` turns a
    service scalar into a pair too, ``with_updated_at`` adds that pair to an update.
    """

    style: Style = Style.RUBY
    shuffle_seed: int | None = None
    text_id: bool = False
    service_diffs: bool = False
    with_updated_at: bool = False


def body_of(change: Change, wording: Wording | None = None) -> str:
    """The exact HTTP body."""
    told = wording or Wording()
    content: Row = dict(change.content)
    if told.with_updated_at and change.updated_at is not None:
        content["updated_at"] = list(change.updated_at)
    if told.service_diffs and "updated_from_api" in content:
        content["updated_from_api"] = [True, content["updated_from_api"]]
    if told.text_id:
        content["id"] = str(content["id"])
    if told.shuffle_seed is not None:
        content = dict(Random(told.shuffle_seed).sample([*content.items()], len(content)))
    return _json({"event": change.event, "payload": _payload(content, told.style)})


def _payload(content: Row, style: Style) -> str | Row:
    match style:
        case Style.JSON_OBJECT:
            return content
        case Style.JSON_STRING:
            return _json(content)
        case _:
            return inspect(content, RubyStyle(style))


def _json(value: Row) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


Letter = tuple[Branch, str, str]
"""The branch whose URL is used, the event, the body."""


class Courier:
    """Posts bodies to Jarvis and remembers what came back; ``target`` is Jarvis' address, None while it has none."""

    def __init__(self, clock: Clock, target: str | None = None) -> None:
        self.target = target
        self.deliveries: list[Delivery] = []
        self._clock = clock
        self._http: httpx.AsyncClient | None = None
        self._later: asyncio.TaskGroup | None = None
        self._waiting: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[None]:
        """The connections of the router that posts; Jarvis may come and go meanwhile."""
        async with httpx.AsyncClient(timeout=TIMEOUT_S, headers=_HEADERS) as self._http, asyncio.TaskGroup() as later:
            self._later = later
            yield
            for task in self._waiting:
                task.cancel()

    @property
    def is_posting(self) -> bool:
        """Whether something that happened has not been posted yet, or waits for its answer."""
        return bool(self._waiting)

    def post_later(self, letters: Sequence[Letter], delay_s: float) -> None:
        """What still waits when the twin stops is lost, as at RentProg."""
        if self._later is None:
            raise RuntimeError("the lifespan of the courier has not begun")
        task = self._later.create_task(self._post_after(letters, delay_s))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def post(self, branch: Branch, event: str, body: str | bytes) -> Delivery:
        raw = body.encode() if isinstance(body, str) else body
        delivery = Delivery(
            n=len(self.deliveries) + 1,
            at=self._clock.now().isoformat(),
            branch=branch.code,
            event=event,
            body=raw.decode(errors="backslashreplace"),
            raw=raw,
        )
        self.deliveries.append(delivery)
        started = perf_counter()
        try:
            delivery.status = await self._status(branch, raw)
        except httpx.HTTPError as error:
            delivery.error = type(error).__name__
        delivery.took_ms = (perf_counter() - started) * 1000
        return delivery

    async def post_again(self, number: int) -> Delivery:
        """Raises IndexError for a delivery that never was."""
        earlier = self.deliveries[number - 1]
        return await self.post(BY_CODE[earlier.branch], earlier.event, earlier.raw)

    async def _post_after(self, letters: Sequence[Letter], delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        for letter in letters:
            await self.post(*letter)

    async def _status(self, branch: Branch, raw: bytes) -> int:
        if self.target is None or self._http is None:
            raise httpx.ConnectError("no address of Jarvis is set")
        url = f"{self.target.rstrip('/')}/hooks/rentprog/{branch.code}/{branch.hook_secret}"
        return (await self._http.post(url, content=raw)).status_code

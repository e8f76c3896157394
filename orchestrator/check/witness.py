"""The witness: what the sandbox saw of Jarvis, kept beyond what the sandbox itself remembers."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from types import TracebackType
from typing import Any, Self

import httpx

from core.errors import Temporary

TIMEOUT_S = 30.0
SAID = ("sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup", "copyMessage")
KEPT = (*SAID, "deleteMessage", "deleteMessages", "createForumTopic", "deleteForumTopic")
"""The calls that an oracle asks about; all others (polling, mostly) are only counted."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot that Telegram took part in; ``n`` is its place in the journal."""

    n: int
    method: str
    chat_id: int | None
    params: dict[str, Any]
    result: Any


@dataclass(frozen=True, slots=True)
class Posted:
    """A webhook of RentProg: branch, hash of its text, and Jarvis' answer (None: none, or not yet, see ``is_over``)."""

    branch: str
    digest: str
    status: int | None
    is_over: bool

    @property
    def is_accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Seen:
    """A message on a client's own screen; ``is_ours`` is what the company wrote."""

    message_id: str
    is_ours: bool
    text: str
    at: datetime
    custom_id: str | None = None
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """One lead of Umnico as its client sees it, in its order. It forgets nothing, so the last look tells all."""

    lead_id: int
    saw: tuple[Seen, ...]


@dataclass(slots=True)
class Observed:
    """Everything seen so far. ``lost`` counts calls that the sandbox forgot before anybody looked."""

    calls: list[Call] = field(default_factory=list[Call])
    posted: list[Posted] = field(default_factory=list[Posted])
    lost: int = 0
    screens: list[Screen] = field(default_factory=list[Screen])


class Witness:
    """Look again now and then: the sandbox keeps its last ten thousand calls only."""

    def __init__(self, sandbox_url: str) -> None:
        self.observed = Observed()
        self._http = httpx.AsyncClient(
            base_url=f"{sandbox_url.rstrip('/')}/_sandbox/", timeout=TIMEOUT_S, trust_env=False
        )
        self._seen = 0
        self._settled = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def look(self) -> Observed:
        """Add what happened since the last look. Raises ``Temporary`` when no sandbox answers."""
        telegram = (await self._get("telegram/journal", since=self._seen))["calls"]
        if telegram:
            self.observed.lost += await self._first_number(telegram) - self._seen - 1
            self._seen = telegram[-1]["n"]
        self.observed.calls += [_call(told) for told in telegram if told["ok"] and told["method"] in KEPT]
        self._answered(
            [_posted(told) for told in (await self._get("rentprog/webhooks", since=self._settled))["deliveries"]]
        )
        self.observed.screens = [_screen(told) for told in await self._get("umnico/clients")]
        return self.observed

    async def _first_number(self, telegram: list[dict[str, Any]]) -> int:
        """The numbers run over all systems: asked later, the others fill every gap, unless calls were forgotten."""
        rentprog = (await self._get("rentprog/journal", since=self._seen))["calls"]
        umnico = await self._get("umnico/journal", since=self._seen)
        model = (await self._get("llm/journal", since=self._seen))["calls"]
        return min(call["n"] for call in (*telegram, *rentprog, *umnico, *model))

    def _answered(self, newest: list[Posted]) -> None:
        """Those that still wait for an answer are looked at again, and so are all behind them."""
        self.observed.posted[self._settled :] = newest
        while self._settled < len(self.observed.posted) and self.observed.posted[self._settled].is_over:
            self._settled += 1

    async def _get(self, path: str, **query: int) -> Any:
        try:
            answer = await self._http.get(path, params=query)
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Temporary(f"no sandbox answers at {self._http.base_url}{path}: {error}") from error


def _call(told: dict[str, Any]) -> Call:
    chat = told["params"].get("chat_id")
    return Call(told["n"], told["method"], chat if isinstance(chat, int) else None, told["params"], told.get("result"))


def _posted(told: dict[str, Any]) -> Posted:
    is_over = told["status"] is not None or told["error"] is not None
    return Posted(told["branch"], sha256(told["body"].encode()).hexdigest(), told["status"], is_over)


def _screen(told: dict[str, Any]) -> Screen:
    return Screen(told["lead_id"], tuple(_seen(each) for each in told["saw"]))


def _seen(told: dict[str, Any]) -> Seen:
    edited_at = told["edited_at"]
    return Seen(
        message_id=told["message_id"],
        is_ours=told["from"] == "company",
        text=told["text"],
        at=datetime.fromisoformat(told["at"]),
        custom_id=told["custom_id"],
        edited_at=None if edited_at is None else datetime.fromisoformat(edited_at),
    )

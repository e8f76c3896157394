"""RentProg's client as the contract calls it: against the twin, with a timer that moves both their clocks."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx

from integrations.http import Patience
from integrations.rentprog import RentprogClient, RentprogCredentials, budget_for
from sandbox.clock import VirtualClock
from sandbox.company.branches import TBILISI, Branch
from sandbox.company.table import Row
from sandbox.rentprog.app import INTERNAL_BASE, PUBLIC_BASE
from tests.sandbox.twin_at_work import TwinAtWork

QUICK = Patience(attempt_s=10.0, backoff_s=0.01, jitter_s=0.0)
IMPATIENT = Patience(attempt_s=1.0, backoff_s=0.01, jitter_s=0.0)


class PassingTimer:
    """Waiting moves the clock of the client and of the twin instead of taking time.

    It moves no clock while a call is on its way: that call would arrive in a minute it was not sent in.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._passed = 0.0
        self.longest = 0.0
        self._on_their_way = 0
        self.nobody_on_the_way = asyncio.Event()
        self.nobody_on_the_way.set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        self._on_their_way += 1
        self.nobody_on_the_way.clear()
        try:
            yield
        finally:
            self._on_their_way -= 1
            if self._on_their_way == 0:
                self.nobody_on_the_way.set()

    def monotonic(self) -> float:
        return self._passed

    async def sleep(self, seconds: float) -> None:
        await self.nobody_on_the_way.wait()
        self.longest = max(self.longest, seconds)
        self._passed += seconds
        self._clock.advance(seconds)
        await asyncio.sleep(0)


class WatchedHttp(httpx.AsyncClient):
    """Tells the timer how many calls are on their way."""

    timer: PassingTimer

    async def send(self, *args: Any, **kwargs: Any) -> httpx.Response:
        with self.timer.watching():
            return await super().send(*args, **kwargs)


class Caller(RentprogClient):
    """The client of one branch with the timer that it waits by."""

    timer: PassingTimer


@asynccontextmanager
async def calling(
    twin: TwinAtWork, branch: Branch = TBILISI, *, has_web_user: bool = True, patience: Patience = QUICK
) -> AsyncIterator[Caller]:
    keys = twin.credentials(branch)
    web_token = keys["web_token"] if has_web_user else None
    budget = budget_for(1 / 3)
    budget.timer = timer = PassingTimer(twin.clock)
    async with WatchedHttp(timeout=12.0) as http:
        http.timer = timer
        client = Caller(
            RentprogCredentials(branch.code, branch.company_id, keys["company_token"], web_token),
            public_base_url=f"{twin.url}{PUBLIC_BASE}",
            internal_base_url=f"{twin.url}{INTERNAL_BASE}",
            budget=budget,
            http=http,
            clock=twin.clock,
            patience=patience,
        )
        client.timer = timer
        yield client


def rows_of(twin: TwinAtWork, table: str, branch: Branch) -> list[Row]:
    rows = getattr(twin.world, table).rows.values()
    return [row for row in rows if row["company_id"] == branch.company_id]


def calls(twin: TwinAtWork, operation: str) -> int:
    return twin.read("stats")["by_operation"].get(operation, 0)

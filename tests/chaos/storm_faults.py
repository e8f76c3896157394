"""The faults of the storm: each kind strikes once before any strikes again, in an order that only the seed decides."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from random import Random
from typing import Any

from tests.chaos.storm_clients import Talks
from tests.chaos.storm_fleet import ROLE_OF_PROCESS, Fleet, Ground
from tests.flows.company import Company

Fault = Callable[[], Awaitable[Any]]

TELEGRAM: tuple[dict[str, Any], ...] = (
    {"error_code": 429, "retry_after": 1},
    {"error_code": 500, "description": "Internal Server Error"},
    {"error_code": 502, "description": "Bad Gateway"},
    {"drop": True},
    {"drop": True, "effect": True},
    {"error_code": 500, "description": "Internal Server Error", "effect": True},
    {"latency_s": 1.0},
)
SENDING = ("sendMessage", "editMessageText", "getUpdates", "*")
RENTPROG: tuple[dict[str, Any], ...] = (
    {"status": 500},
    {"status": 429, "retry_after": 1},
    {"status": 200, "body": "<html>please log in</html>"},
    {"drop": True},
    {"half": True},
    {"latency_s": 3.0},
)


class Faults:
    """Strikes one after another; each recovers by itself after a while, so that some overlap."""

    def __init__(self, dice: Random, company: Company, fleet: Fleet, ground: Ground, talks: Talks) -> None:
        self._dice = dice
        self._company = company
        self._fleet = fleet
        self._ground = ground
        self._talks = talks
        self._lease_s = company.settings.work.lease_s
        self.struck: Counter[str] = Counter()

    @property
    def kinds(self) -> dict[str, Fault]:
        """Every kind by its name."""
        kills = {f"kill {name}": self._kill(name) for name in ROLE_OF_PROCESS}
        return kills | {
            "SIGTERM": self._end,
            "SIGSTOP past the lease": self._freeze,
            "FLUSHALL": self._ground.flush_redis,
            "Redis restart": lambda: self._ground.restart_redis(seconds=self._dice.uniform(0, 2)),
            "Postgres restart": lambda: self._ground.restart_postgres(seconds=self._dice.uniform(0, 2)),
            "one backend cut": lambda: self._ground.cut_backends(most=1),
            "every backend cut": lambda: self._ground.cut_backends(most=1000),
            "Telegram": self._trouble_telegram,
            "RentProg": self._trouble_rentprog,
            "Umnico": self._talks.trouble_umnico,
            "Umnico's answers lost": self._talks.lose_answers,
            "hook switched off": self._talks.switch_hook_off,
            "kill deliver while it sends": self._kill_while_it_sends,
            "model": self._talks.trouble_model,
        }

    async def strike(self, *, seconds: float, every_s: float) -> None:
        """For so long; then wait until everything that was hit is back."""
        ends = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            for name, fault in self._order():
                if time.monotonic() > ends:
                    break
                group.create_task(self._one(name, fault))
                await asyncio.sleep(every_s * self._dice.uniform(0.5, 1.5))
        await self._company.http.request("DELETE", "telegram/faults")
        await self._company.http.request("DELETE", "rentprog/faults")

    async def _one(self, name: str, fault: Fault) -> None:
        self.struck[name] += 1
        await fault()

    def _order(self) -> Iterator[tuple[str, Fault]]:
        while True:
            deck = list(self.kinds.items())
            self._dice.shuffle(deck)
            yield from deck

    def _kill(self, name: str) -> Fault:
        async def kill() -> None:
            if name in self._fleet.names:
                await self._fleet.without(name, seconds=self._dice.uniform(0, 2))

        return kill

    async def _kill_while_it_sends(self) -> None:
        """Somewhere between a message's first byte and its mark."""
        await self._talks.slow_sends()
        await asyncio.gather(self._talks.answer(), self._talks.answer())
        await asyncio.sleep(self._dice.uniform(0.5, 2.0))
        await self._kill("deliver")()

    async def _end(self) -> None:
        name = self._dice.choice(self._fleet.names)
        await self._fleet.without(name, seconds=0, is_asked=True)

    async def _freeze(self) -> None:
        name = self._dice.choice(self._fleet.names)
        await self._fleet.frozen(name, seconds=self._lease_s * 1.5)

    async def _trouble_telegram(self) -> None:
        trouble = self._dice.choice(TELEGRAM)
        times = self._dice.randint(1, 4)
        await self._company.order("telegram/faults", method=self._dice.choice(SENDING), times=times, **trouble)

    async def _trouble_rentprog(self) -> None:
        await self._company.order("rentprog/faults", times=self._dice.randint(1, 4), **self._dice.choice(RENTPROG))
        if self._dice.random() < 0.3:
            await self._company.order("rentprog/tokens/expire")

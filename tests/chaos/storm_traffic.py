"""What people and RentProg do during the storm, and how much of it there was."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any

import httpx

from orchestrator.demo.pictures import picture
from tests.chaos.storm_clients import Talks
from tests.chaos.storm_looks import Looks
from tests.flows.company import ADMIN, BATUMI, CLERK, FREE, TBILISI, Company
from tests.flows.test_bookings import a_stay

QUESTIONS = ("/free", "/today", "/car AG006AG", "/help")
AT_ONCE = 40
"""Acts whose webhook waits for Jarvis' answer; more would only queue in the sandbox."""


class Traffic:
    """A paced stream: each act is one of several kinds, chosen by the seed."""

    def __init__(
        self, dice: Random, company: Company, cars: list[int], *, thread_id: int, talks: Talks, looks: Looks
    ) -> None:
        self._dice = dice
        self._company = company
        self._cars = cars
        self._movable = [car for car in cars if car != FREE]
        self._thread_id = thread_id
        self._talks = talks
        self._looks = looks
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._stays: list[int] = []
        self.done: Counter[str] = Counter()

    async def flow(
        self,
        *,
        acts_per_s: float,
        questions_per_s: float,
        clients_per_s: float,
        answers_per_s: float,
        stop: asyncio.Event,
    ) -> None:
        """Until ``stop``; what has begun is finished."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pace(acts_per_s, self._act, stop, group))
            group.create_task(self._pace(questions_per_s, self._ask, stop, group))
            group.create_task(self._pace(questions_per_s / 8, self._photograph, stop, group))
            group.create_task(self._pace(questions_per_s / 16, self._looks.photograph, stop, group))
            group.create_task(self._pace(clients_per_s, self._talks.client, stop, group))
            group.create_task(self._pace(answers_per_s, self._talks.staff, stop, group))

    async def _pace(
        self, per_s: float, do: Callable[[], Coroutine[Any, Any, None]], stop: asyncio.Event, group: asyncio.TaskGroup
    ) -> None:
        while not stop.is_set():
            group.create_task(do())
            await asyncio.sleep(self._dice.expovariate(per_s))

    async def _ask(self) -> None:
        person = self._company.people[self._dice.choice((ADMIN, CLERK))]
        await self._company.director.say(person, person, self._dice.choice(QUESTIONS))
        self.done["questions"] += 1

    async def _photograph(self) -> None:
        """Into the topic of the one car that stays where it is; no two pictures are alike."""
        clerk, forum = self._company.people[CLERK], self._company.forums[TBILISI]
        photo = picture() + str(self._dice.random()).encode()
        await self._company.director.post_photos(clerk, forum, [photo], thread_id=self._thread_id)
        self.done["photos"] += 1

    async def _act(self) -> None:
        kinds = (self._drive, self._drive, self._drive, self._wash, self._move, self._book, self._hand_over)
        async with self._gate:
            try:
                await self._dice.choice(kinds)()
            except RuntimeError:
                # The sandbox refuses what makes no sense by now: to hand out what was cancelled.
                self.done["refused by RentProg"] += 1
            except httpx.HTTPError:
                self.done["unheard by RentProg"] += 1
            else:
                self.done["acts"] += 1

    async def _drive(self) -> None:
        await self._change(mileage=self._dice.randint(100_000, 999_999))

    async def _wash(self) -> None:
        await self._change(clean_state=self._dice.random() < 0.5)

    async def _change(self, **fields: object) -> None:
        how = {"twice": self._dice.random() < 0.2, "delay_s": self._dice.choice((0, 0, 0, 0.5))}
        await self._company.director.act(f"cars/{self._dice.choice(self._cars)}", fields=fields, **how)

    async def _move(self) -> None:
        await self._company.director.act(
            f"cars/{self._dice.choice(self._movable)}/move", to_branch=self._dice.choice((TBILISI, BATUMI))
        )

    async def _book(self) -> None:
        car = self._dice.choice(self._cars)
        told = await self._company.director.act("bookings", branch=TBILISI, car_id=car, fields=a_stay())
        self._stays.append(told["id"])

    async def _hand_over(self) -> None:
        if not self._stays:
            return
        booking = self._dice.choice(self._stays)
        act = self._dice.choice(("issue", "return", "cancel"))
        order = {} if act == "cancel" else {"mileage": self._dice.randint(100_000, 999_999)}
        await self._company.director.act(f"bookings/{booking}/{act}", **order)

"""A person who inspects a car in the storm: nothing they give is lost, and when it is calm the form is handed in."""

import time
from collections import Counter
from random import Random

import httpx

from core.inspection.views import Occasion
from db.queries import inspection_photos
from orchestrator.demo.pictures import picture
from tests.flows.company import CLERK, FREE, Company
from tests.flows.inspect_at_work import Yard
from tests.wait import wait_until


class Looks:
    """The form of one car. Its photos are small and much alike, so the gates have something to say about each."""

    def __init__(self, dice: Random, company: Company) -> None:
        self._dice = dice
        self._company = company
        self._yard = Yard(company, ())
        self.done: Counter[str] = Counter()
        self.handed_in_s = 0.0

    async def begin(self) -> None:
        await self._yard.want(CLERK, FREE)

    async def photograph(self) -> None:
        photo = picture((self._dice.randrange(256), self._dice.randrange(256), self._dice.randrange(256)))
        try:
            await self._yard.send(CLERK, photo + str(self._dice.random()).encode())
        except httpx.HTTPError:
            self.done["photos of cars unheard"] += 1
        else:
            self.done["photos of cars"] += 1

    async def hand_in(self) -> None:
        """What the storm left undone is skipped, with a reason."""
        began = time.monotonic()
        while (inspection := await self._yard.inspection(FREE)).step is not None:
            await self._yard.press(CLERK, "form-button-skip")
            await self._yard.press(CLERK, "form-reason-dark")
            await self._leaves(inspection.step)
        await self._yard.press(CLERK, "form-button-finish")
        self.handed_in_s = time.monotonic() - began

    async def left_over(self) -> list[str]:
        """What the oracle does not know of: a photo that never became an event, or a form that never ended."""
        inspection = await self._yard.inspection(FREE, Occasion.HAND_OVER)
        kept = await self._company.ask(inspection_photos.photos_of, inspection.id)
        wrong: list[str] = []
        if len(kept) != self.done["photos of cars"]:
            wrong.append(f"{self.done['photos of cars']} photos of a car became {len(kept)}")
        if inspection.state != "examined":
            wrong.append(f"an inspection that was handed in is {inspection.state}")
        return wrong

    async def _leaves(self, step: str | None) -> None:
        async def is_left() -> bool:
            return (await self._yard.inspection(FREE)).step != step

        await wait_until(is_left, timeout_s=self._company.patience_s)

"""What a model may look up about the cars that the words are about: bound by code, there is no car to name."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from agents.reading_tools import Fact
from core.clock import LOCAL_ZONE
from db.queries import fleet_views, triage
from db.queries.fleet_views import BookingView, CarDetails
from db.session import Database


@dataclass(frozen=True, slots=True)
class AboutCar:
    """A car in one plain sentence, and the id of the fact."""

    fact: str
    text: str


@dataclass(frozen=True, slots=True)
class CarTool:
    db: Database
    cars: tuple[UUID, ...]
    now: datetime
    facts: list[Fact] = field(default_factory=list[Fact])

    async def cars_of_the_message(self) -> tuple[AboutCar, ...]:
        """The cars that the message is about: branch, mileage, tank, its booking now and next, planned maintenance.

        Empty where it is about no car.
        """
        return tuple([found for car_id in self.cars if (found := await self._look(car_id)) is not None])

    async def _look(self, car_id: UUID) -> AboutCar | None:
        async with self.db.transaction() as tx:
            details = await fleet_views.car_details(tx, car_id, now=self.now)
            upkeep = await triage.upkeep(tx, car_id, now=self.now)
        if details is None:
            return None
        text = "; ".join([*_described(details), *(f"maintenance {_window(start, end)}" for start, end in upkeep)])
        if not upkeep:
            text += "; no maintenance planned"
        fact = Fact(f"car-{len(self.facts) + 1}", "cars_of_the_message", text)
        self.facts.append(fact)
        return AboutCar(fact.id, text)


def _described(details: CarDetails) -> list[str]:
    car = details.car
    told = [f"{car.title} in {car.branch_name}"]
    told += [f"mileage {car.mileage} km"] if car.mileage is not None else []
    told += ["tank full" if car.tank_full else "tank not full"] if car.tank_full is not None else []
    told.append(_booking("now out", details.now) or "nobody has it now")
    told.append(_booking("next", details.next) or "no next booking")
    return told


def _booking(word: str, view: BookingView | None) -> str | None:
    if view is None:
        return None
    return f"{word}: booking {view.number}, {_window(view.start_at, view.end_at)}, responsible {view.responsible}"


def _window(start: datetime | None, end: datetime | None) -> str:
    return " to ".join("unknown" if moment is None else _said(moment) for moment in (start, end))


def _said(moment: datetime) -> str:
    """``Tuesday 24 November 2026 10:00``: as the other tools say it."""
    return f"{moment.astimezone(LOCAL_ZONE):%A %-d %B %Y %H:%M}"

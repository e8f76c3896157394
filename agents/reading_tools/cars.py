"""Which cars fit a client's words, and which of them are free: the rules of availability over the mirror's rows."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from agents.reading_tools.answers import Offer
from core.quote.availability import AvailabilityRules, Occupation, Verdict, availability
from core.quote.window import Window
from db.queries.quotes import FleetCar

MOST_OFFERS = 8


def fitting(cars: Iterable[FleetCar], words: str) -> list[FleetCar]:
    """Cars whose model, class or gearbox holds every word; without words all of them."""
    wanted = words.casefold().split()
    return [car for car in cars if all(word in _described(car) for word in wanted)]


def _described(car: FleetCar) -> str:
    return " ".join(filter(None, (car.model, car.car_class, car.transmission, str(car.year or "")))).casefold()


def models_of(cars: Iterable[FleetCar]) -> tuple[str, ...]:
    return tuple(sorted({car.model for car in cars if car.model}))


def verdict_of(
    car: FleetCar, window: Window, occupied: Mapping[UUID, Sequence[Occupation]], rules: AvailabilityRules
) -> Verdict:
    bookings = occupied.get(car.id, ())
    return availability(window, bookings, is_active=car.active, state=car.state, rules=rules).verdict


def offers(cars: Iterable[FleetCar], verdicts: Mapping[UUID, Verdict], branch: str) -> list[Offer]:
    """What is free or may be, the certain ones of the branch first; of equal cars one stands for all."""
    found = [
        Offer(
            car=car.rentprog_id,
            model=car.model or "",
            car_class=car.car_class,
            transmission=car.transmission,
            year=car.year,
            branch=car.branch,
            is_certain=verdicts[car.id] is Verdict.FREE,
            needs_transfer=car.branch != branch,
        )
        for car in cars
        if car.model and verdicts[car.id] is not Verdict.TAKEN
    ]
    found.sort(key=lambda offer: (not offer.is_certain, offer.needs_transfer, offer.model, offer.car))
    alike: dict[tuple[object, ...], Offer] = {}
    for offer in found:
        alike.setdefault((offer.model, offer.branch, offer.year, offer.is_certain), offer)
    return list(alike.values())

"""What a mileage and a fuel level are worth: pure rules (business rules 7 and 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.queries.readings import Known, Verdict

_DAY = timedelta(days=1)
SAME_KM = 10
"""The car may be moved between the photo and the answer, and a last digit in turn is read as either."""


@dataclass(frozen=True, slots=True)
class Mileage:
    """``known`` is what it was held against; ``why`` it is asked about: ``less``, ``too-much`` or ``differs``."""

    verdict: Verdict
    known: Known | None = None
    why: str | None = None


def check_mileage(km: int, known: Sequence[Known], *, now: datetime, max_km_per_day: int) -> Mileage:
    """Never less than what is known; not more than a car can drive since then.

    RentProg tells no time for its figure, so growth is only held against our own inspections; a day that has begun
    counts whole.
    """
    highest = max(known, key=lambda one: one.km, default=None)
    if highest is not None and km < highest.km:
        return Mileage("problem", highest, "less")
    for one in known:
        if one.at is not None:
            days = max(1, -((one.at - now) // _DAY))
            if km > one.km + days * max_km_per_day:
                return Mileage("problem", one, "too-much")
    return Mileage("ok", highest)


def differs(typed: int, read: int) -> bool:
    """Whether the photo says another mileage than the person."""
    return abs(typed - read) > SAME_KM


@dataclass(frozen=True, slots=True)
class Fuel:
    """``gap`` in percentage points of the tank: positive where fuel is missing."""

    verdict: Verdict
    gap: float | None = None


def check_fuel(before: float | None, after: float | None, *, tolerance: float) -> Fuel:
    """Full to full: exactly the tolerance passes; without both figures nobody may say that it passes."""
    if before is None or after is None:
        return Fuel("unclear")
    gap = round(before - after, 1)
    return Fuel("problem" if gap > tolerance else "ok", gap)

"""Whether a car may be offered for a window: its own state first, then the bookings that overlap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.quote.window import Window

OFFERED_STATE = 1
"""The only car state that may be offered; 2 to 6 are repair, critical, long rent, do not issue, maintenance."""


class Verdict(StrEnum):
    FREE = "free"
    ASK = "ask"
    """Nobody can tell from the data: a person looks before the car is promised."""
    TAKEN = "taken"


class Obstacle(StrEnum):
    INACTIVE = "inactive"
    STATE = "state"
    BOOKING = "booking"
    REPAIR = "repair"
    STAFF_TRIP = "staff_trip"
    DOUBTFUL_BOOKING = "doubtful_booking"


@dataclass(frozen=True, slots=True)
class Occupation:
    """One booking of the car. ``state`` is the mapped word (new, confirmed, active, ...), not RentProg's text."""

    start: datetime | None
    end: datetime | None
    state: str
    is_archived: bool = False
    is_technical: bool = False
    is_repair: bool = False


@dataclass(frozen=True, slots=True)
class AvailabilityRules:
    """Words of booking states by what they do; a word in neither set is doubtful: rather ask than rent twice."""

    holding: frozenset[str] = frozenset({"new", "confirmed", "active"})
    released: frozenset[str] = frozenset({"finished", "cancelled", "refused"})
    staff_trip_blocks: bool = True


@dataclass(frozen=True, slots=True)
class Availability:
    """Free when nothing stands in the way."""

    obstacles: tuple[Obstacle, ...]

    @property
    def verdict(self) -> Verdict:
        if not self.obstacles:
            return Verdict.FREE
        return Verdict.ASK if set(self.obstacles) == {Obstacle.DOUBTFUL_BOOKING} else Verdict.TAKEN


def availability(
    window: Window,
    bookings: Iterable[Occupation],
    *,
    is_active: bool | None,
    state: int | None,
    rules: AvailabilityRules,
) -> Availability:
    """Every obstacle once, the car's own first. What RentProg does not tell of a car (None) does not make it free."""
    found: list[Obstacle] = []
    if is_active is not True:
        found.append(Obstacle.INACTIVE)
    if state != OFFERED_STATE:
        found.append(Obstacle.STATE)
    found += [obstacle for booking in bookings if (obstacle := _obstacle(booking, window, rules)) is not None]
    return Availability(tuple(dict.fromkeys(found)))


def _obstacle(booking: Occupation, window: Window, rules: AvailabilityRules) -> Obstacle | None:
    if booking.is_archived or booking.state in rules.released:
        return None
    if booking.is_technical and not booking.is_repair and not rules.staff_trip_blocks:
        return None
    is_in_the_way = _overlaps(booking, window)
    if is_in_the_way is False:
        return None
    if booking.is_repair:
        return Obstacle.REPAIR
    if is_in_the_way is None or booking.state not in rules.holding:
        return Obstacle.DOUBTFUL_BOOKING
    return Obstacle.STAFF_TRIP if booking.is_technical else Obstacle.BOOKING


def _overlaps(booking: Occupation, window: Window) -> bool | None:
    """None when a missing or turned time leaves it open; one known end may already say no."""
    if booking.start is not None and booking.end is not None:
        return Window(booking.start, booking.end).overlaps(window) if booking.start < booking.end else None
    is_later = booking.start is not None and booking.start >= window.end
    is_earlier = booking.end is not None and booking.end <= window.start
    return False if is_later or is_earlier else None

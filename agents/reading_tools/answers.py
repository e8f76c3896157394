"""What the tools give back: small frozen values. ``fact`` is the id by which an answer names where it has its figures.

Times are local times of the branch, written out; amounts carry their currency. What is not known is None or a text
that says so, never 0.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """``car`` is only for the tools: it is not told to anybody."""

    car: int
    model: str
    car_class: str | None
    transmission: str | None
    year: int | None
    branch: str
    is_certain: bool
    """False: the data do not tell whether it is free, a person has to look."""
    needs_transfer: bool
    """It stands in another branch and would have to be brought."""


@dataclass(frozen=True, slots=True)
class Available:
    fact: str
    start: str
    end: str
    days: int
    branch: str
    number_free: int
    offers: tuple[Offer, ...]
    """Not all of them where there are many; those of the branch come first."""
    known_models: tuple[str, ...] = ()
    """Given where no car fits the words."""


@dataclass(frozen=True, slots=True)
class PriceLine:
    what: str
    amount: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Price:
    fact: str
    model: str
    start: str
    end: str
    days: int
    lines: tuple[PriceLine, ...]
    total: str | None
    unknown: tuple[str, ...]
    """Why there is no total: a person has to quote it."""
    is_free: bool | None
    """None: the data do not tell."""
    valid_until: str


@dataclass(frozen=True, slots=True)
class OwnBooking:
    number: int | None
    model: str | None
    plate: str | None
    branch: str
    state: str
    start: str | None
    end: str | None
    place_out: str | None
    place_back: str | None
    total: str | None
    deposit: str | None


@dataclass(frozen=True, slots=True)
class OwnBookings:
    fact: str
    bookings: tuple[OwnBooking, ...]
    is_client_known: bool


@dataclass(frozen=True, slots=True)
class BranchInfo:
    fact: str
    name: str
    opens: str
    closes: str
    out_of_hours_fee: str
    address: str | None
    map_url: str | None


@dataclass(frozen=True, slots=True)
class UpkeepWindow:
    model: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class UpkeepWindows:
    fact: str
    windows: tuple[UpkeepWindow, ...]

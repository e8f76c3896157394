"""What Jarvis wants from RentProg, in our words; one object speaks for one branch. Read this first.

Every method may raise the four errors of core/errors.py. A row that cannot be read never hides the others: it is in
``bad_rows`` with its reason. A single object that cannot be read raises `BadRecord` (a `Broken` that carries the row).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol

from core.events import Listing
from integrations.rentprog.cash import PaymentRecord, StaffRecord
from integrations.rentprog.history import OperationRecord
from integrations.rentprog.models import BookingRecord, CarRecord, ClientRecord
from integrations.rentprog.pages import Page, Unread, read_page
from integrations.rentprog.prices import CarPrices, PriceRecord


@dataclass(frozen=True)
class BookingPage(Page[BookingRecord]):
    """A page of bookings, and beside them the payments that came along."""

    paid: Sequence[Mapping[str, Any]] = field(default=(), repr=False)

    @cached_property
    def payments(self) -> Page[PaymentRecord]:
        """With their own bad rows. There are more of them than bookings, so they are read when they are asked for."""
        return read_page("payment", PaymentRecord, self.paid)


@dataclass(frozen=True, slots=True)
class CarsWithPrices:
    cars: Page[CarRecord]
    prices: Page[PriceRecord]


class RentprogApi(Protocol):
    """RentProg as one branch sees it. The branch is chosen by the credentials, never by a parameter."""

    @property
    def branch(self) -> str: ...

    @property
    def internal_token_expires_at(self) -> datetime | None:
        """When a person must sign in again; None without an internal token or if it does not say."""
        ...

    async def probe(self) -> None:
        """One cheap call; returns if the branch can be read, else raises the error that says why not."""
        ...

    async def listed(self, listing: Listing, page: int, *, per_page: int) -> Unread[Page[Any]]:
        """One page of a list that a reconcile goes through; those below are the same, read at once."""
        ...

    async def cars(self) -> Page[CarRecord]:
        """The whole fleet in one answer."""
        ...

    async def car_page(self, page: int, *, per_page: int = 50) -> Page[CarRecord]: ...

    async def free_cars(self, start: datetime, end: datetime) -> Page[CarRecord]:
        """Cars that RentProg holds for free in the window."""
        ...

    async def cars_with_prices(self) -> CarsWithPrices: ...

    async def car_prices(self, car_id: int) -> CarPrices | None: ...

    async def booking_page(
        self, page: int, *, per_page: int = 50, active: bool = True, start_from: date | None = None
    ) -> BookingPage:
        """Archived bookings are in no list: one that vanished is to be asked for by `booking`."""
        ...

    async def client_page(self, page: int, *, per_page: int = 500) -> Page[ClientRecord]: ...

    async def car(self, car_id: int) -> CarRecord | None: ...

    async def client(self, client_id: int) -> ClientRecord | None:
        """A client may be global: where one branch does not know it, ask every branch."""
        ...

    async def booking(self, booking_id: int) -> BookingRecord | None: ...

    async def search_cars(self, query: str, *, page: int = 1) -> Page[CarRecord]:
        """Searches find substrings, need three characters, and must be filtered by the exact id afterwards."""
        ...

    async def search_clients(self, query: str, *, page: int = 1) -> Page[ClientRecord]: ...

    async def search_bookings(self, query: str, *, page: int = 1) -> Page[BookingRecord]: ...

    async def users(self) -> Page[StaffRecord]:
        """Staff with their cash in this branch."""
        ...

    async def operations_page(self, page: int = 1, *, per_page: int = 100) -> Page[OperationRecord]:
        """The audit feed, newest first."""
        ...

    async def payments(self, start: date, end: date) -> Page[PaymentRecord]:
        """Payments and cash operations of the local days ``start`` to ``end``, both included."""
        ...

"""What happened to cars, bookings and clients, derived once from what RentProg tells."""

from typing import ClassVar
from uuid import UUID

from core.events.envelope import EventBody
from core.events.rentprog import FoundBy


class CarEvent(EventBody):
    car_id: UUID
    found_by: FoundBy


class CarAdded(CarEvent):
    kind: ClassVar[str] = "car.added"
    branch: str


class CarMoved(CarEvent):
    kind: ClassVar[str] = "car.moved"
    from_branch: str
    to_branch: str


class CarUpdated(CarEvent):
    """``changed`` names our columns."""

    kind: ClassVar[str] = "car.updated"
    changed: tuple[str, ...]


class CarRemoved(CarEvent):
    kind: ClassVar[str] = "car.removed"
    branch: str


class BookingEvent(EventBody):
    booking_id: UUID
    car_id: UUID | None
    found_by: FoundBy


class BookingCreated(BookingEvent):
    kind: ClassVar[str] = "booking.created"


class BookingIssued(BookingEvent):
    kind: ClassVar[str] = "booking.issued"


class BookingReturned(BookingEvent):
    kind: ClassVar[str] = "booking.returned"


class BookingUpdated(BookingEvent):
    """``previous_car_id`` is set when the booking went to another car: both cards are stale."""

    kind: ClassVar[str] = "booking.updated"
    changed: tuple[str, ...]
    previous_car_id: UUID | None = None


class BookingCancelled(BookingEvent):
    kind: ClassVar[str] = "booking.cancelled"


class ClientUpdated(EventBody):
    kind: ClassVar[str] = "client.updated"
    client_id: UUID
    changed: tuple[str, ...]
    found_by: FoundBy

"""Objects and webhooks without any network or database, for the pure rules."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from agents.rental_sync.rows import Links, Row, Source, Told, next_state, told_of
from core.events import Entity
from integrations.rentprog import BookingRecord, CarRecord, ClientRecord, Delivery, parse
from tests.agents.rental_sync.conftest import company_settings

SETTINGS = company_settings().rentprog
NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
EARLIER = datetime(2026, 1, 10, 11, 0, tzinfo=UTC)
RECORDS = {"car": CarRecord, "client": ClientRecord, "booking": BookingRecord}

CAR = {"id": 61000, "company_id": 1003, "car_name": "Test Wagon", "number": "AA-001-AA", "mileage": 100, "active": True}
CLIENT = {"id": 370001, "name": "Test", "lastname": "Client", "phone": "+1 (000) 000-00-01", "email": None}
BOOKING = {
    "id": 500001,
    "number": 4001,
    "car_id": 61000,
    "client_id": 370001,
    "first_name": "Test",
    "last_name": "Client",
    "start_date": "21-11-2025 10:00",
    "end_date": "24-11-2025 9:00",
    "state": "Новая",
    "active": True,
    "in_rent": False,
    "archive": False,
    "start_worker_id": None,
    "end_worker_id": None,
    "deposit": 270,
    "total": 487.0,
}
WIRE: dict[Entity, dict[str, Any]] = {"car": CAR, "client": CLIENT, "booking": BOOKING}


def source(**given: Any) -> Source:
    return Source(**{"found_by": "fetch", "branch": "tbilisi", "event_id": 1, "asked_at": NOW, **given})


def whole(entity: Entity, **fields: Any) -> Told:
    wire = json.loads(json.dumps(WIRE[entity] | fields), parse_float=Decimal)
    return told_of(entity, RECORDS[entity].from_wire(wire))


def stored(entity: Entity, **fields: Any) -> Row:
    """The row as the database gives it back after this object was fetched."""
    return as_stored(next_state(None, whole(entity, **fields), source(), Links(), SETTINGS).after)


def as_stored(row: Row) -> Row:
    """Columns that nobody wrote are null."""
    marks = ("issued_event_at", "returned_event_at", "cancelled_event_at", "source_updated_at", "source_created_at")
    return dict.fromkeys(marks) | row | {"updated_at": EARLIER}


def delivery(event: str, payload: dict[str, Any], *, branch: str = "tbilisi") -> Delivery:
    told = parse(json.dumps({"event": event, "payload": payload}).encode(), branch=branch)
    assert isinstance(told, Delivery), told
    return told

"""The fleet as the panel and the REST interface show it: cars with what holds them, their bookings and topics."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from db.queries.fleet_views import NOT_COUNTED, plate_key
from db.session import Tx

_BOOKING_COLUMNS = """k.id, k.number, k.branch, k.start_at, k.end_at, k.state, k.state_raw, k.responsible,
    k.location_start, k.location_end, k.days, k.total, k.start_mileage, k.end_mileage,
    coalesce(k.in_rent, false) AS is_out, coalesce(k.technical, false) AS is_technical,
    coalesce(nullif(concat_ws(' ', cl.first_name, cl.last_name), ''), k.client_name) AS client"""

HELD = """SELECT k.* FROM bookings AS k WHERE k.car_id = c.id AND k.deleted_at IS NULL AND k.archive IS NOT TRUE
    AND k.state <> ALL(%(not_counted)s)"""
"""Bookings that hold the car ``c``; the parameter is ``NOT_COUNTED``."""

_CARS = f"""
SELECT c.id, c.rentprog_id, c.branch, b.name AS branch_name, b.timezone, c.plate, c.model, c.code, c.vin, c.year,
       c.color, c.car_class, c.transmission, c.fuel, c.state, c.active, c.clean, c.tank_full, c.tank_liters, c.mileage,
       c.last_inspection, c.deposit, c.updated_at, c.updated_by, c.deleted_at,
       t.chat_id AS topic_chat_id, t.thread_id AS topic_thread_id, now_out.id AS now_id, coming.id AS next_id
FROM cars AS c
JOIN branches AS b ON b.code = c.branch
LEFT JOIN chats AS h ON h.branch = c.branch AND h.purpose = 'branch_forum'
LEFT JOIN topics AS t ON t.chat_id = h.chat_id AND t.entity = 'car:' || c.id AND t.state = 'live' AND NOT t.is_closed
LEFT JOIN LATERAL ({HELD} AND k.in_rent ORDER BY k.start_at DESC NULLS LAST, k.id LIMIT 1) AS now_out ON true
LEFT JOIN LATERAL ({HELD} AND k.in_rent IS NOT TRUE AND k.end_worker_id IS NULL AND k.end_at > %(now)s
                   ORDER BY k.start_at NULLS LAST, k.id LIMIT 1) AS coming ON true
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Booking:
    """``state`` is our word, ``state_raw`` RentProg's own. ``is_out``: the car is with the client now."""

    id: UUID
    number: int | None
    branch: str
    start_at: datetime | None
    end_at: datetime | None
    state: str
    state_raw: str | None
    responsible: str | None
    location_start: str | None
    location_end: str | None
    days: int | None
    total: Decimal | None
    start_mileage: int | None
    end_mileage: int | None
    is_out: bool
    is_technical: bool
    client: str | None


@dataclass(frozen=True, slots=True)
class Car:
    """A car with the booking that holds it now, the one after it, and its open topic. ``state`` is RentProg's."""

    id: UUID
    rentprog_id: int
    branch: str
    branch_name: str
    timezone: str
    plate: str | None
    model: str | None
    code: str | None
    vin: str | None
    year: int | None
    color: str | None
    car_class: str | None
    transmission: str | None
    fuel: str | None
    state: int | None
    active: bool | None
    clean: bool | None
    tank_full: bool | None
    tank_liters: Decimal | None
    mileage: int | None
    last_inspection: date | None
    deposit: Decimal | None
    updated_at: datetime
    updated_by: str
    deleted_at: datetime | None
    topic_chat_id: int | None
    topic_thread_id: int | None
    now: Booking | None
    next: Booking | None


@dataclass(frozen=True, slots=True)
class Topic:
    chat_id: int
    chat_title: str | None
    version: int
    state: str
    thread_id: int | None
    name: str
    is_closed: bool
    intended_at: datetime
    dead_reason: str | None


async def cars(tx: Tx, *, now: datetime, branch: str | None = None, text: str | None = None) -> list[Car]:
    """The fleet by branch, model and plate; ``text`` is part of a plate or model, or the whole code or number."""
    return await _cars(
        tx,
        """WHERE c.deleted_at IS NULL AND (%(branch)s::text IS NULL OR c.branch = %(branch)s) AND (
               %(text)s::text IS NULL OR strpos(translate(c.plate_normalised, 'АВЕКМНОРСТУХ', 'ABEKMHOPCTYX'),
                                                %(plate)s) > 0
               OR strpos(lower(c.model), lower(%(text)s)) > 0 OR lower(c.code) = lower(%(text)s)
               OR c.rentprog_id::text = %(text)s)
           ORDER BY b.name, b.code, c.model, c.plate, c.rentprog_id""",
        {"branch": branch, "text": text, "plate": plate_key(text or "") or "\n"},
        now=now,
    )


async def car(tx: Tx, car_id: UUID, *, now: datetime) -> Car | None:
    """One car, also one that left the fleet."""
    found = await _cars(tx, "WHERE c.id = %(id)s", {"id": car_id}, now=now)
    return found[0] if found else None


async def _cars(tx: Tx, which: str, parameters: dict[str, Any], *, now: datetime) -> list[Car]:
    rows = await tx.rows(_CARS + which, {**parameters, "now": now, "not_counted": list(NOT_COUNTED)})
    wanted = [row[key] for row in rows for key in ("now_id", "next_id") if row[key] is not None]
    found = await tx.rows(
        f"""SELECT {_BOOKING_COLUMNS} FROM bookings AS k LEFT JOIN clients AS cl ON cl.id = k.client_id
            WHERE k.id = ANY(%s)""",  # noqa: S608 - constants
        (wanted,),
    )
    bookings = {row["id"]: Booking(**row) for row in found}
    return [Car(now=bookings.get(row.pop("now_id")), next=bookings.get(row.pop("next_id")), **row) for row in rows]


async def bookings_of(tx: Tx, car_id: UUID, *, limit: int) -> list[Booking]:
    """Bookings of a car, the newest first, without those that were deleted."""
    rows = await tx.rows(
        f"""SELECT {_BOOKING_COLUMNS} FROM bookings AS k LEFT JOIN clients AS cl ON cl.id = k.client_id
            WHERE k.car_id = %s AND k.deleted_at IS NULL ORDER BY k.start_at DESC NULLS LAST, k.id LIMIT %s""",  # noqa: S608 - constants
        (car_id, limit),
    )
    return [Booking(**row) for row in rows]


async def topics_of(tx: Tx, car_id: UUID) -> list[Topic]:
    """Every version of the car's topics in every forum, those that live first."""
    rows = await tx.rows(
        """SELECT t.chat_id, h.title AS chat_title, t.version, t.state, t.thread_id, t.name, t.is_closed,
                  t.intended_at, t.dead_reason
           FROM topics AS t LEFT JOIN chats AS h ON h.chat_id = t.chat_id
           WHERE t.entity = %s ORDER BY t.state <> 'live', t.is_closed, t.intended_at DESC""",
        (f"car:{car_id}",),
    )
    return [Topic(**row) for row in rows]

"""All that a car's card and its short lines need, as plain facts with times in UTC."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from db.session import Tx

_COUNTED = """k.deleted_at IS NULL AND k.archive IS NOT TRUE
    AND k.state NOT IN ('finished', 'cancelled', 'refused')"""
"""A booking in a state that nobody knows still holds its car: rather ask than rent twice."""

_BOOKING = """k.id, k.number, k.rentprog_id, k.start_at, k.end_at, k.technical IS TRUE AS is_technical,
    k.location_start, k.location_end, k.start_mileage, k.end_mileage, cl.debtor IS TRUE AS is_debtor,
    coalesce(nullif(concat_ws(' ', cl.first_name, cl.last_name), ''), k.client_name) AS client"""

_CARD = f"""
SELECT c.id, c.rentprog_id, c.branch, b.name AS branch_name, b.timezone, c.plate, c.model, c.state, c.active,
       c.clean, c.tank_full, c.tank_liters, c.fuel, c.mileage, c.last_inspection,
       c.deleted_at IS NOT NULL OR c.active IS FALSE AS is_removed, to_jsonb(now_out) AS now_out,
       to_jsonb(coming) AS coming
FROM cars AS c
JOIN branches AS b ON b.code = c.branch
LEFT JOIN LATERAL (
    SELECT {_BOOKING} FROM bookings AS k LEFT JOIN clients AS cl ON cl.id = k.client_id
    WHERE k.car_id = c.id AND {_COUNTED} AND k.in_rent
    ORDER BY k.start_at DESC NULLS LAST, k.id LIMIT 1
) AS now_out ON true
LEFT JOIN LATERAL (
    SELECT {_BOOKING} FROM bookings AS k LEFT JOIN clients AS cl ON cl.id = k.client_id
    WHERE k.car_id = c.id AND {_COUNTED} AND k.in_rent IS NOT TRUE AND k.end_worker_id IS NULL AND k.end_at > %(now)s
    ORDER BY k.start_at NULLS LAST, k.id LIMIT 1
) AS coming ON true
WHERE c.id = %(id)s
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class BookingFacts:
    id: UUID
    number: int | None
    rentprog_id: int
    start_at: datetime | None
    end_at: datetime | None
    is_technical: bool
    location_start: str | None
    location_end: str | None
    start_mileage: int | None
    end_mileage: int | None
    is_debtor: bool
    client: str | None


@dataclass(frozen=True, slots=True)
class CarFacts:
    """``now_out`` is the booking the car is out with, ``coming`` the first one that still has to begin."""

    id: UUID
    rentprog_id: int
    branch: str
    branch_name: str
    timezone: str
    plate: str | None
    model: str | None
    state: int | None
    active: bool | None
    clean: bool | None
    tank_full: bool | None
    tank_liters: Decimal | None
    fuel: str | None
    mileage: int | None
    last_inspection: date | None
    is_removed: bool
    now_out: BookingFacts | None
    coming: BookingFacts | None

    @property
    def entity(self) -> str:
        return f"car:{self.id}"


async def car_facts(tx: Tx, car_id: UUID, *, now: datetime) -> CarFacts | None:
    row = await tx.row(_CARD, {"id": car_id, "now": now})
    if row is None:
        return None
    return CarFacts(**{**row, "now_out": _from_json(row["now_out"]), "coming": _from_json(row["coming"])})


async def booking_facts(tx: Tx, booking_id: UUID) -> BookingFacts | None:
    row = await tx.row(
        f"""SELECT {_BOOKING} FROM bookings AS k LEFT JOIN clients AS cl ON cl.id = k.client_id
            WHERE k.id = %s""",  # noqa: S608 - constants
        (booking_id,),
    )
    return None if row is None else BookingFacts(**row)


async def cars_of(tx: Tx, branch: str) -> list[UUID]:
    """The cars of the branch that are in the fleet, in the order of their plates."""
    rows = await tx.rows(
        """SELECT id FROM cars WHERE branch = %s AND deleted_at IS NULL AND active IS NOT FALSE
           ORDER BY plate, rentprog_id""",
        (branch,),
    )
    return [row["id"] for row in rows]


async def where(tx: Tx, car_id: UUID) -> str | None:
    """The branch of a car that is in the fleet."""
    row = await tx.row(
        "SELECT branch FROM cars WHERE id = %s AND deleted_at IS NULL AND active IS NOT FALSE", (car_id,)
    )
    return None if row is None else str(row["branch"])


async def branch_name(tx: Tx, branch: str) -> str:
    row = await tx.row("SELECT name FROM branches WHERE code = %s", (branch,))
    return branch if row is None else str(row["name"])


def _from_json(value: dict[str, Any] | None) -> BookingFacts | None:
    """A lateral row travels as jsonb; its times and id come back typed."""
    if value is None or value["id"] is None:
        return None
    times = {
        name: None if value[name] is None else datetime.fromisoformat(value[name]) for name in ("start_at", "end_at")
    }
    return BookingFacts(**{**value, **times, "id": UUID(value["id"])})

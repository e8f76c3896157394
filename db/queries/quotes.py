"""What availability and prices are computed from: cars that may be offered, and what occupies them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from core.quote.availability import Occupation
from core.quote.one_way import NextBooking
from db.session import Tx


@dataclass(frozen=True, slots=True)
class FleetCar:
    """A car as the mirror has it. ``branch`` is where it stands now."""

    id: UUID
    rentprog_id: int
    branch: str
    model: str | None
    car_class: str | None
    transmission: str | None
    year: int | None
    state: int | None
    active: bool | None


@dataclass(frozen=True, slots=True)
class ClientBooking:
    """One booking of one client, with the car it is for."""

    number: int | None
    car_id: UUID | None
    model: str | None
    plate: str | None
    branch: str
    state: str
    start_at: datetime | None
    end_at: datetime | None
    place_out: str | None
    place_back: str | None
    total: Decimal | None
    deposit: Decimal | None


_CAR = "id, rentprog_id, branch, model, car_class, transmission, year, state, active"


async def fleet(tx: Tx) -> list[FleetCar]:
    """Every car that may ever be offered; whether it is free is for the rules to say."""
    rows = await tx.rows(
        f"""SELECT {_CAR} FROM cars WHERE deleted_at IS NULL AND active IS TRUE
            ORDER BY model NULLS LAST, rentprog_id""",  # noqa: S608 - constants
    )
    return [FleetCar(**row) for row in rows]


async def car(tx: Tx, rentprog_id: int) -> FleetCar | None:
    row = await tx.row(
        f"SELECT {_CAR} FROM cars WHERE rentprog_id = %s AND deleted_at IS NULL",  # noqa: S608 - constants
        (rentprog_id,),
    )
    return None if row is None else FleetCar(**row)


async def occupations(tx: Tx, cars: Sequence[UUID], *, start: datetime, end: datetime) -> dict[UUID, list[Occupation]]:
    """What may stand in the way of a window; bookings with a missing time are always among it."""
    rows = await tx.rows(
        """SELECT car_id, start_at, end_at, state, archive IS TRUE AS is_archived, technical IS TRUE AS is_technical,
                  repair IS TRUE AS is_repair
           FROM bookings
           WHERE car_id = ANY(%(cars)s) AND deleted_at IS NULL
             AND (start_at IS NULL OR end_at IS NULL OR end_at <= start_at
                  OR (start_at < %(end)s AND end_at > %(start)s))
           ORDER BY start_at NULLS FIRST, id""",
        {"cars": list(cars), "start": start, "end": end},
    )
    found: dict[UUID, list[Occupation]] = {}
    for row in rows:
        occupation = Occupation(
            row["start_at"],
            row["end_at"],
            row["state"],
            is_archived=row["is_archived"],
            is_technical=row["is_technical"],
            is_repair=row["is_repair"],
        )
        found.setdefault(row["car_id"], []).append(occupation)
    return found


async def next_booking(tx: Tx, car_id: UUID, *, after: datetime) -> NextBooking | None:
    """The first booking of the car that starts after a rent, and the branch that needs it for that."""
    row = await tx.row(
        """SELECT start_at, branch FROM bookings
           WHERE car_id = %s AND start_at >= %s AND deleted_at IS NULL AND archive IS NOT TRUE
             AND technical IS NOT TRUE AND state NOT IN ('finished', 'cancelled', 'refused')
           ORDER BY start_at, id LIMIT 1""",
        (car_id, after),
    )
    return None if row is None else NextBooking(row["start_at"], row["branch"])


async def bookings_of(tx: Tx, client_id: UUID, *, limit: int) -> list[ClientBooking]:
    """Of this client and nobody else, the latest first."""
    rows = await tx.rows(
        """SELECT b.number, b.car_id, c.model, c.plate, b.branch, b.state, b.start_at, b.end_at,
                  b.location_start AS place_out, b.location_end AS place_back, b.total, b.deposit
           FROM bookings AS b LEFT JOIN cars AS c ON c.id = b.car_id
           WHERE b.client_id = %s AND b.deleted_at IS NULL AND b.archive IS NOT TRUE
           ORDER BY b.start_at DESC NULLS LAST, b.id LIMIT %s""",
        (client_id, limit),
    )
    return [ClientBooking(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class Upkeep:
    """A stretch of time in which a car is kept for maintenance or repair."""

    car_id: UUID
    model: str | None
    start_at: datetime
    end_at: datetime


async def upkeep_of_client(tx: Tx, client_id: UUID, *, now: datetime, limit: int) -> list[Upkeep]:
    """Repairs to come or under way, of the cars in this client's own bookings that are not over."""
    rows = await tx.rows(
        """SELECT r.car_id, c.model, r.start_at, r.end_at
           FROM bookings AS r JOIN cars AS c ON c.id = r.car_id
           WHERE r.technical IS TRUE AND r.repair IS TRUE AND r.deleted_at IS NULL AND r.archive IS NOT TRUE
             AND r.state NOT IN ('finished', 'cancelled', 'refused')
             AND r.start_at IS NOT NULL AND r.end_at > %(now)s
             AND r.car_id IN (
                 SELECT own.car_id FROM bookings AS own
                 WHERE own.client_id = %(client)s AND own.deleted_at IS NULL AND own.archive IS NOT TRUE
                   AND own.state NOT IN ('finished', 'cancelled', 'refused') AND own.end_at > %(now)s)
           ORDER BY r.start_at, r.id LIMIT %(limit)s""",
        {"client": client_id, "now": now, "limit": limit},
    )
    return [Upkeep(**row) for row in rows]

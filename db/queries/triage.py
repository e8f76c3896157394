"""What the words of staff may be about: the plates of the fleet, and the cars behind them as they were then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.session import Tx


@dataclass(frozen=True, slots=True)
class CarThen:
    """A car with the booking that held it at some moment."""

    id: UUID
    title: str
    branch: str
    booking_id: UUID | None


async def plates(tx: Tx) -> list[tuple[UUID, str]]:
    """Every car of the fleet that has a plate."""
    rows = await tx.rows("SELECT id, plate FROM cars WHERE deleted_at IS NULL AND plate IS NOT NULL ORDER BY id")
    return [(row["id"], row["plate"]) for row in rows]


async def cars(tx: Tx, ids: Sequence[UUID], *, at: datetime) -> list[CarThen]:
    """The cars with the bookings of that time; one that is out counts until somebody takes it back."""
    rows = await tx.rows(
        """SELECT c.id, concat_ws(' · ', coalesce(c.plate, '№' || c.rentprog_id), c.model) AS title, c.branch,
                  (SELECT k.id FROM bookings AS k
                   WHERE k.car_id = c.id AND k.deleted_at IS NULL AND k.state NOT IN ('cancelled', 'refused')
                     AND k.technical IS NOT TRUE AND k.start_at <= %(at)s AND (k.in_rent OR k.end_at > %(at)s)
                   ORDER BY k.in_rent DESC NULLS LAST, k.start_at DESC, k.id LIMIT 1) AS booking_id
           FROM cars AS c WHERE c.id = ANY(%(ids)s) AND c.deleted_at IS NULL ORDER BY title, c.id""",
        {"ids": list(ids), "at": at},
    )
    return [CarThen(**row) for row in rows]


async def upkeep(tx: Tx, car_id: UUID, *, now: datetime) -> list[tuple[datetime | None, datetime | None]]:
    """When the car is kept for maintenance or repair, from now on."""
    rows = await tx.rows(
        """SELECT start_at, end_at FROM bookings
           WHERE car_id = %s AND deleted_at IS NULL AND archive IS NOT TRUE AND (technical OR repair)
             AND state NOT IN ('finished', 'cancelled', 'refused') AND end_at > %s
           ORDER BY start_at, id LIMIT 5""",
        (car_id, now),
    )
    return [(row["start_at"], row["end_at"]) for row in rows]

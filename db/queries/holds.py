"""Holds: cars that should not be issued, proposed for severe damage and decided by a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.ids import new_id
from core.inspection.damage import Severity
from db.session import Tx

_SELECT = """SELECT h.id, h.car_id, h.inspection_id, h.severity, h.state, h.decided_by, h.decided_at, h.created_at,
    p.name AS decider FROM car_holds AS h LEFT JOIN people AS p ON p.id = h.decided_by"""


@dataclass(frozen=True, slots=True)
class Hold:
    """``state``: proposed, held, released."""

    id: UUID
    car_id: UUID
    inspection_id: UUID
    severity: Severity
    state: str
    decided_by: UUID | None
    decided_at: datetime | None
    created_at: datetime
    decider: str | None


def _hold(row: dict[str, Any]) -> Hold:
    return Hold(**{**row, "severity": Severity(row["severity"])})


async def lock_car(tx: Tx, car_id: UUID) -> None:
    """Whoever proposes, decides or ends a hold of this car takes turns until the commit."""
    await tx.run("SELECT 1 FROM cars WHERE id = %s FOR NO KEY UPDATE", (car_id,))


async def open_of(tx: Tx, car_id: UUID) -> Hold | None:
    """The one that is proposed or in force."""
    row = await tx.row(f"{_SELECT} WHERE h.car_id = %s AND h.state IN ('proposed', 'held')", (car_id,))
    return None if row is None else _hold(row)


async def last_of(tx: Tx, inspection_id: UUID) -> Hold | None:
    """The newest that an inspection led to."""
    row = await tx.row(
        f"{_SELECT} WHERE h.inspection_id = %s ORDER BY h.created_at DESC, h.id LIMIT 1", (inspection_id,)
    )
    return None if row is None else _hold(row)


async def propose(tx: Tx, *, car_id: UUID, inspection_id: UUID, severity: Severity) -> bool:
    """False where one is open already."""
    made = await tx.run(
        """INSERT INTO car_holds (id, car_id, inspection_id, severity, state) VALUES (%s, %s, %s, %s, 'proposed')
           ON CONFLICT DO NOTHING""",
        (new_id(), car_id, inspection_id, int(severity)),
    )
    return made == 1


async def decide(tx: Tx, hold: Hold, state: str, *, by: UUID, now: datetime) -> None:
    await tx.run(
        "UPDATE car_holds SET state = %s, decided_by = %s, decided_at = %s WHERE id = %s", (state, by, now, hold.id)
    )


async def withdraw(tx: Tx, hold: Hold, *, now: datetime) -> None:
    """What it was proposed for turned out to be none: nobody has to decide about it any more."""
    await tx.run(
        "UPDATE car_holds SET state = 'released', decided_at = %s WHERE id = %s AND state = 'proposed'", (now, hold.id)
    )

"""Inspections: whose form is open, which one a car was looked at last, and what changes as it goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from core.events.inspections import subject_of
from core.inspection.views import Occasion
from db.session import Tx
from db.storable import storable_json

IN_WORK = ("open", "paused")
"""States of a form that somebody has still to finish."""
FINISHED = ("submitted", "examined", "reviewed")
"""States of an inspection that is evidence."""

_CHANGEABLE = frozenset(
    {
        "state",
        "person_id",
        "booking_id",
        "planned_at",
        "position",
        "notice",
        "before_id",
        "mileage_km",
        "fuel_percent",
        "is_seen_by_machine",
        "worst",
        "chain_hash",
        "submitted_at",
        "examined_at",
        "reviewed_at",
        "reviewed_by",
        "touched_at",
    }
)
_JSON = frozenset({"notice"})

_SELECT = """
SELECT i.id, i.number, i.car_id, i.booking_id, i.branch, i.occasion, i.state, i.person_id, i.opened_by, i.planned_at,
       i.steps, i.position, i.notice, i.before_id, i.mileage_km, i.fuel_percent, i.is_seen_by_machine, i.worst,
       i.chain_hash, i.opened_at, i.submitted_at, i.examined_at, i.reviewed_at, i.reviewed_by, i.touched_at,
       c.plate, c.model, c.rentprog_id AS car_number, k.number AS booking_number, p.name AS person_name,
       coalesce(b.timezone, 'Asia/Tbilisi') AS timezone
FROM inspections AS i
JOIN cars AS c ON c.id = i.car_id
JOIN people AS p ON p.id = i.person_id
LEFT JOIN bookings AS k ON k.id = i.booking_id
LEFT JOIN branches AS b ON b.code = i.branch
"""


@dataclass(frozen=True, slots=True)
class Inspection:
    """An inspection as it stands. ``person_id`` does it now, ``opened_by`` began it; ``timezone`` is its branch's.

    ``position`` counts from 0; after the last step it is the number of steps: the form asks whether to finish.
    """

    id: UUID
    number: int
    car_id: UUID
    booking_id: UUID | None
    branch: str | None
    occasion: Occasion
    state: str
    person_id: UUID
    opened_by: UUID
    planned_at: datetime | None
    steps: tuple[str, ...]
    position: int
    notice: Mapping[str, Any] | None
    before_id: UUID | None
    mileage_km: int | None
    fuel_percent: float | None
    is_seen_by_machine: bool | None
    worst: int | None
    chain_hash: str | None
    opened_at: datetime
    submitted_at: datetime | None
    examined_at: datetime | None
    reviewed_at: datetime | None
    reviewed_by: UUID | None
    touched_at: datetime
    plate: str | None
    model: str | None
    car_number: int
    booking_number: int | None
    person_name: str
    timezone: str

    @property
    def subject(self) -> str:
        return subject_of(self.id)

    @property
    def car(self) -> str:
        """``AA-123-BB · Toyota Prius``; a car without a plate goes by its RentProg number."""
        return " · ".join(part for part in (self.plate or f"№{self.car_number}", self.model) if part)

    @property
    def is_in_work(self) -> bool:
        return self.state in IN_WORK

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED

    @property
    def step(self) -> str | None:
        """The key of the step that is asked; None where every step had its turn."""
        return self.steps[self.position] if self.position < len(self.steps) else None


@dataclass(frozen=True, slots=True)
class NewInspection:
    id: UUID
    car_id: UUID
    occasion: Occasion
    person_id: UUID
    steps: tuple[str, ...]
    opened_at: datetime
    booking_id: UUID | None = None
    branch: str | None = None
    planned_at: datetime | None = None
    before_id: UUID | None = None


def _inspection(row: dict[str, Any]) -> Inspection:
    return Inspection(**{**row, "occasion": Occasion(row["occasion"]), "steps": tuple(row["steps"])})


async def _only(tx: Tx, condition: str, values: Sequence[object]) -> Inspection | None:
    row = await tx.row(f"{_SELECT} WHERE {condition}", values)
    return None if row is None else _inspection(row)


async def find(tx: Tx, inspection_id: UUID) -> Inspection | None:
    return await _only(tx, "i.id = %s", (inspection_id,))


async def lock(tx: Tx, inspection_id: UUID) -> Inspection | None:
    """The inspection, held until the commit: whatever changes it or its photos takes turns."""
    await tx.run("SELECT 1 FROM inspections WHERE id = %s FOR UPDATE", (inspection_id,))
    return await find(tx, inspection_id)


async def create(tx: Tx, new: NewInspection) -> bool:
    """False, and nothing changes, where one of this car and occasion is in work, or the person has an open one."""
    made = await tx.run(
        """INSERT INTO inspections (id, car_id, booking_id, branch, occasion, person_id, opened_by, planned_at, steps,
                                    before_id, opened_at, touched_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
        (
            new.id,
            new.car_id,
            new.booking_id,
            new.branch,
            new.occasion,
            new.person_id,
            new.person_id,
            new.planned_at,
            Jsonb(list(new.steps)),
            new.before_id,
            new.opened_at,
            new.opened_at,
        ),
    )
    return made == 1


async def change(tx: Tx, inspection_id: UUID, fields: Mapping[str, Any]) -> None:
    """Write new values; whoever changes it has locked it."""
    unknown = set(fields) - _CHANGEABLE
    if unknown:
        raise ValueError(f"not columns of an inspection that may change: {sorted(unknown)}")
    if not fields:
        return
    columns = ", ".join(f"{field} = %s" for field in fields)
    values = [
        storable_json(value) if field in _JSON and value is not None else value for field, value in fields.items()
    ]
    await tx.run(f"UPDATE inspections SET {columns} WHERE id = %s", (*values, inspection_id))  # noqa: S608 - checked above


async def open_of(tx: Tx, person_id: UUID) -> Inspection | None:
    """The one form that a person fills now."""
    return await _only(tx, "i.person_id = %s AND i.state = 'open'", (person_id,))


async def paused_of(tx: Tx, person_id: UUID) -> list[Inspection]:
    """What a person put aside, the newest first."""
    rows = await tx.rows(
        f"{_SELECT} WHERE i.person_id = %s AND i.state = 'paused' ORDER BY i.touched_at DESC, i.number DESC",
        (person_id,),
    )
    return [_inspection(row) for row in rows]


async def in_work(tx: Tx, car_id: UUID, occasion: Occasion) -> Inspection | None:
    """The unfinished one of a car: at most one for each occasion."""
    return await _only(tx, "i.car_id = %s AND i.occasion = %s AND i.state IN ('open', 'paused')", (car_id, occasion))


async def of_car(tx: Tx, car_id: UUID, *, limit: int = 20) -> list[Inspection]:
    """All of a car but the cancelled ones, the newest first."""
    rows = await tx.rows(
        f"{_SELECT} WHERE i.car_id = %s AND i.state <> 'cancelled' ORDER BY i.opened_at DESC, i.number DESC LIMIT %s",
        (car_id, limit),
    )
    return [_inspection(row) for row in rows]


async def of_booking(tx: Tx, booking_id: UUID, occasion: Occasion) -> Inspection | None:
    """The newest finished one of a booking."""
    return await _only(
        tx,
        """i.booking_id = %s AND i.occasion = %s AND i.state IN ('submitted', 'examined', 'reviewed')
           ORDER BY i.submitted_at DESC, i.number DESC LIMIT 1""",
        (booking_id, occasion),
    )


async def latest_finished_before(
    tx: Tx, car_id: UUID, before: datetime, *, occasion: Occasion | None = None
) -> Inspection | None:
    """The newest one of a car that was submitted before the moment."""
    return await _only(
        tx,
        """i.car_id = %s AND i.state IN ('submitted', 'examined', 'reviewed') AND i.submitted_at < %s
           AND (%s::text IS NULL OR i.occasion = %s) ORDER BY i.submitted_at DESC, i.number DESC LIMIT 1""",
        (car_id, before, occasion, occasion),
    )


async def untouched_since(tx: Tx, moment: datetime, *, limit: int = 100) -> list[Inspection]:
    """Forms that nobody went on with for long, the longest first."""
    rows = await tx.rows(
        f"{_SELECT} WHERE i.state IN ('open', 'paused') AND i.touched_at < %s ORDER BY i.touched_at LIMIT %s",
        (moment, limit),
    )
    return [_inspection(row) for row in rows]


async def plates(tx: Tx, car_id: UUID) -> tuple[str | None, tuple[str, ...]]:
    """The plate of a car, and those of all cars of the fleet."""
    rows = await tx.rows("SELECT id, plate FROM cars WHERE deleted_at IS NULL AND plate IS NOT NULL ORDER BY plate")
    own = next((row["plate"] for row in rows if row["id"] == car_id), None)
    return own, tuple(row["plate"] for row in rows)

"""Damages: what a car has, confirmed by a person, so that it is never proposed again as new."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.inspection.damage import DamageKind, Part, Severity
from db.session import Tx

_COLUMNS = """d.id, d.car_id, d.kind, d.part, d.severity, d.cost_gel, d.state, d.first_inspection_id, d.first_photo_id,
    d.last_clean_photo_id, d.booking_id, d.confirmed_by, d.confirmed_at, d.repaired_at, p.name AS confirmer,
    i.number AS inspection_number"""
_SELECT = f"""SELECT {_COLUMNS} FROM damages AS d JOIN people AS p ON p.id = d.confirmed_by
    JOIN inspections AS i ON i.id = d.first_inspection_id"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Damage:
    """``booking_id``: who had the car between the last clean photo and the first one that shows it."""

    id: UUID
    car_id: UUID
    kind: DamageKind
    part: Part
    severity: Severity
    cost_gel: int | None
    state: str
    first_inspection_id: UUID
    first_photo_id: UUID | None
    last_clean_photo_id: UUID | None
    booking_id: UUID | None
    confirmed_by: UUID
    confirmed_at: datetime
    repaired_at: datetime | None
    confirmer: str
    inspection_number: int


@dataclass(frozen=True, slots=True)
class NewDamage:
    id: UUID
    car_id: UUID
    kind: DamageKind
    part: Part
    severity: Severity
    cost_gel: int | None
    first_inspection_id: UUID
    first_photo_id: UUID | None
    confirmed_by: UUID
    confirmed_at: datetime
    last_clean_photo_id: UUID | None = None
    booking_id: UUID | None = None


def _damage(row: dict[str, Any]) -> Damage:
    values = {"kind": DamageKind(row["kind"]), "part": Part(row["part"]), "severity": Severity(row["severity"])}
    return Damage(**{**row, **values})


async def find(tx: Tx, damage_id: UUID) -> Damage | None:
    row = await tx.row(f"{_SELECT} WHERE d.id = %s", (damage_id,))
    return None if row is None else _damage(row)


async def open_of(tx: Tx, car_id: UUID) -> list[Damage]:
    """What the car has now, the worst first."""
    rows = await tx.rows(
        f"{_SELECT} WHERE d.car_id = %s AND d.state = 'open' ORDER BY d.severity DESC, d.confirmed_at, d.id", (car_id,)
    )
    return [_damage(row) for row in rows]


async def put(tx: Tx, new: NewDamage) -> None:
    """Add it, or write what a person changed about the same one; who had the car stays as it was found out first."""
    await tx.run(
        """INSERT INTO damages (id, car_id, kind, part, severity, cost_gel, first_inspection_id, first_photo_id,
                                last_clean_photo_id, booking_id, confirmed_by, confirmed_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, part = excluded.part, severity = excluded.severity,
                  cost_gel = excluded.cost_gel, confirmed_by = excluded.confirmed_by,
                  confirmed_at = excluded.confirmed_at, last_clean_photo_id = excluded.last_clean_photo_id,
                  booking_id = excluded.booking_id""",
        (
            new.id,
            new.car_id,
            str(new.kind),
            str(new.part),
            int(new.severity),
            new.cost_gel,
            new.first_inspection_id,
            new.first_photo_id,
            new.last_clean_photo_id,
            new.booking_id,
            new.confirmed_by,
            new.confirmed_at,
        ),
    )


async def take_back(tx: Tx, damage_id: UUID, *, finding_id: UUID) -> None:
    """Whoever confirmed it thought better of it before the review was over: it never was. The audit remembers both.

    One that another finding leads to stays.
    """
    await tx.run("UPDATE findings SET damage_id = NULL WHERE id = %s", (finding_id,))
    await tx.run(
        """DELETE FROM damages WHERE id = %s AND NOT EXISTS (SELECT FROM findings WHERE damage_id = damages.id)""",
        (damage_id,),
    )

"""Operations: planned hand-overs and returns of bookings, and whether the car was inspected for them. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.inspection.views import Occasion
from db.session import Tx

AROUND = timedelta(hours=12)
"""An inspection that names no booking is for the operation that is not farther from it than this."""
KNOWN_BEFORE = timedelta(hours=1)
"""What was over longer than this when we first saw its booking is history: nobody is chased for it."""
NEXT_DAY = timedelta(hours=24)

_SELECT = """
SELECT k.id AS booking_id, k.number, k.car_id, k.branch, o.occasion, o.planned_at, k.client_name,
       k.responsible_rentprog_id, c.plate, c.model, c.rentprog_id AS car_number,
       coalesce(b.timezone, 'Asia/Tbilisi') AS timezone,
       (k.deleted_at IS NOT NULL OR k.car_id IS NULL OR k.state IN ('cancelled', 'refused')
           OR coalesce(k.technical, false) OR coalesce(k.repair, false)) AS is_off,
       (coalesce(k.in_rent, false) OR k.start_worker_id IS NOT NULL OR k.issued_event_at IS NOT NULL) AS is_issued,
       (k.returned_event_at IS NOT NULL OR (k.end_worker_id IS NOT NULL AND NOT coalesce(k.in_rent, false))
           OR k.state = 'finished') AS is_returned,
       CASE WHEN o.done_at > k.created_at + interval '1 minute' THEN o.done_at END AS done_at,
       k.created_at AS known_at,
       (SELECT max(i.submitted_at) FROM inspections AS i
        WHERE i.occasion = o.occasion AND i.state IN ('submitted', 'examined', 'reviewed') AND (
            i.booking_id = k.id OR (i.booking_id IS NULL AND i.car_id = k.car_id
                AND i.submitted_at BETWEEN o.planned_at - %(around)s AND o.planned_at + %(around)s))) AS inspected_at,
       (SELECT i.person_id FROM inspections AS i
        WHERE i.car_id = k.car_id AND i.occasion = o.occasion AND i.state IN ('open', 'paused')) AS inspector_id,
       EXISTS (SELECT 1 FROM inspections AS i
               WHERE i.car_id = k.car_id AND i.submitted_at > o.planned_at AND i.booking_id <> k.id
                 AND i.state IN ('submitted', 'examined', 'reviewed')) AS is_superseded
FROM bookings AS k
LEFT JOIN cars AS c ON c.id = k.car_id
LEFT JOIN branches AS b ON b.code = k.branch
CROSS JOIN LATERAL (VALUES ('hand_over', k.start_at, k.issued_event_at),
                           ('return', k.end_at, k.returned_event_at)) AS o(occasion, planned_at, done_at)
"""


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the two ends of a booking.

    ``is_off``: cancelled, technical, or without a car: nothing is owed. ``done_at``: when RentProg said it was done,
    where we saw that happen. ``inspector_id`` has the form in work; ``is_superseded``: the car was looked at for a
    later booking, so this look can no longer be had.
    """

    booking_id: UUID
    number: int | None
    car_id: UUID | None
    branch: str | None
    occasion: Occasion
    planned_at: datetime | None
    client_name: str | None
    responsible_rentprog_id: int | None
    plate: str | None
    model: str | None
    car_number: int | None
    timezone: str
    is_off: bool
    is_issued: bool
    is_returned: bool
    done_at: datetime | None
    known_at: datetime
    inspected_at: datetime | None
    inspector_id: UUID | None
    is_superseded: bool

    @property
    def subject(self) -> str:
        return subject_of(self.booking_id, self.occasion)

    @property
    def car(self) -> str:
        return " · ".join(part for part in (self.plate or f"№{self.car_number or '—'}", self.model) if part)

    @property
    def due_at(self) -> datetime | None:
        """When the car has to be inspected by: as planned, or when it was done before that."""
        return min((at for at in (self.planned_at, self.done_at) if at is not None), default=None)

    def settled(self, now: datetime) -> str | None:
        """Why nobody owes the inspection; None while somebody does."""
        if self.inspected_at is not None:
            return "inspected"
        if self.is_off or (self.occasion is Occasion.RETURN and not self.is_issued):
            return "cancelled"
        if self.due_at is None or self.due_at > now:
            return "moved"
        return "superseded" if self.is_superseded else None


def subject_of(booking_id: UUID, occasion: Occasion) -> str:
    """The name of an operation in events and waits."""
    return f"operation:{booking_id}:{occasion}"


def named(subject: str) -> tuple[UUID, Occasion]:
    """What ``subject_of`` put together."""
    _, booking_id, occasion = subject.split(":")
    return UUID(booking_id), Occasion(occasion)


async def find(tx: Tx, booking_id: UUID, occasion: Occasion) -> Operation | None:
    found = await _many(
        tx, "k.id = %(booking)s AND o.occasion = %(occasion)s", {"booking": booking_id, "occasion": occasion}
    )
    return found[0] if found else None


async def wanted(tx: Tx, car_id: UUID, occasion: Occasion, now: datetime) -> Operation | None:
    """The operation that somebody at the car means: what is to be done next, else what was just done uninspected."""
    expected = "NOT x.is_issued" if occasion is Occasion.HAND_OVER else "x.is_issued AND NOT x.is_returned"
    row = await tx.row(
        f"""SELECT * FROM ({_SELECT} WHERE k.car_id = %(car)s AND o.occasion = %(occasion)s) AS x
            WHERE NOT x.is_off AND x.inspected_at IS NULL AND (
                ({expected} AND (x.occasion = 'return' OR x.planned_at BETWEEN %(now)s - %(day)s AND %(now)s + %(day)s))
                OR (NOT ({expected}) AND x.is_issued
                    AND coalesce(x.done_at, x.planned_at) BETWEEN %(now)s - %(around)s AND %(now)s))
            ORDER BY ({expected}) DESC, abs(extract(epoch FROM x.planned_at - %(now)s)), x.booking_id LIMIT 1""",  # noqa: S608 - constants
        {"car": car_id, "occasion": occasion, "now": now, "around": AROUND, "day": NEXT_DAY},
    )
    return None if row is None else _operation(row)


async def near(tx: Tx, *, now: datetime, until: datetime) -> list[Operation]:
    """What is planned between now and then, and not done: hand-overs not issued, returns of what is out."""
    return await _many(
        tx,
        """o.planned_at > %(now)s AND o.planned_at <= %(until)s AND NOT coalesce(k.archive, false)
           AND (CASE o.occasion WHEN 'hand_over' THEN
                    NOT coalesce(k.in_rent, false) AND k.start_worker_id IS NULL AND k.issued_event_at IS NULL
                ELSE coalesce(k.in_rent, false) END)""",
        {"now": now, "until": until},
    )


async def missing(tx: Tx, *, now: datetime, since: datetime, patience: timedelta) -> list[Operation]:
    """Operations whose time came since the moment, and over whose inspection somebody should be asked by now."""
    due = "least(x.planned_at, x.done_at)"
    rows = await tx.rows(
        f"""SELECT * FROM ({_SELECT} WHERE (o.planned_at BETWEEN %(since)s AND %(now)s)
                                        OR (o.done_at BETWEEN %(since)s AND %(now)s)) AS x
            WHERE NOT x.is_off AND x.inspected_at IS NULL AND NOT x.is_superseded
              AND (x.occasion = 'hand_over' OR x.is_issued)
              AND {due} BETWEEN %(since)s AND %(now)s - %(patience)s AND {due} >= x.known_at - %(known)s
            ORDER BY {due}, x.booking_id""",  # noqa: S608 - constants
        {"now": now, "since": since, "patience": patience, "known": KNOWN_BEFORE, "around": AROUND},
    )
    return [_operation(row) for row in rows]


async def waited_for(tx: Tx, *, limit: int = 200) -> list[Operation]:
    """Operations whose inspection somebody is being asked for."""
    return await _many(
        tx,
        """EXISTS (SELECT 1 FROM waits AS w WHERE w.kind = 'inspection' AND w.ended_at IS NULL
                   AND w.subject = 'operation:' || k.id || ':' || o.occasion)""",
        {},
        limit=limit,
    )


async def _many(tx: Tx, condition: str, values: Mapping[str, Any], *, limit: int = 500) -> list[Operation]:
    rows = await tx.rows(
        f"{_SELECT} WHERE {condition} ORDER BY o.planned_at, k.id LIMIT %(limit)s",
        {"around": AROUND, "limit": limit, **values},
    )
    return [_operation(row) for row in rows]


def _operation(row: dict[str, Any]) -> Operation:
    return Operation(**{**row, "occasion": Occasion(row["occasion"])})

"""Absences: who is not there from when until when, and who said so."""

from datetime import datetime
from uuid import UUID

from core.ids import new_id
from db.session import Tx


async def leave(tx: Tx, person_id: UUID, *, since: datetime, until: datetime | None, told_by: str) -> None:
    """From then on the person is away; what was known of that time before is replaced."""
    await come_back(tx, person_id, now=since)
    await tx.run(
        "INSERT INTO absences (id, person_id, from_at, until_at, told_by) VALUES (%s, %s, %s, %s, %s)",
        (new_id(), person_id, since, until, told_by),
    )


async def come_back(tx: Tx, person_id: UUID, *, now: datetime) -> bool:
    """End what lasts and call off what was planned; False where the person was not away."""
    ended = await tx.run(
        """UPDATE absences SET until_at = greatest(from_at, %(now)s)
           WHERE person_id = %(person)s AND (until_at IS NULL OR until_at > %(now)s)""",
        {"person": person_id, "now": now},
    )
    return ended > 0

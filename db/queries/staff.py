"""Staff as a chain of people who answer: who works, who is absent, and whom RentProg's numbers mean."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.chain import Absence, Chain, Colleague
from core.roles import Role
from db.session import Tx


async def chain_of(tx: Tx, branch: str | None, now: datetime) -> Chain:
    """Everybody who may be asked about something of the branch, with the absences that are not over yet.

    Among equals whoever was approved first is asked first.
    """
    rows = await tx.rows(
        """SELECT p.id, p.role, p.branch,
                  coalesce(json_agg(json_build_array(a.from_at, a.until_at) ORDER BY a.from_at)
                           FILTER (WHERE a.id IS NOT NULL), '[]') AS absences
           FROM people AS p
           LEFT JOIN absences AS a ON a.person_id = p.id AND (a.until_at IS NULL OR a.until_at > %s)
           WHERE p.is_active AND p.approved_at IS NOT NULL
           GROUP BY p.id ORDER BY p.approved_at, p.id""",
        (now,),
    )
    return Chain(branch, tuple(_colleague(row["id"], row["role"], row["branch"], row["absences"]) for row in rows))


async def person_behind(tx: Tx, branch: str, rentprog_id: int) -> UUID | None:
    """Our person behind a user of RentProg, where somebody linked them; the same number means others elsewhere."""
    row = await tx.row(
        "SELECT person_id FROM rentprog_staff WHERE branch = %s AND rentprog_id = %s", (branch, rentprog_id)
    )
    return None if row is None else row["person_id"]


@dataclass(frozen=True, slots=True)
class Linked:
    """``verdict``: ``done``, ``unknown`` (no such number works there), ``taken`` (by another person), ``other``.

    ``other`` means that the person has another number there; ``name`` is RentProg's for the number it is about.
    """

    verdict: str
    name: str | None = None
    is_new: bool = False


async def link(tx: Tx, branch: str, rentprog_id: int, person_id: UUID) -> Linked:
    """Say which user of RentProg a person is; saying it again changes nothing."""
    rows = await tx.rows(
        """SELECT rentprog_id, name, person_id FROM rentprog_staff
           WHERE branch = %s AND (rentprog_id = %s OR person_id = %s) AND (is_active OR person_id = %s)
           ORDER BY rentprog_id FOR UPDATE""",
        (branch, rentprog_id, person_id, person_id),
    )
    wanted = next((row for row in rows if row["rentprog_id"] == rentprog_id), None)
    held = next((row for row in rows if row["person_id"] == person_id), None)
    if wanted is None:
        return Linked("unknown")
    if wanted["person_id"] == person_id:
        return Linked("done", wanted["name"])
    if wanted["person_id"] is not None:
        return Linked("taken", wanted["name"])
    if held is not None:
        return Linked("other", held["name"])
    await tx.run(
        "UPDATE rentprog_staff SET person_id = %s WHERE branch = %s AND rentprog_id = %s",
        (person_id, branch, rentprog_id),
    )
    return Linked("done", wanted["name"], is_new=True)


def _colleague(person_id: UUID, role: str, branch: str | None, absences: list[list[str | None]]) -> Colleague:
    return Colleague(
        id=person_id,
        role=Role(role),
        branch=branch,
        absences=tuple(
            Absence(since=datetime.fromisoformat(since), until=None if until is None else datetime.fromisoformat(until))
            for since, until in absences
            if since is not None
        ),
    )

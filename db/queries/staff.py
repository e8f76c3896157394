"""Staff as a chain of people who answer: who works, who is absent, and whom RentProg's numbers mean."""

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


async def person_behind(tx: Tx, branch: str, rentprog_id: int | None) -> UUID | None:
    """Our person behind a user of RentProg, where somebody linked them; the same number means others elsewhere."""
    row = await tx.row(
        "SELECT person_id FROM rentprog_staff WHERE branch = %s AND rentprog_id = %s", (branch, rentprog_id)
    )
    return None if row is None else row["person_id"]


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

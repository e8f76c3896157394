"""People: who they are, what they may decide, and how somebody unknown becomes one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from core.ids import new_id
from core.roles import Role
from db.session import Tx

ASK_AGAIN_AFTER = timedelta(days=1)
"""One request a day: a stranger cannot fill the managers' chats."""

_COLUMNS = "p.id, p.name, p.role, p.branch, p.tg_user_id, p.tg_username, p.language, p.approved_at"
_WORKING = "p.is_active AND p.approved_at IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Person:
    """An approved, active member of staff. Nobody else is ever a ``Person``."""

    id: UUID
    name: str
    role: Role
    branch: str | None
    tg_user_id: int
    tg_username: str | None
    language: str
    approved_at: datetime

    @property
    def trust(self) -> str:
        return f"staff:{self.id}"

    def decides_for(self, branch: str | None) -> bool:
        """Whether the branch is theirs to lead: a branch head leads their own, those above lead all."""
        if self.role is Role.BRANCH_HEAD:
            return branch is not None and branch == self.branch
        return self.role.is_at_least(Role.BRANCH_HEAD)

    def may_give(self, role: Role, branch: str | None) -> bool:
        """Only roles below one's own, only where one leads. A division head and above belong to no branch."""
        if role.is_at_least(self.role):
            return False
        if role.is_at_least(Role.DIVISION_HEAD):
            return branch is None
        return branch is not None and self.decides_for(branch)

    def may_make(self, other: "Person", role: Role) -> bool:
        return self.may_change(other) and role is not other.role and self.may_give(role, branch_in(role, other.branch))

    def may_change(self, other: "Person") -> bool:
        """Whether they may change or end the other's role; nobody decides about themselves."""
        return other.id != self.id and not other.role.is_at_least(self.role) and self.decides_for(other.branch)


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """A stranger's question. ``state``: asked, approved, refused."""

    tg_user_id: int
    name: str
    username: str | None
    language: str
    state: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None


class Asked(StrEnum):
    """What became of a ``/start`` by somebody unknown."""

    OPENED = "opened"
    WAITING = "waiting"
    TOO_SOON = "too_soon"


def branch_in(role: Role, branch: str | None) -> str | None:
    """Who rises above the branches leaves theirs."""
    return None if role.is_at_least(Role.DIVISION_HEAD) else branch


def person_of(row: dict[str, Any]) -> Person:
    return Person(**{**row, "role": Role(row["role"])})


async def by_telegram(tx: Tx, tg_user_id: int) -> Person | None:
    row = await tx.row(f"SELECT {_COLUMNS} FROM people AS p WHERE {_WORKING} AND tg_user_id = %s", (tg_user_id,))  # noqa: S608 - constants
    return None if row is None else person_of(row)


async def by_id(tx: Tx, person_id: UUID) -> Person | None:
    row = await tx.row(f"SELECT {_COLUMNS} FROM people AS p WHERE {_WORKING} AND id = %s", (person_id,))  # noqa: S608 - constants
    return None if row is None else person_of(row)


async def by_trust(tx: Tx, trust: str) -> Person | None:
    """The person behind an event's ``staff:<id>``, with the role they have now; None for every other label."""
    label, _, person_id = trust.partition(":")
    return await by_id(tx, UUID(person_id)) if label == "staff" else None


async def working(tx: Tx, *, branch: str | None = None, roles: Sequence[Role] = tuple(Role)) -> list[Person]:
    """Staff by branch, role and name; ``branch`` of None means everybody."""
    rows = await tx.rows(
        f"""SELECT {_COLUMNS} FROM people AS p
            WHERE {_WORKING} AND (%(branch)s::text IS NULL OR p.branch = %(branch)s) AND p.role = ANY(%(roles)s)
            ORDER BY p.branch NULLS FIRST, array_position(%(order)s::text[], p.role) DESC, p.name, p.id""",  # noqa: S608 - constants
        {"branch": branch, "roles": [str(role) for role in roles], "order": [str(role) for role in Role]},
    )
    return [person_of(row) for row in rows]


async def deciders(tx: Tx) -> list[Person]:
    """Who may let somebody in: branch heads and everybody above."""
    return await working(tx, roles=[role for role in Role if role.is_at_least(Role.BRANCH_HEAD)])


async def set_language(tx: Tx, person_id: UUID, language: str) -> None:
    await tx.run("UPDATE people SET language = %s WHERE id = %s", (language, person_id))


async def meet(tx: Tx, tg_user_id: int, *, name: str, username: str | None, language: str) -> None:
    """Learn how a seeded administrator is called, and their current username; a known name stays."""
    await tx.run(
        """UPDATE people SET tg_username = %(username)s,
                  language = CASE WHEN name = %(placeholder)s THEN %(language)s ELSE language END,
                  name = CASE WHEN name = %(placeholder)s THEN %(name)s ELSE name END
           WHERE tg_user_id = %(id)s""",
        {
            "id": tg_user_id,
            "name": name,
            "username": username,
            "language": language,
            "placeholder": _placeholder(tg_user_id),
        },
    )


async def seed_admins(tx: Tx, tg_user_ids: Sequence[int], *, now: datetime) -> None:
    """Make the administrators of the settings people who may do everything; their names come with their /start."""
    for tg_user_id in tg_user_ids:
        await tx.run(
            """INSERT INTO people (id, name, role, tg_user_id, approved_by, approved_at)
               VALUES (%s, %s, 'admin', %s, 'settings', %s)
               ON CONFLICT (tg_user_id) DO UPDATE SET role = 'admin', is_active = true,
                      approved_at = coalesce(people.approved_at, excluded.approved_at)""",
            (new_id(), _placeholder(tg_user_id), tg_user_id, now),
        )


def _placeholder(tg_user_id: int) -> str:
    return f"admin {tg_user_id}"


async def ask_access(
    tx: Tx, tg_user_id: int, *, name: str, username: str | None, language: str, now: datetime
) -> Asked:
    """Open a request, unless one was opened or decided less than a day ago."""
    opened = await tx.run(
        """INSERT INTO access_requests (tg_user_id, name, username, language, state, asked_at)
           VALUES (%(id)s, %(name)s, %(username)s, %(language)s, 'asked', %(now)s)
           ON CONFLICT (tg_user_id) DO UPDATE SET name = excluded.name, username = excluded.username,
                  language = excluded.language, state = 'asked', asked_at = excluded.asked_at, decided_by = NULL,
                  decided_at = NULL
           WHERE coalesce(access_requests.decided_at, access_requests.asked_at) <= %(now)s - %(gap)s""",
        {
            "id": tg_user_id,
            "name": name,
            "username": username,
            "language": language,
            "now": now,
            "gap": ASK_AGAIN_AFTER,
        },
    )
    if opened:
        return Asked.OPENED
    request = await access_request(tx, tg_user_id)
    return Asked.WAITING if request is not None and request.state == "asked" else Asked.TOO_SOON


async def access_request(tx: Tx, tg_user_id: int) -> AccessRequest | None:
    """The request, held until the commit: two managers who decide at once take turns."""
    row = await tx.row(
        """SELECT tg_user_id, name, username, language, state, asked_at, decided_by, decided_at
           FROM access_requests WHERE tg_user_id = %s FOR UPDATE""",
        (tg_user_id,),
    )
    return None if row is None else AccessRequest(**row)


async def close_request(tx: Tx, tg_user_id: int, *, is_approved: bool, decided_by: str, now: datetime) -> None:
    await tx.run(
        "UPDATE access_requests SET state = %s, decided_by = %s, decided_at = %s WHERE tg_user_id = %s",
        ("approved" if is_approved else "refused", decided_by, now, tg_user_id),
    )


async def admit(
    tx: Tx, request: AccessRequest, *, role: Role, branch: str | None, approved_by: str, now: datetime
) -> None:
    """Make the asker a person, or a former person one again."""
    await tx.run(
        """INSERT INTO people (id, name, role, branch, tg_user_id, tg_username, language, approved_by, approved_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (tg_user_id) DO UPDATE SET name = excluded.name, role = excluded.role, branch = excluded.branch,
                  tg_username = excluded.tg_username, approved_by = excluded.approved_by,
                  approved_at = excluded.approved_at, is_active = true""",
        (
            new_id(),
            request.name,
            str(role),
            branch,
            request.tg_user_id,
            request.username,
            request.language,
            approved_by,
            now,
        ),
    )


async def set_role(tx: Tx, person: Person, role: Role) -> None:
    await tx.run(
        "UPDATE people SET role = %s, branch = %s WHERE id = %s",
        (str(role), branch_in(role, person.branch), person.id),
    )


async def dismiss(tx: Tx, person: Person, *, decided_by: str, now: datetime) -> None:
    """End a person's access at once; asking again counts from now like after a refusal."""
    await tx.run("UPDATE people SET is_active = false WHERE id = %s", (person.id,))
    await close_request(tx, person.tg_user_id, is_approved=False, decided_by=decided_by, now=now)

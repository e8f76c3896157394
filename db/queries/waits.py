"""Waits: who owes an answer, how far the question has climbed, and when to look again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from core.ids import new_id
from db.session import Tx

CLOSED = "closed"
"""Ended by hand: what was said before is no question any more."""
DEFAULT_ZONE = "Asia/Tbilisi"
"""The zone of what belongs to no branch."""
_COLUMNS = "w.id, w.kind, w.subject, w.branch, w.since, w.level, w.next_at, w.holder_id, w.told"


@dataclass(frozen=True, slots=True)
class OpenWait:
    """An open wait. ``told``: the steps that were taken, each with ``step``, ``level``, ``to`` and ``at``."""

    id: UUID
    kind: str
    subject: str
    branch: str | None
    since: datetime
    level: int = 0
    next_at: datetime | None = None
    holder_id: UUID | None = None
    told: tuple[dict[str, Any], ...] = ()

    def after(self, step: str, *, to: UUID | None, at: datetime) -> "OpenWait":
        """With one more step taken."""
        entry = {"step": step, "level": self.level, "to": None if to is None else str(to), "at": at.isoformat()}
        return replace(self, told=(*self.told, entry))

    def effect_key(self, number: int) -> str:
        """Names what is said by a step, so that no step is said twice."""
        return f"wait:{self.id}:{number}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of ``/unanswered``: the client, the task, or what consent is asked for.

    ``chat_id`` and ``thread_id`` are the topic where it can be answered, where there is one.
    """

    kind: str
    name: str
    branch: str | None
    timezone: str
    since: datetime
    level: int
    holder: str | None
    chat_id: int | None
    thread_id: int | None


async def open_wait(tx: Tx, wait: OpenWait) -> bool:
    """False, and nothing changes, where one of the subject is open already."""
    made = await tx.run(
        """INSERT INTO waits (id, kind, subject, branch, since, level, next_at, holder_id, told)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (subject) WHERE ended_at IS NULL DO NOTHING""",
        (
            wait.id,
            wait.kind,
            wait.subject,
            wait.branch,
            wait.since,
            wait.level,
            wait.next_at,
            wait.holder_id,
            Jsonb(list(wait.told)),
        ),
    )
    return made == 1


def new_wait(kind: str, subject: str, *, branch: str | None, since: datetime, holder_id: UUID | None) -> OpenWait:
    return OpenWait(new_id(), kind, subject, branch, since, holder_id=holder_id)


async def lock_open(tx: Tx, subject: str) -> OpenWait | None:
    """The open wait of a subject, held until the commit."""
    row = await tx.row(
        f"SELECT {_COLUMNS} FROM waits AS w WHERE w.subject = %s AND w.ended_at IS NULL FOR UPDATE",  # noqa: S608 - constants
        (subject,),
    )
    return None if row is None else _wait(row)


async def lock(tx: Tx, wait_id: UUID) -> OpenWait | None:
    """The wait, held until the commit; None when it is over."""
    row = await tx.row(
        f"SELECT {_COLUMNS} FROM waits AS w WHERE w.id = %s AND w.ended_at IS NULL FOR UPDATE",  # noqa: S608 - constants
        (wait_id,),
    )
    return None if row is None else _wait(row)


async def store(tx: Tx, wait: OpenWait) -> None:
    """Write what changes while it is open; whoever changes it has locked it."""
    await tx.run(
        """UPDATE waits SET branch = %s, since = %s, level = %s, next_at = %s, holder_id = %s, told = %s
           WHERE id = %s AND ended_at IS NULL""",
        (wait.branch, wait.since, wait.level, wait.next_at, wait.holder_id, Jsonb(list(wait.told)), wait.id),
    )


async def end(tx: Tx, wait: OpenWait, *, why: str, now: datetime) -> None:
    await tx.run(
        "UPDATE waits SET ended_at = %s, ended_why = %s, next_at = NULL WHERE id = %s AND ended_at IS NULL",
        (now, why, wait.id),
    )


async def end_closed(tx: Tx, wait: OpenWait, *, now: datetime) -> None:
    """End the wait of a conversation that was closed: with the last words that were closed with it.

    What the client writes between the closing and our look at it asks anew.
    """
    row = await tx.row(
        """SELECT max(sent_at) AS last FROM messages
           WHERE direction = 'incoming' AND conversation_id = split_part(%s, ':', 2)::uuid""",
        (wait.subject,),
    )
    await end(tx, wait, why=CLOSED, now=now if row is None or row["last"] is None else row["last"])


async def due(tx: Tx, *, now: datetime, limit: int = 200) -> list[OpenWait]:
    """What is to be looked at, the longest overdue first."""
    rows = await tx.rows(
        f"""SELECT {_COLUMNS} FROM waits AS w WHERE w.ended_at IS NULL AND w.next_at <= %s
            ORDER BY w.next_at, w.id LIMIT %s""",  # noqa: S608 - constants
        (now, limit),
    )
    return [_wait(row) for row in rows]


async def look_again(tx: Tx, holder_id: UUID, *, now: datetime) -> int:
    """Something about the holder changed (an absence): decide anew about all that they owe."""
    return await tx.run(
        """UPDATE waits SET next_at = %(now)s
           WHERE holder_id = %(holder)s AND ended_at IS NULL AND (next_at IS NULL OR next_at > %(now)s)""",
        {"holder": holder_id, "now": now},
    )


async def leave_the_dismissed(tx: Tx, *, now: datetime) -> int:
    """Look at once at what is held by people who work here no more; nobody holds it then."""
    return await tx.run(
        """UPDATE waits SET holder_id = NULL, next_at = least(next_at, %(now)s)
           WHERE ended_at IS NULL AND next_at IS NOT NULL AND holder_id IN (
               SELECT id FROM people WHERE NOT is_active OR approved_at IS NULL)""",
        {"now": now},
    )


async def unanswered_since(tx: Tx, conversation_id: UUID) -> datetime | None:
    """When the client wrote what nobody has answered yet; None where the other side has the word.

    What was closed by hand needs no answer.
    """
    row = await tx.row(
        """SELECT min(m.sent_at) AS since FROM messages AS m
           WHERE m.conversation_id = %(id)s AND m.direction = 'incoming' AND m.author = 'client'
             AND m.sent_at >= coalesce(
                 (SELECT max(a.sent_at) FROM messages AS a
                  WHERE a.conversation_id = %(id)s AND a.direction = 'outgoing' AND a.delivery = 'sent'), '-infinity')
             AND m.sent_at > coalesce(
                 (SELECT max(w.ended_at) FROM waits AS w
                  WHERE w.subject = 'conversation:' || %(id)s::text AND w.ended_why = %(closed)s), '-infinity')""",
        {"id": conversation_id, "closed": CLOSED},
    )
    return None if row is None else row["since"]


async def zone_of(tx: Tx, branch: str | None) -> ZoneInfo:
    row = await tx.row("SELECT timezone FROM branches WHERE code = %s", (branch,))
    return ZoneInfo(DEFAULT_ZONE if row is None else row["timezone"])


async def has_group(tx: Tx, person_id: UUID) -> bool:
    """Whether the person has a group in which clients can be shown to them."""
    row = await tx.row(
        "SELECT 1 AS one FROM chats WHERE purpose = 'personal_group' AND person_id = %s AND is_member LIMIT 1",
        (person_id,),
    )
    return row is not None


async def found_at(tx: Tx, inspection_id: UUID) -> datetime | None:
    """Since when an inspection has a finding that a person has to say something about; None: it has none."""
    row = await tx.row(
        """SELECT min(created_at) AS first FROM findings
           WHERE inspection_id = %s AND (state IN ('proposed', 'need_photo') OR decided_by IS NOT NULL)""",
        (inspection_id,),
    )
    return None if row is None else row["first"]


async def listed(
    tx: Tx, *, viewer: UUID, branch: str | None, holder: UUID | None = None, now: datetime, limit: int = 100
) -> list[Listed]:
    """What has begun and is not answered, the longest first; of one branch, of one holder, or of all (None).

    The topic is the viewer's own where they have one, else the holder's.
    """
    rows = await tx.rows(
        """SELECT w.kind, w.branch, w.since, w.level, p.name AS holder, b.timezone, place.chat_id, place.thread_id,
                  CASE w.kind
                      WHEN 'conversation' THEN coalesce(
                          nullif(concat_ws(' ', cl.first_name, cl.last_name), ''), co.contact_name, '№' || co.lead_id)
                      WHEN 'task' THEN '#' || t.number || ' ' || t.title
                      WHEN 'review' THEN coalesce(car.plate, '—') || ' · №' || i.number
                      WHEN 'inspection' THEN coalesce(car.plate, '—') || coalesce(' · №' || k.number, '')
                      ELSE coalesce(a.arguments ->> 'client_text', a.arguments ->> 'action', c.kind, '—')
                  END AS name
           FROM waits AS w
           LEFT JOIN people AS p ON p.id = w.holder_id
           LEFT JOIN branches AS b ON b.code = w.branch
           LEFT JOIN conversations AS co ON w.kind = 'conversation' AND w.subject = 'conversation:' || co.id
           LEFT JOIN clients AS cl ON cl.id = co.client_id
           LEFT JOIN tasks AS t ON w.kind = 'task' AND w.subject = 'task:' || t.id
           LEFT JOIN approvals AS a ON w.kind = 'approval' AND w.subject = 'approval:' || a.id
           LEFT JOIN commands AS c ON c.id = a.command_id
           LEFT JOIN inspections AS i ON w.kind = 'review' AND w.subject = 'inspection:' || i.id
           LEFT JOIN bookings AS k ON w.kind = 'inspection' AND split_part(w.subject, ':', 2) = k.id::text
           LEFT JOIN cars AS car ON car.id = coalesce(i.car_id, k.car_id)
           LEFT JOIN LATERAL (
               SELECT topics.chat_id, topics.thread_id FROM topics
               JOIN chats ON chats.chat_id = topics.chat_id AND chats.is_member
               WHERE topics.entity = coalesce('car:' || car.id, a.subject, w.subject) AND topics.state = 'live'
                 AND (chats.person_id IN (%(viewer)s, w.holder_id) OR (car.id IS NOT NULL AND chats.branch = w.branch))
               ORDER BY chats.person_id = %(viewer)s DESC NULLS LAST, topics.chat_id LIMIT 1
           ) AS place ON true
           WHERE w.ended_at IS NULL AND w.since <= %(now)s AND coalesce(co.state, 'open') = 'open'
             AND (%(branch)s::text IS NULL OR w.branch = %(branch)s)
             AND (%(holder)s::uuid IS NULL OR w.holder_id = %(holder)s)
           ORDER BY w.since, w.id LIMIT %(limit)s""",
        {"viewer": viewer, "branch": branch, "holder": holder, "now": now, "limit": limit},
    )
    return [Listed(**{**row, "timezone": row["timezone"] or DEFAULT_ZONE}) for row in rows]


def _wait(row: dict[str, Any]) -> OpenWait:
    return OpenWait(**{**row, "told": tuple(row["told"])})


def looked_at(wait: OpenWait, at: datetime | None, *, now: datetime) -> OpenWait:
    """Look again then, but never at a moment that was looked at: each look is an event of its own."""
    return replace(wait, next_at=None if at is None else max(at, now + timedelta(seconds=1)))

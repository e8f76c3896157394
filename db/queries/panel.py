"""What the panel and the REST interface show beside the other queries, and the one thing they change: the retry."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from db import commands, runs
from db.events import lock_subjects
from db.queries import audit
from db.queries.fleet_views import NOT_COUNTED, READY
from db.queries.panel_cars import HELD
from db.session import Tx

Rows = list[dict[str, Any]]
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DeadKind = Literal["run", "command"]


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in a list, with how far its runs are: ``open`` ones have not ended, ``dead`` ones need a person."""

    id: int
    kind: str
    subject: str
    source: str
    branch: str | None
    trust: str
    received_at: datetime
    caused_by: int | None
    runs: int
    open_runs: int
    dead_runs: int


@dataclass(frozen=True, slots=True)
class Dead:
    """A run or command that nobody tries again. ``state`` is ``dead``, or ``unknown``: it may have been done."""

    what: DeadKind
    id: int
    name: str
    subject: str
    state: str
    attempt: int
    error: str | None
    at: datetime | None
    event_id: int | None


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch with its fleet in numbers and its forum. ``ready`` cars are free and may be offered."""

    code: str
    name: str
    timezone: str
    cars: int
    out: int
    ready: int
    forum_title: str | None
    forum_is_member: bool
    topics: int


async def timeline(tx: Tx, car_id: UUID, *, limit: int) -> list[EventLine]:
    """Events of the car and of its bookings, the newest first."""
    return await _event_lines(
        tx,
        # One walk of the index for each subject: a plain join would read the newest events of the whole company.
        """SELECT e.* FROM (SELECT 'car:' || %(id)s::text AS name UNION ALL
                            SELECT 'booking:' || k.id FROM bookings AS k WHERE k.car_id = %(id)s::uuid) AS subject
           CROSS JOIN LATERAL (SELECT * FROM events AS e WHERE e.subject = subject.name
                               ORDER BY e.id DESC LIMIT %(limit)s) AS e""",
        {"id": str(car_id), "limit": limit},
    )


async def events(
    tx: Tx, *, kind: str | None, subject: str | None, branch: str | None, before: int | None, limit: int
) -> list[EventLine]:
    """The newest events that fit every given filter and are older than the event ``before``.

    Only what is given becomes a condition: a plan made for "any or this one" would read the whole table.
    """
    given = {"kind": kind, "subject": subject, "branch": branch}
    conditions = [f"e.{name} = %({name})s" for name, value in given.items() if value is not None]
    if before is not None:
        conditions.append("e.id < %(before)s")
    which = f"SELECT e.* FROM events AS e WHERE {' AND '.join(conditions) or 'true'}"  # noqa: S608 - constants
    return await _event_lines(tx, which, {**given, "before": before, "limit": limit})


async def _event_lines(tx: Tx, which: str, parameters: dict[str, Any]) -> list[EventLine]:
    rows = await tx.rows(
        f"""SELECT e.id, e.kind, e.subject, e.source, e.branch, e.trust, e.received_at, e.caused_by,
                   work.runs, work.open_runs, work.dead_runs
            FROM ({which} ORDER BY e.id DESC LIMIT %(limit)s) AS e
            CROSS JOIN LATERAL (
                SELECT count(*) AS runs,
                       count(*) FILTER (WHERE r.state IN ('queued', 'running', 'waiting')) AS open_runs,
                       count(*) FILTER (WHERE r.state IN ('dead', 'failed')) AS dead_runs
                FROM runs AS r WHERE r.event_id = e.id) AS work
            ORDER BY e.id DESC""",  # noqa: S608 - made of the constants above
        parameters,
    )
    return [EventLine(**row) for row in rows]


async def names(tx: Tx, subjects: Sequence[str]) -> dict[str, str]:
    """How people call the cars, bookings and clients among these subjects; the others stay as they are."""
    rows = await tx.rows(
        """SELECT 'car:' || c.id AS subject, concat_ws(' ', coalesce(c.plate, '№' || c.rentprog_id), c.model) AS name
           FROM cars AS c WHERE c.id = ANY(%(car)s::uuid[])
           UNION ALL
           SELECT 'booking:' || k.id, concat_ws(' · ', 'booking ' || coalesce(k.number, k.rentprog_id), c.plate)
           FROM bookings AS k LEFT JOIN cars AS c ON c.id = k.car_id WHERE k.id = ANY(%(booking)s::uuid[])
           UNION ALL
           SELECT 'client:' || cl.id, concat_ws(' ', cl.first_name, cl.last_name)
           FROM clients AS cl WHERE cl.id = ANY(%(client)s::uuid[])
             AND coalesce(cl.first_name, cl.last_name) IS NOT NULL""",
        {noun: _ids(noun, subjects) for noun in ("car", "booking", "client")},
    )
    return {row["subject"]: row["name"] for row in rows}


def _ids(noun: str, subjects: Sequence[str]) -> list[str]:
    return [match[0] for subject in subjects if (match := _UUID.fullmatch(subject.removeprefix(f"{noun}:")))]


async def dead(tx: Tx, *, limit: int) -> list[Dead]:
    """Dead runs, and dead or unknown commands, the newest first."""
    rows = await tx.rows(
        """SELECT * FROM (
               SELECT 'run' AS what, id, agent AS name, subject, state, attempt, error, finished_at AS at, event_id
               FROM runs WHERE state = 'dead'
               UNION ALL
               SELECT 'command', id, kind, destination, state, attempt, error, created_at, event_id
               FROM commands WHERE state IN ('dead', 'unknown')
           ) AS dead ORDER BY at DESC NULLS FIRST, what, id LIMIT %s""",
        (limit,),
    )
    return [Dead(**row) for row in rows]


async def retry(tx: Tx, what: DeadKind, number: int, *, by: str, at: datetime) -> bool:
    """Give a dead run, or a dead or unknown command, its tries back, and write down who did; False when it is not."""
    is_retried = await (_retry_run(tx, number) if what == "run" else commands.redrive(tx, number))
    if is_retried:
        await audit.append(tx, actor=by, action=f"{what}.retried", subject=f"{what}:{number}", at=at)
    return is_retried


async def _retry_run(tx: Tx, run_id: int) -> bool:
    row = await tx.row("SELECT subject FROM runs WHERE id = %s", (run_id,))
    if row is None:
        return False
    await lock_subjects(tx, [row["subject"]])
    if await runs.redrive(tx, run_id) is None:
        return False
    await runs.promote(tx, [run_id])
    return True


async def quarantined(tx: Tx, *, limit: int) -> Rows:
    """Outside records that were kept and not applied, the newest first."""
    return await tx.rows(
        """SELECT system, branch, entity, external_id, reason, event_id, at FROM quarantine
           WHERE released_at IS NULL ORDER BY at DESC, id LIMIT %s""",
        (limit,),
    )


async def open_alarms(tx: Tx, *, limit: int) -> Rows:
    return await tx.rows(
        """SELECT key, text_key, args, opened_at, last_at, count FROM alarms
           WHERE cleared_at IS NULL ORDER BY last_at DESC, key LIMIT %s""",
        (limit,),
    )


async def branches(tx: Tx) -> list[Branch]:
    rows = await tx.rows(
        f"""SELECT b.code, b.name, b.timezone, coalesce(fleet.cars, 0) AS cars, coalesce(fleet.out, 0) AS out,
                   coalesce(fleet.ready, 0) AS ready, h.title AS forum_title,
                   coalesce(h.is_member, false) AS forum_is_member,
                   (SELECT count(*) FROM topics AS t
                    WHERE t.chat_id = h.chat_id AND t.state = 'live' AND NOT t.is_closed) AS topics
            FROM branches AS b
            LEFT JOIN chats AS h ON h.branch = b.code AND h.purpose = 'branch_forum'
            LEFT JOIN LATERAL (
                SELECT count(*) AS cars, count(*) FILTER (WHERE held.is_out) AS out,
                       count(*) FILTER (WHERE NOT held.is_out AND c.active AND c.state = %(ready)s) AS ready
                FROM cars AS c
                CROSS JOIN LATERAL (SELECT EXISTS ({HELD} AND k.in_rent) AS is_out) AS held
                WHERE c.branch = b.code AND c.deleted_at IS NULL) AS fleet ON true
            WHERE b.is_active ORDER BY b.name, b.code""",  # noqa: S608 - constants
        {"ready": READY, "not_counted": list(NOT_COUNTED)},
    )
    return [Branch(**row) for row in rows]


async def waiting_requests(tx: Tx) -> Rows:
    """Strangers who asked for access and wait for a manager."""
    return await tx.rows(
        """SELECT tg_user_id, name, username, language, asked_at FROM access_requests
           WHERE state = 'asked' ORDER BY asked_at"""
    )

"""Tasks: what somebody owes, what it is about, who changed what of it, and when its time comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core.clock import local_text
from core.ids import outside_id
from db.session import Tx
from db.storable import storable_row, storable_text

OPEN = ("todo", "in_progress", "blocked")
REMINDERS = "tasks"
"""The source of reminder events: one for a task and a moment, however often the clock ticks."""
RULES = "agent:triage:rules"
"""Who made a task that came from words alone, while no model was there to read them."""
MODEL = "agent:triage"
"""Who made a task that a model read out of somebody's words."""
REFUSED = "refused"
"""The field of a change that was wanted and not allowed."""
_MOMENTS = frozenset({"due_at", "snooze_until", "closed_at"})
_CHANGEABLE = frozenset(
    {"title", "nature", "part", "status", "priority", "assignee_id", "due_at", "snooze_until", "closed_at"}
)

_SELECT = """
SELECT t.id, t.number, t.title, t.details, t.nature, t.part, t.status, t.priority, t.source, t.assignee_id, t.branch,
       t.due_at, t.snooze_until, t.created_by, t.created_at, t.closed_at,
       p.name AS assignee_name, coalesce(b.timezone, 'Asia/Tbilisi') AS timezone,
       (SELECT coalesce(array_agg(l.subject ORDER BY l.subject), '{}') FROM task_links AS l WHERE l.task_id = t.id)
       AS links,
       (SELECT coalesce(max(c.id), 0) FROM task_changes AS c WHERE c.task_id = t.id) AS version
FROM tasks AS t
LEFT JOIN people AS p ON p.id = t.assignee_id
LEFT JOIN branches AS b ON b.code = t.branch
"""
_IS_OPEN = "t.status IN ('todo', 'in_progress', 'blocked')"
_BY_URGENCY = """ORDER BY t.due_at IS NULL, t.due_at,
    array_position(ARRAY['urgent', 'high', 'normal', 'low'], t.priority), t.number"""


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be. ``created_by`` is a label: ``staff:<id>``, ``agent:<name>``."""

    id: UUID
    title: str
    source: str
    created_by: str
    nature: str = "task"
    part: str | None = None
    details: str | None = None
    priority: str = "normal"
    assignee_id: UUID | None = None
    branch: str | None = None
    due_at: datetime | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it stands. ``timezone`` is its branch's; ``version`` grows with every change, refused ones included."""

    id: UUID
    number: int
    title: str
    details: str | None
    nature: str
    part: str | None
    status: str
    priority: str
    source: str
    assignee_id: UUID | None
    branch: str | None
    due_at: datetime | None
    snooze_until: datetime | None
    created_by: str
    created_at: datetime
    closed_at: datetime | None
    assignee_name: str | None
    timezone: str
    links: tuple[str, ...]
    version: int

    @property
    def subject(self) -> str:
        return subject_of(self.id)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def moment(self, now: datetime) -> datetime | None:
        """The latest of its times that has come: the due time or the end of a snooze; none while it is snoozed."""
        if not self.is_open or (self.snooze_until is not None and self.snooze_until > now):
            return None
        return max((at for at in (self.due_at, self.snooze_until) if at is not None and at <= now), default=None)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a task's history. ``by`` is the name of the person, else the label of what did it."""

    at: datetime
    by: str
    field: str
    old: str | None
    new: str | None

    def told(self, zone: ZoneInfo) -> str:
        """The new value as people read it; a moment by the clock of the branch."""
        if self.field in _MOMENTS and self.new is not None:
            return local_text(datetime.fromisoformat(self.new), zone)
        return self.new or "—"


def subject_of(task_id: UUID) -> str:
    """The name of a task in events, topics and posts."""
    return f"task:{task_id}"


def id_of_message(chat_id: int, message_id: int) -> UUID:
    """The one task that a message of staff may become."""
    return outside_id("telegram", "task", f"{chat_id}:{message_id}")


def _task(row: dict[str, Any]) -> Task:
    return Task(**{**row, "links": tuple(row["links"])})


async def find(tx: Tx, task_id: UUID) -> Task | None:
    row = await tx.row(f"{_SELECT} WHERE t.id = %s", (task_id,))
    return None if row is None else _task(row)


async def lock(tx: Tx, task_id: UUID) -> Task | None:
    """The task, held until the commit: two people who press at once take turns."""
    await tx.run("SELECT 1 FROM tasks WHERE id = %s FOR UPDATE", (task_id,))
    return await find(tx, task_id)


async def create(tx: Tx, new: NewTask) -> bool:
    """False, and nothing changes, when there is such a task already."""
    made = await tx.run(
        """INSERT INTO tasks (id, title, details, nature, part, priority, source, assignee_id, branch, due_at,
                              created_by)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING""",
        (
            new.id,
            storable_text(new.title),
            None if new.details is None else storable_text(new.details),
            new.nature,
            new.part,
            new.priority,
            new.source,
            new.assignee_id,
            new.branch,
            new.due_at,
            new.created_by,
        ),
    )
    if made == 0:
        return False
    await tx.run(
        "INSERT INTO task_links (task_id, subject) SELECT %s, subject FROM unnest(%s::text[]) AS subject",
        (new.id, sorted(set(new.links))),
    )
    await _note(tx, new.id, actor=new.created_by, field="status", old=None, new="todo")
    return True


async def change(tx: Tx, task: Task, fields: Mapping[str, Any], *, actor: str) -> None:
    """Write new values, each with a line of history, also where the value is the same as before."""
    unknown = set(fields) - _CHANGEABLE
    if unknown:
        raise ValueError(f"not columns of a task that may change: {sorted(unknown)}")
    for field, value in storable_row(fields).items():
        await tx.run(f"UPDATE tasks SET {field} = %s WHERE id = %s", (value, task.id))  # noqa: S608 - checked above
        await _note(tx, task.id, actor=actor, field=field, old=getattr(task, field), new=value)


async def note_refused(tx: Tx, task_id: UUID, wanted: str, *, actor: str) -> None:
    await _note(tx, task_id, actor=actor, field=REFUSED, old=None, new=wanted)


async def _note(tx: Tx, task_id: UUID, *, actor: str, field: str, old: object, new: object) -> None:
    await tx.run(
        "INSERT INTO task_changes (task_id, actor, field, old, new) VALUES (%s, %s, %s, %s, %s)",
        (task_id, actor, field, _words(old), _words(new)),
    )


def _words(value: object) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)


async def changes(tx: Tx, task_id: UUID, *, limit: int = 10) -> list[Change]:
    """The newest changes, oldest of them first."""
    rows = await tx.rows(
        """SELECT c.at, coalesce(p.name, c.actor) AS by, c.field, coalesce(po.name, c.old) AS old,
                  coalesce(pn.name, c.new) AS new
           FROM task_changes AS c
           LEFT JOIN people AS p ON c.actor = 'staff:' || p.id
           LEFT JOIN people AS po ON c.field = 'assignee_id' AND c.old = po.id::text
           LEFT JOIN people AS pn ON c.field = 'assignee_id' AND c.new = pn.id::text
           WHERE c.task_id = %s AND c.field <> 'closed_at' ORDER BY c.id DESC LIMIT %s""",
        (task_id, limit),
    )
    return [Change(**row) for row in reversed(rows)]


async def assigned_to(tx: Tx, person_id: UUID) -> list[Task]:
    """Open tasks of a person, what is due first."""
    rows = await tx.rows(f"{_SELECT} WHERE t.assignee_id = %s AND {_IS_OPEN} {_BY_URGENCY}", (person_id,))
    return [_task(row) for row in rows]


async def of_branch(tx: Tx, branch: str | None) -> list[Task]:
    """Open tasks of a branch; None means all branches."""
    rows = await tx.rows(
        f"{_SELECT} WHERE (%(branch)s::text IS NULL OR t.branch = %(branch)s) AND {_IS_OPEN} {_BY_URGENCY}",
        {"branch": branch},
    )
    return [_task(row) for row in rows]


async def about(tx: Tx, subjects: Sequence[str]) -> list[Task]:
    """Open tasks that are linked to one of the subjects."""
    rows = await tx.rows(
        f"""{_SELECT} WHERE {_IS_OPEN}
            AND EXISTS (SELECT 1 FROM task_links AS l WHERE l.task_id = t.id AND l.subject = ANY(%s))
            {_BY_URGENCY}""",  # noqa: S608 - constants
        (list(subjects),),
    )
    return [_task(row) for row in rows]


async def open_of(tx: Tx, person: UUID, label: str) -> list[Task]:
    """Open tasks that a person owes or made; ``label`` is theirs."""
    rows = await tx.rows(
        f"{_SELECT} WHERE (t.assignee_id = %s OR t.created_by = %s) AND {_IS_OPEN} {_BY_URGENCY}", (person, label)
    )
    return [_task(row) for row in rows]


def reminder_key(task_id: UUID, moment: datetime) -> str:
    """Names the one reminder of a task for a moment."""
    return f"reminder:{task_id}:{int(moment.timestamp())}"


async def not_reminded(tx: Tx, *, now: datetime, limit: int = 1000) -> list[Task]:
    """Open tasks whose time has come and of which nobody was reminded for that time, the oldest first."""
    rows = await tx.rows(
        f"""{_SELECT} WHERE {_IS_OPEN} AND (t.snooze_until IS NULL OR t.snooze_until <= %(now)s)
              AND (t.due_at <= %(now)s OR t.snooze_until <= %(now)s)
              AND NOT EXISTS (
                  SELECT 1 FROM events AS e WHERE e.source = %(source)s AND e.external_id = 'reminder:' || t.id || ':'
                      || floor(extract(epoch FROM greatest(t.snooze_until,
                            CASE WHEN t.due_at <= %(now)s THEN t.due_at END)))::bigint)
            ORDER BY coalesce(t.due_at, t.snooze_until), t.number LIMIT %(limit)s""",  # noqa: S608 - constants
        {"now": now, "source": REMINDERS, "limit": limit},
    )
    return [_task(row) for row in rows]


async def card_chats(tx: Tx, task_id: UUID) -> list[int]:
    """The chats in which a card of the task stands."""
    rows = await tx.rows(
        "SELECT chat_id FROM posts WHERE entity = %s AND purpose = 'card' ORDER BY chat_id", (subject_of(task_id),)
    )
    return [row["chat_id"] for row in rows]


async def link_names(tx: Tx, task: Task) -> list[tuple[str, str]]:
    """Kind and name of everything the task is about, as people call it; what is gone from our rows is left out."""
    rows = await tx.rows(
        """SELECT split_part(l.subject, ':', 1) AS kind,
                  coalesce(nullif(concat_ws(' ', coalesce(c.plate, '№' || c.rentprog_id), c.model), ''),
                           '№' || coalesce(k.number, k.rentprog_id),
                           nullif(concat_ws(' ', cl.first_name, cl.last_name), ''), '№' || cl.rentprog_id,
                           coalesce(v.contact_name, '№' || v.lead_id)) AS name
           FROM unnest(%s::text[]) AS l(subject)
           LEFT JOIN cars AS c ON l.subject = 'car:' || c.id
           LEFT JOIN bookings AS k ON l.subject = 'booking:' || k.id
           LEFT JOIN clients AS cl ON l.subject = 'client:' || cl.id
           LEFT JOIN conversations AS v ON l.subject = 'conversation:' || v.id
           ORDER BY l.subject""",
        (list(task.links),),
    )
    return [(row["kind"], row["name"]) for row in rows if row["name"]]


async def headquarters(tx: Tx) -> int | None:
    """The forum with a topic for every car of the fleet."""
    row = await tx.row(
        "SELECT chat_id FROM chats WHERE purpose = 'headquarters' AND is_member ORDER BY updated_at DESC LIMIT 1"
    )
    return None if row is None else int(row["chat_id"])

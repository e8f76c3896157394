"""What a decision about a task changes: pure (business rules, section 14; owner's decisions, ``tasks.snooze``)."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core.events import TaskChange
from core.hours import EVENING
from core.roles import Role
from db.queries.people import Person
from db.queries.tasks import Task

HOUR = timedelta(hours=1)
MORNING = time(9)
_STATUS = {"start": "in_progress", "block": "blocked", "done": "done", "cancel": "cancelled", "reopen": "todo"}


def may_steer(person: Person, task: Task) -> bool:
    """Whose task it is, who made it, their colleagues of the branch, and whoever leads it."""
    is_concerned = person.id == task.assignee_id or person.trust == task.created_by
    is_colleague = task.branch is not None and person.branch == task.branch
    return is_concerned or is_colleague or person.role.is_at_least(Role.DIVISION_HEAD)


def steer(task: Task, change: TaskChange, *, now: datetime, to_person: UUID | None = None) -> Mapping[str, Any]:
    """The new values of the task's fields; none where it stands so already, or where the change does not fit it."""
    if change == "reopen":
        return {} if task.is_open else {"status": "todo", "closed_at": None, "snooze_until": None}
    if not task.is_open:
        return {}
    match change:
        case "done" | "cancel":
            return {"status": _STATUS[change], "closed_at": now}
        case "start" | "block":
            return {} if task.status == _STATUS[change] else {"status": _STATUS[change]}
        case "snooze_hour" | "snooze_today" | "snooze_tomorrow":
            return {"snooze_until": snooze_end(change, now=now, zone=ZoneInfo(task.timezone))}
        case "assign":
            is_same = to_person is None or to_person == task.assignee_id
            return {} if is_same else {"assignee_id": to_person}


def snooze_end(change: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """One hour; 18:00 of today, or an hour where that is over; 09:00 of tomorrow, by the clock of the branch."""
    today = now.astimezone(zone).date()
    match change:
        case "snooze_today":
            evening = datetime.combine(today, EVENING, zone).astimezone(UTC)
            return evening if evening > now else now + HOUR
        case "snooze_tomorrow":
            return datetime.combine(today + timedelta(days=1), MORNING, zone).astimezone(UTC)
        case _:
            return now + HOUR

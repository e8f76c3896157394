"""Find whose time has come; whatever else happens to a task is decided in ``store``, under the lock of its row."""

from datetime import datetime
from zoneinfo import ZoneInfo

from agents.spec import Deps, Outcome
from core.events import (
    Event,
    NewEvent,
    PersonalGroupBound,
    TaskCreated,
    TaskReminder,
    TasksDue,
    TaskStatusChanged,
    TaskSteered,
    TaskUpdated,
    TaskWanted,
)
from core.settings import HoursSettings
from db.queries import tasks
from db.queries.tasks import Task

Handled = (
    TaskCreated
    | TaskUpdated
    | TaskStatusChanged
    | TaskSteered
    | TaskWanted
    | TaskReminder
    | TasksDue
    | PersonalGroupBound
)


async def run(event: Event[Handled], deps: Deps) -> Outcome:
    now = deps.clock.now()
    if not isinstance(event.body, TasksDue):
        return Outcome(changes=now)
    async with deps.db.transaction() as tx:
        due = await tasks.not_reminded(tx, now=now)
    loud = [task for task in due if not _is_quiet(task, now, deps.settings.hours)]
    reminders = tuple(reminder for task in loud if (reminder := _reminder(task, now)) is not None)
    note = f"{len(reminders)} have come due" if due else None
    return Outcome(changes=now, events=reminders, note=note)


def _is_quiet(task: Task, now: datetime, settings: HoursSettings) -> bool:
    """At night only what is urgent is said; the rest is found again by a tick of the morning."""
    hours = settings.quiet(ZoneInfo(task.timezone))
    return hours.next_allowed(now, is_critical=task.priority == "urgent") > now


def _reminder(task: Task, now: datetime) -> NewEvent[TaskReminder] | None:
    moment = task.moment(now)
    if moment is None:
        return None
    return NewEvent(
        body=TaskReminder(task_id=task.id),
        subject=task.subject,
        source=tasks.REMINDERS,
        external_id=tasks.reminder_key(task.id, moment),
        branch=task.branch,
    )


def moment_of(changes: object) -> datetime:
    """When the run decided, carried from ``run`` to ``save``."""
    assert isinstance(changes, datetime)
    return changes

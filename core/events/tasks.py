"""What somebody owes, and what people decide about it."""

from typing import ClassVar, Literal
from uuid import UUID

from core.events.envelope import EventBody

TaskChange = Literal[
    "done", "start", "block", "cancel", "reopen", "snooze_hour", "snooze_today", "snooze_tomorrow", "assign"
]


class TaskCreated(EventBody):
    """A new task. ``chat_id``, ``thread_id`` and ``reply_to`` tell where it came from: its first card stands there."""

    kind: ClassVar[str] = "task.created"
    task_id: UUID
    chat_id: int | None = None
    thread_id: int | None = None
    reply_to: int | None = None


class TaskUpdated(EventBody):
    """``changed`` names our columns."""

    kind: ClassVar[str] = "task.updated"
    task_id: UUID
    changed: tuple[str, ...]


class TaskStatusChanged(EventBody):
    kind: ClassVar[str] = "task.status.changed"
    task_id: UUID
    old: str
    new: str


class TaskSteered(EventBody):
    """Somebody pressed a button under a task's card or gave a command."""

    kind: ClassVar[str] = "task.steered"
    task_id: UUID
    change: TaskChange
    to_person: UUID | None = None


class TaskWanted(EventBody):
    """``/task create``: who wrote it, and what about; ``due`` is a moment in ISO form."""

    kind: ClassVar[str] = "task.wanted"
    text: str
    person_id: UUID
    links: tuple[str, ...] = ()
    due: str | None = None
    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None


class TasksDue(EventBody):
    """Tick: tasks whose due time or end of snooze has come."""

    kind: ClassVar[str] = "check.tasks"


class TaskReminder(EventBody):
    """The time of a task has come: its due time, or the end of a snooze."""

    kind: ClassVar[str] = "task.reminder"
    task_id: UUID


class UnansweredDue(EventBody):
    """Tick: whoever owes an answer and has not given it."""

    kind: ClassVar[str] = "check.unanswered"


class WaitRanOut(EventBody):
    """The time of one step is over; looked at again before anything is said."""

    kind: ClassVar[str] = "wait.ran_out"
    wait_id: UUID


class ApprovalAsked(EventBody):
    kind: ClassVar[str] = "approval.asked"
    approval_id: UUID


class ApprovalDecided(EventBody):
    """A person pressed a button; free text is never taken for consent."""

    kind: ClassVar[str] = "approval.decided"
    approval_id: UUID
    is_granted: bool


class ApprovalEnded(EventBody):
    """Consumed, refused or expired: nobody has to be asked any more."""

    kind: ClassVar[str] = "approval.ended"
    approval_id: UUID
    state: Literal["consumed", "refused", "expired"]


class ApprovalsDue(EventBody):
    """Tick: approvals whose time is over."""

    kind: ClassVar[str] = "check.approvals"

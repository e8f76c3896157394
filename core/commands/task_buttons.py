"""The buttons under a task: its card and its reminder carry the same ones."""

from typing import Any
from uuid import UUID

from core.commands.texts import Button, Text
from core.events.tasks import TaskChange, TaskSteered

DETAILS = "screen.task_details"
ASSIGN = "screen.task_assign"
_SNOOZES: tuple[tuple[TaskChange, str], ...] = (
    ("snooze_hour", "task-snooze-hour"),
    ("snooze_today", "task-snooze-today"),
    ("snooze_tomorrow", "task-snooze-tomorrow"),
)
ButtonRows = tuple[tuple[Button, ...], ...]


def task_buttons(task_id: UUID, status: str) -> ButtonRows:
    """What can be done with a task that stands so; a closed one can be opened again."""
    details = _screen(task_id, "task-details-button", DETAILS)
    if status in {"done", "cancelled"}:
        return ((steer_button(task_id, "reopen", "task-reopen"), details),)
    done = steer_button(task_id, "done", "task-done", style="success")
    start = () if status == "in_progress" else (steer_button(task_id, "start", "task-start"),)
    return (
        (done, *start),
        tuple(steer_button(task_id, change, label) for change, label in _SNOOZES),
        (_screen(task_id, "task-assign", ASSIGN), details),
    )


def steer_button(task_id: UUID, change: TaskChange, label: str, *, style: str | None = None) -> Button:
    return _button(TaskSteered(task_id=task_id, change=change), Text(key=label), style)


def assign_button(task_id: UUID, person_id: UUID, name: str) -> Button:
    """Give the task to this person."""
    body = TaskSteered(task_id=task_id, change="assign", to_person=person_id)
    return _button(body, Text(key="button-plain", args={"label": name}), None)


def _button(body: TaskSteered, label: Text, style: str | None) -> Button:
    return Button(
        label=label,
        event_kind=TaskSteered.kind,
        event=body.model_dump(mode="json"),
        subject=f"task:{body.task_id}",
        style=style,
    )


def _screen(task_id: UUID, label: str, screen: str) -> Button:
    payload: dict[str, Any] = {"task_id": str(task_id)}
    return Button(label=Text(key=label), event_kind=screen, event=payload, subject=f"screen:{screen}")

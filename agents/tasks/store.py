"""Write down what was wanted of a task, once, and bring its cards up to date."""

from datetime import datetime
from typing import Any
from uuid import UUID

from agents.spec import Outcome
from agents.tasks.agent import Handled, moment_of
from agents.tasks.decide import may_steer, steer
from agents.tasks.orders import Spot, home_of, remind, show, show_everywhere, tell
from core.commands import NewCommand, Text
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
from core.ids import outside_id
from db.queries import people, tasks
from db.queries.people import Person
from db.queries.tasks import NewTask, Task
from db.session import Tx


async def save(tx: Tx, event: Event[Handled], outcome: Outcome) -> Outcome:  # noqa: PLR0911 - one for each kind
    now = moment_of(outcome.changes)
    match event.body:
        case TaskWanted() as wanted:
            return await _create(tx, event, wanted)
        case TaskCreated() as made:
            return await _show(tx, event, made.task_id, _source(made))
        case TaskUpdated(task_id=task_id) | TaskStatusChanged(task_id=task_id):
            return await _show(tx, event, task_id)
        case TaskSteered() as steered:
            return await _steer(tx, event, steered, now)
        case TaskReminder(task_id=task_id):
            return await _remind(tx, task_id, now)
        case PersonalGroupBound() as bound:
            return await _fill(tx, event, bound)
        case TasksDue():
            return outcome


def _source(made: TaskCreated) -> Spot | None:
    return None if made.chat_id is None else Spot(made.chat_id, thread_id=made.thread_id, reply_to=made.reply_to)


async def _create(tx: Tx, event: Event[Handled], wanted: TaskWanted) -> Outcome:
    """The task belongs to whoever wrote it until somebody gives it on."""
    person = await people.by_id(tx, wanted.person_id)
    if person is None:
        return Outcome(note="whoever wanted it works here no more")
    new = NewTask(
        id=outside_id("jarvis", "task", event.id),
        title=wanted.text,
        source="human",
        created_by=person.trust,
        assignee_id=person.id,
        branch=event.branch or person.branch,
        due_at=None if wanted.due is None else datetime.fromisoformat(wanted.due),
        links=wanted.links,
    )
    if not await tasks.create(tx, new):
        return Outcome(note="it is there already")
    made = TaskCreated(task_id=new.id, chat_id=wanted.chat_id, thread_id=wanted.thread_id, reply_to=wanted.reply_to)
    return Outcome(events=(_event(made, new.id, new.branch),), note="created")


async def _show(tx: Tx, event: Event[Handled], task_id: UUID, source: Spot | None = None) -> Outcome:
    task = await tasks.find(tx, task_id)
    if task is None:
        return Outcome(note="no such task")
    return Outcome(commands=await show_everywhere(tx, task, event_id=event.id, source=source))


async def _steer(tx: Tx, event: Event[Handled], steered: TaskSteered, now: datetime) -> Outcome:
    """Rights and the state of the task are those of now, whatever the card showed when somebody pressed."""
    task = await tasks.lock(tx, steered.task_id)
    if task is None:
        return Outcome(note="no such task")
    person = await people.by_trust(tx, event.trust)
    if event.trust != "system" and (person is None or not may_steer(person, task)):
        return await _refuse(tx, event, task, steered, person)
    if steered.to_person is not None and await people.by_id(tx, steered.to_person) is None:
        return await _refuse(tx, event, task, steered, person)
    fields = steer(task, steered.change, now=now, to_person=steered.to_person)
    if not fields:
        cards = await show_everywhere(tx, task, event_id=event.id)
        return Outcome(commands=cards, note="it stands so already")
    await tasks.change(tx, task, fields, actor=event.trust)
    body = TaskUpdated(task_id=task.id, changed=tuple(fields))
    if "status" in fields:
        body = TaskStatusChanged(task_id=task.id, old=task.status, new=fields["status"])
    return Outcome(events=(_event(body, task.id, task.branch),), note=", ".join(fields))


async def _refuse(tx: Tx, event: Event[Handled], task: Task, steered: TaskSteered, person: Person | None) -> Outcome:
    """The press used up the buttons of every card, so all cards get new ones."""
    await tasks.note_refused(tx, task.id, steered.change, actor=event.trust)
    told: tuple[NewCommand, ...] = ()
    if person is not None:
        text = Text(key="task-not-yours", args={"number": str(task.number)})
        told = (tell(person.tg_user_id, text, person.language, event_id=event.id),)
    return Outcome(commands=(*told, *await show_everywhere(tx, task, event_id=event.id)), note="not allowed")


async def _remind(tx: Tx, task_id: UUID, now: datetime) -> Outcome:
    task = await tasks.find(tx, task_id)
    moment = None if task is None else task.moment(now)
    if task is None or moment is None:
        return Outcome(note="its time is not come, or it is over")
    home = await home_of(tx, task.assignee_id) or await _maker(tx, task)
    if home is None:
        return Outcome(note="nobody to remind")
    return Outcome(commands=(remind(task, home, moment),))


async def _maker(tx: Tx, task: Task) -> Spot | None:
    """Where whoever made a task looks, for one that nobody has."""
    person = await people.by_trust(tx, task.created_by)
    return None if person is None else await home_of(tx, person.id)


async def _fill(tx: Tx, event: Event[Handled], bound: PersonalGroupBound) -> Outcome:
    """A new group of tasks gets a topic for every open task of its person."""
    if bound.purpose != "task_group":
        return Outcome()
    owed = await tasks.assigned_to(tx, bound.person_id)
    spot = Spot(bound.chat_id, is_group=True)
    cards = tuple(show(task.id, spot, event_id=event.id, branch=task.branch) for task in owed)
    return Outcome(commands=cards, note=f"{len(cards)} tasks to show")


def _event(body: TaskCreated | TaskUpdated | TaskStatusChanged, task_id: UUID, branch: str | None) -> NewEvent[Any]:
    return NewEvent(body=body, subject=tasks.subject_of(task_id), branch=branch)

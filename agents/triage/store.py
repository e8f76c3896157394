"""Write the task down, once for one message, and say what is to be said where the words were written."""

from typing import Any

from agents.spec import Outcome
from agents.triage.changes import Changes, Said
from agents.triage.context import Car, Context
from agents.triage.decide import NewWork, title_of
from core.commands import Button, NewCommand, Priority, SendMessage, Text, chat_destination
from core.events import Event, NewEvent, StaffWrote, TaskCreated, TaskUpdated
from core.slang import says_nothing
from db.queries import tasks
from db.queries.tasks import NewTask, Task
from db.session import Tx

COPIED = frozenset({"breakdown", "incident"})
MOST_CARS = 8


async def save(tx: Tx, event: Event[StaffWrote], outcome: Outcome) -> Outcome:
    changes = outcome.changes
    if not isinstance(changes, Changes):
        return outcome
    known = await tasks.lock(tx, tasks.id_of_message(event.body.chat_id, event.body.message_id))
    if known is not None:
        return await _update(tx, event, known, changes, outcome)
    if changes.work is not None:
        return await _create(tx, event, changes.context, changes.work, outcome)
    return Outcome(commands=_said(event, changes), note=outcome.note, records=outcome.records)


async def _create(tx: Tx, event: Event[StaffWrote], context: Context, work: NewWork, outcome: Outcome) -> Outcome:
    body = event.body
    new = NewTask(
        id=tasks.id_of_message(body.chat_id, body.message_id),
        title=work.title,
        details=context.text if context.text != work.title else None,
        source="agent",
        created_by=work.made_by,
        nature=work.nature,
        part=work.part,
        priority=work.priority,
        assignee_id=work.assignee_id,
        branch=context.branch,
        due_at=work.due_at,
        links=work.links,
    )
    if not await tasks.create(tx, new):
        return Outcome(note="it is a task already", records=outcome.records)
    made = TaskCreated(task_id=new.id, chat_id=body.chat_id, thread_id=body.thread_id, reply_to=body.message_id)
    return Outcome(
        events=(_event(made, context),),
        commands=_copy(event, context, work),
        note=outcome.note,
        records=outcome.records,
    )


async def _update(tx: Tx, event: Event[StaffWrote], known: Task, changes: Changes, outcome: Outcome) -> Outcome:
    """Words that were changed change the task they became, while it is open; the same words again change nothing."""
    text = changes.context.text
    title = title_of("", text) if changes.work is None else changes.work.title
    if not event.body.is_edit or not known.is_open or says_nothing(text) or title == known.title:
        return Outcome(note="it is a task already", records=outcome.records)
    await tasks.change(tx, known, {"title": title}, actor=changes.context.writer.trust)
    updated = TaskUpdated(task_id=known.id, changed=("title",))
    return Outcome(events=(_event(updated, changes.context),), note="other words", records=outcome.records)


def _event(body: TaskCreated | TaskUpdated, context: Context) -> NewEvent[Any]:
    return NewEvent(body=body, subject=tasks.subject_of(body.task_id), branch=context.branch)


def _copy(event: Event[StaffWrote], context: Context, work: NewWork) -> tuple[NewCommand, ...]:
    """A line for headquarters, in the topic of the car."""
    chat_id = context.headquarters
    if chat_id is None or chat_id == event.body.chat_id or work.nature not in COPIED or not context.cars:
        return ()
    text = Text(
        key="triage-copied",
        args={
            "nature": work.nature,
            "title": work.title,
            "name": context.writer.name,
            "branch": context.branch_name,
        },
    )
    body = SendMessage(chat_id=chat_id, text=text, entity=f"car:{context.cars[0].id}")
    return (_order(body, f"triage-copy:{event.body.chat_id}:{event.body.message_id}", Priority.LINE, context),)


def _said(event: Event[StaffWrote], changes: Changes) -> tuple[NewCommand, ...]:
    context = changes.context
    buttons: tuple[tuple[Button, ...], ...] = ()
    match changes.said:
        case None:
            return ()
        case Said.HINT:
            text = Text(key="not-understood")
        case Said.ANSWER:
            text = Text(key="triage-answer", args={"answer": changes.answer})
        case Said.UNKNOWN if context.head is not None and context.head.id != context.writer.id:
            text = Text(key="triage-unknown", args={"name": context.head.name})
        case Said.UNKNOWN:
            text = Text(key="triage-unknown-nobody")
        case Said.WHICH_CAR:
            text = Text(key="triage-which-car")
            buttons = tuple((_car_button(event, car),) for car in context.cars[:MOST_CARS])
    body = SendMessage(
        chat_id=event.body.chat_id,
        text=text,
        language=context.writer.language,
        thread_id=event.body.thread_id,
        reply_to=None if context.is_private and changes.said is Said.HINT else event.body.message_id,
        buttons=buttons,
    )
    key = f"triage-said:{event.body.chat_id}:{event.body.message_id}:{changes.said.name.lower()}"
    return (_order(body, key, Priority.ANSWER, context),)


def _car_button(event: Event[StaffWrote], car: Car) -> Button:
    """A press says the same words again, now about this car; only whoever wrote them may choose."""
    subject = f"car:{car.id}"
    again = event.body.model_copy(update={"entity": subject})
    return Button(
        label=Text(key="button-plain", args={"label": car.title}),
        event_kind=StaffWrote.kind,
        event=again.model_dump(mode="json"),
        subject=subject,
        only=event.body.tg_user_id,
    )


def _order(body: SendMessage, effect_key: str, priority: Priority, context: Context) -> NewCommand:
    return NewCommand(
        body=body,
        destination=chat_destination(body.chat_id),
        effect_key=effect_key,
        priority=priority,
        branch=context.branch,
    )

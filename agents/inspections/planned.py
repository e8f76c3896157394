"""The clock of operations: what comes near is remembered, what is missing is told, and forms nobody goes on with."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agents.inspections.frame import Frame
from agents.inspections.orders import Commands, forum_of_car, inspect_now, named, tell
from agents.spec import Outcome
from core.clock import local_text
from core.commands import NewCommand, Priority, SendMessage, Text, chat_destination
from core.events import (
    Event,
    InspectionNoLongerMissing,
    InspectionOverdue,
    InspectionsDue,
    IssuePlanned,
    NewEvent,
    ReturnPlanned,
)
from core.inspection.views import Occasion
from db.queries import inspections, operations, people, staff
from db.queries.operations import Operation
from db.session import Tx

SOURCE = "operations"
LOOK_BACK = timedelta(days=1)
"""What was planned before that is history, also for a Jarvis that starts today."""
LEFT_ALONE = timedelta(hours=1)
"""A form that nobody touched for so long is asked about, once."""
FORGOTTEN = timedelta(days=2)


async def look(tx: Tx, event: Event[InspectionsDue], frame: Frame) -> Outcome:
    """Each event is one for its operation, its time and its reason, however often the clock ticks."""
    now = frame.now
    first = timedelta(minutes=frame.operations.post_overdue_minutes[0])
    farthest = timedelta(minutes=max(frame.operations.remind_before_minutes, default=0))
    near = await operations.near(tx, now=now, until=now + farthest)
    missing = await operations.missing(tx, now=now, since=now - LOOK_BACK, patience=first)
    waited_for = await operations.waited_for(tx)
    events: list[NewEvent[Any]] = [comes_near(one, frame, now) for one in near if not one.is_off]
    events += [_overdue(one) for one in missing]
    events += [_settled(one, why) for one in waited_for if (why := one.settled(now)) is not None]
    return Outcome(events=tuple(events), commands=await _left_alone(tx, event, frame))


def comes_near(operation: Operation, frame: Frame, now: datetime) -> NewEvent[IssuePlanned | ReturnPlanned]:
    """The reminder whose turn it is: the last one that has begun, so that a late booking is told of once."""
    assert operation.planned_at is not None
    assert operation.car_id is not None
    left = operation.planned_at - now
    minutes = min(m for m in frame.operations.remind_before_minutes if timedelta(minutes=m) >= left)
    kind = IssuePlanned if operation.occasion is Occasion.HAND_OVER else ReturnPlanned
    body = kind(
        booking_id=operation.booking_id,
        car_id=operation.car_id,
        planned_at=operation.planned_at,
        minutes_before=minutes,
    )
    return NewEvent(
        body=body,
        subject=f"car:{operation.car_id}",
        source=SOURCE,
        external_id=f"{operation.subject}:{_iso(operation.planned_at)}:{minutes:g}",
        branch=operation.branch,
    )


def _overdue(operation: Operation) -> NewEvent[InspectionOverdue]:
    assert operation.due_at is not None
    assert operation.car_id is not None
    body = InspectionOverdue(
        booking_id=operation.booking_id,
        car_id=operation.car_id,
        occasion=operation.occasion,
        planned_at=operation.due_at,
    )
    return NewEvent(
        body=body,
        subject=operation.subject,
        source=SOURCE,
        external_id=f"{operation.subject}:{_iso(operation.due_at)}:overdue",
        branch=operation.branch,
    )


def _settled(operation: Operation, why: str) -> NewEvent[InspectionNoLongerMissing]:
    body = InspectionNoLongerMissing(booking_id=operation.booking_id, occasion=operation.occasion, why=why)
    due = "" if operation.due_at is None else _iso(operation.due_at)
    return NewEvent(
        body=body,
        subject=operation.subject,
        source=SOURCE,
        external_id=f"{operation.subject}:{due}:{why}",
        branch=operation.branch,
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


async def remind(tx: Tx, event: Event[IssuePlanned | ReturnPlanned]) -> Outcome:
    """A line in the car's topic with the button, unless the plan has changed since."""
    body = event.body
    occasion = Occasion.HAND_OVER if isinstance(body, IssuePlanned) else Occasion.RETURN
    operation = await operations.find(tx, body.booking_id, occasion)
    is_done = operation is None or operation.is_off or operation.inspected_at is not None
    if operation is None or is_done or operation.planned_at != body.planned_at or operation.car_id != body.car_id:
        return Outcome(note="the plan has changed, or it is done")
    forum = await forum_of_car(tx, body.car_id)
    if forum is None:
        return Outcome(note="no forum shows this car")
    message = SendMessage(
        chat_id=forum,
        text=await _soon(tx, operation, body.minutes_before),
        entity=f"car:{body.car_id}",
        buttons=((inspect_now(body.car_id, occasion, body.booking_id),),),
    )
    line = NewCommand(
        body=message,
        destination=chat_destination(forum),
        effect_key=f"operation-soon:{operation.subject}:{_iso(body.planned_at)}:{body.minutes_before:g}",
        priority=Priority.LINE,
        branch=event.branch,
    )
    return Outcome(commands=(line,))


async def _soon(tx: Tx, operation: Operation, minutes: float) -> Text:
    assert operation.planned_at is not None
    args: dict[str, str | int] = {
        "occasion": str(operation.occasion),
        "time": local_text(operation.planned_at, ZoneInfo(operation.timezone)),
        "client": operation.client_name or "—",
        "minutes": round(minutes),
    }
    who = None
    if operation.branch is not None and operation.responsible_rentprog_id is not None:
        who = await staff.person_behind(tx, operation.branch, operation.responsible_rentprog_id)
    person = None if who is None else await people.by_id(tx, who)
    if person is None:
        return Text(key="operation-soon", args=args)
    mention = Text(key="operation-whose", args={"name": person.name, "id": str(person.tg_user_id)})
    return Text(key="operation-soon", args=args, parts=(mention,))


async def _left_alone(tx: Tx, event: Event[InspectionsDue], frame: Frame) -> Commands:
    """Said once for each time that somebody left it, and not at night."""
    told: list[NewCommand] = []
    for inspection in await inspections.untouched_since(tx, frame.now - LEFT_ALONE):
        quiet = frame.hours.quiet(ZoneInfo(inspection.timezone))
        person = await people.by_id(tx, inspection.person_id)
        is_old = inspection.touched_at < frame.now - FORGOTTEN
        if person is None or is_old or quiet.next_allowed(frame.now, is_critical=False) > frame.now:
            continue
        text = Text(key="inspection-left-alone", args=named(inspection))
        key = f"{inspection.id}:{_iso(inspection.touched_at)}"
        button = inspect_now(inspection.car_id, inspection.occasion, inspection.booking_id)
        told.append(tell(event, person, text, key=key, buttons=((button,),)))
    return tuple(told)

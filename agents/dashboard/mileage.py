"""Which mileage is right: an odd one is asked about, and a person's answer mends the row, once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from agents.dashboard.check import Mileage, check_mileage, differs
from agents.reading_tools.photos import told
from agents.reading_tools.shortfalls import Raised, Shortfall, raise_shortfall, task_of
from agents.spec import Outcome
from core.commands import (
    NewCommand,
    Priority,
    SendMessage,
    ShowMileage,
    Text,
    chat_destination,
    show_inspection_card,
)
from core.events import Event, MileageDecided, NewEvent, TaskStatusChanged
from core.inspection.views import MOST_KM, Question
from core.roles import Role
from db.queries import audit, chats, findings, inspection_answers, inspections, people, readings, tasks
from db.queries.inspection_answers import NewAnswer
from db.queries.inspections import Inspection
from db.queries.people import Person
from db.queries.readings import Reading
from db.queries.tasks import Task
from db.session import Tx

POST = "mileage"


@dataclass(frozen=True, slots=True)
class Rules:
    """The moment, and what a car can drive in a day."""

    now: datetime
    max_km_per_day: int


def entity_of(inspection: Inspection) -> str:
    return f"mileage:{inspection.id}"


async def check(tx: Tx, event: Event[Any], inspection: Inspection, rules: Rules) -> tuple[Reading | None, Raised]:
    """A roll-back, a slip of the pen, a photo that says otherwise: asked about; nobody's figure is changed by us."""
    if inspection.mileage_km is None:
        return None, Raised()
    read = await readings.find(tx, inspection.id, "mileage")
    if read is not None and "decided" in read.value:
        return None, Raised()
    reading = await _judged(tx, inspection, read, inspection.mileage_km, rules)
    if reading.verdict == "ok":
        return reading, Raised()
    raised = await raise_shortfall(tx, event, inspection, _owed(reading), agent="dashboard", now=rules.now)
    return reading, replace(raised, commands=(*raised.commands, *await _ask(tx, inspection, event)))


async def _judged(tx: Tx, inspection: Inspection, read: Reading | None, km: int, rules: Rules) -> Reading:
    """``read`` is what vision made of the photo, kept beside what was typed."""
    known = await readings.known_mileages(tx, inspection.car_id, without=inspection.id)
    checked = check_mileage(km, known, now=rules.now, max_km_per_day=rules.max_km_per_day)
    value = dict(read.value) if read else {}
    on_photo = value.get("read", value.get("km"))
    if checked.verdict == "ok" and on_photo is not None and differs(km, on_photo):
        checked = Mileage("problem", checked.known, "differs")
    value |= {"read": on_photo, "answered": km, "known": None if checked.known is None else checked.known.km}
    return Reading(
        inspection.id,
        "mileage",
        checked.verdict,
        rules.now,
        value=value,
        confidence=read.confidence if read else None,
        why=checked.why,
        photo_id=read.photo_id if read else None,
    )


def _owed(reading: Reading) -> Shortfall:
    value = reading.value
    args: Mapping[str, Any] = {"km": value["answered"], "known": value["known"], "read": value["read"]}
    title = "mileage-differs" if reading.why == "differs" else None
    return Shortfall("mileage", None, args, tells_head=False, title=title)


async def _ask(tx: Tx, inspection: Inspection, event: Event[Any]) -> tuple[NewCommand, ...]:
    """In private to whoever inspected, and in the car's topic, where a head may answer too. Later: where it stands."""
    shown = await findings.shown_in(tx, entity_of(inspection), POST)
    for chat_id in await _places(tx, inspection):
        if chat_id not in shown:
            shown.append(chat_id)
    return tuple(_show(inspection, chat_id, event) for chat_id in shown)


async def _places(tx: Tx, inspection: Inspection) -> list[int]:
    inspector = await people.by_id(tx, inspection.person_id)
    forum = None if inspection.branch is None else await chats.forum_of(tx, inspection.branch)
    private = [inspector.tg_user_id] if inspector is not None else []
    return [*private, *([forum.chat_id] if forum is not None and forum.can_work else [])]


def _show(inspection: Inspection, chat_id: int, event: Event[Any]) -> NewCommand:
    return NewCommand(
        body=ShowMileage(chat_id=chat_id, inspection_id=inspection.id),
        destination=chat_destination(chat_id),
        effect_key=f"mileage:{chat_id}:{inspection.id}:{event.id}",
        priority=Priority.ANSWER,
        merge_key=f"mileage:{chat_id}:{inspection.id}",
        branch=inspection.branch,
    )


# -- the answer -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Press:
    event: Event[MileageDecided]
    inspection: Inspection
    reading: Reading
    person: Person
    task: Task | None
    rules: Rules


async def decide(tx: Tx, event: Event[MileageDecided], rules: Rules) -> Outcome:
    """One answer counts, however many press; rights and the question are those of now."""
    inspection = await inspections.lock(tx, event.body.inspection_id)
    person = await people.by_trust(tx, event.trust)
    reading = None if inspection is None else await readings.find(tx, inspection.id, "mileage")
    if inspection is None or person is None or reading is None or "answered" not in reading.value:
        return Outcome(note="nobody of the staff, or nothing was asked")
    task = await tasks.lock(tx, task_of(inspection.id, "mileage"))
    press = _Press(event, inspection, reading, person, task, rules)
    why_not = _why_not(press)
    if why_not is not None:
        if why_not.key == "mileage-not-yours":
            await _audit(tx, press, "mileage.not_theirs")
        return Outcome(commands=(_say(press, why_not), *await _ask(tx, inspection, event)), note=why_not.key)
    if event.body.choice == "again" and event.body.km != reading.value["answered"]:
        return await _typed_anew(tx, press)
    return await _settle(tx, press, reading)


def may_decide(person: Person, inspection: Inspection, task: Task | None) -> bool:
    """Whoever inspected, whoever the task was given to, and the heads of the branch."""
    is_head = person.role.is_at_least(Role.BRANCH_HEAD) and person.decides_for(inspection.branch)
    return is_head or person.id == inspection.person_id or (task is not None and person.id == task.assignee_id)


def _why_not(press: _Press) -> Text | None:
    body, value = press.event.body, press.reading.value
    args: dict[str, str | int] = {"car": press.inspection.car}
    if "decided" in value:
        return Text(key="mileage-decided-already", args={**args, "name": value["decided"]["name"]})
    if not may_decide(press.person, press.inspection, press.task):
        return Text(key="mileage-not-yours", args=args)
    if press.reading.verdict != "problem":
        return Text(key="mileage-stale", args=args)
    shown = {"typed": value["answered"], "read": value["read"]}
    if body.choice == "again":
        return None if 0 <= body.km < MOST_KM else Text(key="answer-mileage-wanted")
    return None if shown[body.choice] == body.km else Text(key="mileage-stale", args=args)


async def _typed_anew(tx: Tx, press: _Press) -> Outcome:
    """A number that fits settles it; one that does not is asked about like the first."""
    reading = await _judged(tx, press.inspection, press.reading, press.event.body.km, press.rules)
    if reading.verdict == "ok":
        return await _settle(tx, press, reading)
    await _write(tx, press)
    await readings.put(tx, reading)
    await _audit(tx, press, "mileage.typed")
    return Outcome(
        events=told(press.event, [reading]),
        commands=(*await _ask(tx, press.inspection, press.event), *await _cards(tx, press)),
        note=f"typed anew: {reading.why}",
    )


async def _settle(tx: Tx, press: _Press, reading: Reading) -> Outcome:
    """The person's word stands in the row, in the answers, in the audit; the task is done."""
    body, person, now = press.event.body, press.person, press.rules.now
    decided = {"by": str(person.id), "name": person.name, "choice": body.choice, "at": now.isoformat()}
    right = replace(reading, verdict="ok", at=now, value={**reading.value, "km": body.km, "decided": decided})
    await _write(tx, press)
    await readings.put(tx, right)
    await _audit(tx, press, "mileage.decided")
    return Outcome(
        events=(*told(press.event, [right]), *await _done(tx, press)),
        commands=(*await _ask(tx, press.inspection, press.event), *await _cards(tx, press)),
        note=f"{body.choice} is right",
    )


async def _write(tx: Tx, press: _Press) -> None:
    """``touched_at``: a report that was made before is made anew when somebody wants it."""
    body, inspection, now = press.event.body, press.inspection, press.rules.now
    if body.km != inspection.mileage_km:
        source = "agent:dashboard" if body.choice == "read" else "person"
        answer = NewAnswer(inspection.id, Question.MILEAGE, press.person.id, now, value={"km": body.km}, source=source)
        await inspection_answers.put_answer(tx, answer)
    await inspections.change(tx, inspection.id, {"mileage_km": body.km, "touched_at": now})


async def _done(tx: Tx, press: _Press) -> tuple[NewEvent[TaskStatusChanged], ...]:
    task = press.task
    if task is None or not task.is_open:
        return ()
    await tasks.change(tx, task, {"status": "done", "closed_at": press.rules.now}, actor=press.event.trust)
    body = TaskStatusChanged(task_id=task.id, old=task.status, new="done")
    return (NewEvent(body=body, subject=task.subject, branch=task.branch),)


async def _cards(tx: Tx, press: _Press) -> tuple[NewCommand, ...]:
    inspection, event_id = press.inspection, press.event.id
    return tuple(
        show_inspection_card(chat_id, inspection.id, by="dashboard", event_id=event_id, branch=inspection.branch)
        for chat_id in await findings.shown_in(tx, inspection.subject, "inspection")
    )


def _say(press: _Press, text: Text) -> NewCommand:
    chat_id = press.person.tg_user_id
    return NewCommand(
        body=SendMessage(chat_id=chat_id, text=text, language=press.person.language),
        destination=chat_destination(chat_id),
        effect_key=f"mileage-answer:{press.event.id}",
        priority=Priority.ANSWER,
        branch=press.inspection.branch,
    )


async def _audit(tx: Tx, press: _Press, action: str) -> None:
    body, value = press.event.body, press.reading.value
    details = {
        "event": press.event.id,
        "role": str(press.person.role),
        "choice": body.choice,
        "km": body.km,
        "typed": value["answered"],
        "read": value["read"],
        "known": value["known"],
    }
    await audit.append(
        tx,
        actor=press.event.trust,
        action=action,
        subject=press.inspection.subject,
        at=press.rules.now,
        details=details,
    )

"""What an inspection found wanting: a task for whoever inspected, and a word to them and to the head."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from core.commands import NewCommand, Priority, SendMessage, Text, chat_destination
from core.events import Event, NewEvent, TaskCreated
from core.ids import outside_id
from core.roles import Role
from db.queries import people, tasks
from db.queries.inspections import Inspection
from db.queries.people import Person
from db.queries.tasks import NewTask
from db.session import Tx

_TITLES: Mapping[str, Mapping[str, str]] = {
    "fuel": {
        "ru": "Топливо: не хватает {gap} % ({car}). Возврат не закрывать, пока не решено",
        "en": "Fuel: {gap} % missing ({car}). Do not close the return until it is settled",
        "ka": "საწვავი: აკლია {gap} % ({car}). დაბრუნება არ დახუროთ, სანამ არ გადაწყდება",
    },
    "mileage": {
        "ru": "Проверить пробег: записано {km} км, было {known} км ({car})",
        "en": "Check the mileage: {km} km written, {known} km known before ({car})",
        "ka": "გადაამოწმეთ გარბენი: ჩაიწერა {km} კმ, მანამდე იყო {known} კმ ({car})",
    },
    "mileage-differs": {
        "ru": "Проверить пробег: записано {km} км, на фото {read} км ({car})",
        "en": "Check the mileage: {km} km written, {read} km on the photo ({car})",
        "ka": "გადაამოწმეთ გარბენი: ჩაიწერა {km} კმ, ფოტოზე {read} კმ ({car})",
    },
    "kit": {
        "ru": "Комплект в багажнике: не хватает — {items} ({car})",
        "en": "Trunk kit: missing {items} ({car})",
        "ka": "საბარგულის კომპლექტი: აკლია {items} ({car})",
    },
    "fluids": {
        "ru": "Жидкости: {items} ({car})",
        "en": "Fluids: {items} ({car})",
        "ka": "სითხეები: {items} ({car})",
    },
}


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One thing that somebody has to put right. ``text`` is said to the inspector and, if it must be, to the head.

    None: they are asked elsewhere. ``title`` names the task where a topic has more than one title.
    """

    topic: Literal["fuel", "mileage", "kit", "fluids"]
    text: Text | None
    args: Mapping[str, Any] = field(default_factory=dict[str, Any])
    nature: str = "task"
    priority: str = "normal"
    tells_head: bool = True
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Raised:
    events: tuple[NewEvent[TaskCreated], ...] = ()
    commands: tuple[NewCommand, ...] = ()


async def raise_shortfall(
    tx: Tx, event: Event[Any], inspection: Inspection, shortfall: Shortfall, *, agent: str, now: datetime
) -> Raised:
    """One task for an inspection and a topic, however often it is found; people hear of it with the first one."""
    inspector = await people.by_id(tx, inspection.person_id)
    heads = await heads_of(tx, inspection.branch) if shortfall.tells_head or inspector is None else []
    language = inspector.language if inspector else "ru"
    new = NewTask(
        id=task_of(inspection.id, shortfall.topic),
        title=_TITLES[shortfall.title or shortfall.topic][language].format(**shortfall.args, car=inspection.car),
        source="agent",
        created_by=f"agent:{agent}",
        nature=shortfall.nature,
        priority=shortfall.priority,
        assignee_id=inspector.id if inspector else next((head.id for head in heads), None),
        branch=inspection.branch,
        due_at=now,
        links=_links(inspection),
    )
    if not await tasks.create(tx, new):
        return Raised()
    made = NewEvent(body=TaskCreated(task_id=new.id), subject=tasks.subject_of(new.id), branch=inspection.branch)
    listeners = {person.id: person for person in (*([inspector] if inspector else []), *heads)}
    text = shortfall.text
    said = () if text is None else tuple(tell(event, person, text) for person in listeners.values())
    return Raised((made,), said)


def task_of(inspection_id: UUID, topic: str) -> UUID:
    """The one task of an inspection and a topic."""
    return outside_id("jarvis", "task", f"{inspection_id}:{topic}")


async def heads_of(tx: Tx, branch: str | None) -> list[Person]:
    """The heads of the branch; where it has none, those of the division."""
    found = await people.working(tx, branch=branch, roles=[Role.BRANCH_HEAD]) if branch else []
    return found or await people.working(tx, roles=[Role.DIVISION_HEAD])


def tell(event: Event[Any], person: Person, text: Text) -> NewCommand:
    """Said in private, in the person's language."""
    return NewCommand(
        body=SendMessage(chat_id=person.tg_user_id, text=text, language=person.language),
        destination=chat_destination(person.tg_user_id),
        effect_key=f"reading-told:{event.id}:{text.key}:{person.id}",
        priority=Priority.ANSWER,
        branch=event.branch,
    )


def _links(inspection: Inspection) -> tuple[str, ...]:
    booking = (f"booking:{inspection.booking_id}",) if inspection.booking_id else ()
    return (f"car:{inspection.car_id}", *booking)

"""What people see of an inspection, each order with the key that makes it happen once."""

from typing import Any
from uuid import UUID

from core.commands import (
    Button,
    NewCommand,
    Priority,
    SendMessage,
    ShowForm,
    Text,
    chat_destination,
    show_inspection_card,
)
from core.events import Event, InspectionSteered, InspectionWanted
from core.inspection.views import Occasion
from db.queries import car_cards, chats, people
from db.queries.inspections import Inspection
from db.queries.people import Person
from db.session import Tx

Commands = tuple[NewCommand, ...]


async def show_all(tx: Tx, event: Event[Any], inspection: Inspection, *, is_new: bool = False) -> Commands:
    """The form of whoever has it, and the card in the car's topic."""
    return (
        *await show_form(tx, event, inspection, inspection.person_id, is_new=is_new),
        *await show_card(tx, event, inspection),
    )


async def show_form(
    tx: Tx, event: Event[Any], inspection: Inspection, person_id: UUID, *, is_new: bool = False
) -> Commands:
    """Several wishes for one form are one wish: it shows the newest state."""
    person = await people.by_id(tx, person_id)
    if person is None:
        return ()
    chat_id = person.tg_user_id
    form = NewCommand(
        body=ShowForm(chat_id=chat_id, inspection_id=inspection.id, is_new=is_new),
        destination=chat_destination(chat_id),
        effect_key=f"form:{inspection.id}:{chat_id}:{event.id}",
        priority=Priority.ANSWER,
        merge_key=None if is_new else f"form:{inspection.id}:{chat_id}",
        branch=inspection.branch,
    )
    return (form,)


async def show_card(tx: Tx, event: Event[Any], inspection: Inspection) -> Commands:
    forum = await forum_of_car(tx, inspection.car_id)
    if forum is None:
        return ()
    return (show_inspection_card(forum, inspection.id, by="inspections", event_id=event.id, branch=inspection.branch),)


async def forum_of_car(tx: Tx, car_id: UUID) -> int | None:
    """The forum that has a topic for the car now."""
    branch = await car_cards.where(tx, car_id)
    forum = None if branch is None else await chats.forum_of(tx, branch)
    return forum.chat_id if forum is not None and forum.shows_cars else None


def tell(
    event: Event[Any], person: Person, text: Text, *, key: str = "", buttons: tuple[tuple[Button, ...], ...] = ()
) -> NewCommand:
    """Said in private. ``key``: says it once for several events."""
    body = SendMessage(chat_id=person.tg_user_id, text=text, language=person.language, buttons=buttons)
    return NewCommand(
        body=body,
        destination=chat_destination(person.tg_user_id),
        effect_key=f"inspection-told:{key or event.id}:{text.key}:{person.id}",
        priority=Priority.ANSWER,
        branch=event.branch,
    )


def inspect_now(car_id: UUID, occasion: Occasion, booking_id: UUID | None) -> Button:
    body = InspectionWanted(car_id=car_id, occasion=occasion, booking_id=booking_id)
    return Button(
        label=Text(key="inspect-now", args={"occasion": str(occasion)}),
        event_kind=body.kind,
        event=body.model_dump(mode="json"),
        subject=f"car:{car_id}",
    )


def take_over(inspection: Inspection, person: Person) -> Button:
    body = InspectionSteered(inspection_id=inspection.id, act="hand", to_person=person.id)
    return Button(
        label=Text(key="inspection-take-over"),
        event_kind=body.kind,
        event=body.model_dump(mode="json"),
        subject=inspection.subject,
        only=person.tg_user_id,
    )


def named(inspection: Inspection) -> dict[str, str | int]:
    """How people call an inspection."""
    return {"number": str(inspection.number), "car": inspection.car, "occasion": str(inspection.occasion)}

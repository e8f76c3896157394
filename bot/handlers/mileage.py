"""The question which mileage is right: a press answers it, or asks for a number that is written in private."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from aiogram import Router
from aiogram.filters import BaseFilter
from aiogram.types import Message

from bot import choices
from bot.choices import PURPOSE, Choice
from bot.desk import Desk
from bot.filters import IsPrivate, IsStaff
from bot.handlers.form import read_number
from bot.handlers.staff_words import IS_COMMAND
from bot.mileage_questions import MILEAGE, entity_of, is_open
from core.commands import SendMessage, ShowMileage, Text
from core.events import MileageDecided
from core.events.inspections import subject_of
from core.inspection.views import MOST_KM, Question
from db.queries import inspections, posts, readings
from db.queries.inspections import Inspection
from db.session import Tx

PATIENCE = timedelta(minutes=15)
"""So long after "type again" a bare number in private is that mileage."""
_NUMBERS = (Question.MILEAGE, Question.FUEL_LEVEL)


class TypesMileage(BaseFilter):
    """A number from somebody who pressed "type again"; one that their form asks for is the form's."""

    async def __call__(self, event: Message, desk: Desk) -> bool | dict[str, Any]:
        number = read_number(event.text or "", Question.MILEAGE)
        form = desk.situation.form
        if number is None or (form is not None and form.step in _NUMBERS):
            return False
        since = desk.office.clock.now() - PATIENCE
        async with desk.db.transaction() as tx:
            entity = await posts.newest(tx, desk.chat_id, PURPOSE, f"{MILEAGE}:", since=since)
        return False if entity is None else {"inspection_id": UUID(entity.partition(":")[2]), "number": number}


def router() -> Router:
    """Asked before the form, which takes a bare number at any step."""
    made = Router(name="mileage")
    made.message.filter(IsStaff(), IsPrivate())
    made.message.register(typed_again, ~IS_COMMAND, TypesMileage())
    return made


async def typed_again(message: Message, desk: Desk, inspection_id: UUID, number: float) -> None:
    del message
    if not 0 <= number < MOST_KM:
        desk.reply(Text(key="answer-mileage-wanted"))
        return
    async with desk.work() as tx:
        await choices.forget(tx, desk.chat_id, entity_of(inspection_id))
        desk.record(
            MileageDecided(inspection_id=inspection_id, choice="again", km=round(number)),
            subject=subject_of(inspection_id),
        )


async def press(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """Who may answer, and whether the question still stands, is decided by the agent under a lock."""
    inspection = await inspections.find(tx, UUID(payload["inspection_id"]))
    if inspection is None:
        desk.toast(Text(key="button-stale"))
        return
    if payload["do"] == "again":
        await _ask_number(desk, tx, inspection)
        return
    body = MileageDecided(inspection_id=inspection.id, choice=payload["do"], km=payload["km"])
    desk.record(body, subject=inspection.subject, branch=inspection.branch)
    desk.toast(Text(key="button-accepted"))


async def _ask_number(desk: Desk, tx: Tx, inspection: Inspection) -> None:
    """In private: a number in a topic may be anything."""
    reading = await readings.find(tx, inspection.id, MILEAGE)
    if reading is None or not is_open(reading):
        desk.toast(Text(key="button-used"))
        shown = ShowMileage(chat_id=desk.chat_id, inspection_id=inspection.id)
        desk.order(shown, merge_key=f"mileage:{desk.chat_id}:{inspection.id}")
        return
    form = await inspections.open_of(tx, desk.person.id)
    if form is not None and form.step in _NUMBERS:
        desk.toast(Text(key="mileage-form-first"))
        return
    chat_id = desk.person.tg_user_id
    await choices.put(tx, chat_id, entity_of(inspection.id), Choice("type"), now=desk.office.clock.now())
    text = Text(key="mileage-type", args={"car": inspection.car})
    desk.order(SendMessage(chat_id=chat_id, text=text, language=desk.person.language))
    desk.toast(Text(key="mileage-type-toast"))

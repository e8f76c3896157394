"""The form of an inspection: its buttons, and what its person sends in private while they have it in hand."""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from aiogram import F, Router
from aiogram.filters import BaseFilter
from aiogram.types import Message

from bot import choices
from bot.choices import Choice
from bot.desk import Desk
from bot.filters import IsPrivate, IsStaff
from bot.form_questions import SWITCHES, chosen
from bot.forms import note_answer
from bot.handlers.media import file_of
from bot.handlers.staff_words import IS_COMMAND, words_of
from bot.inspection_words import FLUIDS
from core.commands import ShowForm, Text
from core.events import FormAct, InspectionAnswered, InspectionSteered, PhotoGiven
from core.events.inspections import subject_of
from core.inspection.views import Question
from db.queries import findings, inspection_answers, inspections
from db.queries.desk import OpenForm
from db.queries.findings import Finding
from db.queries.inspections import Inspection
from db.session import Tx

IS_PICTURE = F.photo | F.document | F.video | F.animation
LONGEST_ANSWER = 60
"""Longer words at a question are meant for somebody else: whoever reads what staff write gets them."""
LONGEST_REASON = 300
_QUESTIONS = frozenset(map(str, Question))
_NUMBER = re.compile(r"\D*?(\d[\d\s\u00a0.,']*)\s*(?:%|km|км|კმ)?\W*", re.IGNORECASE)
_PART = re.compile(r"\s*([0-8])\s*/\s*8\s*")
_THOUSANDS = re.compile(r"[\s\u00a0'.,](?=\d{3}(?:\D|$))")


class HasForm(BaseFilter):
    """The person has an inspection in hand; handlers get it as ``form``."""

    async def __call__(self, event: Message, desk: Desk) -> bool | dict[str, Any]:
        del event
        form = desk.situation.form
        return form is not None and {"form": form}


class OwesCloseUp(BaseFilter):
    """The person has no form in hand, and was asked for a photo of a finding from near."""

    async def __call__(self, event: Message, desk: Desk) -> bool | dict[str, Any]:
        del event
        if desk.situation.form is not None:
            return False
        async with desk.db.transaction() as tx:
            wanted = await findings.wanting_close_up(tx, desk.person.id)
        return {"finding": wanted[0]} if wanted else False


class AtQuestion(BaseFilter):
    """The form waits for words: at a question, or for a reason. A bare number is meant for the form at any step."""

    async def __call__(self, event: Message, desk: Desk) -> bool | dict[str, Any]:
        form = desk.situation.form
        if form is None or event.text is None:
            return False
        async with desk.db.transaction() as tx:
            choice = await choices.find(tx, desk.chat_id, subject_of(form.id), about=form.step or "")
        if choice.page == "skip_words" and len(event.text) <= LONGEST_REASON:
            return {"form": form, "is_reason": True}
        is_for_form = form.step in _QUESTIONS or (form.step is not None and _NUMBER.fullmatch(event.text.strip()))
        is_answer = bool(is_for_form) and len(event.text) <= LONGEST_ANSWER
        return is_answer and {"form": form, "is_reason": False}


def router() -> Router:
    """Asked after all commands, and before everything that takes words and files in private."""
    made = Router(name="form")
    made.message.filter(IsStaff(), IsPrivate())
    made.message.register(give_photo, IS_PICTURE, HasForm())
    made.message.register(give_close_up, IS_PICTURE, OwesCloseUp())
    made.message.register(answer, ~IS_COMMAND, AtQuestion())
    return made


async def give_photo(message: Message, desk: Desk, form: OpenForm) -> None:
    """The photo is told once it is safe; whatever page was open, the step is shown again."""
    async with desk.work() as tx:
        await choices.forget(tx, desk.chat_id, subject_of(form.id))
        _give(message, desk, form.id, step=form.step)


async def give_close_up(message: Message, desk: Desk, finding: Finding) -> None:
    _give(message, desk, finding.inspection_id, finding_id=finding.id)


def _give(
    message: Message, desk: Desk, inspection_id: UUID, *, step: str | None = None, finding_id: UUID | None = None
) -> None:
    said: dict[str, Any] = words_of(message, desk).model_dump() | {"entity": subject_of(inspection_id)}
    words = PhotoGiven(
        **said,
        inspection_id=inspection_id,
        step=step,
        finding_id=finding_id,
        media_group_id=message.media_group_id,
    )
    desk.record(file_of(message, desk, words=words), subject=f"chat:{desk.chat_id}", branch=desk.branch)


async def answer(message: Message, desk: Desk, form: OpenForm, *, is_reason: bool) -> None:
    words = message.text or ""
    async with desk.work() as tx:
        await choices.forget(tx, desk.chat_id, subject_of(form.id))
        await note_answer(tx, desk.chat_id, subject_of(form.id), message.message_id, now=desk.office.clock.now())
        if is_reason:
            body = InspectionSteered(inspection_id=form.id, act="skip", step=form.step, reason=words.strip())
            desk.record(body, subject=subject_of(form.id))
            return
        number = read_number(words, form.step or "")
        text = words if number is None else None
        told = InspectionAnswered(inspection_id=form.id, step=form.step or "", number=number, text=text)
        desk.record(told, subject=subject_of(form.id))


def read_number(words: str, step: str) -> float | None:
    """``45 210 km``, ``45.210``, ``5/8``, ``60%``: one number as people write it; None where it is anything else."""
    part = _PART.fullmatch(words)
    if part is not None and step == Question.FUEL_LEVEL:
        return 100 * int(part[1]) / 8
    found = _NUMBER.fullmatch(words.strip())
    if found is None or step not in {Question.MILEAGE, Question.FUEL_LEVEL}:
        return None
    digits = found[1].strip()
    if step == Question.MILEAGE:
        digits = _THOUSANDS.sub("", digits)
    try:
        return float(digits.replace(",", ".").rstrip("."))
    except ValueError:
        return None


# -- the buttons ------------------------------------------------------------------------------------------------------


async def press(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """One button of the form. One that was shown with another step only brings up the newest."""
    inspection = await inspections.find(tx, UUID(payload["inspection_id"]))
    if inspection is None or inspection.person_id != desk.person.id:
        desk.toast(Text(key="form-not-yours"))
        return
    is_stale = payload["step"] != (inspection.step or "")
    wants_open = payload["do"] != "resume"
    if is_stale or inspection.state != ("open" if wants_open else "paused"):
        desk.toast(Text(key="form-stale"))
        show_form(desk, inspection.id)
        return
    await _PRESSES[payload["do"]](desk, tx, inspection, payload)


def show_form(desk: Desk, inspection_id: UUID, *, is_new: bool = False) -> None:
    body = ShowForm(chat_id=desk.chat_id, inspection_id=inspection_id, is_new=is_new)
    desk.order(body, merge_key=None if is_new else f"form:{inspection_id}:{desk.chat_id}")


async def _turn_page(desk: Desk, tx: Tx, inspection: Inspection, payload: dict[str, Any]) -> None:
    page = {"cancel": "cancel", "skip": "skip", "skip_words": "skip_words", "hand": "hand"}.get(payload["do"], "")
    await _choose(desk, tx, inspection, Choice(page))


async def _choose(desk: Desk, tx: Tx, inspection: Inspection, choice: Choice) -> None:
    kept = Choice(choice.page, inspection.step or "", choice.chosen)
    await choices.put(tx, desk.chat_id, inspection.subject, kept, now=desk.office.clock.now())
    show_form(desk, inspection.id)


async def _steer(desk: Desk, tx: Tx, inspection: Inspection, payload: dict[str, Any]) -> None:
    acts: dict[str, FormAct] = {
        "skip_because": "skip",
        "hand_to": "hand",
        "cancel_now": "cancel",
        "back": "back",
        "pause": "pause",
        "resume": "resume",
        "go_on": "go_on",
        "submit": "submit",
    }
    to_person = payload.get("to_person")
    body = InspectionSteered(
        inspection_id=inspection.id,
        act=acts[payload["do"]],
        step=inspection.step,
        reason=payload.get("reason"),
        to_person=None if to_person is None else UUID(to_person),
    )
    await choices.forget(tx, desk.chat_id, inspection.subject)
    desk.record(body, subject=inspection.subject, branch=inspection.branch)
    desk.toast(Text(key="button-accepted"))


async def _number(desk: Desk, tx: Tx, inspection: Inspection, payload: dict[str, Any]) -> None:
    await _answered(desk, tx, inspection, number=float(payload["number"]))


async def _answered(
    desk: Desk, tx: Tx, inspection: Inspection, *, number: float | None = None, names: tuple[str, ...] = ()
) -> None:
    body = InspectionAnswered(inspection_id=inspection.id, step=inspection.step or "", number=number, choices=names)
    await choices.forget(tx, desk.chat_id, inspection.subject)
    desk.record(body, subject=inspection.subject, branch=inspection.branch)
    desk.toast(Text(key="button-accepted"))


async def _switch_level(desk: Desk, tx: Tx, inspection: Inspection, payload: dict[str, Any]) -> None:
    others = [name for name in await _switched_on(desk, tx, inspection) if not name.startswith(f"{payload['fluid']}:")]
    await _choose(desk, tx, inspection, Choice(SWITCHES, "", (*others, f"{payload['fluid']}:{payload['level']}")))


async def _switch_item(desk: Desk, tx: Tx, inspection: Inspection, payload: dict[str, Any]) -> None:
    others = [name for name in await _switched_on(desk, tx, inspection) if name != payload["item"]]
    item = (payload["item"],) if payload["on"] == "yes" else ()
    await _choose(desk, tx, inspection, Choice(SWITCHES, "", (*others, *item)))


async def _switched(desk: Desk, tx: Tx, inspection: Inspection, payload: dict[str, Any]) -> None:
    del payload
    await _answered(desk, tx, inspection, names=await _switched_on(desk, tx, inspection))


async def _kit_whole(desk: Desk, tx: Tx, inspection: Inspection, payload: dict[str, Any]) -> None:
    del payload
    await _answered(desk, tx, inspection, names=desk.office.settings.photos.kit)


async def _fluids_fine(desk: Desk, tx: Tx, inspection: Inspection, payload: dict[str, Any]) -> None:
    """Those of which nothing was said are fine."""
    del payload
    said = await _switched_on(desk, tx, inspection)
    rest = [fluid for fluid in FLUIDS if not any(name.startswith(f"{fluid}:") for name in said)]
    await _answered(desk, tx, inspection, names=(*said, *(f"{fluid}:ok" for fluid in rest)))


async def _switched_on(desk: Desk, tx: Tx, inspection: Inspection) -> tuple[str, ...]:
    step = inspection.step or ""
    choice = await choices.find(tx, desk.chat_id, inspection.subject, about=step)
    return chosen(step, await inspection_answers.answers_of(tx, inspection.id), choice)


_PRESSES: dict[str, Callable[[Desk, Tx, Inspection, dict[str, Any]], Awaitable[None]]] = {
    **dict.fromkeys(("first_page", "skip", "skip_words", "hand", "cancel"), _turn_page),
    **dict.fromkeys(("skip_because", "hand_to", "cancel_now", "back", "pause", "resume", "go_on", "submit"), _steer),
    "number": _number,
    "level": _switch_level,
    "item": _switch_item,
    "switched": _switched,
    "kit_whole": _kit_whole,
    "fluids_fine": _fluids_fine,
}

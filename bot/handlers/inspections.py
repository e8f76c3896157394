"""``/inspect`` and the buttons of inspections in a car's topic: begin one, look at it, say what the machine missed."""

from typing import Any
from uuid import UUID

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot import choices
from bot.choices import Choice
from bot.desk import Desk
from bot.filters import IsStaff
from bot.finding_cards import OVER, entity_of
from bot.handlers import cars
from bot.handlers.form import show_form
from bot.inspect_buttons import occasions
from core.clock import local_text
from core.commands import ShowFinding, ShowInspection, ShowPairs, Text
from core.events import FindingAdded, FindingDecided, InspectionWanted, ReportWanted, ReviewFinished
from core.inspection.damage import DamageKind, FindingState, Part, Severity
from core.inspection.views import Occasion
from db.queries import car_cards, findings, inspections
from db.queries.car_cards import CarFacts
from db.queries.inspections import Inspection
from db.session import Tx


def router() -> Router:
    made = Router(name="inspections")
    made.message.filter(IsStaff())
    made.message.register(inspect, Command("inspect"))
    return made


async def inspect(message: Message, desk: Desk, command: CommandObject) -> None:
    """In a car's topic that car, elsewhere by plate; whoever has a form in hand gets it below everything else."""
    del message
    wanted = (command.args or "").strip()
    kind, _, entity_id = (desk.situation.entity or "").partition(":")
    async with desk.work() as tx:
        if wanted:
            await cars.show_or_choose(desk, tx, wanted, choose_occasion, screen="inspect_car")
        elif kind == "car":
            await choose_occasion(desk, tx, {"car_id": entity_id})
        else:
            await _bring_form(desk, tx)


async def _bring_form(desk: Desk, tx: Tx) -> None:
    """The form in hand, else the newest that was put aside; it goes to the person alone."""
    in_hand = await inspections.open_of(tx, desk.person.id)
    aside = [] if in_hand is not None else await inspections.paused_of(tx, desk.person.id)
    found = in_hand or next(iter(aside), None)
    if found is None or not desk.place.is_private:
        desk.reply(Text(key="inspect-how"))
    else:
        show_form(desk, found.id, is_new=True)


async def choose_occasion(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """The screen of one car: what is planned, and the fitting occasion first."""
    car = await car_cards.car_facts(tx, UUID(payload["car_id"]), now=desk.office.clock.now())
    if car is None or car.is_removed:
        desk.reply(Text(key="view-car-gone"))
        return
    name = " · ".join(part for part in (car.plate or f"№{car.rentprog_id}", car.model) if part)
    desk.reply(Text(key="inspect-which", args={"car": name}, parts=_planned(car)), (occasions(car),))


def _planned(car: CarFacts) -> tuple[Text, ...]:
    booking, occasion = (car.now_out, Occasion.RETURN) if car.now_out else (car.coming, Occasion.HAND_OVER)
    if booking is None:
        return (Text(key="inspect-nothing-planned"),)
    at = booking.end_at if occasion is Occasion.RETURN else booking.start_at
    told = {"occasion": str(occasion), "time": local_text(at) if at else "—", "client": booking.client or "—"}
    return (Text(key="inspect-planned", args={**told}),)


async def begin(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """The screen behind "Hand over" and "Return": the form opens in the private chat of whoever pressed."""
    del tx
    body = InspectionWanted(
        car_id=UUID(payload["car_id"]),
        occasion=Occasion(payload["occasion"]),
        chat_id=desk.chat_id,
        thread_id=desk.place.thread_id,
    )
    desk.record(body, subject=f"car:{body.car_id}", branch=desk.branch)
    desk.toast(Text(key="inspect-opened" if not desk.place.is_private else "button-accepted"))


# -- the card ---------------------------------------------------------------------------------------------------------


async def press_card(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """One button of an inspection's card."""
    inspection = await inspections.find(tx, UUID(payload["inspection_id"]))
    if inspection is None:
        desk.toast(Text(key="button-stale"))
        return
    match payload["do"]:
        case "pairs":
            body = ShowPairs(chat_id=desk.chat_id, inspection_id=inspection.id, thread_id=desk.place.thread_id)
            desk.order(body, merge_key=f"pairs:{inspection.id}:{desk.chat_id}")
            desk.toast(Text(key="button-accepted"))
        case "reviewed":
            desk.record(ReviewFinished(inspection_id=inspection.id), subject=inspection.subject)
            desk.toast(Text(key="button-accepted"))
        case "report":
            wanted = ReportWanted(
                inspection_id=inspection.id,
                language=desk.language,
                chat_id=desk.chat_id,
                thread_id=desk.place.thread_id,
            )
            desk.record(wanted, subject=inspection.subject)
            desk.toast(Text(key="inspection-report-soon"))
        case "add":
            await _add(desk, tx, inspection, payload)
        case _:
            await choices.forget(tx, desk.chat_id, inspection.subject)
            _show_card(desk, inspection)


async def _add(desk: Desk, tx: Tx, inspection: Inspection, payload: dict[str, Any]) -> None:
    """Part, kind, severity, one after the other; with all three it is said."""
    chosen = tuple(payload[name] for name in ("part", "kind", "severity") if name in payload)
    if len(chosen) < 3:
        choice = Choice("add", "", chosen)
        await choices.put(tx, desk.chat_id, inspection.subject, choice, now=desk.office.clock.now())
        _show_card(desk, inspection)
        return
    part, kind, severity = chosen
    body = FindingAdded(
        inspection_id=inspection.id,
        photo_id=None,
        damage_kind=DamageKind(kind),
        part=Part(part),
        severity=Severity(int(severity)),
    )
    await choices.forget(tx, desk.chat_id, inspection.subject)
    desk.record(body, subject=inspection.subject, branch=inspection.branch)
    _show_card(desk, inspection)
    desk.toast(Text(key="button-accepted"))


def _show_card(desk: Desk, inspection: Inspection) -> None:
    body = ShowInspection(chat_id=desk.chat_id, inspection_id=inspection.id)
    desk.order(body, merge_key=f"inspection:{inspection.id}:{desk.chat_id}")


# -- findings ---------------------------------------------------------------------------------------------------------


async def press_finding(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """A decision, or a page on which kind, part and severity are put right first."""
    finding = await findings.find(tx, UUID(payload["finding_id"]))
    if finding is None:
        desk.toast(Text(key="button-stale"))
        return
    chosen = {name: str(payload[name]) for name in ("kind", "part", "severity") if name in payload}
    if payload["do"] == "decide":
        body = FindingDecided(
            inspection_id=finding.inspection_id,
            finding_id=finding.id,
            state=FindingState(payload["state"]),
            damage_kind=DamageKind(chosen["kind"]) if "kind" in chosen else None,
            part=Part(chosen["part"]) if "part" in chosen else None,
            severity=Severity(int(chosen["severity"])) if "severity" in chosen else None,
        )
        await choices.forget(tx, desk.chat_id, entity_of(finding.id))
        desk.record(body, subject=f"inspection:{finding.inspection_id}")
        desk.toast(Text(key="button-accepted"))
        return
    inspection = await inspections.find(tx, finding.inspection_id)
    if inspection is not None and inspection.state in OVER:
        desk.toast(Text(key="damage-too-late", args={"inspection": inspection.number}))
    else:
        page = Choice(payload["do"], "", tuple(f"{name}={value}" for name, value in chosen.items()))
        await choices.put(tx, desk.chat_id, entity_of(finding.id), page, now=desk.office.clock.now())
    shown = ShowFinding(chat_id=desk.chat_id, inspection_id=finding.inspection_id, finding_id=finding.id)
    desk.order(shown, merge_key=f"finding:{finding.id}:{desk.chat_id}")

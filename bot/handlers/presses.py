"""A press on an inline button: looked up, checked on rights read now, then a screen is shown or an event recorded."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.callbacks import SCREEN, refusal
from bot.desk import Desk
from bot.filters import IsStaff
from bot.handlers import assigning, bind, cars, day, form, free, inspections, mileage, people, start, tasks
from core.commands import Text
from core.events import read_body
from db.queries import buttons
from db.queries.buttons import StoredButton
from db.session import Tx

SCREENS: dict[str, Callable[[Desk, Tx, dict[str, Any]], Awaitable[None]]] = {
    "screen.language": start.set_language,
    "screen.bind": bind.choose_branch,
    "screen.car": cars.show_car,
    "screen.today": day.show_day,
    "screen.free": free.show_free,
    "screen.people": people.show_people,
    "screen.person": people.show_person,
    "screen.assign": assigning.choose_person,
    "screen.task_details": tasks.show_details,
    "screen.task_assign": tasks.choose_person,
    "screen.inspect": inspections.begin,
    "screen.inspect_car": inspections.choose_occasion,
    "screen.form": form.press,
    "screen.inspection": inspections.press_card,
    "screen.finding": inspections.press_finding,
    "screen.mileage": mileage.press,
}


def router() -> Router:
    made = Router(name="presses")
    made.callback_query.filter(IsStaff())
    made.callback_query.register(press)
    return made


async def press(query: CallbackQuery, desk: Desk) -> None:
    if desk.place.chat_id is None:
        desk.toast(Text(key="button-stale"))
        return
    async with desk.work() as tx:
        button = await buttons.find(tx, query.data or "", chat_id=desk.chat_id)
        reason = refusal(button, desk.person)
        if button is None or reason is not None:
            desk.toast(reason or Text(key="button-stale"))
        elif button.event_kind.startswith(SCREEN):
            await SCREENS[button.event_kind](desk, tx, button.payload)
        else:
            await _decide(desk, tx, button)


async def _decide(desk: Desk, tx: Tx, button: StoredButton) -> None:
    if not await buttons.take(tx, button, user_id=desk.person.tg_user_id):
        desk.toast(Text(key="button-used"))
        return
    desk.record(read_body(button.event_kind, button.payload), subject=button.subject, branch=button.branch)
    desk.toast(Text(key="button-accepted"))

"""``/car``: one car as it stands, found by plate, code or number, or the car of the topic where it was asked."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.callbacks import screen_button
from bot.desk import Desk
from bot.filters import IsStaff
from core.clock import local_text
from core.commands import Text
from db.queries import fleet_views
from db.queries.fleet_views import BookingView, CarDetails, CarView
from db.session import Tx

SHOWN = 10
Screen = Callable[[Desk, Tx, dict[str, Any]], Awaitable[None]]
NOTHING = "—"


def router() -> Router:
    made = Router(name="cars")
    made.message.filter(IsStaff())
    made.message.register(find_car, Command("car"))
    return made


async def find_car(message: Message, desk: Desk, command: CommandObject) -> None:
    del message
    wanted = (command.args or "").strip()
    kind, _, entity_id = (desk.situation.entity or "").partition(":")
    async with desk.work() as tx:
        if wanted:
            await show_or_choose(desk, tx, wanted, show_car, screen="car")
        elif kind == "car":
            await show_car(desk, tx, {"car_id": entity_id})
        else:
            desk.reply(Text(key="view-car-how"))


async def show_or_choose(desk: Desk, tx: Tx, wanted: str, show: Screen, *, screen: str) -> None:
    """What people call a car by: the one that fits is shown, of several one is chosen on ``screen``."""
    found = await fleet_views.find_cars(tx, wanted)
    if not found:
        desk.reply(Text(key="view-car-none", args={"wanted": wanted}))
    elif len(found) == 1:
        await show(desk, tx, {"car_id": str(found[0].id)})
    else:
        text = Text(key="view-car-several", args={"count": len(found), "shown": min(len(found), SHOWN)})
        desk.reply(text, tuple((screen_button(_label(car), screen, car_id=str(car.id)),) for car in found[:SHOWN]))


def _label(car: CarView) -> Text:
    return Text(key="button-plain", args={"label": f"{car.title} · {car.branch_name}"})


async def show_car(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """The screen of one car."""
    details = await fleet_views.car_details(tx, UUID(payload["car_id"]), now=desk.office.clock.now())
    desk.reply(Text(key="view-car-gone") if details is None else car_text(details))


def car_text(details: CarDetails) -> Text:
    car = details.car
    about = [str(value) for value in (car.car_class, car.year, car.color, car.transmission, car.code) if value]
    parts = [
        Text(key="view-car-place", args={"branch": car.branch_name, "state": car.state or 0}),
        Text(key="view-car-shape", args={"clean": _known(car.clean), "tank": _known(car.tank_full)}),
    ]
    if car.mileage is not None:
        parts.append(Text(key="view-car-mileage", args={"mileage": car.mileage}))
    if about:
        parts.append(Text(key="view-car-about", args={"about": " · ".join(about)}))
    parts.append(_booking("view-car-now", details.now))
    parts.append(_booking("view-car-next", details.next))
    if details.topic_chat_id is not None and details.topic_thread_id is not None:
        url = f"https://t.me/c/{str(details.topic_chat_id).removeprefix('-100')}/{details.topic_thread_id}"
        parts.append(Text(key="view-car-topic", args={"url": url}))
    return Text(key="view-car-title", args={"title": car.title}, parts=tuple(parts))


def _booking(key: str, view: BookingView | None) -> Text:
    if view is None:
        return Text(key=f"{key}-none")
    return Text(
        key=key,
        args={
            "number": str(view.number or NOTHING),
            "start": local_text(view.start_at) if view.start_at else NOTHING,
            "end": local_text(view.end_at) if view.end_at else NOTHING,
            "client": view.client_name or NOTHING,
            "responsible": view.responsible or NOTHING,
            "kind": booking_kind(view),
        },
    )


def booking_kind(view: BookingView) -> str:
    """What the texts choose their mark by."""
    if view.is_repair:
        return "repair"
    return "technical" if view.is_technical else "client"


def _known(value: bool | None) -> str:
    return "unknown" if value is None else "yes" if value else "no"

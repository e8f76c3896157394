"""``/free``: cars that may be offered now or for a window, by branch."""

from datetime import datetime
from itertools import groupby
from typing import Any

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.callbacks import screen_button
from bot.dates import Window, parse_window
from bot.desk import ButtonRows, Desk
from bot.filters import IsStaff
from core.clock import local_text
from core.commands import Text
from db.queries import fleet_views
from db.queries.fleet_views import FreeCar
from db.session import Tx

CARS = 30


def router() -> Router:
    made = Router(name="free")
    made.message.filter(IsStaff())
    made.message.register(free, Command("free"))
    return made


async def free(message: Message, desk: Desk, command: CommandObject) -> None:
    del message
    window = parse_window(command.args or "", now=desk.office.clock.now())
    if window is None:
        desk.reply(Text(key="view-free-how"))
        return
    async with desk.work() as tx:
        await _show(desk, tx, window, page=0)


async def show_free(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """The screen of a further page of the same window."""
    starts, ends = datetime.fromisoformat(payload["starts"]), datetime.fromisoformat(payload["ends"])
    await _show(desk, tx, Window(starts, ends, is_now=payload["now"] == "yes"), page=int(payload["page"]))


async def _show(desk: Desk, tx: Tx, window: Window, *, page: int) -> None:
    cars = await fleet_views.free_cars(tx, starts=window.starts, ends=window.ends, now=desk.office.clock.now())
    pages = max(1, -(-len(cars) // CARS))
    shown = cars[page * CARS : (page + 1) * CARS]
    args = {"count": len(cars), "start": local_text(window.starts), "end": local_text(window.ends)}
    title = Text(key="view-free-now" if window.is_now else "view-free-window", args=args, parts=free_lines(shown))
    desk.reply(title, _page_buttons(window, page, pages))


def free_lines(cars: list[FreeCar]) -> tuple[Text, ...]:
    """The branch above its cars."""
    lines: list[Text] = []
    for branch, group in groupby(cars, key=lambda free_car: free_car.car.branch_name):
        lines.append(Text(key="view-free-branch", args={"branch": branch}))
        lines += [_line(free_car) for free_car in group]
    return tuple(lines)


def _line(free_car: FreeCar) -> Text:
    if free_car.until is None:
        return Text(key="view-free-car", args={"car": free_car.car.title})
    return Text(key="view-free-car-until", args={"car": free_car.car.title, "until": local_text(free_car.until)})


def _page_buttons(window: Window, page: int, pages: int) -> ButtonRows:
    row = [
        screen_button(
            Text(key=label),
            "free",
            starts=window.starts.isoformat(),
            ends=window.ends.isoformat(),
            now="yes" if window.is_now else "no",
            page=number,
        )
        for label, number in (("button-back", page - 1), ("button-more", page + 1))
        if 0 <= number < pages
    ]
    return (tuple(row),) if row else ()

"""``/today``: a branch's hand-overs and returns of the day, those that are late before all."""

from collections.abc import Sequence
from typing import Any

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.callbacks import screen_button
from bot.dates import local_day
from bot.desk import ButtonRows, Desk
from bot.filters import IsStaff
from bot.handlers.cars import NOTHING, booking_kind
from core.clock import local_text
from core.commands import Text
from core.roles import Role
from db.queries import fleet_views
from db.queries.fleet_views import BookingView, BranchView, Day
from db.session import Tx

LINES = 15
LONGEST_NAME = 60


def router() -> Router:
    made = Router(name="day")
    made.message.filter(IsStaff())
    made.message.register(today, Command("today"))
    return made


async def today(message: Message, desk: Desk, command: CommandObject) -> None:
    del message
    wanted = (command.args or "").strip().lower() or desk.branch or ""
    async with desk.work() as tx:
        await show_day(desk, tx, {"branch": wanted, "page": 0})


async def show_day(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """The screen of one page of one branch's day."""
    branches = await fleet_views.branches(tx)
    wanted = payload["branch"]
    branch = next((branch for branch in branches if wanted in {branch.code, branch.name.lower()}), None)
    if branch is None:
        desk.reply(Text(key="view-day-which"), _branch_buttons(branches))
        return
    now = desk.office.clock.now()
    window = local_day(now)
    day = await fleet_views.day(tx, branch.code, starts=window.starts, ends=window.ends, now=now)
    lines = day_lines(day)
    pages = max(1, -(-len(lines) // LINES))
    page = min(max(int(payload["page"]), 0), pages - 1)
    title = Text(
        key="view-day-title",
        args={"branch": branch.name, "date": local_text(now)[:5], "page": page + 1, "pages": pages},
        parts=(*lines[page * LINES : (page + 1) * LINES], _done(day)),
    )
    others = [other for other in branches if other != branch] if desk.may(Role.BRANCH_HEAD) else []
    desk.reply(title, (*_page_buttons(branch, page, pages), *_branch_buttons(others)))


def day_lines(day: Day) -> list[Text]:
    """One line an operation: late returns, late hand-overs, then the rest by time."""
    due = [(view.start_at, "view-day-issue", view) for view in day.issues]
    due += [(view.end_at, "view-day-return", view) for view in day.returns]
    due.sort(key=lambda line: (line[0] is None, line[0], line[2].plate or ""))
    return [
        *(_line("view-day-late-return", view, view.end_at, view.location_end) for view in day.late_returns),
        *(_line("view-day-late-issue", view, view.start_at, view.location_start) for view in day.late_issues),
        *(
            _line(key, view, at, view.location_start if key == "view-day-issue" else view.location_end)
            for at, key, view in due
        ),
    ]


def _line(key: str, view: BookingView, at: Any, place: str | None) -> Text:
    is_late = "late" in key
    return Text(
        key=key,
        args={
            "time": (local_text(at) if is_late else local_text(at)[6:]) if at else NOTHING,
            "car": " ".join(part for part in (view.plate, view.model) if part) or NOTHING,
            "client": (view.client_name or NOTHING)[:LONGEST_NAME],
            "responsible": (view.responsible or NOTHING)[:LONGEST_NAME],
            "place": (place or NOTHING)[:LONGEST_NAME],
            "kind": booking_kind(view),
        },
    )


def _done(day: Day) -> Text:
    is_empty = not (day.late_issues or day.late_returns or day.issues or day.returns or day.done)
    return Text(key="view-day-none") if is_empty else Text(key="view-day-done", args={"count": len(day.done)})


def _page_buttons(branch: BranchView, page: int, pages: int) -> ButtonRows:
    row = []
    if page > 0:
        row.append(screen_button(Text(key="button-back"), "today", branch=branch.code, page=page - 1))
    if page + 1 < pages:
        row.append(screen_button(Text(key="button-more"), "today", branch=branch.code, page=page + 1))
    return (tuple(row),) if row else ()


def _branch_buttons(branches: Sequence[BranchView]) -> ButtonRows:
    made = [
        screen_button(Text(key="button-plain", args={"label": branch.name}), "today", branch=branch.code, page=0)
        for branch in branches
    ]
    return tuple(tuple(made[start : start + 2]) for start in range(0, len(made), 2))

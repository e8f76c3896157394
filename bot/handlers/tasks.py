"""``/task``: create one, list them, read one, choose who takes it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.callbacks import screen_button
from bot.desk import Desk
from bot.filters import IsStaff
from bot.quoting import line
from bot.task_cards import TITLE_LIMIT, card_text
from bot.task_words import Wish, read_due, read_wish
from core.clock import LOCAL_ZONE, local_text
from core.commands import Button, Text
from core.commands.task_buttons import assign_button, steer_button
from core.events import TaskWanted
from core.roles import Role
from db.queries import fleet_views, people, task_links, tasks
from db.queries.tasks import Change, Task
from db.session import Tx

SHOWN = 15
CHANGES = 12
DETAILS = "task_details"


def router() -> Router:
    made = Router(name="tasks")
    made.message.filter(IsStaff())
    made.message.register(task, Command("task"))
    return made


async def task(message: Message, desk: Desk, command: CommandObject) -> None:
    word, _, rest = (command.args or "").strip().partition(" ")
    async with desk.work() as tx:
        match word.lower():
            case "create":
                await _create(desk, tx, read_wish(rest), message.message_id)
            case "list":
                await _list(desk, tx, read_wish(rest))
            case "mine":
                _reply_list(desk, await tasks.assigned_to(tx, desk.person.id))
            case "branch":
                _reply_list(desk, await tasks.of_branch(tx, desk.branch))
            case _:
                desk.reply(Text(key="task-how"))


async def _create(desk: Desk, tx: Tx, wish: Wish, message_id: int) -> None:
    if not wish.text:
        desk.reply(Text(key="task-no-text"))
        return
    subjects = await _subjects(desk, tx, wish)
    if subjects is None:
        return
    due = None
    if wish.due is not None:
        due = read_due(wish.due, now=desk.office.clock.now(), zone=await _zone(desk, tx))
        if due is None or due <= desk.office.clock.now():
            desk.reply(Text(key="task-bad-due" if due is None else "task-past-due", args={"due": wish.due}))
            return
    body = TaskWanted(
        text=wish.text,
        person_id=desk.person.id,
        links=tuple(subjects),
        due=None if due is None else due.isoformat(),
        chat_id=desk.chat_id,
        thread_id=desk.place.thread_id,
        reply_to=message_id,
    )
    desk.record(body, subject=f"person:tg:{desk.person.tg_user_id}", branch=desk.branch)


async def _zone(desk: Desk, tx: Tx) -> ZoneInfo:
    """The clock of the branch where it is asked."""
    zones = {branch.code: branch.timezone for branch in await fleet_views.branches(tx)}
    return ZoneInfo(zones[desk.branch]) if desk.branch in zones else LOCAL_ZONE


async def _subjects(desk: Desk, tx: Tx, wish: Wish) -> list[str] | None:
    """What the wish names, else what the topic is about; None after saying what could not be found."""
    found: list[str] = []
    for kind, key in wish.links:
        known = await task_links.find(tx, kind, key)
        if len(known) != 1:
            told = "task-several-cars" if known else "task-unknown-link"
            desk.reply(Text(key=told, args={"link": f"{kind}:{key}"}))
            return None
        found += known
    entity = desk.situation.entity
    if not found and entity is not None and not entity.startswith("task:"):
        found = [entity]
    return found


async def _list(desk: Desk, tx: Tx, wish: Wish) -> None:
    subjects = await _subjects(desk, tx, wish)
    if subjects:
        _reply_list(desk, await tasks.about(tx, subjects))
    elif subjects is not None:
        _reply_list(desk, await tasks.open_of(tx, desk.person.id, desk.person.trust))


def _reply_list(desk: Desk, found: Sequence[Task]) -> None:
    if not found:
        desk.reply(Text(key="task-list-none"))
        return
    shown = found[:SHOWN]
    parts = [_list_line(one) for one in shown]
    if len(found) > SHOWN:
        parts.append(Text(key="task-list-more", args={"count": len(found) - SHOWN}))
    buttons = [_number_button(one) for one in shown]
    rows = tuple(tuple(buttons[start : start + 5]) for start in range(0, len(buttons), 5))
    desk.reply(Text(key="task-list-title", args={"count": len(found)}, parts=tuple(parts)), rows)


def _list_line(one: Task) -> Text:
    due = "none" if one.due_at is None else local_text(one.due_at, ZoneInfo(one.timezone))
    about = {"number": str(one.number), "title": line(one.title), "name": line(one.assignee_name or "—")}
    return Text(key="task-list-line", args={**about, "due": due})


def _number_button(one: Task) -> Button:
    return screen_button(Text(key="task-number", args={"number": str(one.number)}), DETAILS, task_id=str(one.id))


async def show_details(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """The screen of one task with its history, and what is done to a task more rarely."""
    found = await tasks.find(tx, UUID(payload["task_id"]))
    if found is None:
        desk.reply(Text(key="task-gone"))
        return
    zone = ZoneInfo(found.timezone)
    card = card_text(found, await tasks.link_names(tx, found), desk.office.clock.now())
    more = (Text(key="task-details-more", args={"details": found.details}),) if found.details else ()
    made = Text(key="task-details-made", args={"time": local_text(found.created_at, zone)})
    history = [_change_line(change, zone) for change in await tasks.changes(tx, found.id, limit=CHANGES)]
    rare = (steer_button(found.id, "block", "task-block"), steer_button(found.id, "cancel", "task-cancel"))
    parts = (*card.parts, *more, made, *history)
    desk.reply(card.model_copy(update={"parts": parts}), (rare,) if found.is_open else ())


def _change_line(change: Change, zone: ZoneInfo) -> Text:
    by = change.by if ":" not in change.by else "Jarvis"
    args = {"time": local_text(change.at, zone), "by": line(by), "field": change.field, "value": change.told(zone)}
    return Text(key="task-change", args={**args})


async def choose_person(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """The screen behind Assign: the people of the task's branch, and for those who lead also everybody above."""
    found = await tasks.find(tx, UUID(payload["task_id"]))
    if found is None or not found.is_open:
        desk.reply(Text(key="task-gone"))
        return
    near = await people.working(tx, branch=found.branch or desk.branch)
    above = [one for one in await people.deciders(tx) if one.branch is None and one.role is not Role.ADMIN]
    chosen = {one.id: one for one in (*near, *above, desk.person)}
    names = await fleet_views.branch_names(tx)
    rows = tuple(
        (assign_button(found.id, one.id, f"{one.name} · {names[one.branch]}"),)
        for one in chosen.values()
        if one.id != found.assignee_id
    )
    title = {"number": str(found.number), "title": line(found.title, TITLE_LIMIT)}
    desk.reply(Text(key="task-assign-whom", args={**title}), rows)

"""``/people``: a manager sees who works here, changes a role, ends an access."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.callbacks import screen_button
from bot.desk import ButtonRows, Desk
from bot.filters import IsStaff
from core.commands import Button, Text
from core.events import RoleDecided
from core.roles import Role
from db.queries import fleet_views, people
from db.queries.people import Person
from db.session import Tx

SHOWN = 12


def router() -> Router:
    made = Router(name="people")
    made.message.filter(IsStaff())
    made.message.register(list_people, Command("people"))
    return made


async def list_people(message: Message, desk: Desk) -> None:
    del message
    if not desk.may(Role.BRANCH_HEAD):
        desk.reply(Text(key="no-right"))
    elif not desk.place.is_private:
        desk.reply(Text(key="people-in-private"))
    else:
        async with desk.work() as tx:
            await show_people(desk, tx, {"page": 0})


async def show_people(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """The screen of one page; a branch head sees their own branch."""
    branch = desk.person.branch if desk.person.role is Role.BRANCH_HEAD else None
    everybody = await people.working(tx, branch=branch)
    names = await fleet_views.branch_names(tx)
    page = int(payload["page"])
    shown = everybody[page * SHOWN : (page + 1) * SHOWN]
    rows: ButtonRows = tuple((_person_button(person, names),) for person in shown)
    more = [
        screen_button(Text(key=label), "people", min_role=Role.BRANCH_HEAD, page=number)
        for label, number in (("button-back", page - 1), ("button-more", page + 1))
        if 0 <= number * SHOWN < len(everybody)
    ]
    title = Text(key="people-list", args={"count": len(everybody)})
    desk.reply(title, (*rows, tuple(more)) if more else rows)


def _person_button(person: Person, names: Mapping[str | None, str]) -> Button:
    label = Text(
        key="people-button", args={"name": person.name, "role": str(person.role), "branch": names[person.branch]}
    )
    return screen_button(label, "person", min_role=Role.BRANCH_HEAD, person_id=str(person.id))


async def show_person(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """The screen of one person with what this manager may decide about them."""
    person = await people.by_id(tx, UUID(payload["person_id"]))
    if person is None:
        desk.reply(Text(key="people-gone"))
        return
    names = await fleet_views.branch_names(tx)
    about: dict[str, str | int] = {
        "name": person.name,
        "role": str(person.role),
        "branch": names[person.branch],
        "username": f"@{person.tg_username}" if person.tg_username else "—",
        "since": person.approved_at.strftime("%d.%m.%Y"),
    }
    desk.reply(Text(key="people-card", args=about), _decisions(desk, person))


def _decisions(desk: Desk, person: Person) -> ButtonRows:
    if not desk.person.may_change(person):
        return ()
    roles = [role for role in Role if desk.person.may_make(person, role)]
    changes = [_decision(desk, person, role, Text(key="people-make", args={"role": str(role)})) for role in roles]
    end = _decision(desk, person, None, Text(key="people-end"))
    return (*((change,) for change in changes), (end,))


def _decision(desk: Desk, person: Person, role: Role | None, label: Text) -> Button:
    body = RoleDecided(person_id=person.id, tg_user_id=person.tg_user_id, role=role and str(role))
    return Button(
        label=label,
        event_kind=RoleDecided.kind,
        event=body.model_dump(mode="json"),
        subject=f"person:tg:{person.tg_user_id}",
        min_role=str(Role.BRANCH_HEAD),
        only=desk.person.tg_user_id,
        style="danger" if role is None else None,
    )

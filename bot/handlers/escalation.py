"""``/unanswered``: what waits for an answer, and where; ``/away`` and ``/back``: who is not there."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.desk import Desk
from bot.farewells import topic_url
from bot.filters import IsStaff
from bot.quoting import line
from bot.task_words import read_due
from core.clock import LOCAL_ZONE, local_text
from core.commands import Text
from core.roles import Role
from db.queries import absences, audit, people, waits
from db.queries.people import Person
from db.queries.waits import Listed
from db.session import Tx

SHOWN = 20
NAME = 60


def router() -> Router:
    made = Router(name="escalation")
    made.message.filter(IsStaff())
    made.message.register(unanswered, Command("unanswered"))
    made.message.register(away, Command("away"))
    made.message.register(back, Command("back"))
    return made


async def unanswered(message: Message, desk: Desk) -> None:
    """One list over clients, tasks and consents: a head's branch, everything for those above, one's own for others."""
    del message
    person, now = desk.person, desk.office.clock.now()
    async with desk.work() as tx:
        if not desk.may(Role.BRANCH_HEAD):
            found = await waits.listed(tx, viewer=person.id, branch=None, holder=person.id, now=now)
        else:
            branch = person.branch if person.role is Role.BRANCH_HEAD else None
            found = await waits.listed(tx, viewer=person.id, branch=branch, now=now)
        lines = tuple(_line(desk, one, now) for one in found[:SHOWN])
        more = (Text(key="unanswered-more", args={"count": len(found) - SHOWN}),) if len(found) > SHOWN else ()
        title = Text(key="unanswered-title", args={"count": len(found)}, parts=(*lines, *more))
        desk.reply(title if found else Text(key="unanswered-none"))


def _line(desk: Desk, one: Listed, now: datetime) -> Text:
    hours = desk.office.settings.hours.working(ZoneInfo(one.timezone))
    waited = hours.working_time_between(one.since, now)
    link = ()
    if one.chat_id is not None and one.thread_id is not None:
        link = (Text(key="unanswered-link", args={"url": topic_url(one.chat_id, one.thread_id)}),)
    return Text(
        key="unanswered-line",
        args={
            "kind": one.kind,
            "name": line(one.name, NAME),
            "hours": waited // timedelta(hours=1),
            "minutes": waited % timedelta(hours=1) // timedelta(minutes=1),
            "holder": line(one.holder or "—"),
            "level": str(one.level),
        },
        parts=link,
    )


async def away(message: Message, desk: Desk, command: CommandObject) -> None:
    """``/away``, ``/away 25.11``, ``/away 18:00``: until then; a head names somebody else first: ``/away @name 25.11``.

    A day alone means its morning: who is away until Monday answers on Monday.
    """
    del message
    now = desk.office.clock.now()
    async with desk.work() as tx:
        person, rest = await _whom(desk, tx, command.args or "")
        if person is None:
            return
        until = read_due(rest, now=now, zone=LOCAL_ZONE) if rest else None
        if rest and (until is None or until <= now):
            desk.reply(Text(key="away-how"))
            return
        await absences.leave(tx, person.id, since=now, until=until, told_by=desk.person.trust)
        await waits.look_again(tx, person.id, now=now)
        await _note(desk, tx, "absence.began", person, until=None if until is None else until.isoformat())
        told = Text(key="away-set-open", args={"name": person.name})
        if until is not None:
            told = Text(key="away-set", args={"name": person.name, "until": local_text(until, LOCAL_ZONE)})
        desk.reply(told)


async def back(message: Message, desk: Desk, command: CommandObject) -> None:
    del message
    now = desk.office.clock.now()
    async with desk.work() as tx:
        person, _ = await _whom(desk, tx, command.args or "")
        if person is None:
            return
        if not await absences.come_back(tx, person.id, now=now):
            desk.reply(Text(key="back-not-away", args={"name": person.name}))
            return
        await _note(desk, tx, "absence.ended", person)
        desk.reply(Text(key="back-set", args={"name": person.name}))


async def _whom(desk: Desk, tx: Tx, words: str) -> tuple[Person | None, str]:
    """Whose absence it is, and the rest of the words; nobody where it is not theirs to tell, and they hear why."""
    first, _, rest = words.strip().partition(" ")
    if not first.startswith("@"):
        return desk.person, words.strip()
    staff = await people.working(tx)
    wanted = next((one for one in staff if (one.tg_username or "").lower() == first[1:].lower()), None)
    if wanted is None:
        desk.reply(Text(key="away-nobody", args={"name": first}))
        return None, rest
    if wanted.id != desk.person.id and not desk.person.may_change(wanted):
        desk.reply(Text(key="no-right"))
        return None, rest
    return wanted, rest.strip()


async def _note(desk: Desk, tx: Tx, action: str, person: Person, **details: str | None) -> None:
    await audit.append(
        tx,
        actor=desk.person.trust,
        action=action,
        subject=f"person:{person.id}",
        at=desk.office.clock.now(),
        details=details,
    )

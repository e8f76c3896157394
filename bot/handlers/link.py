"""``/link_rentprog 15001``: a person says which user of RentProg they are, so that clients of their bookings come."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.desk import Desk
from bot.filters import IsStaff
from core.commands import Text
from core.events import StaffLinked

LONGEST_NUMBER = 12


def router() -> Router:
    made = Router(name="link")
    made.message.filter(IsStaff())
    made.message.register(link, Command("link_rentprog"))
    return made


async def link(message: Message, desk: Desk, command: CommandObject) -> None:
    del message
    number, branch = (command.args or "").strip(), desk.person.branch
    if branch is None:
        desk.reply(Text(key="link-no-branch"))
    elif not (number.isascii() and number.isdigit()) or len(number) > LONGEST_NUMBER:
        desk.reply(Text(key="link-how"))
    else:
        body = StaffLinked(person_id=desk.person.id, branch=branch, rentprog_id=int(number))
        desk.record(body, subject=f"person:tg:{desk.person.tg_user_id}", branch=branch)

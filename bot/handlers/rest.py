"""What no other handler wanted: staff get a hint in private, groups are left in peace."""

from aiogram import F, Router
from aiogram.types import Message

from bot.desk import Desk
from bot.filters import IsPrivate, IsStaff
from core.commands import Text


def router() -> Router:
    made = Router(name="rest")
    made.message.filter(IsStaff(), IsPrivate())
    made.message.register(hint, F.text)
    made.edited_message.filter(IsStaff(), IsPrivate())
    made.edited_message.register(edits_are_not_read, F.text.startswith("/"))
    return made


async def hint(message: Message, desk: Desk) -> None:
    del message
    desk.reply(Text(key="not-understood"), merge_key=f"not-understood:{desk.chat_id}")


async def edits_are_not_read(message: Message, desk: Desk) -> None:
    del message
    desk.reply(Text(key="edit-not-read"), merge_key=f"edit-not-read:{desk.chat_id}")

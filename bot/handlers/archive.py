"""``/bind archive``: the group where all material of inspections is kept; people only read it, and hear when not so."""

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message

from bot.desk import Desk
from bot.handlers.own_groups import UNUSED
from core.commands import Text
from core.roles import Role
from db.queries import audit, inspection_views

ARCHIVE = "archive"


async def bind_archive(message: Message, desk: Desk, bot: Bot) -> None:
    """One archive serves the company: whoever leads a division or more chooses it."""
    if not desk.may(Role.DIVISION_HEAD):
        desk.reply(Text(key="no-right"))
        return
    if desk.situation.purpose not in (*UNUSED, ARCHIVE):
        desk.reply(Text(key="bind-group-is-taken"))
        return
    try:
        chat = await bot.get_chat(desk.chat_id)
    except TelegramAPIError:
        desk.reply(Text(key="bind-not-checked"))
        return
    is_writable = chat.permissions is not None and bool(chat.permissions.can_send_messages)
    warning = (Text(key="bind-archive-writable"),) if is_writable else ()
    told = "bind-archive-already" if desk.situation.purpose == ARCHIVE else "bind-archive-done"
    async with desk.work() as tx:
        await inspection_views.bind_archive(
            tx,
            desk.chat_id,
            title=message.chat.title or "",
            is_forum=bool(chat.is_forum),
            bound_by=desk.person.trust,
        )
        await audit.append(
            tx,
            actor=desk.person.trust,
            action="archive.bound",
            subject=f"chat:{desk.chat_id}",
            at=desk.office.clock.now(),
            details={},
        )
        desk.reply(Text(key=told, parts=warning))

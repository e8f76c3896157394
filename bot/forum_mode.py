"""Topics that somebody switched off: said once, the main chat is spared, and all comes back when they are on."""

from collections.abc import Sequence
from typing import Any

from aiogram.methods import GetChat

from bot.means import Means
from core.errors import Rejected
from core.events import AlarmRaised, ChatChanged, NewEvent
from db.commands import Delivery
from db.queries import chats
from db.queries.chats import Chat
from db.session import Tx


async def check(means: Means, chat: Chat) -> tuple[NewEvent[Any], ...]:
    """Raise ``Rejected`` while the chat is known to have no topics; Telegram is asked, because it tells nobody.

    When they turn out to be back, the returned event fills the forum again.
    """
    if chat.is_forum:
        return ()
    known = await means.calls.plain(GetChat(chat_id=chat.chat_id))
    if not known.is_forum:
        raise Rejected(f"topics are switched off in {chat.chat_id}")
    body = ChatChanged(
        chat_id=chat.chat_id,
        title=known.title or chat.title,
        is_member=True,
        is_forum=True,
        missing_rights=chat.missing_rights,
    )
    return (NewEvent(body=body, subject=f"chat:{chat.chat_id}", branch=chat.branch),)


async def switched_off(means: Means, chat_id: int, reason: str) -> Delivery:
    """What a command ends in that met a forum without topics."""
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, chat_id)
    alarm = NewEvent(
        body=AlarmRaised(
            key=f"forum-off:{chat_id}",
            text_key="alarm-forum-off",
            args={"title": chat.title if chat else str(chat_id)},
        ),
        subject=f"alarm:forum-off:{chat_id}",
    )

    async def save(tx: Tx) -> Sequence[NewEvent[AlarmRaised]]:
        return [alarm] if await chats.note_forum_mode(tx, chat_id, is_forum=False) else []

    return Delivery({"refused": reason}, save)

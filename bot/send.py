"""Performs every Telegram command: the one visible table from its type to who does it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from aiogram import Bot

from bot import cards, farewells, forum_mode, media, messages
from bot.calls import Calls
from bot.errors import Fault, MigratedError, NotYetError, RefusedError
from bot.limits import SendLimits
from bot.means import Means
from bot.posting import ForumOffError, Posting
from bot.texts import Texts, default_texts
from bot.topics import Topics
from core.clock import Clock
from core.commands import (
    CloseTopic,
    Command,
    CommandBody,
    DeleteMessages,
    EditMessage,
    KeepMedia,
    SendMessage,
    ShowCarCard,
    TelegramCommand,
    TellAlarm,
)
from core.errors import Broken
from core.settings import TelegramSettings
from db.commands import Delivery, Postponed
from db.queries import chats
from db.session import Database
from storage.api import Storage

Perform = Callable[[Means, Any, Command], Awaitable[Delivery]]

PERFORMED: Mapping[type[CommandBody], Perform] = {
    SendMessage: messages.send,
    EditMessage: messages.edit,
    DeleteMessages: messages.delete,
    TellAlarm: messages.tell_alarm,
    ShowCarCard: cards.show,
    CloseTopic: farewells.close_topic,
    KeepMedia: media.keep,
}


class TelegramPerformer:
    """``db.commands.Performer`` for the system ``telegram``. Every network call is outside a transaction."""

    def __init__(
        self,
        bot: Bot,
        db: Database,
        storage: Storage,
        *,
        settings: TelegramSettings,
        clock: Clock,
        texts: Texts | None = None,
    ) -> None:
        calls = Calls(bot, SendLimits(settings, clock))
        self._db = db
        self._means = Means(
            calls=calls,
            posting=Posting(calls),
            topics=Topics(calls, db, clock, pace=timedelta(seconds=settings.topic_pace_s)),
            db=db,
            storage=storage,
            clock=clock,
            texts=texts or default_texts(),
        )

    async def perform(self, command: Command) -> Delivery | Postponed:
        perform = PERFORMED.get(type(command.body))
        if perform is None or not isinstance(command.body, TelegramCommand):
            raise Broken(f"nobody performs {command.body.kind}")
        chat_id = command.body.chat_id
        if await self._was_migrated(chat_id):
            return Postponed(timedelta(0), "the chat has another id now")
        try:
            return await perform(self._means, command.body, command)
        except NotYetError as wait:
            return Postponed(wait.delay, str(wait))
        except MigratedError as migrated:
            await self._migrate(chat_id, migrated.chat_id)
            return Postponed(timedelta(0), str(migrated))
        except ForumOffError as off:
            return await forum_mode.switched_off(self._means, chat_id, str(off))
        except RefusedError as refusal:
            if refusal.fault is Fault.NOT_A_FORUM:
                return await forum_mode.switched_off(self._means, chat_id, str(refusal))
            raise refusal.meaning from refusal

    async def _was_migrated(self, chat_id: int) -> bool:
        """An order that was written with the old id, by settings or in the moment of the change."""
        async with self._db.transaction() as tx:
            current = await chats.current_id(tx, chat_id)
            if current != chat_id:
                await chats.migrate_chat(tx, chat_id, current)
        return current != chat_id

    async def _migrate(self, old: int, new: int) -> None:
        async with self._db.transaction() as tx:
            await chats.migrate_chat(tx, old, new)

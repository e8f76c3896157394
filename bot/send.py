"""Performs every Telegram command: the one visible table from its type to who does it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from aiogram import Bot

from bot import (
    approval_cards,
    cards,
    client_messages,
    conversation_cards,
    drafts,
    farewells,
    finding_cards,
    forms,
    forum_mode,
    inspection_albums,
    inspection_cards,
    media,
    messages,
    mileage_questions,
    sendings,
    task_cards,
)
from bot.calls import Calls
from bot.errors import Fault, MigratedError, NotYetError, RefusedError
from bot.limits import SendLimits
from bot.means import Means, Showing
from bot.posting import ForumOffError, Posting
from bot.texts import Texts, default_texts
from bot.topics import Topics
from core.clock import Clock
from core.commands import (
    ArchiveInspection,
    CloseTopic,
    Command,
    CommandBody,
    DeleteMessages,
    EditMessage,
    KeepMedia,
    SendMessage,
    ShowApproval,
    ShowCarCard,
    ShowClientMessage,
    ShowConversationCard,
    ShowDraft,
    ShowFinding,
    ShowForm,
    ShowInspection,
    ShowMileage,
    ShowPairs,
    ShowSending,
    ShowTaskCard,
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
    ShowClientMessage: client_messages.show,
    ShowSending: sendings.show,
    ShowConversationCard: conversation_cards.show,
    ShowDraft: drafts.show,
    ShowTaskCard: task_cards.show,
    ShowApproval: approval_cards.show,
    ShowForm: forms.show,
    ShowInspection: inspection_cards.show,
    ShowMileage: mileage_questions.show,
    ShowFinding: finding_cards.show,
    ShowPairs: inspection_albums.show_pairs,
    ArchiveInspection: inspection_albums.archive,
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
        showing: Showing = Showing(),  # noqa: B008 - frozen
    ) -> None:
        calls = Calls(bot, SendLimits(settings, clock))
        self._means = Means(
            calls=calls,
            posting=Posting(calls),
            topics=Topics(calls, db, clock, pace=timedelta(seconds=settings.topic_pace_s)),
            db=db,
            storage=storage,
            clock=clock,
            texts=texts or default_texts(),
            showing=showing,
        )

    async def perform(self, command: Command) -> Delivery | Postponed:
        current = await self._with_current_chat(command)
        try:
            return await self._perform(current)
        except MigratedError as migrated:
            new_id = migrated.chat_id
        async with self._means.db.transaction() as tx:
            await chats.migrate_chat(tx, _body(current).chat_id, new_id)
        return await self._perform(_moved(current, new_id))

    async def _perform(self, command: Command) -> Delivery | Postponed:
        perform = PERFORMED.get(type(command.body))
        if perform is None:
            raise Broken(f"nobody performs {command.body.kind}")
        try:
            return await perform(self._means, command.body, command)
        except NotYetError as wait:
            return Postponed(wait.delay, str(wait))
        except ForumOffError as off:
            return await forum_mode.switched_off(self._means, _body(command).chat_id, str(off))
        except RefusedError as refusal:
            if refusal.fault is Fault.NOT_A_FORUM:
                return await forum_mode.switched_off(self._means, _body(command).chat_id, str(refusal))
            raise refusal.meaning from refusal

    async def _with_current_chat(self, command: Command) -> Command:
        """An order may name the id that the chat had before: settings do, and what was on its way at that moment."""
        chat_id = _body(command).chat_id
        async with self._means.db.transaction() as tx:
            current = await chats.current_id(tx, chat_id)
        return command if current == chat_id else _moved(command, current)


def _moved(command: Command, chat_id: int) -> Command:
    return replace(command, body=command.body.model_copy(update={"chat_id": chat_id}))


def _body(command: Command) -> TelegramCommand:
    if not isinstance(command.body, TelegramCommand):
        raise Broken(f"{command.body.kind} is no command for Telegram")
    return command.body

"""One call to the Bot API: inside the budget, with a time-out, its refusal in our words."""

import asyncio
from datetime import timedelta
from typing import TypeVar

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.methods import TelegramMethod

from bot.errors import NotYetError, meaning_of
from bot.limits import SendLimits
from core.commands import Priority

T = TypeVar("T")

TIMEOUT_S = 20
UPLOAD_TIMEOUT_S = 60
PATIENCE = timedelta(seconds=1.2)
"""A wait up to this long is slept; a longer one gives the place back to the queue."""


class Calls:
    """How the outgoing side speaks to Telegram. No transaction may be open around it."""

    def __init__(self, bot: Bot, limits: SendLimits) -> None:
        self.bot = bot
        self._limits = limits

    async def budget(self, chat_id: int, priority: Priority, *, is_edit: bool = False) -> None:
        """Take the right to one message; raises ``NotYetError`` when it is far away."""
        wait = self._limits.take(chat_id, priority=priority, is_edit=is_edit)
        if timedelta(0) < wait <= PATIENCE:
            await asyncio.sleep(wait.total_seconds())
            wait = self._limits.take(chat_id, priority=priority, is_edit=is_edit)
        if wait > timedelta(0):
            raise NotYetError(wait, "the budget of the chat is spent")

    async def plain(self, method: TelegramMethod[T], *, timeout_s: int | None = None) -> T:
        try:
            return await self.bot(method, request_timeout=timeout_s or TIMEOUT_S)
        except AiogramError as error:
            raise meaning_of(error) from error

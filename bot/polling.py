"""The one poller of a bot: updates come in order, and an update is confirmed only after all it caused is committed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramConflictError
from aiogram.methods import TelegramMethod

from bot.errors import meaning_of
from bot.intake import ALLOWED_UPDATES, Intake
from core.errors import NeedsAttention, Temporary
from core.log import get_logger
from db.locks import SingletonLock

_log = get_logger("bot")


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """``getUpdates`` as plain JSON: one update that this version cannot read must not hide the other ninety-nine."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int = 100
    timeout: int
    allowed_updates: list[str]


def poller_lock_name(bot: Bot) -> str:
    """Two tokens of one bot (before and after a rotation) are one bot."""
    return f"telegram-poller:{bot.id}"


class Poller:
    """``beat`` is called when a step succeeded, so that health can tell a poller that stands still.

    ``pause_s`` is the first wait after a failure; it doubles up to half a minute.
    """

    def __init__(
        self,
        bot: Bot,
        intake: Intake,
        lock: SingletonLock,
        *,
        poll_s: int = 25,
        pause_s: float = 1.0,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self._bot = bot
        self._intake = intake
        self._lock = lock
        self._poll_s = poll_s
        self._first_pause_s = pause_s
        self._beat = beat
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll until cancelled; raises ``NeedsAttention`` when a person must act first."""
        try:
            await self._patiently(self._own)
            await self._patiently(self._drop_webhook)
            while True:
                await self._patiently(self._round)
        finally:
            await self._lock.release()

    async def _patiently(self, step: Callable[[], Awaitable[None]]) -> None:
        """Do the step, again and again while the database or Telegram are away."""
        pause = self._first_pause_s
        while True:
            try:
                await step()
            except Temporary as error:
                wait = max(error.retry_after or 0, pause)
                _log.warning("poll_waits", reason=str(error), seconds=wait)
                await asyncio.sleep(wait)
                pause = min(pause * 2, 30 * self._first_pause_s)
            else:
                self._beat()
                return

    async def _own(self) -> None:
        """Wait for the lock: two pollers of one bot would steal each other's updates."""
        is_said = False
        while not await self._lock.is_held():
            if not is_said:
                _log.warning("another_process_polls", bot_id=self._bot.id, does="waits until it stops")
                is_said = True
            self._beat()
            await asyncio.sleep(self._first_pause_s)

    async def _drop_webhook(self) -> None:
        """A webhook left registered makes polling silent. What waits at Telegram stays there for us."""
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except AiogramError as error:
            raise _word_of(error) from error

    async def _round(self) -> None:
        if not await self._lock.is_held():
            await self._own()
        for raw in await self._fetch():
            await self._intake.take(raw)
            self._offset = raw["update_id"] + 1

    async def _fetch(self) -> list[dict[str, Any]]:
        method = GetRawUpdates(offset=self._offset, timeout=self._poll_s, allowed_updates=list(ALLOWED_UPDATES))
        try:
            return await self._bot(method, request_timeout=self._poll_s + 10)
        except TelegramConflictError as error:
            if "webhook" not in error.message.lower():
                raise _word_of(error) from error
            _log.warning("webhook_came_back", does="removes it")
            await self._drop_webhook()
            return []
        except AiogramError as error:
            raise _word_of(error) from error


def _word_of(error: AiogramError) -> NeedsAttention | Temporary:
    if isinstance(error, TelegramConflictError):
        return NeedsAttention(
            "another program reads this bot's updates (409 from Telegram): stop it, or give Jarvis a bot of its own"
        )
    word = meaning_of(error)
    return word if isinstance(word, (NeedsAttention, Temporary)) else Temporary(f"telegram: {word}")

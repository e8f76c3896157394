"""One update at a time into the dispatcher: retried when the world fails, set aside with an alarm when we do."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.exceptions import AiogramError
from aiogram.types import Update

from bot.desk import Office
from bot.errors import meaning_of
from core.errors import Temporary
from core.events import AlarmRaised, NewEvent
from core.log import get_logger
from db import events

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""Named in full at every start: what is not named keeps its former setting at Telegram."""

MAX_TRIES = 3
_log = get_logger("bot")


class Intake:
    """Takes updates as Telegram sends them. When ``take`` or ``feed`` returns, all that follows is committed."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, office: Office, *, pause_s: float = 1.0) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._office = office
        self._pause_s = pause_s

    async def take(self, raw: Mapping[str, Any]) -> None:
        """For long polling: waits as long as the database or Telegram are away, since order must be kept."""
        pause = self._pause_s
        while True:
            try:
                return await self._settle(raw)
            except Temporary as error:
                _log.warning("update_waits", update_id=raw.get("update_id"), reason=str(error), pause_s=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 30 * self._pause_s)

    async def feed(self, raw_json: bytes) -> None:
        """For webhooks: ``Temporary`` lets the ingress answer 503, and Telegram sends the update again.

        Raises ``ValueError`` when the body is no JSON object.
        """
        raw = json.loads(raw_json)
        if not isinstance(raw, dict):
            raise TypeError("an update is a JSON object")
        await self._settle(raw)

    async def _settle(self, raw: Mapping[str, Any]) -> None:
        """Handle the update; after ``MAX_TRIES`` failures of ours it becomes an alarm, so that the queue goes on."""
        failures = 0
        while (failure := await self._attempt(raw)) is not None:
            failures += 1
            if failures == MAX_TRIES:
                await self._set_aside(raw, failure)
                return

    async def _attempt(self, raw: Mapping[str, Any]) -> Exception | None:
        """None when the update is done with, else our fault in it. Trouble of the world leaves as ``Temporary``."""
        try:
            await self._handle(raw)
        except Temporary:
            raise
        except Exception as error:  # one poisoned update must not stop all that follow
            meaning = meaning_of(error) if isinstance(error, AiogramError) else error
            if isinstance(meaning, Temporary):
                raise meaning from error
            _log.exception("update_failed", update_id=raw.get("update_id"))
            return error
        return None

    async def _handle(self, raw: Mapping[str, Any]) -> None:
        if not any(kind in raw for kind in ALLOWED_UPDATES):
            return
        update = Update.model_validate(raw, context={"bot": self._bot})
        await self._dispatcher.feed_update(self._bot, update)

    async def _set_aside(self, raw: Mapping[str, Any], failure: Exception) -> None:
        """Keep the update whole beside the alarm, so that it can be played again after a fix."""
        update_id = str(raw.get("update_id"))
        alarm = NewEvent(
            body=AlarmRaised(
                key=f"telegram-update:{update_id}",
                text_key="alarm-telegram-update",
                args={"update": update_id, "error": type(failure).__name__},
            ),
            subject=f"alarm:telegram-update:{update_id}",
            source="telegram",
            external_id=f"{update_id}:alarm",
            raw=json.dumps(raw, ensure_ascii=False).encode(errors="replace"),
        )
        async with self._office.db.transaction() as tx:
            recorded = await events.record(tx, [alarm], self._office.route)
        has_commands = False
        await self._office.ring(recorded.ready_runs, has_commands)

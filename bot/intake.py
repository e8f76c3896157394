"""One update at a time into the dispatcher: retried when the world fails, set aside with an alarm when we do.

Each try is counted in Postgres before its work, so that an update that ends the process is set aside as well.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.exceptions import AiogramError
from aiogram.types import Update

from bot.desk import Office
from bot.errors import meaning_of
from core.errors import Temporary
from core.events import AlarmRaised, EventBody, NewEvent, WebhookQuarantined
from core.log import get_logger
from db import events, updates
from db.session import Tx
from db.updates import Taken, UpdateKey

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""Named in full at every start: what is not named keeps its former setting at Telegram."""

MAX_TRIES = 3
LARGEST_ID = 2**63 - 1
_log = get_logger("bot")


@dataclass
class _InHand:
    """An update and how far we are with it. ``is_counted``: its present try stands in Postgres."""

    key: UpdateKey
    raw: Mapping[str, Any]
    is_counted: bool = False


class Intake:
    """Takes updates as Telegram sends them. When ``take`` or ``feed`` returns, all that follows is committed."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, office: Office, *, pause_s: float = 1.0) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._office = office
        self._pause_s = pause_s

    async def take(self, raw: Mapping[str, Any]) -> None:
        """For long polling: waits as long as the database or Telegram are away, since order must be kept."""
        update = self._read(raw)
        pause = self._pause_s
        while True:
            try:
                return await self._settle(update)
            except Temporary as error:
                _log.warning("update_waits", update_id=update.key.update_id, reason=str(error), pause_s=pause)
            except asyncio.CancelledError:
                await self._hand_back(update)
                raise
            await self._wait(update, pause)
            pause = min(pause * 2, 30 * self._pause_s)

    async def _wait(self, update: _InHand, seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            await self._hand_back(update)
            raise

    async def feed(self, body: bytes) -> None:
        """For webhooks: ``Temporary`` lets the ingress answer 503, and Telegram sends the update again.

        What is no update is kept raw and raised to staff: to refuse it would only bring it again and again.
        """
        raw = _json_object(body)
        if isinstance(raw, str):
            digest = hashlib.sha256(body).hexdigest()
            await self._quarantine(raw, body, f"unreadable:{digest}")
            return
        update = self._read(raw)
        try:
            await self._settle(update)
        except (Temporary, asyncio.CancelledError):
            await self._hand_back(update)
            raise

    def _read(self, raw: Mapping[str, Any]) -> _InHand:
        digest = hashlib.sha256(_bytes_of(raw)).hexdigest()
        number = raw.get("update_id")
        if not isinstance(number, int) or not 0 <= number <= LARGEST_ID:
            number = -1 - int(digest[:15], 16)  # one of its own, below zero, where Telegram has none
        return _InHand(UpdateKey(self._bot.id, number, digest), raw)

    async def _settle(self, update: _InHand) -> None:
        """Handle the update; after ``MAX_TRIES`` failures of ours it becomes an alarm, so that the queue goes on."""
        if not any(kind in update.raw for kind in ALLOWED_UPDATES):
            return
        failure: Exception | None = None
        while True:
            taken = await self._count(update)
            if taken.is_settled:
                await self._meet_again(update, taken)
                return
            if taken.tries > MAX_TRIES:
                await self._set_aside(update, failure)
                return
            failure = await self._attempt(update)
            if failure is None:
                async with self._office.db.transaction() as tx:
                    await updates.settle(tx, update.key)
                return
            update.is_counted = False

    async def _count(self, update: _InHand) -> Taken:
        async with self._office.db.transaction() as tx:
            taken = await updates.take(tx, update.key, is_new_try=not update.is_counted)
        update.is_counted = True
        return taken

    async def _hand_back(self, update: _InHand) -> None:
        """A try that the world or our own stop ended does not count. Without Postgres it stays counted."""
        if not update.is_counted:
            return
        try:
            async with self._office.db.transaction() as tx:
                await updates.hand_back(tx, update.key)
        except Temporary as error:
            _log.warning("try_not_handed_back", update_id=update.key.update_id, reason=str(error))

    async def _attempt(self, update: _InHand) -> Exception | None:
        """None when the update is done with, else our fault in it. Trouble of the world leaves as ``Temporary``."""
        try:
            read = Update.model_validate(update.raw, context={"bot": self._bot})
            await self._dispatcher.feed_update(self._bot, read)
        except Temporary:
            raise
        except Exception as error:  # one poisoned update must not stop all that follow
            meaning = meaning_of(error) if isinstance(error, AiogramError) else error
            if isinstance(meaning, Temporary):
                raise meaning from error
            _log.exception("update_failed", update_id=update.key.update_id)
            return error
        return None

    async def _set_aside(self, update: _InHand, failure: Exception | None) -> None:
        """Keep the update whole beside the alarm, so that it can be played again after a fix."""
        number = str(update.key.update_id)
        # Without a failure of this process it was an earlier one that did not live to tell.
        error = type(failure).__name__ if failure is not None else "ProcessEnded"
        alarm = AlarmRaised(
            key=f"telegram-update:{number}", text_key="alarm-telegram-update", args={"update": number, "error": error}
        )
        event = _event(alarm, f"alarm:telegram-update:{number}", f"{number}:alarm", _bytes_of(update.raw))
        async with self._office.db.transaction() as tx:
            ready = await self._record(tx, event)
            await updates.settle(tx, update.key)
        await self._office.ring(ready, False)  # noqa: FBT003 - the type of a bell: whether commands wait

    async def _meet_again(self, update: _InHand, taken: Taken) -> None:
        """The same update again needs nothing; another one under its number is nobody's we know."""
        if taken.is_changed:
            external_id = f"{update.key.update_id}:changed:{update.key.content_hash}"
            await self._quarantine("changed_update", _bytes_of(update.raw), external_id)

    async def _quarantine(self, reason: str, body: bytes, external_id: str) -> None:
        event = _event(WebhookQuarantined(system="telegram", reason=reason), "webhook:telegram", external_id, body)
        async with self._office.db.transaction() as tx:
            ready = await self._record(tx, event)
        await self._office.ring(ready, False)  # noqa: FBT003 - the type of a bell: whether commands wait

    async def _record(self, tx: Tx, event: NewEvent[Any]) -> tuple[int, ...]:
        return (await events.record(tx, [event], self._office.route)).ready_runs


def _event(body: EventBody, subject: str, external_id: str, raw: bytes) -> NewEvent[Any]:
    return NewEvent(body=body, subject=subject, source="telegram", external_id=external_id, trust="outside", raw=raw)


def _json_object(body: bytes) -> dict[str, Any] | str:
    """The object of a body, else why there is none."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return "bad_json"
    return raw if isinstance(raw, dict) else "not_an_object"


def _bytes_of(raw: Mapping[str, Any]) -> bytes:
    """One text for one content; escapes keep what UTF-8 cannot carry."""
    try:
        return json.dumps(raw, sort_keys=True).encode()
    except RecursionError:
        return json.dumps({"update_id": str(raw.get("update_id")), "dropped": "nested too deeply"}).encode()

"""The janitor: keeps the tables short. Small steps with pauses, so that nobody who works notices."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Protocol

from agents.spec import Deps
from core.errors import JarvisError, Temporary
from core.log import get_logger
from db.locks import SingletonLock
from db.queries import buttons, retention
from db.queries.retention import Emptied, Step
from db.session import Tx
from orchestrator.stopping import sleep_or_stop

log = get_logger(__name__)

EVERY_S = 3600.0
STEP = 500
FEW = 20
"""Inspections in one step: each has a dozen photos and more, and each of these an object in the store."""
PAUSE_S = 0.05
KEEP_BUTTONS = timedelta(days=7)
"""An expired button still answers that it is stale for this long; later it is unknown."""
KEEP_RESERVATIONS = timedelta(days=2)
"""A budget is of one day; the zone of a company may stand a day apart from the server's."""
KEEP_ACCOUNTS = timedelta(days=400)
"""A year can be compared with the one before."""

Forget = Callable[[Tx, int], Awaitable[Step]]


class Empty(Protocol):
    async def __call__(self, tx: Tx, *, keep: timedelta, limit: int) -> Emptied: ...


class Janitor:
    """Goes round once an hour; of several only one does."""

    def __init__(self, deps: Deps) -> None:
        self._db = deps.db
        self._storage = deps.storage
        self._keep = deps.settings.retention
        self._lock = SingletonLock(deps.db.url, "janitor")

    async def run(self, stop: asyncio.Event) -> None:
        try:
            while not stop.is_set():
                try:
                    if await self._lock.is_held():
                        await self.go_round(stop)
                except Temporary as error:
                    log.warning("janitor waits", error=error)
                await sleep_or_stop(stop, EVERY_S)
        finally:
            await self._lock.release()

    async def go_round(self, stop: asyncio.Event) -> dict[str, int]:
        """How much of each kind was forgotten."""
        async with self._db.transaction() as tx:
            done = {"buttons": await buttons.forget_expired(tx, keep=KEEP_BUTTONS)}
            done["model accounts"] = await retention.forget_model_accounts(
                tx, reservations=KEEP_RESERVATIONS, accounts=KEEP_ACCOUNTS
            )
        raw = partial(_forget_raw, keep=timedelta(days=self._keep.raw_days))
        history = partial(_forget_history, keep=timedelta(days=self._keep.history_days))
        messages = partial(_forget_messages, keep=timedelta(days=self._keep.client_messages_days))
        for name, forget in {"raw bodies": raw, "events": history, "messages": messages}.items():
            done[name] = await self._walk(forget, stop)
        done["documents"] = await self._empty(retention.forget_documents, self._keep.documents_days, stop)
        done["photos"] = await self._empty(retention.forget_photos, self._keep.photos_days, stop)
        if any(done.values()):
            log.info("old things forgotten", **done)
        return done

    async def _empty(self, forget: Empty, days: int, stop: asyncio.Event) -> int:
        """Rows first, then the objects nobody names any more.

        A process killed in between leaves objects behind; one deleted too early could never come back.
        """
        done = 0
        while self._storage is not None and not stop.is_set():
            async with self._db.transaction() as tx:
                emptied = await forget(tx, keep=timedelta(days=days), limit=FEW)
            for key in emptied.keys:
                try:
                    await self._storage.delete(key)
                except JarvisError as error:
                    log.warning("an object is left behind", key=key, error=error)
            done += emptied.inspections
            if emptied.inspections < FEW:
                break
            await sleep_or_stop(stop, PAUSE_S)
        return done

    async def _walk(self, forget: Forget, stop: asyncio.Event) -> int:
        after, done = 0, 0
        while not stop.is_set():
            async with self._db.transaction() as tx:
                step = await forget(tx, after)
            after, done = step.reached, done + step.done
            if step.is_end:
                break
            await sleep_or_stop(stop, PAUSE_S)
        return done


async def _forget_raw(tx: Tx, after: int, *, keep: timedelta) -> Step:
    return await retention.forget_raw(tx, keep=keep, after=after, limit=STEP)


async def _forget_history(tx: Tx, after: int, *, keep: timedelta) -> Step:
    return await retention.forget_history(tx, keep=keep, after=after, limit=STEP)


async def _forget_messages(tx: Tx, after: int, *, keep: timedelta) -> Step:
    return await retention.forget_messages(tx, keep=keep, after=after, limit=STEP)

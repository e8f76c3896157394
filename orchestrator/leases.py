"""Leases of a worker: everybody sees that it lives, and what it thinks about for long stays its own."""

import asyncio
import time
from datetime import timedelta

from core.errors import Temporary
from core.log import get_logger
from core.settings import WorkSettings
from db import runs
from db.presence import Presence
from db.runs import ClaimedRun, Lease
from db.session import Database

log = get_logger(__name__)


class Leases:
    """``held`` are the runs in hand; who starts and ends them keeps it true."""

    def __init__(self, db: Database, work: WorkSettings) -> None:
        self._db = db
        self._work = work
        self._presence = Presence(db.url)
        self.held: dict[int, ClaimedRun] = {}

    @property
    def lease(self) -> Lease:
        """What a claim made now holds by."""
        return Lease(timedelta(seconds=self._work.lease_s), self._presence.holder)

    async def begin(self) -> None:
        try:
            await self._presence.keep()
        except Temporary as error:
            log.warning("not present", error=error)

    async def keep(self) -> None:
        """Be seen every ``poll_s``; every third of a lease, or when our presence is a new one, extend what is held."""
        extended_at = time.monotonic()
        while True:
            await asyncio.sleep(self._work.poll_s)
            before = self._presence.holder
            await self.begin()
            if self._presence.holder != before or time.monotonic() > extended_at + self._work.lease_s / 3:
                extended_at = time.monotonic()
                await self._extend()

    async def _extend(self) -> None:
        held = list(self.held.values())
        if not held:
            return
        try:
            async with self._db.transaction() as tx:
                await runs.extend(tx, held, self.lease)
        except Temporary as error:
            log.warning("leases not extended", error=error)

    async def end(self) -> None:
        await self._presence.leave()

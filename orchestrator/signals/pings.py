"""Pings to a service outside (healthchecks.io's protocol), so that a host that is off is noticed too.

A ping says that the circle has turned: the clock's check of each minute was recorded, claimed, worked on and saved not
long ago, every role goes round, and nothing stands still. A timer alone never pings well.
"""

import asyncio
from collections.abc import Sequence

import httpx

from core.errors import Temporary
from core.log import get_logger
from core.settings import MonitoringSettings
from db.queries import gauges
from db.session import Database
from orchestrator.health import readiness
from orchestrator.streams import Bell
from orchestrator.wiring import Jarvis

log = get_logger(__name__)

TURN_S = 180.0
"""The clock asks for a check each minute; a circle that finished none for three stands still, though its loops beat."""
TIMEOUT_S = 10.0
LONGEST_BODY = 2_000


class Pinger:
    """``<address>/start`` at first, then ``<address>`` while all is proved well and ``<address>/fail`` with why not."""

    def __init__(self, url: str, settings: MonitoringSettings, db: Database, bell: Bell) -> None:
        self._url = url.rstrip("/")
        self._settings = settings
        self._db = db
        self._bell = bell

    async def run(self, stop: asyncio.Event) -> None:
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as http:
            await self._tell(http, "/start", "")
            while not stop.is_set():
                try:
                    await self._look(http)
                except Exception:
                    log.exception("no ping: what cannot be looked at is not well")
                try:
                    await asyncio.wait_for(stop.wait(), self._settings.ping_every_s)
                except TimeoutError:
                    continue

    async def _look(self, http: httpx.AsyncClient) -> None:
        reasons = await self._reasons()
        if reasons:
            await self._tell(http, "/fail", "\n".join(reasons))
        else:
            await self._tell(http, "", "the circle turns")

    async def _reasons(self) -> Sequence[str]:
        """Why it is not well; what stands behind a colon may name hosts and people, and stays here."""
        look = await readiness(self._db, self._bell, stall_s=self._settings.stall_s)
        reasons = [reason.partition(": ")[0] for reason in look.reasons]
        if look.facts:
            reasons += await self._turned()
        return reasons

    async def _turned(self) -> list[str]:
        try:
            async with self._db.transaction() as tx:
                age_s = await gauges.last_check_age_s(tx)
        except Temporary:
            return ["postgres does not answer"]
        if age_s is None:
            return ["no check of the clock has been worked on yet"]
        return [f"the circle last turned {age_s:.0f} s ago"] if age_s > TURN_S else []

    async def _tell(self, http: httpx.AsyncClient, ending: str, body: str) -> None:
        try:
            answer = await http.post(self._url + ending, content=body[:LONGEST_BODY].encode())
            answer.raise_for_status()
        except httpx.HTTPError as error:
            log.warning("ping not taken", error=type(error).__name__)  # its text holds the address, which is a secret


async def pings(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Beside the relay: the one role that every installation has somewhere and that needs nothing outside."""
    monitoring = jarvis.settings.monitoring
    if monitoring.healthchecks_url is None:
        await stop.wait()
        return
    await Pinger(monitoring.healthchecks_url.get_secret_value(), monitoring, jarvis.db, jarvis.bell).run(stop)

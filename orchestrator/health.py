"""Honest health: bad when work stands still, not only when a port is closed (promise G11)."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from core.errors import Temporary
from core.health import standing_by_order, standing_still
from core.log import get_logger
from db.migrate import current_revision, is_behind, newest_revision
from db.queries import gauges, status
from db.session import Database
from orchestrator.progress import Progress
from orchestrator.streams import Bell

log = get_logger(__name__)

HEARTBEAT_S = 5.0
REVISION_S, FACTS_S = 2.0, 3.0
"""A look at a Postgres that keeps silent is over after these: who asks for health waits five seconds at most."""
FIRST_BEAT_S = 0.2
"""How soon after its first round a new process is seen at work."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """``reasons`` make it bad, ``notes`` only say what is not perfect (Redis away, a parked chat)."""

    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    has_postgres: bool = True

    @property
    def is_ready(self) -> bool:
        return not self.reasons


async def readiness(db: Database, bell: Bell, *, stall_s: float) -> Readiness:
    """Look at what the circle has to show; never raises."""
    notes = [] if await bell.ping() else ["redis does not answer: work goes on by polling"]
    try:
        revision = await current_revision(db, within_s=REVISION_S)
        if is_behind(revision):  # tables may be missing: there is nothing to look at yet
            reason = f"the database stands at revision {revision}; `jarvis db upgrade` brings {newest_revision()}"
            return Readiness((reason,), tuple(notes))
        facts = await _facts(db, stall_s=stall_s)
    except Temporary as error:
        return Readiness((f"postgres does not answer: {error}",), tuple(notes), has_postgres=False)
    if revision != newest_revision():
        notes.append(f"the database stands at revision {revision} of a newer version")
    reasons = standing_still(facts, stall_s=stall_s)
    return Readiness(tuple(reasons), (*notes, *standing_by_order(facts)), facts)


async def _facts(db: Database, *, stall_s: float) -> dict[str, Any]:
    async with db.transaction(within_s=FACTS_S) as tx:
        return {
            "queues": await status.queues(tx),
            "commands": await status.destinations(tx),
            "troubles": await status.troubles(tx),
            "pauses": await status.pauses(tx),
            "parked": await status.parked(tx),
            "heartbeats": await status.heartbeats(tx),
            "left_behind": await gauges.left_behind(tx, for_s=stall_s),
        }


class Heart:
    """Writes this process's proven progress to the database; a loop that stopped going round stops beating."""

    def __init__(self, db: Database, progress: Progress) -> None:
        self._db = db
        self._progress = progress

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            fresh = {
                role: details
                for role, details in self._progress.details.items()
                if (self._progress.age_s(role) or 0.0) < 2 * HEARTBEAT_S
            }
            if fresh:
                await self._write(fresh)
            try:
                await asyncio.wait_for(stop.wait(), HEARTBEAT_S if fresh else FIRST_BEAT_S)
            except TimeoutError:
                continue
        await self._forget()

    async def _write(self, fresh: dict[str, dict[str, Any]]) -> None:
        try:
            async with self._db.transaction() as tx:
                await status.put_heartbeats(tx, self._progress.process, fresh)
        except Temporary as error:
            log.warning("heartbeat not written", error=error)

    async def _forget(self) -> None:
        try:
            async with self._db.transaction() as tx:
                await status.forget_heartbeats(tx, self._progress.process)
        except Temporary:
            log.info("heartbeat of this process will fade by itself")

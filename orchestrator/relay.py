"""The relay rings for what nobody heard and takes back what the dead held; it only repeats what Postgres says."""

import asyncio
import time
from datetime import timedelta
from typing import Any

from agents.spec import Deps
from core.errors import Temporary
from core.events import AlarmRaised, NewEvent
from core.log import get_logger
from core.plans import Route
from db import batches, commands, runs, sweeps
from db.events import lock_subjects, record
from orchestrator.command_alarms import command_alarm
from orchestrator.failpoints import failpoint
from orchestrator.progress import Progress
from orchestrator.signals import metrics
from orchestrator.stopping import sleep_or_stop
from orchestrator.streams import Bell
from orchestrator.verdicts import dead_run_alarm

log = get_logger(__name__)

RING_AGAIN_S = 5.0
"""A rung run that is still queued after this long was not heard."""
BATCH = 500
SEARCH_EVERY_S = 60.0


class Relay:
    """Any number may run: every statement skips the rows another one holds."""

    def __init__(self, deps: Deps, *, route: Route, bell: Bell, progress: Progress) -> None:
        self._deps = deps
        self._route = route
        self._bell = bell
        self._progress = progress
        self._work = deps.settings.work
        self._next_search = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.go_round()
                self._progress.beat("relay")
            except Temporary as error:
                log.warning("relay waits", error=error)
            await sleep_or_stop(stop, self._work.poll_s)

    async def go_round(self) -> None:
        await self._ring_unheard()
        await self._take_back()
        await self._promote_forgotten()

    async def _ring_unheard(self) -> None:
        async with self._deps.db.transaction() as tx:
            after, again_after = timedelta(seconds=self._work.poll_s), timedelta(seconds=RING_AGAIN_S)
            silent = await sweeps.take_unrung(tx, after=after, again_after=again_after, limit=BATCH)
            failpoint("relay.after_claim")
        failpoint("relay.after_mark")
        await self._bell.ring_runs(silent)
        failpoint("relay.after_append")

    async def _take_back(self) -> None:
        async with self._deps.db.transaction() as tx:
            of_batches = await batches.take_back(tx)
            taken = await sweeps.take_back(tx, max_attempts=self._work.max_attempts, max_crashes=self._work.max_crashes)
        metrics.leases_expired("run", of_batches + taken.freed + len(taken.spent))
        for row in taken.spent:
            await self._bury(row)
        async with self._deps.db.transaction() as tx:
            judged = await commands.judge_lost(tx, max_attempts=self._work.max_attempts)
            lost = [row for row in judged if row["state"] != "pending"]
            alarms = [_lost_alarm(row) for row in lost]
            recorded = await record(tx, alarms, self._route)
        metrics.events_recorded(alarms, recorded)
        metrics.leases_expired("command", len(judged))
        for row in lost:
            metrics.command_ended(row["kind"], row["state"], 0.0)
        await self._bell.ring_runs(recorded.ready_runs)

    async def _promote_forgotten(self) -> None:
        """Once a minute: nothing should be found, and what is found must not wait for a person."""
        if time.monotonic() < self._next_search:
            return
        self._next_search = time.monotonic() + SEARCH_EVERY_S
        async with self._deps.db.transaction() as tx:
            found = await sweeps.promote_forgotten(tx)
        if found:
            log.error("runs waited for nothing, and were started", runs=found)
        await self._bell.ring_runs(found)

    async def _bury(self, row: dict[str, Any]) -> None:
        """A run that killed its worker every time: dead, said aloud, and its line goes on."""
        alarm = dead_run_alarm(row["id"], row["agent"], row["subject"])
        async with self._deps.db.transaction() as tx:
            await lock_subjects(tx, [row["subject"], alarm.subject])
            if not await sweeps.bury(tx, row["id"], "its worker died every time"):
                return
            recorded = await record(tx, [alarm], self._route)
            promoted = await runs.promote(tx, [row["id"]])
        metrics.events_recorded([alarm], recorded)
        metrics.runs_ended("dead", [(row["agent"], 0.0)])
        log.error("run buried", run=row["id"], agent=row["agent"])
        await self._bell.ring_runs([*recorded.ready_runs, *promoted])


def _lost_alarm(row: dict[str, Any]) -> NewEvent[AlarmRaised]:
    return command_alarm(
        f"alarm-{row['state']}-command",
        who=row["destination"],
        command_id=row["id"],
        text=row["kind"],
        occurrence=f"lost:{row['attempt']}",
    )

"""The worker: takes runs, lets agents think, and has each outcome saved in the one transaction that ends its run."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import structlog

from agents.spec import AgentSpec, Deps, Outcome
from core.errors import Broken, JarvisError, Temporary
from core.log import get_logger
from core.plans import Route
from db import runs
from db.presence import Presence
from db.runs import ClaimedRun, Lease, LeaseLostError
from orchestrator import metrics, tracing
from orchestrator.backoff import backoff
from orchestrator.ear import Ear
from orchestrator.failpoints import failpoint
from orchestrator.progress import Progress
from orchestrator.saver import Saver, Thought
from orchestrator.streams import Bell
from orchestrator.verdicts import SurpriseError, Verdicts
from orchestrator.worker_pool import WorkerPool

log = get_logger(__name__)

BATCH_TRIES = 3
"""A batch that meets trouble with the database is tried whole this often, then each of its runs alone."""


class Dispatcher:
    """One per worker process. Any number of them share the work through the claims.

    Runs that need no thinking are worked on in batches: as many as wait, so a lone one waits for nobody.
    """

    def __init__(
        self, agents: Sequence[AgentSpec], deps: Deps, *, route: Route, bell: Bell, progress: Progress
    ) -> None:
        self._specs = {spec.name: spec for spec in agents}
        self._deps = deps
        self._bell = bell
        self._work = deps.settings.work
        self._progress = progress
        self._saver = Saver(self._specs, deps.db, route, bell)
        self._verdicts = Verdicts(deps.db, route, bell, self._work)
        self._presence = Presence(deps.db.url)
        self._held: dict[int, ClaimedRun] = {}
        self._turn = 0
        self._branches: list[str] = [""]
        self._looked_at = -self._work.poll_s
        self._ear = Ear(self._listen)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set, then finish or hand back what is in hand."""
        try:
            await self._keep_leases()
            await self._work_until(stop)
        finally:
            self._ear.close()
            await self._presence.leave()

    async def _work_until(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            heart = group.create_task(self._beat())
            pool = WorkerPool(group, self._work.concurrency)
            while not stop.is_set():
                await pool.wait_free(stop)
                self._start(pool, await self._take(pool.free))
                if await self._look_around():
                    await self._take_suspect(pool, stop)
            await pool.drain(self._work.stop_grace_s * 0.8)
            heart.cancel()

    def _start(self, pool: WorkerPool, claimed: Sequence[ClaimedRun]) -> None:
        self._held.update((run.id, run) for run in claimed)
        quick = [run for run in claimed if self._is_quick(run)]
        if len(quick) > 1:
            pool.start(self._work_on_batch(quick))
            claimed = [run for run in claimed if not self._is_quick(run)]
        for run in claimed:
            pool.start(self._work_on(run))

    def _is_quick(self, run: ClaimedRun) -> bool:
        """A run that failed before is worked on alone, so that it cannot spoil a batch again."""
        return run.attempt == 1 and run.unreadable is None and type(run.event.body) in self._specs[run.agent].quick

    async def _take(self, free: int) -> list[ClaimedRun]:
        """What may start now; waits for the bell when there is nothing, and looks by itself every ``poll_s``."""
        try:
            found = await self._claim(free, None)
            if not found:
                rung = await self._ear.wait()
                found = await self._claim(free, rung) if rung else []
        except Temporary as error:
            log.warning("cannot claim runs", error=str(error))
            await asyncio.sleep(self._work.poll_s)
            return []
        self._progress.beat("worker", active=len(self._held))
        return found

    async def _listen(self) -> list[int]:
        return await self._bell.wait_runs(count=self._work.batch, wait_s=self._work.poll_s)

    async def _claim(self, free: int, rung: list[int] | None) -> list[ClaimedRun]:
        rooms = self._rooms(free)
        if not rooms:
            return []
        async with self._deps.db.transaction() as tx:
            if rung is None:
                self._turn += 1
                limit = sum(rooms.values())
                found = await runs.claim(tx, rooms=rooms, branches=self._by_turn(), limit=limit, lease=self._lease)
            else:
                found = await runs.claim_rung(tx, rung, agents=rooms, limit=min(rooms.values()), lease=self._lease)
        if found:
            failpoint("worker.after_claim")
        await self._note(found)
        return found

    async def _note(self, claimed: Sequence[ClaimedRun]) -> None:
        metrics.runs_claimed([(run.agent, run.waited_s) for run in claimed])
        await tracing.find_roots(run.event.id for run in claimed)

    @property
    def _lease(self) -> Lease:
        return Lease(timedelta(seconds=self._work.lease_s), self._presence.holder)

    def _rooms(self, free: int) -> dict[str, int]:
        """How many runs each agent may still take, in an order that gives each its turn to be first.

        Those that think have their share of the free places. Those that never do have room for a batch beside the one
        that is being saved.
        """
        held = Counter(run.agent for run in self._held.values())
        names = _turned([*self._specs], self._turn)
        rooms = {name: self._room(self._specs[name], held[name], free) for name in names}
        return {name: room for name, room in rooms.items() if room > 0}

    def _room(self, spec: AgentSpec, held: int, free: int) -> int:
        if set(spec.handles) <= set(spec.quick):
            return self._work.batch if held <= self._work.batch else 0
        return min(free, max(1, int(spec.share * self._work.concurrency)) - held)

    def _by_turn(self) -> list[str]:
        return _turned(self._branches, self._turn)

    async def _work_on_batch(self, batch: Sequence[ClaimedRun]) -> None:
        """Together while all goes well; what goes wrong is found by working on each alone."""
        try:
            together = await self._try_batch(batch)
        except asyncio.CancelledError:
            for run in batch:
                await self._verdicts.give_back(run, timedelta(0), "handed back at shutdown", counts=False)
            raise
        if together:
            self._let_go(batch)
        else:
            for run in batch:
                await self._work_on(run)

    async def _try_batch(self, batch: Sequence[ClaimedRun]) -> bool:
        for attempt in range(1, BATCH_TRIES + 1):
            try:
                thoughts = [Thought(run, await self._think(run)) for run in batch]
                await self._saver.save(thoughts)
            except Temporary as error:
                log.info("a batch is tried again", error=str(error), runs=len(batch))
                await asyncio.sleep(backoff(attempt, self._work).total_seconds())
            except Exception as error:  # noqa: BLE001 - which run it was, and what to do, is found with each alone
                log.info("a batch is taken apart", error=str(error), runs=len(batch))
                return False
            else:
                return True
        return False

    async def _work_on(self, run: ClaimedRun) -> None:
        structlog.contextvars.bind_contextvars(
            run=run.id,
            event=run.event.id,
            agent=run.agent,
            subject=run.event.subject,
            **tracing.log_fields(run.event.id),
        )
        try:
            await self._think_and_save(run)
        except LeaseLostError as error:
            log.warning("outcome thrown away", reason=str(error))
        except asyncio.CancelledError:
            await self._verdicts.give_back(run, timedelta(0), "handed back at shutdown", counts=False)
            raise
        except JarvisError as error:
            await self._verdicts.settle(run, error)
        except TimeoutError:
            await self._verdicts.settle(run, Temporary(f"took longer than {self._specs[run.agent].time_limit}"))
        except Exception as error:
            log.exception("agent raised")
            await self._verdicts.settle(run, SurpriseError(f"{type(error).__name__}: {error}"))
        finally:
            self._let_go([run])
            structlog.contextvars.clear_contextvars()

    def _let_go(self, ended: Sequence[ClaimedRun]) -> None:
        for run in ended:
            self._held.pop(run.id, None)
        self._progress.beat("worker", active=len(self._held))
        self._ear.nudge()

    async def _think_and_save(self, run: ClaimedRun) -> None:
        if run.unreadable is not None:
            raise Broken(run.unreadable)
        async with asyncio.timeout(self._specs[run.agent].time_limit.total_seconds()):
            outcome = await self._think(run)
        await self._saver.save([Thought(run, outcome)])

    async def _think(self, run: ClaimedRun) -> Outcome:
        failpoint("worker.in_think")
        return await self._specs[run.agent].run(run.event, self._deps)

    async def _look_around(self) -> bool:
        """Every ``poll_s``: which branches stand in line, and whether a run that may kill workers waits."""
        if time.monotonic() < self._looked_at + self._work.poll_s:
            return False
        self._looked_at = time.monotonic()
        try:
            async with self._deps.db.transaction() as tx:
                self._branches = sorted({"", *await runs.branches_in_line(tx)})
                return await runs.has_suspects(tx)
        except Temporary as error:
            log.warning("cannot look around", error=str(error))
            return False

    async def _take_suspect(self, pool: WorkerPool, stop: asyncio.Event) -> None:
        """A run whose workers died is taken with empty hands: if it kills this one too, no other run pays for it."""
        await pool.wait_empty(stop)
        if stop.is_set():
            return
        try:
            async with self._deps.db.transaction() as tx:
                claimed = await runs.claim_suspect(tx, agents=self._specs, lease=self._lease)
        except Temporary as error:
            log.warning("cannot claim runs", error=str(error))
            return
        await self._note(claimed)
        self._start(pool, claimed)
        self._looked_at = -self._work.poll_s if claimed else self._looked_at
        await pool.wait_empty(stop)

    async def _beat(self) -> None:
        """Every third of a lease, for all runs in hand."""
        while True:
            await asyncio.sleep(self._work.lease_s / 3)
            await self._keep_leases()

    async def _keep_leases(self) -> None:
        try:
            await self._presence.keep()
            held = list(self._held.values())
            if held:
                async with self._deps.db.transaction() as tx:
                    await runs.extend(tx, held, self._lease)
        except Temporary as error:
            log.warning("leases not extended", error=str(error))


def _turned(names: Sequence[str], turn: int) -> list[str]:
    first = turn % len(names)
    return [*names[first:], *names[:first]]

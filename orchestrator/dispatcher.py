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
from db import batches, runs
from db.batches import Batch
from db.runs import ClaimedRun, LeaseLostError
from orchestrator.backoff import backoff
from orchestrator.ear import Ear
from orchestrator.failpoints import failpoint
from orchestrator.leases import Leases
from orchestrator.progress import Progress
from orchestrator.saver import Saver, Thought
from orchestrator.signals import metrics, tracing
from orchestrator.streams import Bell
from orchestrator.verdicts import SurpriseError, Verdicts
from orchestrator.worker_pool import WorkerPool

log = get_logger(__name__)

FEW = 2
"""So many runs in hand are worked on side by side, which is sooner done than a batch; with more, each makes the others
wait longer than a batch would."""
BATCHES = 2
"""One is chosen while the other is being saved."""
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
        self._leases = Leases(deps.db, self._work)
        self._held = self._leases.held
        self._quick = {spec.name: spec for spec in agents if set(spec.handles) <= set(spec.quick)}
        self._may_fill_a_batch = bool(self._quick)
        self._batches_in_hand = 0
        self._is_called = False
        self._turn = 0
        self._branches = dict.fromkeys(["", *(branch.code for branch in deps.settings.rentprog.branches)])
        self._looked_at = -self._work.poll_s
        self._ear = Ear(self._listen)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set, then finish or hand back what is in hand."""
        try:
            await self._leases.begin()
            await self._work_until(stop)
        finally:
            self._ear.close()
            await self._leases.end()

    async def _work_until(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            heart = group.create_task(self._leases.keep())
            pool = WorkerPool(group, self._work.concurrency)
            while not stop.is_set():
                await pool.wait_free(stop)
                await self._take(pool)
                if await self._look_around():
                    await self._take_suspect(pool, stop)
            await pool.drain(self._work.stop_grace_s * 0.8)
            heart.cancel()

    async def _start(self, pool: WorkerPool, claimed: Sequence[ClaimedRun]) -> None:
        metrics.runs_claimed([(run.agent, run.waited_s) for run in claimed])
        await tracing.find_roots(run.event.id for run in claimed)
        self._held.update((run.id, run) for run in claimed)
        self._branches |= dict.fromkeys(run.event.branch or "" for run in claimed)
        for run in claimed:
            pool.start(self._work_on(run))

    async def _take(self, pool: WorkerPool) -> None:
        """Start what may start now; wait for the bell when there is nothing, and look every ``poll_s`` all the same."""
        try:
            if await self._take_batch(pool) or await self._take_some(pool, None):
                return
            rung = await self._ear.wait(self._work.poll_s)
            if rung:
                self._is_called = len(rung) > FEW
                self._may_fill_a_batch |= not self._are_few(rung)
                await self._take_some(pool, rung)
        except Temporary as error:
            log.warning("cannot claim runs", error=error)
            await asyncio.sleep(self._work.poll_s)

    async def _listen(self) -> list[int]:
        return await self._bell.wait_runs(count=self._work.batch, wait_s=self._work.poll_s)

    async def _take_some(self, pool: WorkerPool, rung: list[int] | None) -> bool:
        """Runs to be worked on one by one: those that were rung for, or of any agent that thinks."""
        self._turn += 1
        rooms = self._rooms(pool.free)
        if rung is not None and self._are_few(rung):
            rooms |= dict.fromkeys(self._quick, min(FEW, pool.free))
        if not rooms:
            return False
        async with self._deps.db.transaction(is_single=True) as tx:
            if rung is None:
                limit, branches = sum(rooms.values()), _turned([*self._branches], self._turn)
                found = await runs.claim(tx, rooms=rooms, branches=branches, limit=limit, lease=self._leases.lease)
            else:
                limit = max(1, min(rooms.values()))
                found = await runs.claim_rung(tx, rung, agents=rooms, limit=limit, lease=self._leases.lease)
                self._may_fill_a_batch |= len(found) < len(rung)
        if found:
            failpoint("worker.after_claim")
        await self._start(pool, found)
        self._progress.beat("worker", active=len(self._held))
        return bool(found)

    def _are_few(self, rung: Sequence[int]) -> bool:
        return len(rung) + len(self._held) <= FEW and self._batches_in_hand == 0

    async def _take_batch(self, pool: WorkerPool) -> bool:
        """Runs of agents that never think, many at once, while one such batch is being saved and one more fits."""
        if not self._may_fill_a_batch or self._batches_in_hand >= BATCHES:
            return False
        async with self._deps.db.transaction() as tx:
            self._turn += 1
            names = _turned([*self._quick], self._turn)
            batch = await batches.take(
                tx,
                rooms=dict.fromkeys(names, self._work.batch),
                branches=_turned([*self._branches], self._turn),
                limit=self._work.batch,
                lease=self._leases.lease,
            )
        self._may_fill_a_batch = batch is not None
        if batch is None:
            if self._is_called:  # by runs of a branch that was never seen: look at once
                self._is_called, self._looked_at = False, -self._work.poll_s
            return False
        self._is_called = False
        failpoint("worker.after_claim")
        self._batches_in_hand += 1
        pool.start(self._work_on_batch(batch))
        self._progress.beat("worker", active=len(batch.run_ids))
        return True

    def _rooms(self, free: int) -> dict[str, int]:
        """How many runs each agent that thinks may still take, in an order that gives each its turn to be first."""
        held = Counter(run.agent for run in self._held.values())
        names = _turned([name for name in self._specs if name not in self._quick], self._turn)
        rooms = {name: min(free, self._share(name) - held[name]) for name in names}
        return {name: room for name, room in rooms.items() if room > 0}

    def _share(self, name: str) -> int:
        return max(1, int(self._specs[name].share * self._work.concurrency))

    async def _work_on_batch(self, batch: Batch) -> None:
        """Together while all goes well; what goes wrong is found by working on each alone."""
        try:
            saved, alone = await self._save_batch(batch)
            self._may_fill_a_batch |= len(saved) + len(alone) < len(batch.run_ids)  # somebody held the others
            await self._work_one_by_one(alone)
        except Temporary as error:
            log.warning("the lease will hand the batch back", error=error)
        finally:
            self._batches_in_hand -= 1
            self._progress.beat("worker", active=len(self._held))
            self._ear.nudge()

    async def _save_batch(self, batch: Batch) -> tuple[Sequence[int], Sequence[int]]:
        """Ids of what was saved and of what must be worked on alone: all of them when one stood in the others' way."""
        for attempt in range(1, BATCH_TRIES + 1):
            try:
                return await self._saver.save_batch(batch, self._think)
            except Temporary as error:
                log.info("a batch is tried again", error=error, runs=len(batch.run_ids))
                await asyncio.sleep(backoff(attempt, self._work).total_seconds())
            except Exception as error:  # noqa: BLE001 - which run it was, and what to do, is found with each alone
                log.info("a batch is taken apart", error=error, runs=len(batch.run_ids))
                break
            except asyncio.CancelledError:
                await self._hand_back(batch)
                raise
        await self._hand_back(batch)
        return (), batch.run_ids

    async def _hand_back(self, batch: Batch) -> None:
        async with self._deps.db.transaction() as tx:
            await batches.give_back(tx, batch)

    async def _work_one_by_one(self, run_ids: Sequence[int]) -> None:
        for run_id in run_ids:
            async with self._deps.db.transaction(is_single=True) as tx:
                claimed = await runs.claim_rung(tx, [run_id], agents=self._quick, limit=1, lease=self._leases.lease)
            for run in claimed:
                self._held[run.id] = run
                await self._work_on(run)

    async def _work_on(self, run: ClaimedRun) -> None:
        structlog.contextvars.bind_contextvars(
            run=run.id,
            event_id=run.event.id,
            agent=run.agent,
            subject=run.event.subject,
            **tracing.log_fields(run.event.id),
        )
        try:
            await self._think_and_save(run)
        except LeaseLostError as error:
            log.warning("outcome thrown away", reason=error)
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
            self._let_go(run)
            structlog.contextvars.clear_contextvars()

    def _let_go(self, run: ClaimedRun) -> None:
        self._held.pop(run.id, None)
        self._progress.beat("worker", active=len(self._held))
        self._ear.nudge()

    async def _think_and_save(self, run: ClaimedRun) -> None:
        if run.unreadable is not None:
            raise Broken(run.unreadable)
        async with asyncio.timeout(self._specs[run.agent].time_limit.total_seconds()):
            outcome = await self._think(run)
        await self._saver.save(Thought(run, outcome))

    async def _think(self, run: ClaimedRun) -> Outcome:
        failpoint("worker.in_think")
        with tracing.thinking(run):
            return await self._specs[run.agent].run(run.event, self._deps)

    async def _look_around(self) -> bool:
        """Every ``poll_s``: which branches stand in line, and whether a run that may kill workers waits."""
        if time.monotonic() < self._looked_at + self._work.poll_s:
            return False
        self._looked_at = time.monotonic()
        self._may_fill_a_batch = bool(self._quick)
        try:
            async with self._deps.db.transaction() as tx:
                self._branches |= dict.fromkeys(await runs.branches_in_line(tx))
                return await runs.has_suspects(tx)
        except Temporary as error:
            log.warning("cannot look around", error=error)
            return False

    async def _take_suspect(self, pool: WorkerPool, stop: asyncio.Event) -> None:
        """A run whose workers died is taken with empty hands: if it kills this one too, no other run pays for it."""
        await pool.wait_empty(stop)
        if stop.is_set():
            return
        try:
            async with self._deps.db.transaction() as tx:
                claimed = await runs.claim_suspect(tx, agents=self._specs, lease=self._leases.lease)
        except Temporary as error:
            log.warning("cannot claim runs", error=error)
            return
        await self._start(pool, claimed)
        self._looked_at = -self._work.poll_s if claimed else self._looked_at
        await pool.wait_empty(stop)


def _turned(names: Sequence[str], turn: int) -> list[str]:
    first = turn % len(names) if names else 0
    return [*names[first:], *names[:first]]

"""The worker: takes runs, lets agents think, and saves each outcome in the one transaction that ends the run."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import structlog

from agents.spec import AgentSpec, Deps, Outcome
from core.errors import Broken, JarvisError, NeedsAttention, Rejected, Temporary
from core.events import AlarmRaised, NewEvent
from core.log import get_logger
from core.plans import Route
from db import commands, runs
from db.events import lock_subjects, record
from db.runs import ClaimedRun, LeaseLostError
from db.session import Tx
from orchestrator.backoff import backoff
from orchestrator.ear import Ear
from orchestrator.failpoints import failpoint
from orchestrator.progress import Progress
from orchestrator.streams import Bell
from orchestrator.worker_pool import WorkerPool

log = get_logger(__name__)


class Dispatcher:
    """One per worker process. Any number of them share the work through the claims."""

    def __init__(
        self, agents: Sequence[AgentSpec], deps: Deps, *, route: Route, bell: Bell, progress: Progress
    ) -> None:
        work = deps.settings.work
        self._specs = {spec.name: spec for spec in agents}
        self._route = route
        self._deps = deps
        self._bell = bell
        self._work = work
        self._progress = progress
        self._lease = timedelta(seconds=work.lease_s)
        self._held: dict[int, ClaimedRun] = {}
        self._turn = 0
        self._ear = Ear(self._listen)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set, then finish or hand back what is in hand."""
        async with asyncio.TaskGroup() as group:
            heart = group.create_task(self._keep_leases())
            pool = WorkerPool(group, self._work.concurrency)
            while not stop.is_set():
                await pool.wait_free(stop)
                for claimed in await self._take(pool.free):
                    self._held[claimed.id] = claimed
                    pool.start(self._work_on(claimed))
            await pool.drain(self._work.stop_grace_s * 0.8)
            heart.cancel()
            self._ear.close()

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
        return await self._bell.wait_runs(count=self._work.concurrency, wait_s=self._work.poll_s)

    async def _claim(self, free: int, ids: list[int] | None) -> list[ClaimedRun]:
        rooms = self._rooms()
        if not rooms:
            return []
        async with self._deps.db.transaction() as tx:
            found = await runs.claim(tx, rooms=rooms, limit=free, lease=self._lease, ids=ids)
        failpoint("worker.after_claim")
        return found

    def _rooms(self) -> dict[str, int]:
        """How many places each agent may still take, in an order that gives each its turn to be first."""
        taken = Counter(run.agent for run in self._held.values())
        names = [*self._specs]
        self._turn = (self._turn + 1) % len(names)
        rooms = {
            name: max(1, int(self._specs[name].share * self._work.concurrency)) - taken[name]
            for name in names[self._turn :] + names[: self._turn]
        }
        return {name: room for name, room in rooms.items() if room > 0}

    async def _work_on(self, run: ClaimedRun) -> None:
        structlog.contextvars.bind_contextvars(
            run=run.id, event=run.event.id, agent=run.agent, subject=run.event.subject
        )
        try:
            await self._think_and_save(run)
        except LeaseLostError as error:
            log.warning("outcome thrown away", reason=str(error))
        except asyncio.CancelledError:
            await self._give_back(run, timedelta(0), "handed back at shutdown", counts=False)
            raise
        except JarvisError as error:
            await self._settle_failure(run, error)
        except TimeoutError:
            await self._settle_failure(run, Temporary(f"took longer than {self._specs[run.agent].time_limit}"))
        except Exception as error:
            log.exception("agent raised")
            await self._settle_failure(run, Temporary(f"{type(error).__name__}: {error}"))
        finally:
            self._held.pop(run.id, None)
            self._ear.nudge()
            structlog.contextvars.clear_contextvars()

    async def _think_and_save(self, run: ClaimedRun) -> None:
        if run.unreadable is not None:
            raise Broken(run.unreadable)
        spec = self._specs[run.agent]
        failpoint("worker.in_think")
        async with asyncio.timeout(spec.time_limit.total_seconds()):
            outcome = await spec.run(run.event, self._deps)
        async with self._deps.db.transaction() as tx:
            ready, has_commands = await self._save(tx, run, spec, outcome)
            failpoint("worker.before_commit")
        failpoint("worker.after_commit")
        self._progress.beat("worker", active=len(self._held))
        await self._bell.ring_runs(ready)
        if has_commands:
            await self._bell.ring_commands()

    async def _save(self, tx: Tx, run: ClaimedRun, spec: AgentSpec, outcome: Outcome) -> tuple[list[int], bool]:
        """The whole effect of a run: domain rows, events with their runs, commands, the end of the run itself."""
        await lock_subjects(tx, [run.event.subject, *(event.subject for event in outcome.events)])
        if spec.save is not None:
            outcome = await spec.save(tx, run.event, outcome)
        spec.check(outcome)
        await runs.mark_done(tx, run, note=outcome.note)
        recorded = await record(tx, outcome.events, self._route, run_id=run.id)
        await commands.order(tx, outcome.commands, run_id=run.id, event_id=run.event.id)
        promoted = await runs.promote(tx, [run.id])
        return [*recorded.ready_runs, *promoted], bool(outcome.commands)

    async def _settle_failure(self, run: ClaimedRun, error: JarvisError) -> None:
        """One run's trouble must not end the others: what cannot be written now, the lease hands back."""
        try:
            await self._act_on(run, error)
        except Exception as trouble:  # noqa: BLE001 - the end of a run is tried again by whoever takes it over
            log.warning("the lease will hand the run back", error=str(trouble))

    async def _act_on(self, run: ClaimedRun, error: JarvisError) -> None:
        """Each of the four words has one action (core/errors.py)."""
        match error:
            case Rejected():
                await self._end(run, state="failed", text=str(error))
            case Broken():
                await self._end(run, state="dead", text=str(error))
            case NeedsAttention():
                # A person must act; the work keeps its place and looks again every now and then.
                log.error("needs attention", error=str(error))
                await self._raise_alarm(run, "alarm-needs-attention", str(error))
                wait = timedelta(seconds=self._work.backoff_max_s)
                await self._give_back(run, wait, str(error), counts=False)
            case Temporary() if run.attempt >= self._work.max_attempts:
                await self._end(run, state="dead", text=f"gave up after {run.attempt} tries: {error}")
            case _:
                asked = error.retry_after if isinstance(error, Temporary) else None
                wait = backoff(run.attempt, self._work) if asked is None else timedelta(seconds=asked)
                log.info("will try again", error=str(error), attempt=run.attempt, wait_s=wait.total_seconds())
                await self._give_back(run, wait, str(error), counts=True)

    async def _give_back(self, run: ClaimedRun, delay: timedelta, error: str, *, counts: bool) -> None:
        try:
            async with self._deps.db.transaction() as tx:
                await runs.retry_later(tx, run, delay=delay, error=error, counts=counts)
        except Temporary as trouble:
            log.warning("the lease will hand the run back", error=str(trouble))

    async def _end(self, run: ClaimedRun, *, state: str, text: str) -> None:
        """Finish a run that will not be tried again; a dead one raises an alarm with its id."""
        try:
            async with self._deps.db.transaction() as tx:
                await lock_subjects(tx, [run.event.subject, f"alarm:dead-run:{run.agent}"])
                if state == "failed":
                    await runs.mark_failed(tx, run, text)
                else:
                    await runs.mark_dead(tx, run, text)
                    await record(tx, [dead_run_alarm(run.id, run.agent, run.event.subject)], self._route)
                ready = await runs.promote(tx, [run.id])
        except (Temporary, LeaseLostError) as trouble:
            log.warning("could not end the run, its lease will", error=str(trouble))
            return
        log.error("run ended without an outcome", state=state, error=text)
        await self._bell.ring_runs(ready)

    async def _raise_alarm(self, run: ClaimedRun, text_key: str, text: str) -> None:
        alarm = NewEvent(
            body=AlarmRaised(key=f"{run.agent}:{text}", text_key=text_key, args={"who": run.agent, "text": text}),
            subject=f"alarm:{run.agent}",
            external_id=f"needs-attention:{run.id}:{run.attempt}:{run.lease_token}",
        )
        try:
            async with self._deps.db.transaction() as tx:
                await record(tx, [alarm], self._route)
        except Temporary as trouble:
            log.warning("alarm not recorded, the next try raises it", error=str(trouble))

    async def _keep_leases(self) -> None:
        """Heartbeat of long thoughts: every third of a lease, for all runs in hand."""
        while True:
            await asyncio.sleep(self._work.lease_s / 3)
            held = list(self._held.values())
            if not held:
                continue
            try:
                async with self._deps.db.transaction() as tx:
                    await runs.extend(tx, held, self._lease)
            except Temporary as error:
                log.warning("leases not extended", error=str(error))


def dead_run_alarm(run_id: int, agent: str, subject: str) -> NewEvent[AlarmRaised]:
    return NewEvent(
        body=AlarmRaised(
            key=f"dead-run:{agent}",
            text_key="alarm-dead-run",
            args={"run": run_id, "agent": agent, "subject": subject},
        ),
        subject=f"alarm:dead-run:{agent}",
        external_id=f"dead-run:{run_id}",
    )

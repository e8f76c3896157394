"""Verdicts: what becomes of a run that ended without an outcome. Each of the four error words has one action."""

import time
from dataclasses import dataclass
from datetime import timedelta

from core.errors import Broken, JarvisError, NeedsAttention, Rejected, Temporary
from core.events import AlarmRaised, NewEvent
from core.log import get_logger
from core.plans import Route
from core.settings import WorkSettings
from db import runs
from db.events import lock_subjects, record
from db.runs import ClaimedRun, LeaseLostError
from db.session import Database
from orchestrator.backoff import backoff
from orchestrator.signals import metrics, tracing
from orchestrator.streams import Bell

log = get_logger(__name__)


class SurpriseError(Temporary):
    """An error that is none of the four words: a defect, which a few more tries may show to be a passing one."""

    has_foreign_text = True


@dataclass(frozen=True, slots=True)
class Verdicts:
    db: Database
    route: Route
    bell: Bell
    work: WorkSettings

    async def settle(self, run: ClaimedRun, error: JarvisError) -> None:
        """One run's trouble must not end the others: what cannot be written now, the lease hands back."""
        try:
            await self._act_on(run, error)
        except Exception as trouble:  # noqa: BLE001 - the end of a run is tried again by whoever takes it over
            log.warning("the lease will hand the run back", error=trouble)

    async def _act_on(self, run: ClaimedRun, error: JarvisError) -> None:
        match error:
            case Rejected():
                await self._end(run, error, state="failed")
            case Broken():
                await self._end(run, error, state="dead")
            case NeedsAttention():
                # A person must act; the work keeps its place and looks again every now and then.
                log.error("needs attention", error=error)
                await self._raise_alarm(run, str(error))
                wait = timedelta(seconds=self.work.backoff_max_s)
                await self.give_back(run, wait, str(error), counts=False)
            case _ if run.attempt >= self._tries(error):
                await self._end(run, error, state="dead", text=f"gave up after {run.attempt} tries: {error}")
            case _:
                asked = error.retry_after if isinstance(error, Temporary) else None
                wait = backoff(run.attempt, self.work) if asked is None else timedelta(seconds=asked)
                log.info("will try again", error=error, attempt=run.attempt, wait_s=wait.total_seconds())
                await self.give_back(run, wait, str(error), counts=True)

    def _tries(self, error: JarvisError) -> int:
        return self.work.max_surprises if isinstance(error, SurpriseError) else self.work.max_attempts

    async def give_back(self, run: ClaimedRun, delay: timedelta, error: str, *, counts: bool) -> None:
        try:
            async with self.db.transaction() as tx:
                await runs.retry_later(tx, run, delay=delay, error=error, counts=counts)
        except Temporary as trouble:
            log.warning("the lease will hand the run back", error=trouble)
        else:
            metrics.run_retried(run.agent)
            tracing.run_ended(run, "retried")

    async def _end(self, run: ClaimedRun, error: JarvisError, *, state: str, text: str | None = None) -> None:
        """Finish a run that will not be tried again; a dead one raises an alarm with its id."""
        try:
            async with self.db.transaction() as tx:
                await lock_subjects(tx, [run.event.subject, f"alarm:dead-run:{run.agent}"])
                if state == "failed":
                    await runs.mark_failed(tx, run, text or str(error))
                else:
                    await runs.mark_dead(tx, run, text or str(error))
                    alarm = dead_run_alarm(run.id, run.agent, run.event.subject)
                    metrics.events_recorded([alarm], await record(tx, [alarm], self.route))
                ready = await runs.promote(tx, [run.id])
        except (Temporary, LeaseLostError) as trouble:
            log.warning("could not end the run, its lease will", error=trouble)
            return
        metrics.runs_ended(state, [(run.agent, time.monotonic() - run.claimed_at)])
        tracing.run_ended(run, state)
        log.error("run ended without an outcome", state=state, error=error, attempt=run.attempt)
        await self.bell.ring_runs(ready)

    async def _raise_alarm(self, run: ClaimedRun, text: str) -> None:
        alarm = NewEvent(
            body=AlarmRaised(
                key=f"agent-needs-attention:{run.agent}",
                text_key="alarm-needs-attention",
                args={"who": run.agent, "text": text},
            ),
            subject=f"alarm:{run.agent}",
            external_id=f"needs-attention:{run.id}:{run.attempt}:{run.lease_token}",
        )
        try:
            async with self.db.transaction() as tx:
                await record(tx, [alarm], self.route)
        except Temporary as trouble:
            log.warning("alarm not recorded, the next try raises it", error=trouble)


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

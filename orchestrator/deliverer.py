"""The deliverer: performs commands, one at a time for each destination, and settles what came of them."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from agents.spec import Deps
from core.errors import AnswerLost, Broken, JarvisError, NeedsAttention, Rejected, Temporary
from core.events import AlarmRaised, NewEvent
from core.log import get_logger, text_of_error
from core.plans import Route
from db import commands
from db.commands import ClaimedCommand, Delivery, Performer, Postponed
from db.events import record
from orchestrator import metrics, tracing
from orchestrator.backoff import backoff
from orchestrator.command_alarms import command_alarm
from orchestrator.ear import Ear
from orchestrator.failpoints import failpoint
from orchestrator.progress import Progress
from orchestrator.streams import Bell
from orchestrator.verdicts import SurpriseError
from orchestrator.worker_pool import WorkerPool

log = get_logger(__name__)

LONGEST_WAIT_S = 0.5
TIME_LIMIT_S = 60.0
"""One command, downloads included; the lease is extended meanwhile."""
KEEP_ATTEMPTS = 5
"""Tries to write down what was done outside, before a person or the command's class must decide."""


class Deliverer:
    """One per process and set of systems. ``performers`` is the visible table from system to who performs."""

    def __init__(
        self, performers: Mapping[str, Performer], deps: Deps, *, route: Route, bell: Bell, progress: Progress
    ) -> None:
        self._performers = dict(performers)
        self._deps = deps
        self._route = route
        self._bell = bell
        self._progress = progress
        self._work = deps.settings.work
        self._lease = timedelta(seconds=self._work.lease_s)
        self._held: dict[int, ClaimedCommand] = {}
        self._ear = Ear(self._listen)

    async def run(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            heart = group.create_task(self._keep_leases())
            pool = WorkerPool(group, self._work.concurrency)
            while not stop.is_set():
                await pool.wait_free(stop)
                for claimed in await self._take(pool.free):
                    self._held[claimed.id] = claimed
                    pool.start(self._deliver(claimed))
            await pool.drain(self._work.stop_grace_s * 0.8)
            heart.cancel()
            self._ear.close()

    async def _take(self, free: int) -> list[ClaimedCommand]:
        try:
            found = await self._claim(free)
            if not found:
                await self._ear.wait(self._work.poll_s)
                found = await self._claim(free)
        except Temporary as error:
            log.warning("cannot claim commands", error=error)
            await asyncio.sleep(self._work.poll_s)
            return []
        self._progress.beat("deliver", active=len(self._held))
        return found

    async def _listen(self) -> bool:
        return await self._bell.wait_commands(wait_s=min(self._work.poll_s, LONGEST_WAIT_S))

    async def _claim(self, free: int) -> list[ClaimedCommand]:
        async with self._deps.db.transaction() as tx:
            found = await commands.claim(tx, systems=list(self._performers), limit=free, lease=self._lease)
        failpoint("deliverer.after_claim")
        await tracing.find_roots(claimed.event_id for claimed in found if claimed.event_id is not None)
        return found

    async def _deliver(self, claimed: ClaimedCommand) -> None:
        structlog.contextvars.bind_contextvars(
            command=claimed.id,
            kind=claimed.kind,
            destination=claimed.destination,
            run=claimed.run_id,
            event_id=claimed.event_id,
            **tracing.log_fields(claimed.event_id),
        )
        done: Delivery | None = None
        try:
            result = await self._perform(claimed)
            if isinstance(result, Postponed):
                await self._postpone(claimed, result)
            else:
                done = result
                await self._keep(claimed, result)
        except asyncio.CancelledError:
            await self._hand_back(claimed, done)
            raise
        except JarvisError as error:
            await self._settle_failure(claimed, error)
        except TimeoutError:
            await self._settle_failure(claimed, AnswerLost(f"no answer within {TIME_LIMIT_S:.0f} s"))
        except Exception as error:
            log.exception("performer raised")
            await self._settle_failure(claimed, SurpriseError(f"{type(error).__name__}: {error}"))
        finally:
            self._held.pop(claimed.id, None)
            self._ear.nudge()
            structlog.contextvars.clear_contextvars()

    async def _perform(self, claimed: ClaimedCommand) -> Delivery | Postponed:
        if claimed.command is None:
            raise Broken(claimed.unreadable or "unreadable command")
        async with asyncio.timeout(TIME_LIMIT_S):
            result = await self._performers[claimed.command.body.system].perform(claimed.command)
        failpoint("deliverer.after_send")
        return result

    async def _postpone(self, claimed: ClaimedCommand, wish: Postponed) -> None:
        async with self._deps.db.transaction() as tx:
            await commands.retry_later(tx, claimed, delay=wish.delay, error=wish.reason, counts=False)

    async def _keep(self, claimed: ClaimedCommand, delivery: Delivery) -> None:
        """It is done outside: from here on only writing it down may be tried again, never the sending."""
        for attempt in range(1, KEEP_ATTEMPTS):
            try:
                await self._settle_sent(claimed, delivery)
            except Exception as error:  # noqa: BLE001 - whatever it was, a new transaction may go better
                log.warning("sent, but not yet written down", error=error, attempt=attempt)
                await asyncio.sleep(backoff(attempt, self._work).total_seconds())
            else:
                return
        try:
            await self._settle_sent(claimed, delivery)
        except Temporary as error:
            raise AnswerLost(f"sent, but not written down: {error}") from error
        except Exception as error:
            log.exception("a delivery cannot be saved")
            raise Broken(f"sent, but its result cannot be saved: {type(error).__name__}") from error

    async def _settle_sent(self, claimed: ClaimedCommand, delivery: Delivery) -> None:
        async with self._deps.db.transaction() as tx:
            if not await commands.settle(tx, claimed, state="sent", result=delivery.result):
                return  # an earlier try was committed after all, its answer got lost
            events = () if delivery.save is None else await delivery.save(tx)
            named = [event if event.external_id else _named(event, claimed, n) for n, event in enumerate(events)]
            recorded = await record(tx, named, self._route)
        failpoint("deliverer.after_mark")
        metrics.events_recorded(named, recorded)
        _tell(claimed, "sent")
        self._progress.beat("deliver", active=len(self._held))
        await self._bell.ring_runs(recorded.ready_runs)

    async def _hand_back(self, claimed: ClaimedCommand, done: Delivery | None) -> None:
        """Stopped in the middle: keep what is done, leave to others what may be done again, say what nobody knows."""
        error = AnswerLost("stopped while sending")
        try:
            if done is not None:
                await self._settle_sent(claimed, done)
            elif _may_repeat(claimed):
                async with self._deps.db.transaction() as tx:
                    await commands.retry_later(tx, claimed, delay=timedelta(0), error=str(error), may_be_done=True)
            else:
                await self._judge(claimed, error)
        except Exception as trouble:  # noqa: BLE001 - the process is on its way out, the lease says the rest
            log.warning("the lease will hand the command back", error=trouble)

    async def _settle_failure(self, claimed: ClaimedCommand, error: JarvisError) -> None:
        """One command's trouble must not end the others: what cannot be written now, the lease hands back."""
        try:
            await self._judge(claimed, error)
        except Temporary as trouble:
            log.warning("the lease will hand the command back", error=trouble)
        except Exception:
            log.exception("the lease will hand the command back")

    async def _judge(self, claimed: ClaimedCommand, error: JarvisError) -> None:
        match error:
            case Rejected():
                log.warning("command refused", error=error)
                await self._settle(claimed, "cancelled", error)
            case NeedsAttention():
                await self._stand_still(claimed, error)
            case AnswerLost() if not _may_repeat(claimed):
                await self._settle(claimed, "unknown", error, alarm="alarm-unknown-command")
            case Temporary() if claimed.attempt < self._work.max_attempts:
                await self._retry(claimed, error)
            case _:
                await self._settle(claimed, "dead", error, alarm="alarm-dead-command")

    async def _retry(self, claimed: ClaimedCommand, error: Temporary) -> None:
        asked = error.retry_after
        wait = backoff(claimed.attempt, self._work) if asked is None else timedelta(seconds=asked)
        log.info("will send again", error=error, attempt=claimed.attempt, wait_s=wait.total_seconds())
        async with self._deps.db.transaction() as tx:
            await commands.retry_later(
                tx,
                claimed,
                delay=wait,
                error=str(error),
                hold_destination=asked is not None,
                counts=asked is None,
                may_be_done=isinstance(error, AnswerLost),
            )
        metrics.command_retried(claimed.kind)
        tracing.command_ended(claimed, "retried")

    async def _stand_still(self, claimed: ClaimedCommand, error: NeedsAttention) -> None:
        """Park the destination or pause the system; the command keeps its place for the day it is mended."""
        log.error("needs attention", error=error, scope=error.scope)
        system = claimed.command.body.system if claimed.command else claimed.destination.partition(":")[0]
        who = claimed.destination if error.scope == "destination" else system
        async with self._deps.db.transaction() as tx:
            if error.scope == "destination":
                await commands.park(tx, claimed.destination, str(error))
            else:
                await commands.pause_system(tx, system, str(error))
            await commands.retry_later(tx, claimed, delay=timedelta(0), error=str(error), counts=False)
            alarm = _alarm(claimed, "alarm-needs-attention", str(error), who=who)
            recorded = await record(tx, [alarm], self._route)
        await self._bell.ring_runs(recorded.ready_runs)

    async def _settle(
        self, claimed: ClaimedCommand, state: str, error: JarvisError, *, alarm: str | None = None
    ) -> None:
        async with self._deps.db.transaction() as tx:
            await commands.settle(tx, claimed, state=state, error=str(error))
            events = [] if alarm is None else [_alarm(claimed, alarm, text_of_error(error))]
            recorded = await record(tx, events, self._route)
        metrics.events_recorded(events, recorded)
        _tell(claimed, state)
        await self._bell.ring_runs(recorded.ready_runs)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._work.lease_s / 3)
            held = list(self._held.values())
            if not held:
                continue
            try:
                async with self._deps.db.transaction() as tx:
                    await commands.extend(tx, held, self._lease)
            except Temporary as error:
                log.warning("leases not extended", error=error)


def _tell(claimed: ClaimedCommand, state: str) -> None:
    metrics.command_ended(claimed.kind, state, time.monotonic() - claimed.claimed_at)
    if state == "sent" and claimed.event_received_at is not None:
        passed = datetime.now(UTC) - claimed.event_received_at
        metrics.effects_after(claimed.destination.partition(":")[0], [passed.total_seconds()])
    tracing.command_ended(claimed, state)


def _may_repeat(claimed: ClaimedCommand) -> bool:
    return claimed.command is not None and commands.may_repeat(claimed.command.body)


def _named(event: NewEvent[Any], claimed: ClaimedCommand, position: int) -> NewEvent[Any]:
    """What a command brought about is named after the command, so that settling it twice could not double it."""
    return replace(event, source="command", external_id=f"{claimed.id}:{position}")


def _alarm(claimed: ClaimedCommand, text_key: str, text: str, *, who: str | None = None) -> NewEvent[AlarmRaised]:
    return command_alarm(
        text_key,
        who=who or claimed.destination,
        command_id=claimed.id,
        text=text,
        occurrence=f"{claimed.attempt}:{claimed.lease_token}",
    )

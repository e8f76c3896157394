"""The deliverer: performs commands, one at a time for each destination, and settles what came of them."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog

from agents.spec import Deps
from core.errors import AnswerLost, Broken, JarvisError, Temporary
from core.events import NewEvent
from core.log import get_logger
from core.plans import Route
from db import commands
from db.commands import ClaimedCommand, Delivery, Performer, Postponed
from db.events import record
from db.session import TRANSACTION_S, Tx
from orchestrator.backoff import backoff
from orchestrator.command_verdicts import CommandVerdicts, may_repeat, tell
from orchestrator.ear import Ear
from orchestrator.failpoints import failpoint
from orchestrator.progress import Progress
from orchestrator.signals import metrics, tracing
from orchestrator.streams import Bell
from orchestrator.verdicts import SurpriseError
from orchestrator.worker_pool import WorkerPool

log = get_logger(__name__)

LONGEST_WAIT_S = 0.5
CLAIM_S = 5.0
"""A claim that takes longer, or half the time for stopping, is given up: the loop shall not hang with Postgres."""
TIME_LIMIT_S = 60.0
"""One command, downloads included; the lease is extended meanwhile."""
KEEP_ATTEMPTS = 5
"""Tries to write down what was done outside, before a person or the command's class must decide."""


class Deliverer:
    """One per process and set of systems. ``performers`` is the visible table from system to who performs.

    It listens for the first of them; ``role`` is the name under which it beats.
    """

    def __init__(
        self,
        performers: Mapping[str, Performer],
        deps: Deps,
        *,
        route: Route,
        bell: Bell,
        progress: Progress,
        role: str = "deliver",
    ) -> None:
        self._role = role
        self._rung_for = next(iter(performers))
        self._performers = dict(performers)
        self._deps = deps
        self._route = route
        self._bell = bell
        self._progress = progress
        self._work = deps.settings.work
        self._lease = timedelta(seconds=self._work.lease_s)
        self._held: dict[int, ClaimedCommand] = {}
        self._write_s = TRANSACTION_S
        self._stopped_at = 0.0
        self._verdicts = CommandVerdicts(self._write, route, bell, self._work)
        self._ear = Ear(self._listen)

    async def run(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            heart = group.create_task(self._keep_leases())
            noting = group.create_task(self._note_stop(stop))
            pool = WorkerPool(group, self._work.concurrency)
            while not stop.is_set():
                await pool.wait_free(stop)
                for claimed in await self._take(pool.free):
                    self._held[claimed.id] = claimed
                    pool.start(self._deliver(claimed))
            await noting
            await pool.drain(max(0.0, self._stopped_at + self._work.stop_grace_s * 0.8 - time.monotonic()))
            heart.cancel()
            self._ear.close()

    async def _note_stop(self, stop: asyncio.Event) -> None:
        """From now on time is short, also for a Postgres that hangs."""
        await stop.wait()
        self._stopped_at = time.monotonic()
        self._write_s = min(TRANSACTION_S, self._work.stop_grace_s * 0.15)

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
        self._progress.beat(self._role, active=len(self._held))
        return found

    async def _listen(self) -> bool:
        return await self._bell.wait_commands(self._rung_for, wait_s=min(self._work.poll_s, LONGEST_WAIT_S))

    async def _claim(self, free: int) -> list[ClaimedCommand]:
        rooms, within_s = self._rooms(free), min(CLAIM_S, self._work.stop_grace_s / 2)
        async with self._deps.db.transaction(within_s=within_s, is_single=True) as tx:
            found = await commands.claim(tx, systems=rooms, limit=free, lease=self._lease, rooms=rooms)
        if found:
            failpoint("deliverer.after_claim")
        await tracing.find_roots(claimed.event_id for claimed in found if claimed.event_id is not None)
        return found

    def _rooms(self, free: int) -> dict[str, int]:
        """How many more of each system may be under way: one that hangs leaves places to the others."""
        share = self._work.system_share if len(self._performers) > 1 else 1.0
        most = max(1, int(share * self._work.concurrency))
        held = Counter(claimed.system for claimed in self._held.values())
        return {system: max(0, min(free, most - held[system])) for system in self._performers}

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
            await self._verdicts.settle(claimed, error)
        except TimeoutError:
            await self._verdicts.settle(claimed, AnswerLost(f"no answer within {TIME_LIMIT_S:.0f} s"))
        except Exception as error:
            log.exception("performer raised")
            await self._verdicts.settle(claimed, SurpriseError(f"{type(error).__name__}: {error}"))
        finally:
            self._held.pop(claimed.id, None)
            self._ear.nudge()
            structlog.contextvars.clear_contextvars()

    async def _perform(self, claimed: ClaimedCommand) -> Delivery | Postponed:
        if claimed.command is None:
            raise Broken(claimed.unreadable or "unreadable command")
        async with asyncio.timeout(TIME_LIMIT_S):
            result = await self._performers[claimed.system].perform(claimed.command)
        failpoint("deliverer.after_send")
        return result

    def _write(self) -> AbstractAsyncContextManager[Tx]:
        return self._deps.db.transaction(within_s=self._write_s)

    async def _postpone(self, claimed: ClaimedCommand, wish: Postponed) -> None:
        async with self._write() as tx:
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
        async with self._write() as tx:
            if not await commands.mark(tx, claimed, state="sent", result=delivery.result):
                return  # an earlier try was committed after all, its answer got lost
            events = () if delivery.save is None else await delivery.save(tx)
            named = [event if event.external_id else _named(event, claimed, n) for n, event in enumerate(events)]
            recorded = await record(tx, named, self._route)
            await commands.free(tx, claimed)
        failpoint("deliverer.after_mark")
        metrics.events_recorded(named, recorded)
        tell(claimed, "sent")
        self._progress.beat(self._role, active=len(self._held))
        await self._bell.ring_runs(recorded.ready_runs)

    async def _hand_back(self, claimed: ClaimedCommand, done: Delivery | None) -> None:
        """Stopped in the middle: keep what is done, leave to others what may be done again, say what nobody knows."""
        error = AnswerLost("stopped while sending")
        try:
            if done is not None:
                await self._settle_sent(claimed, done)
            elif may_repeat(claimed):
                async with self._write() as tx:
                    await commands.retry_later(tx, claimed, delay=timedelta(0), error=str(error), may_be_done=True)
            else:
                await self._verdicts.judge(claimed, error)
        except Exception as trouble:  # noqa: BLE001 - the process is on its way out, the lease says the rest
            log.warning("the lease will hand the command back", error=trouble)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._work.lease_s / 3)
            held = list(self._held.values())
            if not held:
                continue
            try:
                async with self._deps.db.transaction(within_s=self._work.lease_s / 3) as tx:
                    await commands.extend(tx, held, self._lease)
            except Temporary as error:
                log.warning("leases not extended", error=error)


def _named(event: NewEvent[Any], claimed: ClaimedCommand, position: int) -> NewEvent[Any]:
    """What a command brought about is named after the command, so that settling it twice could not double it."""
    return replace(event, source="command", external_id=f"{claimed.id}:{position}")

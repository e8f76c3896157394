"""Verdicts on commands: what becomes of one that was not sent. Each of the four error words has one action."""

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.errors import AnswerLost, JarvisError, NeedsAttention, Rejected, Temporary
from core.events import AlarmRaised, NewEvent
from core.log import get_logger, text_of_error
from core.plans import Route
from core.settings import WorkSettings
from db import commands
from db.commands import ClaimedCommand
from db.events import record
from db.session import Tx
from orchestrator.backoff import backoff
from orchestrator.command_alarms import command_alarm
from orchestrator.signals import metrics, tracing
from orchestrator.streams import Bell

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CommandVerdicts:
    """``write`` opens a transaction that takes no longer than the deliverer has time for."""

    write: Callable[[], AbstractAsyncContextManager[Tx]]
    route: Route
    bell: Bell
    work: WorkSettings

    async def settle(self, claimed: ClaimedCommand, error: JarvisError) -> None:
        """One command's trouble must not end the others: what cannot be written now, the lease hands back."""
        try:
            await self.judge(claimed, error)
        except Temporary as trouble:
            log.warning("the lease will hand the command back", error=trouble)
        except Exception:
            log.exception("the lease will hand the command back")

    async def judge(self, claimed: ClaimedCommand, error: JarvisError) -> None:
        match error:
            case Rejected():
                log.warning("command refused", error=error)
                await self._end(claimed, "cancelled", error)
            case NeedsAttention():
                await self._stand_still(claimed, error)
            case AnswerLost() if not may_repeat(claimed):
                await self._end(claimed, "unknown", error, alarm="alarm-unknown-command")
            case Temporary() if claimed.attempt < self.work.max_attempts:
                await self._retry(claimed, error)
            case _:
                await self._end(claimed, "dead", error, alarm="alarm-dead-command")

    async def _retry(self, claimed: ClaimedCommand, error: Temporary) -> None:
        asked = error.retry_after
        wait = backoff(claimed.attempt, self.work) if asked is None else timedelta(seconds=asked)
        log.info("will send again", error=error, attempt=claimed.attempt, wait_s=wait.total_seconds())
        async with self.write() as tx:
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
        who = claimed.destination if error.scope == "destination" else claimed.system
        alarm = _alarm(claimed, "alarm-needs-attention", str(error), who=who)
        async with self.write() as tx:
            recorded = await record(tx, [alarm], self.route)
            if error.scope == "destination":
                await commands.park(tx, claimed.destination, str(error))
            else:
                await commands.pause_system(tx, claimed.system, str(error))
            await commands.retry_later(tx, claimed, delay=timedelta(0), error=str(error), counts=False)
        await self.bell.ring_runs(recorded.ready_runs)

    async def _end(self, claimed: ClaimedCommand, state: str, error: JarvisError, *, alarm: str | None = None) -> None:
        events = [] if alarm is None else [_alarm(claimed, alarm, text_of_error(error))]
        async with self.write() as tx:
            recorded = await record(tx, events, self.route)
            await commands.settle(tx, claimed, state=state, error=str(error))
        metrics.events_recorded(events, recorded)
        tell(claimed, state)
        await self.bell.ring_runs(recorded.ready_runs)


def tell(claimed: ClaimedCommand, state: str) -> None:
    """Count a command that ended, however it did."""
    metrics.command_ended(claimed.kind, state, time.monotonic() - claimed.claimed_at)
    if state == "sent" and claimed.event_received_at is not None:
        passed = datetime.now(UTC) - claimed.event_received_at
        metrics.effects_after(claimed.system, [passed.total_seconds()])
    tracing.command_ended(claimed, state)


def may_repeat(claimed: ClaimedCommand) -> bool:
    return claimed.command is not None and commands.may_repeat(claimed.command.body)


def _alarm(claimed: ClaimedCommand, text_key: str, text: str, *, who: str | None = None) -> NewEvent[AlarmRaised]:
    return command_alarm(
        text_key,
        who=who or claimed.destination,
        command_id=claimed.id,
        text=text,
        occurrence=f"{claimed.attempt}:{claimed.lease_token}",
    )

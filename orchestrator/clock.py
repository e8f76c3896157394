"""The clock: turns schedule slots into events, each slot once over any number of clocks and restarts.

A slot is keyed in UTC; the local rule is resolved once, by cronsim, which follows the zone's daylight saving.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import dropwhile, takewhile
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim

from agents.spec import Deps
from core.errors import Broken, Temporary
from core.events import BODY_OF_KIND, AlarmRaised, EventBody, NewEvent, read_body
from core.log import get_logger
from core.plans import Route
from core.settings import Settings
from db.events import record
from db.schedules import CLOCKS_DIFFER, Schedule, put, set_next, take_due
from db.session import Tx
from orchestrator.failpoints import failpoint
from orchestrator.progress import Progress
from orchestrator.signals import metrics, tracing
from orchestrator.streams import Bell

log = get_logger(__name__)

TICK_S = 0.5
MAX_CATCH_UP = 100
"""Slots of one rule that ``catch_up = all`` may deliver after a long sleep."""
HORIZONS = (timedelta(hours=1), timedelta(days=1), timedelta(days=32), timedelta(days=36_500))
"""How far back slots are looked for, until there are enough of them."""
EVERY_MINUTE = "* * * * *"


def rules(settings: Settings, now: datetime) -> list[Schedule]:
    """The schedules of this installation. A new rule's first slot is now: the first sync does not wait for the cron."""
    syncs = [
        Schedule(
            name=f"sync:{branch.code}",
            cron=settings.rentprog.reconcile_cron,
            timezone=branch.timezone,
            event_kind="sync.due",
            payload={"branch": branch.code},
            subject=f"sync:{branch.code}",
            branch=branch.code,
            catch_up="last",
            last_slot=None,
            next_slot=now,
        )
        for branch in settings.rentprog.branches
    ]
    looks = {
        "check.health": EVERY_MINUTE,
        "check.approvals": EVERY_MINUTE,
        "check.tasks": EVERY_MINUTE,
        "check.inspections": EVERY_MINUTE,
        "check.unanswered": f"*/{settings.escalation.look_every_s} * * * * *",
    }
    if settings.umnico.is_on:
        looks["inbox.due"] = f"*/{settings.umnico.inbox_minutes} * * * *"
    if settings.llm.has_models:
        looks["translations.due"] = EVERY_MINUTE
    return [*syncs, *(_look(kind, cron, now) for kind, cron in looks.items())]


def _look(kind: str, cron: str, now: datetime) -> Schedule:
    """A tick for the whole company; of those that were missed one look is enough."""
    name = kind.replace(".", ":")
    return Schedule(
        name=name,
        cron=cron,
        timezone="UTC",
        event_kind=kind,
        payload={},
        subject=name,
        branch=None,
        catch_up="last",
        last_slot=None,
        next_slot=now,
    )


class ClockWork:
    """Ticks while it runs; several may, the rows' locks and the unique external id keep each slot single."""

    def __init__(self, deps: Deps, *, route: Route, bell: Bell, progress: Progress) -> None:
        self._deps = deps
        self._route = route
        self._bell = bell
        self._progress = progress

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.tick()
                self._progress.beat("clock")
            except Temporary as error:
                log.warning("clock waits", error=error)
            try:
                await asyncio.wait_for(stop.wait(), TICK_S)
            except TimeoutError:
                continue

    async def set_up(self) -> None:
        async with self._deps.db.transaction() as tx:
            await put(tx, rules(self._deps.settings, self._deps.clock.now()))

    async def tick(self) -> int:
        """Deliver every slot that is due; returns how many events that made."""
        now = self._deps.clock.now()
        async with self._deps.db.transaction() as tx:
            due = await take_due(tx, now)
            failpoint("clock.after_compute")
            events = [event for rule in due for event in await self._advance(tx, rule, now)]
            recorded = await record(tx, events, self._route)
            failpoint("clock.after_insert")
        metrics.events_recorded(events, recorded)
        tracing.recorded("clock", events, recorded)
        await self._bell.ring_runs(recorded.ready_runs)
        return sum(event_id is not None for event_id in recorded.ids)

    async def _advance(self, tx: Tx, rule: Schedule, now: datetime) -> list[NewEvent[Any]]:
        if rule.last_slot is not None and rule.last_slot > now + CLOCKS_DIFFER:
            log.error("a clock was ahead of the time, its rule goes on from now", rule=rule.name, told=rule.last_slot)
            await set_next(tx, rule.name, last_slot=None, next_slot=next(_after(rule, now)))
            return []
        slots, next_slot = due_slots(rule, now)
        await set_next(tx, rule.name, last_slot=slots[-1], next_slot=next_slot)
        try:
            body = _read_known(rule.event_kind, rule.payload)
        except Broken as error:
            # Other rules go on, and this one goes on being said until somebody mends it.
            log.error("a rule cannot be read", rule=rule.name, error=error)  # noqa: TRY400 - the text says it all
            return [_unreadable(rule, slots[-1], str(error))]
        return [
            NewEvent(
                body=body,
                subject=rule.subject,
                source="clock",
                external_id=f"{rule.name}@{slot.isoformat()}",
                branch=rule.branch,
                occurred_at=slot,
            )
            for slot in _wanted(rule, slots, now)
        ]


def _read_known(kind: str, payload: dict[str, Any]) -> EventBody:
    if kind not in BODY_OF_KIND:
        raise Broken(f"no event has the kind {kind}")
    return read_body(kind, payload)


def _unreadable(rule: Schedule, slot: datetime, text: str) -> NewEvent[Any]:
    return NewEvent(
        body=AlarmRaised(
            key=f"clock:{rule.name}", text_key="alarm-needs-attention", args={"who": rule.name, "text": text}
        ),
        subject="alarm:clock",
        source="clock",
        external_id=f"unreadable:{rule.name}@{slot.isoformat()}",
        occurred_at=slot,
    )


def due_slots(rule: Schedule, now: datetime) -> tuple[list[datetime], datetime]:
    """Slots from ``next_slot`` to ``now`` (at least one, at most MAX_CATCH_UP newest) and the first one after.

    After a long sleep only the newest part is walked through: a year of minutes would hold the clock for a minute.
    """
    due: list[datetime] = []
    for horizon in HORIZONS:
        start = max(rule.next_slot, now - horizon)
        due = list(takewhile(lambda slot: slot <= now, _after(rule, start)))
        if start == rule.next_slot:
            due = [start, *due]
            break
        if len(due) >= MAX_CATCH_UP:
            break
    return due[-MAX_CATCH_UP:], next(_after(rule, now))


def _after(rule: Schedule, moment: datetime) -> Iterator[datetime]:
    """The rule's slots behind a moment. In an hour that comes twice cronsim may name one that is over."""
    local = moment.astimezone(ZoneInfo(rule.timezone))
    slots = (slot.astimezone(UTC) for slot in CronSim(rule.cron, local))
    return dropwhile(lambda slot: slot <= moment, slots)


def _wanted(rule: Schedule, slots: list[datetime], now: datetime) -> list[datetime]:
    match rule.catch_up:
        case "all":
            return slots
        case "last":
            return slots[-1:]
        case _:
            is_fresh = (now - slots[-1]).total_seconds() < 60 * 2
            return slots[-1:] if is_fresh else []

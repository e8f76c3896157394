"""I12: each slot of each schedule once, and no hole that the clock could have filled."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise, takewhile
from operator import gt
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim

from db.queries import oracle_slots
from db.session import Tx
from orchestrator.check.assertion import Assertion
from orchestrator.check.limits import Limits
from orchestrator.clock import MAX_CATCH_UP

WINDOW = timedelta(days=1)
LATE = timedelta(seconds=5)
"""A clock that ticked this long after a slot was at work when it should have delivered it."""

Rows = Sequence[Mapping[str, Any]]


async def every_slot_once(tx: Tx, limits: Limits, _since: int) -> list[Assertion]:
    row = await tx.row("SELECT now() AS now")
    assert row is not None
    now: datetime = row["now"]
    ticks = await oracle_slots.ticks(tx, since=now - WINDOW)
    rules = await oracle_slots.rules(tx)
    twice = len(ticks) - len({(tick["rule"], tick["slot"]) for tick in ticks})
    holes = [f"{rule['name']} at {slot:%H:%M}" for rule in rules for slot in holes_of(rule, ticks)]
    overdue = [rule["name"] for rule in rules if now - rule["next_slot"] > timedelta(seconds=limits.stall_s)]
    wrong = [*holes, *(f"{name} is overdue" for name in overdue)]
    example = f"; for example {wrong[0]}" if wrong else ""
    return [
        Assertion("I12", "each slot of the last day happened once", f"{twice:,} of {len(ticks):,} ticks came twice",
                twice == 0),
        Assertion("I12", "no slot is missing that its catch-up rule wants",
                f"{len(holes):,} holes, {len(overdue):,} of {len(rules):,} rules overdue{example}", not wrong),
    ]  # fmt: skip


def holes_of(rule: Mapping[str, Any], ticks: Rows) -> Iterator[datetime]:
    """Slots between two delivered ones of a rule that nobody delivered and nothing excuses.

    A missed slot is excused where its rule lets the newest stand for all and the clock stood still until that one:
    a tick of any rule in between proves that it did not.
    """
    slots = [tick["slot"] for tick in ticks if tick["rule"] == rule["name"]]
    for earlier, later in pairwise(_since_last_change(rule, slots)):
        missed = list(takewhile(partial(gt, later), _grid(rule, earlier)))
        if rule["catch_up"] == "all":
            yield from missed if len(missed) < MAX_CATCH_UP else ()
        else:
            yield from (slot for slot in missed if any(slot + LATE < tick["received_at"] < later for tick in ticks))


def _since_last_change(rule: Mapping[str, Any], slots: Sequence[datetime]) -> Sequence[datetime]:
    """A rule that is new or was changed begins with a slot of its own, off the grid; before that another rule held."""
    for position in range(len(slots) - 1, -1, -1):
        if next(_grid(rule, slots[position] - timedelta(microseconds=1)), None) != slots[position]:
            return slots[position:]
    return slots


def _grid(rule: Mapping[str, Any], moment: datetime) -> Iterator[datetime]:
    """The rule's slots behind a moment, in UTC."""
    for slot in CronSim(rule["cron"], moment.astimezone(ZoneInfo(rule["timezone"]))):
        found = slot.astimezone(UTC)
        if found > moment:
            yield found

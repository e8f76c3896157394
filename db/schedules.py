"""Schedules: the rules of the clock, and taking the slots that are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from db.session import Tx

_ONE_AT_A_TIME = 0x4A53434845
CLOCKS_DIFFER = timedelta(minutes=2)
"""A slot that was told so far ahead of now was told by a clock that went wrong."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """``catch_up``: what follows a slot that was missed: ``skip``, ``last`` (one tick for all), ``all``."""

    name: str
    cron: str
    timezone: str
    event_kind: str
    payload: dict[str, Any]
    subject: str
    branch: str | None
    catch_up: str
    last_slot: datetime | None
    next_slot: datetime


_COLUMNS = "name, cron, timezone, event_kind, payload, subject, branch, catch_up, last_slot, next_slot"


async def put(tx: Tx, schedules: Sequence[Schedule]) -> None:
    """Bring the rules up to date; a known rule keeps its slots unless its cron or zone changed.

    Every process does so at its start, and many may start at once: one after the other.
    """
    await tx.run("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
    for rule in schedules:
        await tx.run(
            """INSERT INTO schedules (name, cron, timezone, event_kind, payload, subject, branch, catch_up, next_slot)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
               ON CONFLICT (name) DO UPDATE SET event_kind = excluded.event_kind, payload = excluded.payload,
                   subject = excluded.subject, branch = excluded.branch, catch_up = excluded.catch_up,
                   is_enabled = true,
                   next_slot = CASE WHEN schedules.cron = excluded.cron AND schedules.timezone = excluded.timezone
                               THEN schedules.next_slot ELSE excluded.next_slot END,
                   cron = excluded.cron, timezone = excluded.timezone""",
            (
                *(rule.name, rule.cron, rule.timezone, rule.event_kind, Jsonb(rule.payload)),
                *(rule.subject, rule.branch, rule.catch_up, rule.next_slot),
            ),
        )
    await tx.run("UPDATE schedules SET is_enabled = false WHERE name <> ALL(%s)", ([rule.name for rule in schedules],))


async def take_due(tx: Tx, now: datetime, *, limit: int = 100) -> list[Schedule]:
    """Rules with a slot at or before ``now``, and those that a clock moved on while it was ahead of the time.

    They are locked until the commit, so that two clocks cannot both tick.
    """
    rows = await tx.rows(
        f"""SELECT {_COLUMNS} FROM schedules WHERE is_enabled AND (next_slot <= %s OR last_slot > %s)
            ORDER BY next_slot LIMIT %s FOR UPDATE SKIP LOCKED""",  # noqa: S608 - a constant list of columns
        (now, now + CLOCKS_DIFFER, limit),
    )
    return [Schedule(**row) for row in rows]


async def set_next(tx: Tx, name: str, *, last_slot: datetime | None, next_slot: datetime) -> None:
    await tx.run("UPDATE schedules SET last_slot = %s, next_slot = %s WHERE name = %s", (last_slot, next_slot, name))

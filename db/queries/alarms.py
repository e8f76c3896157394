"""Alarms while they are open: counted, told in groups, ended once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from db.session import Tx

_COLUMNS = "key, text_key, args, opened_at, last_at, told_at, told_count, count, cleared_at"


@dataclass(frozen=True, slots=True)
class Alarm:
    """``told_at`` is when its telling was ordered last; ``told_count`` is the count that people have read."""

    key: str
    text_key: str
    args: dict[str, Any]
    opened_at: datetime
    last_at: datetime
    told_at: datetime | None
    told_count: int
    count: int
    cleared_at: datetime | None


async def find(tx: Tx, key: str) -> Alarm | None:
    row = await tx.row(f"SELECT {_COLUMNS} FROM alarms WHERE key = %s", (key,))  # noqa: S608 - constants
    return None if row is None else Alarm(**row)


async def count_up(
    tx: Tx, key: str, *, text_key: str, args: Mapping[str, str | int], now: datetime, quiet_since: datetime
) -> Alarm:
    """Open the alarm or count a repeat, and hold its row until the commit.

    One that was cleared, or heard of last before ``quiet_since``, begins anew.
    """
    row = await tx.row(
        f"""INSERT INTO alarms (key, text_key, args, opened_at, last_at, count)
            VALUES (%(key)s, %(text_key)s, %(args)s, %(now)s, %(now)s, 1)
            ON CONFLICT (key) DO UPDATE SET text_key = excluded.text_key, args = excluded.args,
                last_at = excluded.last_at,
                count = CASE WHEN alarms.cleared_at IS NULL AND alarms.last_at >= %(quiet)s
                             THEN alarms.count + 1 ELSE 1 END,
                opened_at = CASE WHEN alarms.cleared_at IS NULL AND alarms.last_at >= %(quiet)s
                                 THEN alarms.opened_at ELSE excluded.opened_at END,
                told_at = CASE WHEN alarms.cleared_at IS NULL AND alarms.last_at >= %(quiet)s
                               THEN alarms.told_at END,
                told_count = CASE WHEN alarms.cleared_at IS NULL AND alarms.last_at >= %(quiet)s
                                  THEN alarms.told_count ELSE 0 END,
                cleared_at = NULL
            RETURNING {_COLUMNS}""",  # noqa: S608 - constants
        {"key": key, "text_key": text_key, "args": Jsonb(dict(args)), "now": now, "quiet": quiet_since},
    )
    assert row is not None
    return Alarm(**row)


async def untold(tx: Tx) -> list[Alarm]:
    """Open alarms whose newest repeats nobody has read, held until the commit."""
    rows = await tx.rows(
        f"""SELECT {_COLUMNS} FROM alarms WHERE cleared_at IS NULL AND count > told_count
            ORDER BY key FOR UPDATE"""  # noqa: S608 - constants
    )
    return [Alarm(**row) for row in rows]


async def order_telling(tx: Tx, key: str, *, at: datetime) -> None:
    await tx.run("UPDATE alarms SET told_at = %s WHERE key = %s", (at, key))


async def note_told(tx: Tx, key: str, *, opened_at: datetime, count: int) -> None:
    await tx.run(
        "UPDATE alarms SET told_count = greatest(told_count, %s) WHERE key = %s AND opened_at = %s",
        (count, key, opened_at),
    )


async def clear(tx: Tx, key: str, *, now: datetime) -> Alarm | None:
    """End an open alarm; None when none is open, so that its end is said once."""
    row = await tx.row(
        f"UPDATE alarms SET cleared_at = %s WHERE key = %s AND cleared_at IS NULL RETURNING {_COLUMNS}",  # noqa: S608 - constants
        (now, key),
    )
    return None if row is None else Alarm(**row)


async def causes_gone(tx: Tx) -> list[str]:
    """Open alarms of dead work and of what stands still by order, of which nothing is dead or stands still any more.

    Their keys are made in orchestrator/verdicts.py, command_alarms.py and clock.py: a word, and whom it is about.
    """
    rows = await tx.rows(
        """SELECT open.key FROM (
               SELECT key, split_part(key, ':', 1) AS word, substr(key, strpos(key, ':') + 1) AS who
               FROM alarms WHERE cleared_at IS NULL) AS open
           WHERE CASE open.word
               WHEN 'dead-run' THEN NOT EXISTS (SELECT FROM runs WHERE state = 'dead' AND agent = open.who)
               WHEN 'dead-command' THEN NOT EXISTS (
                   SELECT FROM commands WHERE state = 'dead' AND destination = open.who)
               WHEN 'unknown-command' THEN NOT EXISTS (
                   SELECT FROM commands WHERE state = 'unknown' AND destination = open.who)
               WHEN 'needs-attention' THEN
                   NOT EXISTS (SELECT FROM pauses WHERE scope = 'system' AND name = open.who)
                   AND NOT EXISTS (SELECT FROM destinations WHERE destination = open.who AND parked_at IS NOT NULL)
               WHEN 'agent-needs-attention' THEN NOT EXISTS (
                   SELECT FROM runs WHERE agent = open.who
                     AND (state = 'running' OR state = 'queued' AND error IS NOT NULL))
               WHEN 'clock' THEN NOT EXISTS (SELECT FROM schedules WHERE name = open.who AND is_enabled)
               ELSE false END
           ORDER BY open.key"""
    )
    return [row["key"] for row in rows]

"""What the relay looks for: runs of workers that died, and runs for which nobody heard the bell."""

from datetime import timedelta
from typing import Any, NamedTuple

from db.events import lock_subjects
from db.presence import PRESENT
from db.runs import promote
from db.session import Tx


class TakenBack(NamedTuple):
    """How many runs may start again, and those that had their tries and are to be buried."""

    freed: int
    spent: list[dict[str, Any]]


async def take_back(tx: Tx, *, max_attempts: int, max_crashes: int, limit: int = 500) -> TakenBack:
    """Free the runs of workers that died or lost their leases.

    A run that kills its worker counts its tries like any other, because they are counted before the work. One that had
    them all stays ``running``, so that nobody can claim it before it is buried.
    """
    rows = await tx.rows(
        f"""
        WITH orphan AS (
            SELECT id, agent, event_id, subject,
                   attempt >= %(max_attempts)s OR crashes + 1 >= %(max_crashes)s AS is_spent
            FROM runs
            WHERE state = 'running'
              AND (lease_until < now()
                   OR started_at > pg_postmaster_start_time() AND holder IS NOT NULL AND holder NOT IN ({PRESENT}))
            ORDER BY lease_until LIMIT %(limit)s FOR UPDATE SKIP LOCKED
        ), freed AS (
            UPDATE runs SET state = 'queued', lease_token = NULL, lease_until = NULL, holder = NULL, rung_at = NULL,
                   not_before = now(), crashes = crashes + 1, error = 'the worker died or lost its lease'
            FROM orphan WHERE runs.id = orphan.id AND NOT orphan.is_spent
        ), spent AS (
            UPDATE runs SET lease_until = LEAST(lease_until, now()), holder = NULL
            FROM orphan WHERE runs.id = orphan.id AND orphan.is_spent
        )
        SELECT id, agent, event_id, subject, is_spent FROM orphan
        """,  # noqa: S608 - a constant of db/presence.py
        {"limit": limit, "max_attempts": max_attempts, "max_crashes": max_crashes},
    )
    spent = [row for row in rows if row["is_spent"]]
    return TakenBack(freed=len(rows) - len(spent), spent=spent)


async def bury(tx: Tx, run_id: int, error: str) -> bool:
    """Declare dead a run whose lease ran out; False when its worker came back or somebody else buried it."""
    touched = await tx.run(
        """UPDATE runs SET state = 'dead', finished_at = now(), error = %s, lease_token = NULL, lease_until = NULL
           WHERE id = %s AND state = 'running' AND lease_until <= now()""",
        (error, run_id),
    )
    return touched == 1


async def take_unrung(tx: Tx, *, after: timedelta, again_after: timedelta, limit: int) -> list[int]:
    """Runs that might have started ``after`` ago: their bell was not rung or not heard. They are marked as rung.

    Younger ones are left alone: to mark them is to be in the way of who claims them.
    """
    rows = await tx.rows(
        """
        UPDATE runs SET rung_at = now()
        FROM (SELECT id FROM runs
              WHERE state = 'queued' AND not_before <= now() - %s AND (rung_at IS NULL OR rung_at < now() - %s)
              ORDER BY not_before, id LIMIT %s FOR UPDATE SKIP LOCKED) AS silent
        WHERE runs.id = silent.id
        RETURNING runs.id
        """,
        (after, again_after, limit),
    )
    return sorted(row["id"] for row in rows)


async def promote_forgotten(tx: Tx, *, limit: int = 100) -> list[int]:
    """Queue waiting runs before which nothing stands; there should be none, and each would stand still for ever.

    The locks make an event's line and the end of the run before it exclude each other; this is for what nobody thought
    of. Returns the runs to ring for.
    """
    rows = await tx.rows(
        """
        SELECT DISTINCT ON (run.agent, run.subject) run.id, run.subject FROM runs AS run
        WHERE run.state = 'waiting' AND run.queued_at < now() - interval '30 s'
          AND NOT EXISTS (SELECT 1 FROM runs AS head WHERE head.agent = run.agent AND head.subject = run.subject
                            AND head.state IN ('queued', 'running'))
          AND NOT EXISTS (SELECT 1 FROM runs AS earlier WHERE earlier.event_id = run.event_id
                            AND earlier.stage < run.stage AND earlier.state IN ('queued', 'running', 'waiting'))
        ORDER BY run.agent, run.subject, run.event_id LIMIT %s
        """,
        (limit,),
    )
    if not rows:
        return []
    await lock_subjects(tx, sorted({row["subject"] for row in rows}))
    return await promote(tx, [row["id"] for row in rows])

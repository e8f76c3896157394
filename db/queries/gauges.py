"""How much is unfinished and how old it is: cheap enough for every scrape, because partial indexes hold only that."""

from typing import Any

from db.session import Tx

Rows = list[dict[str, Any]]


async def runs(tx: Tx) -> Rows:
    """Unfinished runs by agent and state; ages in seconds of the oldest, and of the oldest that may start now."""
    return await tx.rows(
        """SELECT agent, state, count(*) AS number,
                  extract(epoch FROM now() - min(queued_at))::float AS oldest_s,
                  coalesce(extract(epoch FROM now() - min(not_before)
                           FILTER (WHERE state = 'queued' AND not_before <= now())), 0)::float AS oldest_ready_s
           FROM runs WHERE state IN ('queued', 'running', 'waiting') GROUP BY agent, state ORDER BY agent, state"""
    )


async def commands(tx: Tx) -> Rows:
    """Unfinished commands by system and state; the age in seconds of the oldest that could be performed now.

    What is parked, held or paused stands still by order and has no age.
    """
    return await tx.rows(
        """SELECT c.system, c.state, count(*) AS number,
                  extract(epoch FROM now() - min(c.created_at))::float AS oldest_s,
                  coalesce(extract(epoch FROM now() - min(c.not_before) FILTER (
                      WHERE c.state = 'pending' AND c.not_before <= now() AND d.parked_at IS NULL
                        AND (d.held_until IS NULL OR d.held_until <= now())
                        AND NOT EXISTS (SELECT 1 FROM pauses p WHERE p.scope = 'system' AND p.name = c.system)
                  )), 0)::float AS oldest_ready_s
           FROM (SELECT system, state, created_at, not_before, destination FROM commands WHERE state = 'pending'
                 UNION ALL
                 SELECT system, state, created_at, not_before, destination FROM commands
                 WHERE state IN ('sending', 'awaiting_approval')) AS c
           JOIN destinations AS d USING (destination)
           GROUP BY c.system, c.state ORDER BY c.system, c.state"""
    )


async def wants(tx: Tx) -> dict[str, int]:
    """What needs a person, what stands still by order, and leases that ran out and that nobody took back yet."""
    row = await tx.row(
        """SELECT (SELECT count(*) FROM runs WHERE state = 'dead') AS runs_dead,
                  (SELECT count(*) FROM commands WHERE state = 'dead') AS commands_dead,
                  (SELECT count(*) FROM commands WHERE state = 'unknown') AS commands_unknown,
                  (SELECT count(*) FROM quarantine WHERE released_at IS NULL) AS records_quarantined,
                  (SELECT count(*) FROM alarms WHERE cleared_at IS NULL) AS alarms_open,
                  (SELECT count(*) FROM destinations WHERE parked_at IS NOT NULL) AS destinations_parked"""
    )
    assert row is not None
    return row | await left_behind(tx, for_s=0.0)


async def left_behind(tx: Tx, *, for_s: float) -> dict[str, int]:
    """Work of processes that are gone, which nobody took back for so long."""
    row = await tx.row(
        """SELECT (SELECT count(*) FROM runs
                   WHERE state = 'running' AND lease_until < now() - make_interval(secs => %(for_s)s))
                  + (SELECT coalesce(sum(cardinality(run_ids)), 0)::bigint FROM batches
                     WHERE lease_until < now() - make_interval(secs => %(for_s)s)) AS runs_overdue,
                  (SELECT count(*) FROM commands AS c JOIN destinations AS d USING (destination)
                   WHERE c.state = 'sending'
                     AND (d.lease_until IS NULL OR d.lease_until < now() - make_interval(secs => %(for_s)s)))
                  AS commands_overdue""",
        {"for_s": for_s},
    )
    assert row is not None
    return row


async def last_check_age_s(tx: Tx) -> float | None:
    """Seconds since a check that the clock asks for each minute was worked on and saved; None when none was of late."""
    row = await tx.row(
        """SELECT extract(epoch FROM now() - max(runs.finished_at))::float AS age_s
           FROM (SELECT id FROM events WHERE kind = 'check.health' ORDER BY id DESC LIMIT 10) AS asked
           JOIN runs ON runs.event_id = asked.id WHERE runs.state = 'done'"""
    )
    return None if row is None else row["age_s"]

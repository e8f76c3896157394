"""How the circle stands: queues, ages, the dead, pauses, syncs, heartbeats. Read by /readyz, status and the panel."""

from datetime import timedelta
from typing import Any

from psycopg.types.json import Jsonb

from db.session import Tx

Rows = list[dict[str, Any]]

RECENT_EVENTS = 100_000
"""How far back the last webhook of a branch is looked for: a branch that is silent for ever must not cost a scan."""


async def queues(tx: Tx) -> Rows:
    """Unfinished runs per agent: counts by state, and the age in seconds of the oldest that may start now."""
    return await tx.rows(
        """SELECT agent,
                  count(*) FILTER (WHERE state = 'queued') AS queued,
                  count(*) FILTER (WHERE state = 'running') AS running,
                  count(*) FILTER (WHERE state = 'waiting') AS waiting,
                  coalesce(max(extract(epoch FROM now() - not_before))
                           FILTER (WHERE state = 'queued' AND not_before <= now()), 0)::float AS oldest_ready_s,
                  max(error) FILTER (WHERE state = 'queued' AND error IS NOT NULL) AS last_error
           FROM runs WHERE state IN ('queued', 'running', 'waiting') GROUP BY agent ORDER BY agent"""
    )


async def destinations(tx: Tx) -> Rows:
    """Pending commands per system; parked and held destinations do not count as standing still."""
    return await tx.rows(
        """SELECT c.system, count(*) AS pending,
                  coalesce(max(extract(epoch FROM now() - c.not_before)) FILTER (
                      WHERE c.not_before <= now() AND d.parked_at IS NULL
                        AND (d.held_until IS NULL OR d.held_until <= now())
                        AND NOT EXISTS (SELECT 1 FROM pauses p WHERE p.scope = 'system' AND p.name = c.system)
                  ), 0)::float AS oldest_ready_s,
                  max(c.error) AS last_error
           FROM commands AS c JOIN destinations AS d USING (destination)
           WHERE c.state = 'pending' GROUP BY c.system ORDER BY c.system"""
    )


async def troubles(tx: Tx) -> dict[str, int]:
    """What needs a person, as counts."""
    row = await tx.row(
        """SELECT (SELECT count(*) FROM runs WHERE state = 'dead') AS dead_runs,
                  (SELECT count(*) FROM commands WHERE state = 'dead') AS dead_commands,
                  (SELECT count(*) FROM commands WHERE state = 'unknown') AS unknown_commands,
                  (SELECT count(*) FROM quarantine WHERE released_at IS NULL) AS quarantined_records,
                  (SELECT count(*) FROM alarms WHERE cleared_at IS NULL) AS open_alarms"""
    )
    assert row is not None
    return row


async def pauses(tx: Tx) -> Rows:
    return await tx.rows("SELECT scope, name, reason, since FROM pauses ORDER BY since")


async def parked(tx: Tx) -> Rows:
    return await tx.rows(
        """SELECT destination, parked_at, parked_reason FROM destinations
           WHERE parked_at IS NOT NULL ORDER BY parked_at"""
    )


async def syncs(tx: Tx) -> Rows:
    """For each branch its last finished pass and the open one, if any."""
    return await tx.rows(
        """SELECT b.code AS branch, done.finished_at, done.state, done.read, done.added, done.updated, done.unchanged,
                  done.quarantined, jsonb_array_length(coalesce(done.drift, '[]'::jsonb)) AS drift,
                  open.id AS open_pass, open.started_at AS open_since, open.heartbeat_at AS open_heartbeat,
                  open.error AS open_error,
                  first.finished_at AS first_finished_at
           FROM branches AS b
           LEFT JOIN LATERAL (SELECT * FROM sync_runs s WHERE s.branch = b.code AND s.finished_at IS NOT NULL
                              ORDER BY s.id DESC LIMIT 1) AS done ON true
           LEFT JOIN LATERAL (SELECT * FROM sync_runs s WHERE s.branch = b.code AND s.finished_at IS NULL
                              ORDER BY s.id DESC LIMIT 1) AS open ON true
           LEFT JOIN LATERAL (SELECT s.finished_at FROM sync_runs s WHERE s.branch = b.code
                              AND s.finished_at IS NOT NULL ORDER BY s.id LIMIT 1) AS first ON true
           WHERE b.is_active ORDER BY b.code"""
    )


async def last_webhooks(tx: Tx) -> Rows:
    """For each branch when its last readable webhook came; None when none did for a very long time."""
    return await tx.rows(
        """SELECT b.code AS branch, last.received_at AS last_at
           FROM branches AS b
           LEFT JOIN LATERAL (SELECT received_at FROM events AS e
                              WHERE e.kind = 'rentprog.delivered' AND e.branch = b.code
                                AND e.id > (SELECT max(id) FROM events) - %s
                              ORDER BY e.id DESC LIMIT 1) AS last ON true
           WHERE b.is_active ORDER BY b.code""",
        (RECENT_EVENTS,),
    )


async def put_heartbeats(tx: Tx, process: str, roles: dict[str, dict[str, Any]]) -> None:
    for role, details in roles.items():
        await tx.run(
            """INSERT INTO heartbeats (process, role, at, details) VALUES (%s, %s, now(), %s)
               ON CONFLICT (process, role) DO UPDATE SET at = now(), details = excluded.details""",
            (process, role, Jsonb(details)),
        )


async def heartbeats(tx: Tx, *, within: timedelta = timedelta(days=1)) -> Rows:
    """The newest heartbeat of each role, with its age in seconds, and how many processes beat in the last minute."""
    return await tx.rows(
        """SELECT role, extract(epoch FROM now() - max(at))::float AS age_s,
                  count(*) FILTER (WHERE at > now() - interval '1 minute') AS processes
           FROM heartbeats WHERE at > now() - %s GROUP BY role ORDER BY role""",
        (within,),
    )


async def forget_heartbeats(tx: Tx, process: str) -> None:
    await tx.run("DELETE FROM heartbeats WHERE process = %s OR at < now() - interval '1 day'", (process,))


async def pause(tx: Tx, scope: str, name: str, reason: str) -> None:
    await tx.run(
        """INSERT INTO pauses (scope, name, reason) VALUES (%s, %s, %s)
           ON CONFLICT (scope, name) DO UPDATE SET reason = excluded.reason""",
        (scope, name, reason),
    )


async def resume(tx: Tx, scope: str, name: str) -> bool:
    return await tx.run("DELETE FROM pauses WHERE scope = %s AND name = %s", (scope, name)) == 1


async def open_alarm_keys(tx: Tx) -> list[str]:
    return [row["key"] for row in await tx.rows("SELECT key FROM alarms WHERE cleared_at IS NULL")]

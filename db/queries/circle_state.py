"""What an engineer asks of the circle beside status.py: stages, the oldest work, leases, drift, models, versions.

Every question is answered from partial indexes or from the newest rows: history of any length costs nothing.
"""

from datetime import datetime
from typing import Any

from db.presence import NAMESPACE
from db.session import Tx

Rows = list[dict[str, Any]]

NEWEST = 10_000
"""Finished runs that are looked at for the share of models and their cost."""
LONGEST_QUEUES = 10


async def stages(tx: Tx) -> Rows:
    """Unfinished runs per agent and stage; ``delayed`` ones wait for their next try, ``waiting`` ones for others."""
    return await tx.rows(
        """SELECT agent, stage,
                  count(*) FILTER (WHERE state = 'queued' AND not_before <= now()) AS ready,
                  count(*) FILTER (WHERE state = 'queued' AND not_before > now()) AS delayed,
                  count(*) FILTER (WHERE state = 'waiting') AS waiting,
                  count(*) FILTER (WHERE state = 'running') AS running
           FROM runs WHERE state IN ('queued', 'running', 'waiting') GROUP BY agent, stage ORDER BY agent, stage"""
    )


async def oldest_runs(tx: Tx) -> Rows:
    """Of each agent the unfinished run of the oldest event, with the event's age in seconds."""
    return await tx.rows(
        """WITH oldest AS (
               SELECT agent, min(event_id) AS event_id FROM runs
               WHERE state IN ('queued', 'running', 'waiting') GROUP BY agent
           )
           SELECT r.agent, r.id AS run, r.event_id AS event, e.kind, r.subject, r.state, r.attempt, r.error,
                  CASE WHEN r.state = 'queued' AND r.not_before > now() THEN r.not_before END AS next_try_at,
                  extract(epoch FROM now() - e.received_at)::float AS age_s
           FROM oldest JOIN runs AS r USING (event_id, agent) JOIN events AS e ON e.id = r.event_id
           ORDER BY e.received_at"""
    )


# Two branches, because each has a partial index of its own.
_OPEN_COMMANDS = """
    SELECT id, system, destination, state FROM commands WHERE state = 'pending'
    UNION ALL
    SELECT id, system, destination, state FROM commands WHERE state IN ('sending', 'awaiting_approval')
"""


async def oldest_commands(tx: Tx) -> Rows:
    """Of each system and class of destinations (what the chat is for) the oldest unfinished command."""
    return await tx.rows(
        f"""WITH oldest AS (
               SELECT open.system, coalesce(h.purpose, 'other') AS class, min(open.id) AS id,
                      count(*) FILTER (WHERE open.state = 'pending') AS pending,
                      count(*) FILTER (WHERE open.state = 'sending') AS sending,
                      count(*) FILTER (WHERE open.state = 'awaiting_approval') AS awaiting_approval
               FROM ({_OPEN_COMMANDS}) AS open
               LEFT JOIN chats AS h ON open.destination = 'telegram:' || h.chat_id
               GROUP BY 1, 2
           )
           SELECT o.system, o.class, o.pending, o.sending, o.awaiting_approval, c.id AS command, c.kind, c.destination,
                  c.state, c.attempt, c.error, c.event_id AS event,
                  CASE WHEN c.state = 'pending' AND c.not_before > now() THEN c.not_before END AS next_try_at,
                  extract(epoch FROM now() - c.created_at)::float AS age_s
           FROM oldest AS o JOIN commands AS c USING (id) ORDER BY c.created_at"""  # noqa: S608 - a constant
    )


async def longest_queues(tx: Tx) -> Rows:
    """The destinations with most pending commands, and until when each is held."""
    return await tx.rows(
        """SELECT c.destination, count(*) AS pending,
                  CASE WHEN d.held_until > now() THEN d.held_until END AS held_until,
                  d.parked_at IS NOT NULL AS is_parked
           FROM commands AS c JOIN destinations AS d USING (destination) WHERE c.state = 'pending'
           GROUP BY c.destination, d.held_until, d.parked_at ORDER BY count(*) DESC, c.destination LIMIT %s""",
        (LONGEST_QUEUES,),
    )


# One lease for each running run, one for all runs of a batch: those stay queued until they are done (db/batches.py).
_HELD = """
    SELECT holder, lease_until, 1 AS runs, started_at AS since FROM runs WHERE state = 'running'
    UNION ALL
    SELECT holder, lease_until, cardinality(run_ids), NULL FROM batches
"""


async def leases(tx: Tx) -> dict[str, Any]:
    """Leases by what they hold: how many, how many ran out, and which worker (db/presence.py) has the runs.

    A worker with ``is_present`` False has died: the relay takes its runs back at its next round.
    """
    row = await tx.row(
        f"""SELECT coalesce(sum(held.runs), 0)::bigint AS runs_held,
                  coalesce(sum(held.runs) FILTER (WHERE held.lease_until < now()), 0)::bigint AS runs_expired,
                  (SELECT count(*) FROM destinations WHERE lease_until IS NOT NULL) AS destinations_held,
                  (SELECT count(*) FROM destinations WHERE lease_until < now()) AS destinations_expired
           FROM ({_HELD}) AS held"""  # noqa: S608 - a constant
    )
    assert row is not None
    return {**row, "workers": await _workers(tx)}


async def _workers(tx: Tx) -> Rows:
    return await tx.rows(
        f"""SELECT held.holder, seat.pid IS NOT NULL AS is_present,
                  coalesce(host(at.client_addr), 'this host') AS address, sum(held.runs)::bigint AS runs,
                  coalesce(extract(epoch FROM now() - min(held.since)), 0)::float AS longest_s
           FROM ({_HELD}) AS held
           LEFT JOIN pg_locks AS seat ON seat.locktype = 'advisory' AND seat.classid = %s AND seat.objsubid = 2
                AND seat.granted AND seat.objid::bigint = held.holder
                AND seat.database = (SELECT oid FROM pg_database WHERE datname = current_database())
           LEFT JOIN pg_stat_activity AS at ON at.pid = seat.pid
           GROUP BY 1, 2, 3 ORDER BY sum(held.runs) DESC, held.holder""",  # noqa: S608 - a constant
        (NAMESPACE,),
    )


async def processes(tx: Tx) -> Rows:
    """Each role of each process that had a sign of life within a day."""
    return await tx.rows(
        """SELECT process, role, extract(epoch FROM now() - at)::float AS age_s, details FROM heartbeats
           WHERE at > now() - interval '1 day' ORDER BY process, role"""
    )


async def drift(tx: Tx) -> Rows:
    """Per branch and entity what the last finished pass brought up to date because webhooks had missed it."""
    return await tx.rows(
        """SELECT b.code AS branch, done.finished_at AS at, missed.entity, missed.added, missed.updated
           FROM branches AS b
           CROSS JOIN LATERAL (SELECT finished_at, drift FROM sync_runs AS s
                               WHERE s.branch = b.code AND s.finished_at IS NOT NULL ORDER BY s.id DESC LIMIT 1) AS done
           CROSS JOIN LATERAL (
               SELECT one ->> 'entity' AS entity, count(*) FILTER (WHERE one ->> 'kind' = 'added') AS added,
                      count(*) FILTER (WHERE one ->> 'kind' = 'updated') AS updated
               FROM jsonb_array_elements(done.drift) AS one GROUP BY 1) AS missed
           WHERE b.is_active ORDER BY b.code, missed.entity"""
    )


async def schedules(tx: Tx) -> Rows:
    """The rules of the clock with their next slots; ``is_late`` when a slot has passed and nobody ticked."""
    return await tx.rows(
        """SELECT name, cron, timezone, catch_up, last_slot, next_slot,
                  next_slot < now() - interval '1 minute' AS is_late
           FROM schedules WHERE is_enabled ORDER BY next_slot, name"""
    )


async def model_use(tx: Tx) -> dict[str, Any]:
    """Events with and without a model among those of the newest ``NEWEST`` finished runs, and what the models cost.

    ``since`` is when the oldest of them ended; ``share_without_model`` is None without runs.
    """
    row = await tx.row(
        """SELECT count(*) AS events, count(*) FILTER (WHERE calls = 0) AS without_model,
                  count(*) FILTER (WHERE calls > 0) AS with_model, avg((calls = 0)::int)::float AS share_without_model,
                  coalesce(sum(tokens_in), 0)::bigint AS tokens_in, coalesce(sum(tokens_out), 0)::bigint AS tokens_out,
                  coalesce(sum(cost), 0) AS cost, min(finished_at) AS since
           FROM (SELECT event_id, count(model) AS calls, sum(tokens_in) AS tokens_in, sum(tokens_out) AS tokens_out,
                        sum(cost) AS cost, min(finished_at) AS finished_at
                 FROM (SELECT event_id, model, tokens_in, tokens_out, cost, finished_at FROM runs
                       WHERE state IN ('done', 'failed', 'dead') ORDER BY id DESC LIMIT %s) AS newest
                 GROUP BY event_id) AS handled""",
        (NEWEST,),
    )
    assert row is not None
    return row


async def server(tx: Tx) -> dict[str, Any]:
    """The database's own clock, version and size."""
    row = await tx.row(
        """SELECT clock_timestamp() AS at, current_setting('server_version') AS postgres,
                  pg_database_size(current_database()) AS bytes"""
    )
    assert row is not None
    return row


async def paused_by(tx: Tx, *, scope: str, name: str, since: datetime) -> str | None:
    """Who paused it, as the audit tells; None when Jarvis did it itself. The hour allows for clocks that differ."""
    row = await tx.row(
        """SELECT actor FROM audit WHERE at >= %s - interval '1 hour' AND action = %s AND subject = %s
           ORDER BY id DESC LIMIT 1""",
        (since, f"{scope}.paused", f"{scope}:{name}"),
    )
    return None if row is None else row["actor"]

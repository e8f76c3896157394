"""Looking into the circle: lists of events, the whole trace of one, and the dead."""

from typing import Any

from db.session import Tx

Rows = list[dict[str, Any]]


async def list_events(tx: Tx, *, kind: str | None, subject: str | None, limit: int) -> Rows:
    return await tx.rows(
        """SELECT id, kind, subject, source, branch, trust, received_at FROM events
           WHERE (%(kind)s::text IS NULL OR kind = %(kind)s) AND (%(subject)s::text IS NULL OR subject = %(subject)s)
           ORDER BY id DESC LIMIT %(limit)s""",
        {"kind": kind, "subject": subject, "limit": limit},
    )


async def trace(tx: Tx, event_id: int) -> Rows:
    """One event with everything it caused, in time: event -> runs -> commands and further events (promise G12)."""
    return await tx.rows(
        """
        WITH RECURSIVE caused(id, depth, parent_run) AS (
            SELECT id, 0, NULL::bigint FROM events WHERE id = %s
            UNION
            SELECT e.id, caused.depth + 1, e.caused_by
            FROM caused JOIN runs r ON r.event_id = caused.id JOIN events e ON e.caused_by = r.id
            WHERE caused.depth < 50
        )
        SELECT 'event' AS what, e.id, c.depth, e.kind AS name, e.subject, NULL AS state, e.payload AS details,
               NULL::int AS attempt, NULL AS error, c.parent_run AS parent, e.received_at AS at
        FROM caused c JOIN events e USING (id)
        UNION ALL
        SELECT 'run', r.id, c.depth, r.agent, r.subject, r.state, to_jsonb(r.why), r.attempt, r.error, r.event_id,
               coalesce(r.started_at, r.queued_at)
        FROM caused c JOIN runs r ON r.event_id = c.id
        UNION ALL
        SELECT 'command', k.id, c.depth, k.kind, k.destination, k.state,
               jsonb_build_object('effect_key', k.effect_key, 'result', k.result), k.attempt, k.error, k.run_id,
               coalesce(k.sent_at, k.created_at)
        FROM caused c JOIN commands k ON k.event_id = c.id
        ORDER BY at, id
        """,
        (event_id,),
    )


async def event_for_replay(tx: Tx, event_id: int) -> dict[str, Any] | None:
    return await tx.row("SELECT id, kind, subject FROM events WHERE id = %s", (event_id,))


async def dead(tx: Tx, *, limit: int) -> Rows:
    """Dead runs, and dead or unknown commands, the oldest first."""
    return await tx.rows(
        """SELECT * FROM (
               SELECT 'run' AS what, id, agent AS name, subject, attempt, error, finished_at AS at, event_id
               FROM runs WHERE state = 'dead'
               UNION ALL
               SELECT 'command', id, kind, destination, attempt, state || ': ' || coalesce(error, ''), created_at,
                      event_id
               FROM commands WHERE state IN ('dead', 'unknown')
           ) AS dead ORDER BY at LIMIT %s""",
        (limit,),
    )

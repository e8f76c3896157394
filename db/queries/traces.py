"""Looking into the circle: lists of events, and the whole trace of one, down to its effects and up to its root."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.session import Tx

Rows = list[dict[str, Any]]

MOST_EVENTS_OF_A_COMMAND = 10
"""What a command brought about is named ``<command>:<place>``; so many places are looked at."""
DEEPEST = 50

# An event's commands: those of its runs, and the answers that were ordered with it without a run (bot/desk.py).
_ORDERED = """
    SELECT k.id FROM runs AS r JOIN commands AS k ON k.run_id = r.id WHERE r.event_id = caused.id
    UNION ALL
    SELECT k.id FROM commands AS k WHERE k.event_id = caused.id AND k.run_id IS NULL
"""

_TRACE = f"""
WITH RECURSIVE caused(id, depth, parent_what, parent) AS (
    SELECT id, 0, NULL::text, NULL::bigint FROM events WHERE id = %(event)s
    UNION
    SELECT next.id, caused.depth + 1, next.parent_what, next.parent
    FROM caused CROSS JOIN LATERAL (
        SELECT e.id, 'run' AS parent_what, r.id AS parent
        FROM runs AS r JOIN events AS e ON e.caused_by = r.id WHERE r.event_id = caused.id
        UNION ALL
        SELECT e.id, 'command', ordered.id
        FROM ({_ORDERED}) AS ordered
        CROSS JOIN generate_series(0, {MOST_EVENTS_OF_A_COMMAND - 1}) AS place
        JOIN events AS e ON e.source = 'command' AND e.external_id = ordered.id || ':' || place
    ) AS next
    WHERE caused.depth < {DEEPEST}
)
SELECT 'event' AS what, e.id, c.depth, e.kind AS name, e.subject, NULL AS state, e.payload AS details,
       NULL::int AS attempt, NULL AS error, c.parent_what, c.parent, e.received_at AS at,
       NULL::timestamptz AS started_at, NULL::timestamptz AS ended_at, NULL::int AS stage, e.source
FROM caused AS c JOIN events AS e USING (id)
UNION ALL
SELECT 'run', r.id, c.depth, r.agent, r.subject, r.state, to_jsonb(r.why), r.attempt, r.error, 'event', r.event_id,
       coalesce(r.started_at, r.queued_at), r.started_at, r.finished_at, r.stage, NULL
FROM caused AS c JOIN runs AS r ON r.event_id = c.id
UNION ALL
SELECT 'command', k.id, c.depth, k.kind, k.destination, k.state,
       jsonb_build_object('effect_key', k.effect_key, 'result', k.result), k.attempt, k.error,
       CASE WHEN k.run_id IS NULL THEN 'event' ELSE 'run' END, coalesce(k.run_id, k.event_id),
       coalesce(k.sent_at, k.created_at), k.created_at, k.sent_at, NULL, NULL
FROM caused AS c CROSS JOIN LATERAL (
    SELECT * FROM commands WHERE id IN ({_ORDERED.replace("caused.id", "c.id")})) AS k
ORDER BY at, id
"""  # noqa: S608 - constants

_ORIGINS = f"""
WITH RECURSIVE origin(id, depth, by_what, by_id, by_name, next_id) AS (
    SELECT id, 0, NULL::text, NULL::bigint, NULL::text, id FROM events WHERE id = %(event)s
    UNION ALL
    SELECT above.id, origin.depth + 1, above.by_what, above.by_id, above.by_name, above.id
    FROM origin JOIN events AS e ON e.id = origin.next_id
    CROSS JOIN LATERAL (
        SELECT r.event_id AS id, 'run' AS by_what, r.id AS by_id, r.agent AS by_name
        FROM runs AS r WHERE r.id = e.caused_by
        UNION ALL
        SELECT coalesce(r.event_id, k.event_id), 'command', k.id, k.kind
        FROM commands AS k LEFT JOIN runs AS r ON r.id = k.run_id
        WHERE e.source = 'command' AND e.caused_by IS NULL
          AND k.id = substring(e.external_id FROM '^([0-9]{{1,18}}):')::bigint
    ) AS above
    WHERE origin.depth < {DEEPEST}
)
SELECT e.id, e.kind, e.subject, e.source, e.received_at, o.by_what, o.by_id, o.by_name
FROM origin AS o JOIN events AS e USING (id) WHERE o.depth > 0 ORDER BY o.depth DESC
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events to list; what is None does not matter. ``unfinished``: something of it still waits or works."""

    kind: str | None = None
    subject: str | None = None
    source: str | None = None
    since: datetime | None = None
    unfinished: bool = False


async def list_events(tx: Tx, wanted: Wanted, *, limit: int) -> Rows:
    """The newest events that fit. Only what is given becomes a condition, so that each filter finds its index."""
    given = {"kind": wanted.kind, "subject": wanted.subject, "source": wanted.source}
    conditions = [f"e.{name} = %({name})s" for name, value in given.items() if value is not None]
    first = None
    if wanted.since is not None:
        first = await _first_since(tx, wanted.since)
        conditions += ["e.id >= %(first)s", "e.received_at >= %(since)s"]
    if wanted.unfinished:
        conditions.append(f"e.id IN ({_UNFINISHED})")
    return await tx.rows(
        f"""SELECT e.id, e.kind, e.subject, e.source, e.branch, e.trust, e.received_at, work.open, work.dead
            FROM (SELECT * FROM events AS e WHERE {" AND ".join(conditions) or "true"}
                  ORDER BY e.id DESC LIMIT %(limit)s) AS e
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE r.state IN ('queued', 'running', 'waiting')) AS open,
                       count(*) FILTER (WHERE r.state = 'dead') AS dead
                FROM runs AS r WHERE r.event_id = e.id) AS work
            ORDER BY e.id DESC""",  # noqa: S608 - made of constants
        {**given, "since": wanted.since, "first": first, "limit": limit},
    )


_UNFINISHED = """
    SELECT event_id FROM runs WHERE state IN ('queued', 'running', 'waiting')
    UNION ALL
    SELECT event_id FROM commands WHERE state = 'pending' AND event_id IS NOT NULL
    UNION ALL
    SELECT event_id FROM commands WHERE state IN ('sending', 'awaiting_approval') AND event_id IS NOT NULL
"""


async def _first_since(tx: Tx, moment: datetime) -> int:
    """About the first event of a time, by halving: times have no index, but they grow with the ids.

    Nearly: a transaction's time is that of its start, so two neighbours may be swapped; a minute is allowed for that.
    """
    row = await tx.row("SELECT coalesce(min(id), 0) AS low, coalesce(max(id), 0) + 1 AS high FROM events")
    assert row is not None
    low, high = row["low"], row["high"]
    while low < high:
        middle = (low + high) // 2
        found = await tx.row(
            """SELECT received_at >= %s - interval '1 minute' AS is_after FROM events WHERE id >= %s
               ORDER BY id LIMIT 1""",
            (moment, middle),
        )
        if found is None or found["is_after"]:
            high = middle
        else:
            low = middle + 1
    return low


async def trace(tx: Tx, event_id: int) -> Rows:
    """One event with everything it caused, in time: event -> runs -> commands and further events (promise G12)."""
    return await tx.rows(_TRACE, {"event": event_id})


async def origins(tx: Tx, event_id: int) -> Rows:
    """The events above this one, the root first, each with the run or command that made the one below it."""
    return await tx.rows(_ORIGINS, {"event": event_id})

"""Recording events: one statement for many of them, with the runs that their plans ask for."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from core.events import Event, EventBody, NewEvent, Recorded, payload_of, read_body
from core.plans import Route
from db.session import Tx
from db.storable import storable_json

_LOCK = """
SELECT pg_advisory_xact_lock(line.key)
FROM (SELECT DISTINCT hashtextextended(subject, 0) AS key FROM unnest(%s::text[]) AS subject ORDER BY 1) AS line
"""

# Runs of the first stage start at once unless an older run of their line (agent, subject) is unfinished, here or
# earlier in the same batch; the rest wait and are promoted when what they wait for ends (db/runs.py).
_RECORD = """
WITH given AS (
    SELECT * FROM unnest(
        %(kind)s::text[], %(subject)s::text[], %(source)s::text[], %(external_id)s::text[], %(payload)s::jsonb[],
        %(raw)s::bytea[], %(headers)s::jsonb[], %(content_hash)s::text[], %(trust)s::text[], %(branch)s::text[],
        %(occurred_at)s::timestamptz[], %(caused_by)s::bigint[]
    ) WITH ORDINALITY AS g(kind, subject, source, external_id, payload, raw, headers, content_hash, trust, branch,
                           occurred_at, caused_by, position)
), recorded AS (
    INSERT INTO events (kind, subject, source, external_id, payload, raw, headers, content_hash, trust, branch,
                        occurred_at, caused_by)
    SELECT kind, subject, source, external_id, payload, raw, headers, content_hash, trust, branch, occurred_at,
           caused_by
    FROM given ORDER BY position
    ON CONFLICT (source, external_id) DO NOTHING
    RETURNING id, kind, subject, source, external_id, branch
), planned AS (
    SELECT recorded.id AS event_id, plan.agent, plan.stage, recorded.subject, recorded.branch,
           row_number() OVER (PARTITION BY plan.agent, recorded.subject ORDER BY recorded.id) AS place
    FROM recorded
    JOIN unnest(%(plan_kind)s::text[], %(plan_agent)s::text[], %(plan_stage)s::smallint[]) AS plan(kind, agent, stage)
      ON plan.kind = recorded.kind
), started AS (
    INSERT INTO runs (event_id, agent, stage, subject, branch, state)
    SELECT event_id, agent, stage, subject, coalesce(branch, ''),
           CASE WHEN stage = 0 AND place = 1 AND NOT EXISTS (
               SELECT 1 FROM runs AS older
               WHERE older.agent = planned.agent AND older.subject = planned.subject
                 AND older.state IN ('queued', 'running', 'waiting')
           ) THEN 'queued' ELSE 'waiting' END
    FROM planned ORDER BY event_id, stage
    RETURNING id, state
)
SELECT 'event' AS what, recorded.id, recorded.source, recorded.external_id FROM recorded
UNION ALL
SELECT 'run', started.id, NULL, NULL FROM started WHERE started.state = 'queued'
"""


async def lock_subjects(tx: Tx, subjects: Sequence[str]) -> None:
    """Hold the lines of these subjects until the commit, in one order for everybody.

    It makes the ids of a subject's events follow the order of their commits, and it keeps "is an older run
    unfinished?" true from the question to the insert.
    """
    if subjects:
        await tx.run(_LOCK, (list(subjects),))


async def record(tx: Tx, events: Sequence[NewEvent[Any]], route: Route) -> Recorded:
    """Insert events that are not there yet, and their runs. A repeated (source, external_id) adds nothing."""
    return await _record(tx, [(event, None, position) for position, event in enumerate(events)], route)


async def record_caused(tx: Tx, caused: Sequence[tuple[int, Sequence[NewEvent[Any]]]], route: Route) -> Recorded:
    """The same for what runs caused: pairs of a run's id and the events of its outcome."""
    given = [(event, run_id, position) for run_id, events in caused for position, event in enumerate(events)]
    return await _record(tx, given, route)


async def _record(tx: Tx, given: Sequence[tuple[NewEvent[Any], int | None, int]], route: Route) -> Recorded:
    if not given:
        return Recorded(ids=())
    events = [event for event, _, _ in given]
    await lock_subjects(tx, [event.subject for event in events])
    keys = [_key(event, run_id, position) for event, run_id, position in given]
    plans = [
        (kind, agent, stage)
        for kind in sorted({event.body.kind for event in events})
        for stage, agents in enumerate(route(kind).stages)
        for agent in agents
    ]
    now = datetime.now(UTC)
    rows = await tx.rows(
        _RECORD,
        {
            "kind": [event.body.kind for event in events],
            "subject": [event.subject for event in events],
            "source": [source for source, _ in keys],
            "external_id": [external_id for _, external_id in keys],
            "payload": [storable_json(payload_of(event.body)) for event in events],
            "raw": [event.raw for event in events],
            "headers": [None if event.headers is None else storable_json(dict(event.headers)) for event in events],
            "content_hash": [event.content_hash for event in events],
            "trust": [event.trust for event in events],
            "branch": [event.branch for event in events],
            "occurred_at": [event.occurred_at or now for event in events],
            "caused_by": [run_id for _, run_id, _ in given],
            "plan_kind": [kind for kind, _, _ in plans],
            "plan_agent": [agent for _, agent, _ in plans],
            "plan_stage": [stage for _, _, stage in plans],
        },
    )
    ids = {(row["source"], row["external_id"]): row["id"] for row in rows if row["what"] == "event"}
    return Recorded(
        ids=tuple(ids.pop(key, None) for key in keys),
        ready_runs=tuple(row["id"] for row in rows if row["what"] == "run"),
    )


def _key(event: NewEvent[Any], run_id: int | None, position: int) -> tuple[str, str]:
    """A run's own events are named after the run, so that saving it twice could not double them."""
    if event.external_id is not None:
        return event.source, event.external_id
    if run_id is None:
        raise ValueError(f"an event of kind {event.body.kind} from outside a run needs an external id")
    return "run", f"{run_id}:{position}"


class Previous(NamedTuple):
    """What is known of an entity's earlier deliveries, to tell a repeat from a change."""

    subject: str
    last_hash: str | None
    last_received_at: datetime | None
    last_id: int | None
    has_same_in_window: bool


async def previous_deliveries(
    tx: Tx, pairs: Sequence[tuple[str, str]], *, source: str, since: datetime
) -> list[Previous]:
    """For each (subject, content hash): the subject's last delivery, and whether the same text came since ``since``.

    The caller holds the subjects' locks, so nothing can come in between.
    """
    rows = await tx.rows(
        """
        SELECT asked.subject, last.content_hash AS last_hash, last.received_at AS last_received_at, last.id AS last_id,
               same.id IS NOT NULL AS has_same_in_window
        FROM unnest(%(subjects)s::text[], %(hashes)s::text[]) WITH ORDINALITY AS asked(subject, hash, position)
        LEFT JOIN LATERAL (
            SELECT content_hash, received_at, id FROM events
            WHERE events.subject = asked.subject AND events.source = %(source)s
            ORDER BY id DESC LIMIT 1
        ) AS last ON true
        LEFT JOIN LATERAL (
            SELECT id FROM events
            WHERE events.content_hash = asked.hash AND events.received_at >= %(since)s
              AND events.subject = asked.subject
            LIMIT 1
        ) AS same ON true
        ORDER BY asked.position
        """,
        {
            "subjects": [subject for subject, _ in pairs],
            "hashes": [content_hash for _, content_hash in pairs],
            "source": source,
            "since": since,
        },
    )
    return [Previous(**row) for row in rows]


async def raw_body(tx: Tx, event_id: int) -> bytes | None:
    row = await tx.row("SELECT raw FROM events WHERE id = %s", (event_id,))
    return None if row is None or row["raw"] is None else bytes(row["raw"])


def event_of(row: dict[str, Any]) -> Event[EventBody]:
    """An ``Event`` from a row with the columns of ``EVENT_COLUMNS``."""
    return Event(
        id=row["event_id"],
        subject=row["event_subject"],
        body=read_body(row["event_kind"], row["payload"]),
        source=row["source"],
        external_id=row["external_id"],
        trust=row["trust"],
        branch=row["branch"],
        occurred_at=row["occurred_at"],
        received_at=row["received_at"],
        caused_by=row["caused_by"],
    )


EVENT_COLUMNS = """e.id AS event_id, e.subject AS event_subject, e.kind AS event_kind, e.payload, e.source,
    e.external_id, e.trust, e.branch, e.occurred_at, e.received_at, e.caused_by"""

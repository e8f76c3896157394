"""Batches: many runs that need no thinking under one lease, so that each of them is written only once, when it is done.

A batch is one row, committed before the work: it counts the try of all its runs. The transaction that saves them locks
the runs, takes the row away and ends them. A worker that dies leaves the row behind, and the relay counts the death.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.events import EVENT_COLUMNS
from db.presence import PRESENT, STILL
from db.runs import ClaimedRun, Lease, claimed_run, promote
from db.session import Tx
from db.storable import storable_text

_ONE_AT_A_TIME = 0x4A424154
"""Workers choose one after the other, or they would choose the same runs."""

_TAKE = f"""
WITH taken AS MATERIALIZED (
    SELECT unnest(run_ids) AS id FROM batches
), ready AS (
    SELECT found.id FROM unnest(%(agents)s::text[], %(rooms)s::int[]) AS open(agent, room)
    CROSS JOIN LATERAL (
        SELECT head.id FROM unnest(%(branches)s::text[]) AS turn(branch)
        CROSS JOIN LATERAL (
            SELECT id FROM runs
            WHERE runs.agent = open.agent AND runs.branch = turn.branch AND state = 'queued' AND not_before <= now()
              AND crashes < 2 AND id NOT IN (SELECT id FROM taken)
            ORDER BY not_before, id LIMIT open.room
        ) AS head
        LIMIT open.room
    ) AS found
    WHERE NOT EXISTS (SELECT 1 FROM pauses WHERE scope = 'agent' AND name = open.agent)
    LIMIT %(limit)s
)
INSERT INTO batches (holder, lease_until, run_ids)
SELECT {STILL}, now() + %(lease)s, array_agg(id) FROM ready HAVING count(*) > 0
RETURNING id, run_ids, set_config('synchronous_commit', 'off', true)  -- as for a claim, see db/runs.py
"""  # noqa: S608 - a constant of db/presence.py

# The runs are locked, not marked: whoever claims one by one skips them, and a death frees them. Their subjects are
# locked in the same step, in everybody's order (db/events.py).
_OPEN = f"""
WITH gone AS (
    DELETE FROM batches WHERE id = %s RETURNING run_ids
), run AS MATERIALIZED (
    SELECT found.* FROM gone CROSS JOIN unnest(gone.run_ids) AS given(id)
    CROSS JOIN LATERAL (
        SELECT id, agent, stage, event_id, subject, attempt,
               extract(epoch FROM now() - greatest(queued_at, not_before))::float AS waited_s
        FROM runs WHERE runs.id = given.id AND runs.state IS NOT DISTINCT FROM 'queued'
        LIMIT 1 FOR UPDATE SKIP LOCKED
    ) AS found
), held AS MATERIALIZED (
    SELECT count(pg_advisory_xact_lock(line.key))
    FROM (SELECT DISTINCT hashtextextended(subject, 0) AS key FROM run ORDER BY 1) AS line
)
SELECT run.id AS run_id, run.agent, run.stage, run.attempt + 1 AS attempt, run.waited_s, {EVENT_COLUMNS}
FROM held CROSS JOIN run
CROSS JOIN LATERAL (SELECT * FROM events WHERE events.id = run.event_id LIMIT 1) AS e
ORDER BY run.id
"""  # noqa: S608 - a constant of db/events.py

# Says also whether anything waits for what ended: mostly nothing does, and then there is nobody to promote.
_DONE = """
WITH ended AS (
    UPDATE runs SET state = 'done', attempt = attempt + 1, started_at = now(), finished_at = clock_timestamp(),
           why = mine.note
    FROM unnest(%s::bigint[], %s::text[]) AS mine(id, note)
    WHERE runs.id = mine.id
    RETURNING runs.event_id, runs.agent, runs.subject
)
SELECT EXISTS (
    SELECT 1 FROM ended
    WHERE EXISTS (
        SELECT 1 FROM runs WHERE runs.agent = ended.agent AND runs.subject = ended.subject
           AND runs.state IN ('queued', 'running', 'waiting') AND runs.event_id <> ended.event_id
    ) OR EXISTS (
        SELECT 1 FROM runs WHERE runs.event_id = ended.event_id AND runs.state IS NOT DISTINCT FROM 'waiting'
    )
) AS is_awaited
"""

# Also for a run that somebody claimed alone meanwhile: the death counts, whoever has it now.
_ORPHANED = f"""
WITH orphan AS (
    DELETE FROM batches WHERE id IN (
        SELECT id FROM batches
        WHERE lease_until < now()
           OR taken_at > pg_postmaster_start_time() AND holder IS NOT NULL AND holder NOT IN ({PRESENT})
        FOR UPDATE SKIP LOCKED)
    RETURNING run_ids
)
UPDATE runs SET attempt = attempt + 1, crashes = crashes + 1, rung_at = NULL,
       error = 'the worker died or lost its lease'
FROM (SELECT unnest(run_ids) AS id FROM orphan) AS lost
WHERE runs.id = lost.id AND coalesce(runs.state, '') IN ('queued', 'running')
"""  # noqa: S608 - a constant of db/presence.py


@dataclass(frozen=True, slots=True)
class Batch:
    id: int
    run_ids: tuple[int, ...]


async def take(tx: Tx, *, rooms: Mapping[str, int], branches: Sequence[str], limit: int, lease: Lease) -> Batch | None:
    """Choose up to ``limit`` runs that may start, ``branches`` in this order; None when there is none.

    ``rooms`` names agents for whose events nothing has to be thought about.
    """
    await tx.run("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
    row = await tx.row(
        _TAKE,
        {
            "agents": list(rooms),
            "rooms": list(rooms.values()),
            "branches": list(branches),
            "limit": limit,
            "holder": lease.holder,
            "lease": lease.lasts,
        },
    )
    return None if row is None else Batch(row["id"], tuple(row["run_ids"]))


async def open_batch(tx: Tx, batch: Batch) -> list[ClaimedRun]:
    """Lock its runs and their subjects for the transaction that ends them.

    Those that somebody else holds are left out: all of them when the batch was taken for dead.
    """
    return [claimed_run(row, _NO_TOKEN) for row in await tx.rows(_OPEN, (batch.id,))]


_NO_TOKEN = UUID(int=0)
"""The runs of a batch are held by locks and need none."""


async def mark_done(tx: Tx, ended: Sequence[tuple[ClaimedRun, str | None]]) -> list[int]:
    """End runs that ``open_batch`` locked in this transaction; returns the runs to ring for, which waited for them."""
    ids = [run.id for run, _ in ended]
    row = await tx.row(_DONE, (ids, [note and storable_text(note) for _, note in ended]))
    return await promote(tx, ids) if row is not None and row["is_awaited"] else []


async def give_back(tx: Tx, batch: Batch) -> None:
    """Let go of the runs without counting a try."""
    await tx.run("DELETE FROM batches WHERE id = %s", (batch.id,))


async def take_back(tx: Tx) -> int:
    """Count the try of every run in a batch whose worker died or lost its lease; returns how many there were."""
    return await tx.run(_ORPHANED)


async def in_hand(tx: Tx) -> list[dict[str, Any]]:
    """Batches that are worked on, for those who look."""
    return await tx.rows("SELECT id, holder, lease_until, cardinality(run_ids) AS runs FROM batches ORDER BY id")

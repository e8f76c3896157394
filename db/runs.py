"""Runs: claim with a lease, save with its token, hand back, promote what waited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core.errors import Broken, JarvisError
from core.events import Event, EventBody, UnknownBody
from db.events import EVENT_COLUMNS, event_of
from db.session import Tx
from db.storable import storable_text


class LeaseLostError(JarvisError):
    """Another worker took the run over: what this one found is thrown away with its transaction."""


@dataclass(frozen=True, slots=True)
class ClaimedRun:
    """A run this process holds until ``lease_until`` (the database's clock). ``attempt`` counts from 1.

    ``unreadable`` says why when the stored event does not fit its class; the event then has an ``UnknownBody``. One
    such row must not keep the others from being claimed.
    """

    id: int
    agent: str
    stage: int
    attempt: int
    lease_token: UUID
    event: Event[EventBody]
    unreadable: str | None = None


# Only heads of lines are queued, so order needs no scan. Attempts count before the work.
_RUNG = """
    SELECT id FROM runs
    WHERE id = ANY(%(ids)s::bigint[]) AND state = 'queued' AND not_before <= now() AND agent = ANY(%(agents)s::text[])
      AND NOT EXISTS (SELECT 1 FROM pauses WHERE scope = 'agent' AND name = agent)
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""
# Each agent within its own room, so that one that waits for a slow system cannot take every place.
_ANY = """
    SELECT ready.id FROM unnest(%(agents)s::text[], %(rooms)s::int[]) AS open(agent, room)
    CROSS JOIN LATERAL (
        SELECT id FROM runs
        WHERE runs.agent = open.agent AND state = 'queued' AND not_before <= now()
        ORDER BY not_before, id LIMIT open.room FOR UPDATE SKIP LOCKED
    ) AS ready
    WHERE NOT EXISTS (SELECT 1 FROM pauses WHERE scope = 'agent' AND name = open.agent)
    LIMIT %(limit)s
"""
_CLAIM = """
WITH ready AS ({ready}), claimed AS (
    UPDATE runs SET state = 'running', attempt = attempt + 1, lease_token = %(token)s,
           lease_until = now() + %(lease)s, started_at = now(), error = NULL
    FROM ready WHERE runs.id = ready.id
    RETURNING runs.id, runs.agent, runs.stage, runs.attempt, runs.event_id
)
SELECT claimed.id AS run_id, claimed.agent, claimed.stage, claimed.attempt, {columns}
FROM claimed JOIN events AS e ON e.id = claimed.event_id
ORDER BY claimed.id
"""
_CLAIM_RUNG = _CLAIM.format(ready=_RUNG, columns=EVENT_COLUMNS)
_CLAIM_ANY = _CLAIM.format(ready=_ANY, columns=EVENT_COLUMNS)

_PROMOTE = """
WITH ended AS (
    SELECT event_id, agent, subject FROM runs WHERE id = ANY(%(ids)s::bigint[])
), candidate AS (
    SELECT next.id, next.event_id, next.agent, next.subject, next.stage
    FROM (SELECT DISTINCT agent, subject FROM ended) AS line
    CROSS JOIN LATERAL (
        SELECT id, event_id, agent, subject, stage, state FROM runs
        WHERE runs.agent = line.agent AND runs.subject = line.subject
          AND runs.state IN ('queued', 'running', 'waiting')
        ORDER BY runs.event_id LIMIT 1
    ) AS next
    WHERE next.state = 'waiting'
    UNION
    SELECT later.id, later.event_id, later.agent, later.subject, later.stage
    FROM ended JOIN runs AS later ON later.event_id = ended.event_id AND later.state = 'waiting'
)
UPDATE runs SET state = 'queued', not_before = now(), queued_at = now()
FROM candidate
WHERE runs.id = candidate.id AND runs.state = 'waiting'
  AND NOT EXISTS (
      SELECT 1 FROM runs AS other
      WHERE other.agent = candidate.agent AND other.subject = candidate.subject
        AND (other.state IN ('queued', 'running')
             OR other.state = 'waiting' AND other.event_id < candidate.event_id))
  AND NOT EXISTS (
      SELECT 1 FROM runs AS earlier
      WHERE earlier.event_id = candidate.event_id AND earlier.stage < candidate.stage
        AND earlier.state IN ('queued', 'running', 'waiting'))
RETURNING runs.id
"""


async def claim(
    tx: Tx, *, rooms: Mapping[str, int], limit: int, lease: timedelta, ids: Sequence[int] | None = None
) -> list[ClaimedRun]:
    """Take up to ``limit`` runs that may start: those of ``ids`` (the bell rang for them), or any when it is None.

    ``rooms`` tells how many runs each agent may still take here; agents that are not named are left to others.
    """
    token = uuid4()
    rows = await tx.rows(
        _CLAIM_ANY if ids is None else _CLAIM_RUNG,
        {
            "agents": list(rooms),
            "rooms": list(rooms.values()),
            "ids": None if ids is None else list(ids),
            "limit": limit,
            "lease": lease,
            "token": token,
        },
    )
    return [_claimed(row, token) for row in rows]


def _claimed(row: dict[str, Any], token: UUID) -> ClaimedRun:
    unreadable: str | None = None
    try:
        event = event_of(row)
    except Broken as error:
        unreadable = str(error)
        event = event_of(row | {"event_kind": UnknownBody.kind})
    return ClaimedRun(
        id=row["run_id"],
        agent=row["agent"],
        stage=row["stage"],
        attempt=row["attempt"],
        lease_token=token,
        event=event,
        unreadable=unreadable,
    )


async def extend(tx: Tx, held: Sequence[ClaimedRun], lease: timedelta) -> int:
    """Heartbeat of long thoughts; returns how many leases are still ours."""
    return await tx.run(
        """UPDATE runs SET lease_until = now() + %s
           FROM unnest(%s::bigint[], %s::uuid[]) AS mine(id, token)
           WHERE runs.id = mine.id AND runs.lease_token = mine.token AND runs.state = 'running'""",
        (lease, [run.id for run in held], [run.lease_token for run in held]),
    )


async def mark_done(tx: Tx, run: ClaimedRun, *, note: str | None = None) -> None:
    """End a run inside the transaction that saves its outcome; raises ``LeaseLostError`` for a zombie."""
    await _end(tx, run, "done", note=note, error=None)


async def mark_dead(tx: Tx, run: ClaimedRun, error: str) -> None:
    await _end(tx, run, "dead", note=None, error=error)


async def mark_failed(tx: Tx, run: ClaimedRun, text: str) -> None:
    """Business said no: finished, with the reason; nothing will be tried again."""
    await _end(tx, run, "failed", note=None, error=text)


async def _end(tx: Tx, run: ClaimedRun, state: str, *, note: str | None, error: str | None) -> None:
    touched = await tx.run(
        """UPDATE runs SET state = %s, finished_at = now(), why = %s, error = %s, lease_token = NULL,
                  lease_until = NULL
           WHERE id = %s AND lease_token = %s AND state = 'running'""",
        (state, *(text and storable_text(text) for text in (note, error)), run.id, run.lease_token),
    )
    if touched != 1:
        raise LeaseLostError(f"run {run.id} belongs to another worker now")


async def retry_later(tx: Tx, run: ClaimedRun, *, delay: timedelta, error: str, counts: bool = True) -> None:
    """Back to the head of its line, not before ``delay`` has passed; a zombie's wish is ignored."""
    await tx.run(
        """UPDATE runs SET state = 'queued', not_before = now() + %s, error = %s, lease_token = NULL,
                  lease_until = NULL, rung_at = NULL, attempt = attempt - %s
           WHERE id = %s AND lease_token = %s AND state = 'running'""",
        (delay, storable_text(error), 0 if counts else 1, run.id, run.lease_token),
    )


async def promote(tx: Tx, ended: Sequence[int]) -> list[int]:
    """Queue what waited for these ended runs; returns the runs to ring for. The caller holds the subjects' locks."""
    return [row["id"] for row in await tx.rows(_PROMOTE, {"ids": list(ended)})]


async def take_back_expired(tx: Tx, *, max_attempts: int, limit: int = 500) -> list[dict[str, Any]]:
    """Free the runs of workers that died; returns those out of attempts, which the caller buries.

    A run that kills its worker counts its attempts like any other, because they are counted before the work. One out
    of attempts stays ``running``, so that nobody can claim it before it is buried.
    """
    return await tx.rows(
        """
        WITH expired AS (
            SELECT id, attempt, agent, event_id, subject FROM runs WHERE state = 'running' AND lease_until < now()
            ORDER BY lease_until LIMIT %(limit)s FOR UPDATE SKIP LOCKED
        ), freed AS (
            UPDATE runs SET state = 'queued', lease_token = NULL, lease_until = NULL, rung_at = NULL,
                   not_before = now(), error = 'the worker died or lost its lease'
            FROM expired WHERE runs.id = expired.id AND expired.attempt < %(max_attempts)s
        )
        SELECT id, agent, event_id, subject FROM expired WHERE attempt >= %(max_attempts)s
        """,
        {"limit": limit, "max_attempts": max_attempts},
    )


async def bury(tx: Tx, run_id: int, error: str) -> bool:
    """Declare dead a run whose lease ran out; False when its worker came back or somebody else buried it."""
    touched = await tx.run(
        """UPDATE runs SET state = 'dead', finished_at = now(), error = %s, lease_token = NULL, lease_until = NULL
           WHERE id = %s AND state = 'running' AND lease_until < now()""",
        (error, run_id),
    )
    return touched == 1


async def take_unrung(tx: Tx, *, again_after: timedelta, limit: int) -> list[int]:
    """Runs that may start and whose bell was not rung, or was rung in vain; they are marked as rung."""
    rows = await tx.rows(
        """
        UPDATE runs SET rung_at = now()
        FROM (SELECT id FROM runs
              WHERE state = 'queued' AND not_before <= now() AND (rung_at IS NULL OR rung_at < now() - %s)
              ORDER BY not_before, id LIMIT %s FOR UPDATE SKIP LOCKED) AS silent
        WHERE runs.id = silent.id
        RETURNING runs.id
        """,
        (again_after, limit),
    )
    return sorted(row["id"] for row in rows)


async def redrive(tx: Tx, run_id: int) -> datetime | None:
    """Queue a dead run again behind nothing: its line went on without it. Returns when it died, None if not dead."""
    row = await tx.row(
        """UPDATE runs SET state = 'waiting', attempt = 0, error = NULL, rung_at = NULL
           WHERE id = %s AND state IN ('dead', 'failed') RETURNING finished_at""",
        (run_id,),
    )
    return None if row is None else row["finished_at"]

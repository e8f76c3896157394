"""Runs: claim with a lease, save with its token, hand back, promote what waited."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from core.errors import Broken, JarvisError
from core.events import Event, EventBody, UnknownBody
from db.events import EVENT_COLUMNS, event_of
from db.presence import STILL
from db.session import Tx
from db.storable import storable_json, storable_text


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
    waited_s: float = 0.0
    """From when it might start to its claim."""
    claimed_at: float = field(default_factory=time.monotonic)


# Only heads of lines are queued, so order needs no scan. Attempts count before the work. A run whose workers died twice
# is a suspect: it is claimed alone, so that no other dies with it.
_RUNG = """
    SELECT id FROM runs
    WHERE id = ANY(%(ids)s::bigint[]) AND state = 'queued' AND not_before <= now() AND agent = ANY(%(agents)s::text[])
      AND crashes < 2
      AND NOT EXISTS (SELECT 1 FROM pauses WHERE scope = 'agent' AND name = agent)
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""
# Each agent within its own room, so that one that waits for a slow system cannot take every place. The caller turns the
# order of the branches: each is first in its turn, so a branch with a long line keeps no other branch waiting.
_ANY = """
    SELECT ready.id FROM unnest(%(agents)s::text[], %(rooms)s::int[]) AS open(agent, room)
    CROSS JOIN LATERAL (
        SELECT head.id FROM unnest(%(branches)s::text[]) AS turn(branch)
        CROSS JOIN LATERAL (
            SELECT id FROM runs
            WHERE runs.agent = open.agent AND runs.branch = turn.branch AND state = 'queued' AND not_before <= now()
              AND crashes < 2
            ORDER BY not_before, id LIMIT open.room FOR UPDATE SKIP LOCKED
        ) AS head
        LIMIT open.room
    ) AS ready
    WHERE NOT EXISTS (SELECT 1 FROM pauses WHERE scope = 'agent' AND name = open.agent)
    LIMIT %(limit)s
"""
_SUSPECT = """
    SELECT id FROM runs
    WHERE state = 'queued' AND crashes >= 2 AND not_before <= now() AND agent = ANY(%(agents)s::text[])
      AND NOT EXISTS (SELECT 1 FROM pauses WHERE scope = 'agent' AND name = agent)
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
# A claim need not be on the disk: a crash of Postgres that forgets it leaves the run queued, and what follows from it
# is saved by a commit that waits for the disk, and for everything before it.
_CLAIM = """
WITH ready AS ({ready}), claimed AS (
    UPDATE runs SET state = 'running', attempt = attempt + 1, lease_token = %(token)s,
           lease_until = now() + %(lease)s, holder = {still}, started_at = now(), error = NULL
    FROM ready WHERE runs.id = ready.id
    RETURNING runs.id, runs.agent, runs.stage, runs.attempt, runs.event_id,
              extract(epoch FROM now() - greatest(queued_at, not_before))::float AS waited_s
)
SELECT claimed.id AS run_id, claimed.agent, claimed.stage, claimed.attempt, claimed.waited_s, {columns},
       set_config('synchronous_commit', 'off', true)
FROM claimed JOIN events AS e ON e.id = claimed.event_id
ORDER BY claimed.id
"""
_CLAIM_RUNG, _CLAIM_ANY, _CLAIM_SUSPECT = (
    _CLAIM.format(ready=ready, still=STILL, columns=EVENT_COLUMNS) for ready in (_RUNG, _ANY, _SUSPECT)
)

# A loose scan of the index: one step for each branch in an agent's line, however long the lines are.
_BRANCHES = """
WITH RECURSIVE line AS (
    (SELECT agent, branch FROM runs WHERE state = 'queued' ORDER BY agent, branch LIMIT 1)
    UNION ALL
    SELECT next.agent, next.branch FROM line CROSS JOIN LATERAL (
        SELECT agent, branch FROM runs
        WHERE state = 'queued' AND (runs.agent, runs.branch) > (line.agent, line.branch)
        ORDER BY agent, branch LIMIT 1
    ) AS next
)
SELECT DISTINCT branch FROM line ORDER BY branch
"""

# Every look is one step into an index, for however long a line. While its statistics are young the planner takes the
# partial indexes of unfinished runs for tiny and reads them whole: LIMIT, OFFSET and IS NOT DISTINCT FROM keep it from
# joining the sets as wholes, and from a partial index where that of an event or the primary key is meant.
_PROMOTE = """
WITH ended AS (
    SELECT run.event_id, run.agent, run.subject FROM unnest(%(ids)s::bigint[]) AS given(id)
    CROSS JOIN LATERAL (SELECT event_id, agent, subject FROM runs WHERE runs.id = given.id LIMIT 1) AS run
), candidate AS (
    SELECT next.id, next.event_id, line.agent, line.subject, next.stage
    FROM (SELECT DISTINCT agent, subject FROM ended) AS line
    CROSS JOIN LATERAL (
        SELECT id, event_id, stage, state FROM runs
        WHERE runs.agent = line.agent AND runs.subject = line.subject
          AND runs.state IN ('queued', 'running', 'waiting')
        ORDER BY runs.event_id LIMIT 1
    ) AS next
    WHERE next.state = 'waiting'
    UNION
    SELECT later.id, event.id, later.agent, later.subject, later.stage
    FROM (SELECT DISTINCT event_id AS id FROM ended) AS event
    CROSS JOIN LATERAL (
        SELECT id, agent, subject, stage, state FROM runs WHERE runs.event_id = event.id OFFSET 0
    ) AS later
    WHERE later.state = 'waiting'
), free AS (
    SELECT candidate.id FROM candidate
    LEFT JOIN LATERAL (
        SELECT true AS is_there FROM runs
        WHERE runs.agent = candidate.agent AND runs.subject = candidate.subject
          AND runs.state IN ('queued', 'running') LIMIT 1
    ) AS head ON true
    LEFT JOIN LATERAL (
        SELECT true AS is_there FROM runs
        WHERE runs.agent = candidate.agent AND runs.subject = candidate.subject
          AND runs.state IN ('queued', 'running', 'waiting') AND runs.event_id < candidate.event_id LIMIT 1
    ) AS older ON true
    LEFT JOIN LATERAL (
        SELECT true AS is_there
        FROM (SELECT stage, state FROM runs WHERE runs.event_id = candidate.event_id OFFSET 0) AS sibling
        WHERE sibling.stage < candidate.stage AND sibling.state IN ('queued', 'running', 'waiting') LIMIT 1
    ) AS earlier ON true
    WHERE head.is_there IS NULL AND older.is_there IS NULL AND earlier.is_there IS NULL
)
UPDATE runs SET state = 'queued', not_before = now(), queued_at = now()
FROM free WHERE runs.id = free.id AND runs.state IS NOT DISTINCT FROM 'waiting'
RETURNING runs.id
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """For how long a claim holds, and the presence (db/presence.py) that ends it earlier when its process dies."""

    lasts: timedelta
    holder: int | None = None


async def claim(
    tx: Tx, *, rooms: Mapping[str, int], branches: Sequence[str], limit: int, lease: Lease
) -> list[ClaimedRun]:
    """Take up to ``limit`` runs that may start, ``branches`` in this order.

    ``rooms`` tells how many runs each agent may still take here; agents that are not named are left to others.
    """
    given = {"rooms": list(rooms.values()), "branches": list(branches), "limit": limit}
    return await _claim(tx, _CLAIM_ANY, rooms, lease, given)


async def claim_rung(
    tx: Tx, ids: Sequence[int], *, agents: Iterable[str], limit: int, lease: Lease
) -> list[ClaimedRun]:
    """Take those of ``ids`` that may start: the bell rang for them."""
    return await _claim(tx, _CLAIM_RUNG, agents, lease, {"ids": list(ids), "limit": limit})


async def claim_suspect(tx: Tx, *, agents: Iterable[str], lease: Lease) -> list[ClaimedRun]:
    """Take one run whose workers died; the caller holds nothing else meanwhile."""
    return await _claim(tx, _CLAIM_SUSPECT, agents, lease, {})


async def _claim(
    tx: Tx, statement: str, agents: Iterable[str], lease: Lease, given: dict[str, Any]
) -> list[ClaimedRun]:
    token = uuid4()
    held = {"agents": list(agents), "lease": lease.lasts, "holder": lease.holder, "token": token}
    return [claimed_run(row, token) for row in await tx.rows(statement, given | held)]


async def branches_in_line(tx: Tx) -> list[str]:
    """Branches with runs that may start; the empty name stands for what belongs to none."""
    return [row["branch"] for row in await tx.rows(_BRANCHES)]


async def has_suspects(tx: Tx) -> bool:
    row = await tx.row("SELECT 1 AS one FROM runs WHERE state = 'queued' AND crashes >= 2 LIMIT 1")
    return row is not None


def claimed_run(row: dict[str, Any], token: UUID) -> ClaimedRun:
    """From a row with the run's own columns and those of its event."""
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
        waited_s=row["waited_s"],
    )


async def extend(tx: Tx, held: Sequence[ClaimedRun], lease: Lease) -> int:
    """Heartbeat of long thoughts; returns how many leases are still ours."""
    return await tx.run(
        """UPDATE runs SET lease_until = now() + %s, holder = %s
           FROM unnest(%s::bigint[], %s::uuid[]) AS mine(id, token)
           WHERE runs.id = mine.id AND runs.lease_token = mine.token AND runs.state = 'running'""",
        (lease.lasts, lease.holder, [run.id for run in held], [run.lease_token for run in held]),
    )


async def mark_done(tx: Tx, ended: Sequence[tuple[ClaimedRun, str | None]]) -> None:
    """End runs, each with its note, inside the transaction that saves their outcomes.

    Raises ``LeaseLostError`` when one of them belongs to another worker: the transaction of a zombie is rolled back.
    """
    rows = await tx.rows(
        """UPDATE runs SET state = 'done', finished_at = now(), why = mine.note, error = NULL, lease_token = NULL,
                  lease_until = NULL, holder = NULL
           FROM unnest(%s::bigint[], %s::uuid[], %s::text[]) AS mine(id, token, note)
           WHERE runs.id = mine.id AND runs.lease_token = mine.token AND runs.state = 'running' RETURNING runs.id""",
        (
            [run.id for run, _ in ended],
            [run.lease_token for run, _ in ended],
            [note and storable_text(note) for _, note in ended],
        ),
    )
    lost = {run.id for run, _ in ended} - {row["id"] for row in rows}
    if lost:
        raise LeaseLostError(f"runs {sorted(lost)} belong to another worker now")


async def mark_dead(tx: Tx, run: ClaimedRun, error: str) -> None:
    await _end(tx, run, "dead", error)


async def mark_failed(tx: Tx, run: ClaimedRun, text: str) -> None:
    """Business said no: finished, with the reason; nothing will be tried again."""
    await _end(tx, run, "failed", text)


async def _end(tx: Tx, run: ClaimedRun, state: str, error: str) -> None:
    touched = await tx.run(
        """UPDATE runs SET state = %s, finished_at = now(), why = NULL, error = %s, lease_token = NULL,
                  lease_until = NULL, holder = NULL
           WHERE id = %s AND lease_token = %s AND state = 'running'""",
        (state, storable_text(error), run.id, run.lease_token),
    )
    if touched != 1:
        raise LeaseLostError(f"run {run.id} belongs to another worker now")


async def retry_later(tx: Tx, run: ClaimedRun, *, delay: timedelta, error: str, counts: bool = True) -> None:
    """Back to the head of its line, not before ``delay`` has passed; a zombie's wish is ignored."""
    await tx.run(
        """UPDATE runs SET state = 'queued', not_before = now() + %s, error = %s, lease_token = NULL,
                  lease_until = NULL, holder = NULL, rung_at = NULL, attempt = attempt - %s
           WHERE id = %s AND lease_token = %s AND state = 'running'""",
        (delay, storable_text(error), 0 if counts else 1, run.id, run.lease_token),
    )


async def promote(tx: Tx, ended: Sequence[int]) -> list[int]:
    """Queue what waited for these ended runs; returns the runs to ring for. The caller holds the subjects' locks."""
    return [row["id"] for row in await tx.rows(_PROMOTE, {"ids": list(ended)})]


async def redrive(tx: Tx, run_id: int) -> datetime | None:
    """Queue a dead run again behind nothing: its line went on without it. Returns when it died, None if not dead."""
    row = await tx.row(
        """UPDATE runs SET state = 'waiting', attempt = 0, crashes = 0, error = NULL, rung_at = NULL
           WHERE id = %s AND state IN ('dead', 'failed') RETURNING finished_at""",
        (run_id,),
    )
    return None if row is None else row["finished_at"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one run asked of models, all its questions together. ``tools`` are the calls as JSON; cost in US dollars."""

    run_id: int
    model: str | None
    prompt_hash: str | None
    tools: list[dict[str, Any]]
    tokens_in: int
    tokens_out: int
    cost: Decimal


async def keep_asked(tx: Tx, asked: Sequence[Asked]) -> None:
    """Write down what was asked, in the transaction that ends the runs."""
    await tx.run(
        """UPDATE runs SET model = mine.model, prompt_hash = mine.prompt_hash, tools = mine.tools,
                  tokens_in = mine.tokens_in, tokens_out = mine.tokens_out, cost = mine.cost
           FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::jsonb[], %s::int[], %s::int[], %s::numeric[])
                AS mine(id, model, prompt_hash, tools, tokens_in, tokens_out, cost)
           WHERE runs.id = mine.id""",
        (
            [one.run_id for one in asked],
            [one.model and storable_text(one.model) for one in asked],
            [one.prompt_hash for one in asked],
            [storable_json(one.tools) for one in asked],
            [one.tokens_in for one in asked],
            [one.tokens_out for one in asked],
            [one.cost for one in asked],
        ),
    )

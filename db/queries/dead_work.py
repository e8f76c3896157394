"""Dead work: find it, look at one piece closely, give it its tries back, or put it aside with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from db.queries import audit
from db.queries.panel import DeadKind
from db.session import Tx
from db.storable import storable_text

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Which:
    """Which dead work is meant; what is None does not matter.

    ``agent`` chooses runs only, ``destination`` commands only: one queue (``telegram:<chat>``) or a whole system.
    """

    what: DeadKind | None = None
    ids: Sequence[int] = ()
    agent: str | None = None
    destination: str | None = None
    older_than: timedelta | None = None

    @property
    def is_everything(self) -> bool:
        return not self.ids and self.agent is None and self.destination is None and self.older_than is None


async def find(tx: Tx, which: Which, *, limit: int | None = None) -> Rows:
    """Dead runs, and dead or unknown commands, in the order of their events: the order in which to retry them.

    ``state`` is ``dead``, or ``unknown`` of a command that may have been done. A command's ``at`` is when it was
    ordered.
    """
    return await tx.rows(
        """SELECT * FROM (
               SELECT 'run' AS what, id, agent AS name, subject, state, attempt, error, finished_at AS at, event_id
               FROM runs WHERE state = 'dead' AND %(what)s IN ('run', 'any') AND %(destination)s::text IS NULL
                 AND (%(agent)s::text IS NULL OR agent = %(agent)s)
               UNION ALL
               SELECT 'command', id, kind, destination, state, attempt, error, created_at, event_id
               FROM commands WHERE state IN ('dead', 'unknown') AND %(what)s IN ('command', 'any')
                 AND %(agent)s::text IS NULL
                 AND (%(destination)s::text IS NULL OR destination = %(destination)s OR system = %(destination)s)
           ) AS dead
           WHERE (%(ids)s::bigint[] = '{}' OR id = ANY(%(ids)s))
             AND (%(age)s::interval IS NULL OR at < now() - %(age)s)
           ORDER BY event_id NULLS FIRST, id LIMIT %(limit)s""",
        {
            "what": which.what or "any",
            "ids": list(which.ids),
            "agent": which.agent,
            "destination": which.destination,
            "age": which.older_than,
            "limit": limit,
        },
    )


async def look_at(tx: Tx, what: DeadKind, number: int) -> dict[str, Any] | None:
    """Everything known of a run or command of any state: its row, its event, and who has dealt with it before."""
    row = await tx.row(_RUN if what == "run" else _COMMAND, (number,))
    if row is None:
        return None
    dealt = await tx.rows(
        "SELECT at, actor, action, details FROM audit WHERE subject = %s ORDER BY id", (f"{what}:{number}",)
    )
    return {"what": what, **row, "audit": dealt}


_EVENT = "e.kind AS event_kind, e.payload AS event_payload, e.received_at AS event_received_at, e.trust, e.branch"
_RUN = f"""
SELECT r.id, r.state, r.agent, r.subject, r.stage, r.attempt, r.crashes, r.error, r.why, r.queued_at, r.started_at,
       r.finished_at, r.not_before, r.lease_until, r.model, r.tools, r.cost, r.event_id, {_EVENT}
FROM runs AS r JOIN events AS e ON e.id = r.event_id WHERE r.id = %s
"""  # noqa: S608 - constants
_COMMAND = f"""
SELECT k.id, k.state, k.kind, k.system, k.destination, k.priority, k.attempt, k.may_be_done, k.error, k.payload,
       k.effect_key, k.merged, k.result, k.created_at, k.sent_at, k.not_before, d.parked_reason, d.held_until, k.run_id,
       k.event_id, {_EVENT}
FROM commands AS k LEFT JOIN destinations AS d USING (destination) LEFT JOIN events AS e ON e.id = k.event_id
WHERE k.id = %s
"""  # noqa: S608 - constants


async def drop(tx: Tx, what: DeadKind, number: int, *, reason: str, by: str, at: datetime) -> bool:
    """Put a dead piece of work aside: it stays in the history with the reason. False when it is not dead.

    A run becomes ``failed`` and a command ``cancelled``; both can still be retried by their id.
    """
    row = await tx.row(_DROP_RUN if what == "run" else _DROP_COMMAND, {"id": number, "reason": storable_text(reason)})
    if row is None:
        return False
    await audit.append(
        tx,
        actor=by,
        action=f"{what}.dropped",
        subject=f"{what}:{number}",
        at=at,
        details={"reason": reason, "error": row["error"]},
    )
    return True


_DROP_RUN = """
WITH before AS (SELECT id, error FROM runs WHERE id = %(id)s AND state = 'dead' FOR UPDATE)
UPDATE runs SET state = 'failed', error = concat_ws(' · dropped: ', runs.error, %(reason)s::text)
FROM before WHERE runs.id = before.id RETURNING before.error
"""
_DROP_COMMAND = """
WITH before AS (SELECT id, error FROM commands WHERE id = %(id)s AND state IN ('dead', 'unknown') FOR UPDATE)
UPDATE commands SET state = 'cancelled', error = concat_ws(' · dropped: ', commands.error, %(reason)s::text)
FROM before WHERE commands.id = before.id RETURNING before.error
"""

"""Commands: ordered once, claimed one at a time for each destination, settled with what came of them."""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from core.commands import BODY_OF_KIND as COMMAND_OF_KIND
from core.commands import Command, CommandBody, Priority, Repeat, read_body
from core.errors import Broken
from core.events import NewEvent
from db.orders import order, order_many
from db.session import Tx
from db.storable import storable_json, storable_text

__all__ = [
    "ClaimedCommand",
    "Delivery",
    "Performer",
    "Postponed",
    "claim",
    "extend",
    "free",
    "judge_lost",
    "mark",
    "may_repeat",
    "order",
    "order_many",
    "park",
    "pause_system",
    "redrive",
    "retry_later",
    "settle",
    "unpark",
]

# One command of a destination at a time: the best of its heads, a head being the oldest of its priority. What a dead
# deliverer left as sending is judged first (judge_lost), or the ones behind it would overtake it. The destination that
# was served longest ago goes first, so one with a long line keeps no other waiting for more than its turn.
_CLAIM = """
WITH free AS (
    SELECT place.destination FROM unnest(%(systems)s::text[], %(rooms)s::int[]) AS open(system, room)
    CROSS JOIN LATERAL (
        SELECT d.destination, d.served_at FROM destinations AS d
        WHERE d.system = open.system AND d.parked_at IS NULL
          AND (d.held_until IS NULL OR d.held_until <= now()) AND (d.lease_until IS NULL OR d.lease_until < now())
          AND NOT EXISTS (SELECT 1 FROM pauses WHERE scope = 'system' AND name = d.system)
          AND EXISTS (SELECT 1 FROM commands AS c WHERE c.destination = d.destination AND c.state = 'pending'
                      AND c.not_before <= now())
          AND NOT EXISTS (SELECT 1 FROM commands AS c WHERE c.destination = d.destination AND c.state = 'sending')
        ORDER BY d.served_at NULLS FIRST
        LIMIT open.room FOR UPDATE SKIP LOCKED
    ) AS place
    ORDER BY place.served_at NULLS FIRST
    LIMIT %(limit)s
), chosen AS (
    SELECT free.destination, best.id FROM free
    CROSS JOIN LATERAL (
        SELECT head.id, head.priority FROM (
            SELECT DISTINCT ON (c.priority) c.id, c.priority, c.not_before FROM commands AS c
            WHERE c.destination = free.destination AND c.state = 'pending'
            ORDER BY c.priority, c.id
        ) AS head
        WHERE head.not_before <= now() ORDER BY head.priority LIMIT 1
    ) AS best
), claimed AS (
    UPDATE commands SET state = 'sending', attempt = attempt + 1
    FROM chosen WHERE commands.id = chosen.id AND commands.state = 'pending'
    RETURNING commands.id, commands.kind, commands.system, commands.payload, commands.destination,
              commands.effect_key, commands.priority, commands.attempt, commands.may_be_done, commands.event_id,
              commands.created_at, commands.run_id
), leased AS (
    UPDATE destinations SET lease_token = %(token)s, lease_until = now() + %(lease)s, served_at = now()
    FROM claimed WHERE destinations.destination = claimed.destination
)
SELECT claimed.*, events.received_at AS event_received_at
FROM claimed LEFT JOIN events ON events.id = claimed.event_id
"""

# The command is being sent, and by the holder of this lease token.
_OURS = """state = 'sending' AND EXISTS (SELECT 1 FROM destinations AS d
    WHERE d.destination = commands.destination AND d.lease_token = %s)"""


@dataclass(frozen=True, slots=True)
class ClaimedCommand:
    """A command this process delivers now. ``command`` is None when its kind or payload cannot be read."""

    id: int
    kind: str
    system: str
    destination: str
    attempt: int
    lease_token: UUID
    command: Command | None
    unreadable: str | None
    run_id: int | None = None
    event_id: int | None = None
    event_received_at: datetime | None = None
    claimed_at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A performed command: ``result`` is kept for the trace; ``save`` runs in the transaction that marks it sent.

    ``save`` writes what only now is known (a topic's thread id, a stored file) and returns the events that follow.
    """

    result: dict[str, Any]
    save: Callable[[Tx], Awaitable[Sequence[NewEvent[Any]]]] | None = None


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now, and nobody's fault (a pace to keep): try again after ``delay``; it counts as no attempt."""

    delay: timedelta
    reason: str


class Performer(Protocol):
    """Performs the commands of one outside system, with no transaction open during the network call.

    Raises the words of core/errors.py: ``Temporary`` with ``retry_after`` holds the whole destination that long,
    ``NeedsAttention`` parks the destination or pauses the system, ``Rejected`` cancels the command, ``AnswerLost``
    leaves it to the command's class.
    """

    async def perform(self, command: Command) -> Delivery | Postponed: ...


async def claim(
    tx: Tx, *, systems: Iterable[str], limit: int, lease: timedelta, rooms: dict[str, int] | None = None
) -> list[ClaimedCommand]:
    """Take the next command of up to ``limit`` destinations that nobody serves now.

    ``rooms``: how many of them may be of a system, where that is fewer.
    """
    token = uuid4()
    room_of = dict.fromkeys(systems, limit) | (rooms or {})
    rows = await tx.rows(
        _CLAIM,
        {"systems": [*room_of], "rooms": [*room_of.values()], "limit": limit, "lease": lease, "token": token},
    )
    return [_claimed(row, token) for row in rows]


def _claimed(row: dict[str, Any], token: UUID) -> ClaimedCommand:
    command: Command | None = None
    unreadable: str | None = None
    try:
        command = Command(
            id=row["id"],
            body=read_body(row["kind"], row["payload"]),
            destination=row["destination"],
            effect_key=row["effect_key"],
            priority=Priority(row["priority"]),
            attempt=row["attempt"],
            is_repeat=row["may_be_done"],
            event_id=row["event_id"],
            created_at=row["created_at"],
        )
    except Broken as error:
        unreadable = str(error)
    return ClaimedCommand(
        id=row["id"],
        kind=row["kind"],
        system=row["system"],
        destination=row["destination"],
        attempt=row["attempt"],
        lease_token=token,
        command=command,
        unreadable=unreadable,
        run_id=row["run_id"],
        event_id=row["event_id"],
        event_received_at=row["event_received_at"],
    )


async def extend(tx: Tx, held: Sequence[ClaimedCommand], lease: timedelta) -> int:
    """Heartbeat of long deliveries; returns how many destinations are still ours."""
    return await tx.run(
        """UPDATE destinations SET lease_until = now() + %s
           FROM unnest(%s::text[], %s::uuid[]) AS mine(destination, token)
           WHERE destinations.destination = mine.destination AND destinations.lease_token = mine.token""",
        (lease, [claimed.destination for claimed in held], [claimed.lease_token for claimed in held]),
    )


async def settle(
    tx: Tx, claimed: ClaimedCommand, *, state: str, result: dict[str, Any] | None = None, error: str | None = None
) -> bool:
    """End a command and free its destination, where nothing else is written in between (see ``mark``)."""
    is_ended = await mark(tx, claimed, state=state, result=result, error=error)
    await free(tx, claimed)
    return is_ended


async def mark(
    tx: Tx, claimed: ClaimedCommand, *, state: str, result: dict[str, Any] | None = None, error: str | None = None
) -> bool:
    """End a command (``sent``, ``dead``, ``cancelled``, ``unknown``); ``free`` comes last in the same transaction.

    False when the lease was lost and somebody else judged it meanwhile, or when it is ``sent`` already; a true
    ``sent`` is written all the same, because it tells what really happened outside.
    """
    touched = await tx.run(
        f"""UPDATE commands SET state = %s, result = %s, error = %s, sent_at = CASE WHEN %s = 'sent' THEN now() END
           WHERE id = %s AND ({_OURS} OR (%s = 'sent' AND state <> 'sent'))""",  # noqa: S608 - a constant condition
        (
            *(state, None if result is None else storable_json(result), error and storable_text(error), state),
            *(claimed.id, claimed.lease_token, state),
        ),
    )
    return touched == 1


async def retry_later(
    tx: Tx,
    claimed: ClaimedCommand,
    *,
    delay: timedelta,
    error: str,
    hold_destination: bool = False,
    counts: bool = True,
    may_be_done: bool = False,
) -> None:
    """Try the command again after ``delay``; ``hold_destination`` makes the whole queue wait as long (429).

    ``may_be_done``: the answer of this try was lost, so the next one may be a repeat.
    Ignored when the lease was lost: another deliverer may be sending the command at this moment.
    """
    await tx.run(
        f"""UPDATE commands SET state = 'pending', not_before = now() + %s, error = %s, attempt = attempt - %s,
                  may_be_done = may_be_done OR %s,
                  merge_key = CASE WHEN EXISTS (SELECT 1 FROM commands AS newer
                      WHERE newer.merge_key = commands.merge_key AND newer.state = 'pending') THEN NULL
                      ELSE merge_key END
           WHERE id = %s AND {_OURS}""",  # noqa: S608 - a constant condition
        (delay, storable_text(error), 0 if counts else 1, may_be_done, claimed.id, claimed.lease_token),
    )
    if hold_destination:
        await tx.run(
            "UPDATE destinations SET held_until = greatest(held_until, now() + %s) WHERE destination = %s",
            (delay, claimed.destination),
        )
    await free(tx, claimed)


async def free(tx: Tx, claimed: ClaimedCommand) -> None:
    """Let the next command of the destination go.

    The row of a destination is locked after the lines of subjects (``db.events.record``), by everybody: a run may hold
    such a line and want the row.
    """
    await tx.run(
        "UPDATE destinations SET lease_token = NULL, lease_until = NULL WHERE destination = %s AND lease_token = %s",
        (claimed.destination, claimed.lease_token),
    )


async def park(tx: Tx, destination: str, reason: str) -> None:
    await tx.run(
        "UPDATE destinations SET parked_at = coalesce(parked_at, now()), parked_reason = %s WHERE destination = %s",
        (storable_text(reason), destination),
    )


async def unpark(tx: Tx, destination: str) -> bool:
    touched = await tx.run(
        """UPDATE destinations SET parked_at = NULL, parked_reason = NULL, held_until = NULL
           WHERE destination = %s AND parked_at IS NOT NULL""",
        (destination,),
    )
    return touched == 1


async def pause_system(tx: Tx, system: str, reason: str) -> None:
    """Stop performing everything of one outside system until a person resumes it."""
    await tx.run(
        "INSERT INTO pauses (scope, name, reason) VALUES ('system', %s, %s) ON CONFLICT DO NOTHING",
        (system, storable_text(reason)),
    )


def may_repeat(body: CommandBody) -> bool:
    return body.repeat is not Repeat.NEVER


async def judge_lost(tx: Tx, *, max_attempts: int) -> list[dict[str, Any]]:
    """Settle what a dead deliverer left as ``sending``: its class decides whether it is tried again.

    Returns them with their new state: ``pending`` again, or what needs a person: ``unknown`` (it may have taken effect
    and must not repeat), ``dead`` (it lost its deliverer every time).
    """
    lost = await tx.rows(
        """SELECT c.id, c.kind, c.destination, c.attempt FROM commands AS c
           JOIN destinations AS d USING (destination)
           WHERE c.state = 'sending' AND (d.lease_until IS NULL OR d.lease_until < now())
           ORDER BY c.id FOR UPDATE OF c SKIP LOCKED"""
    )
    judged = [row | {"state": _verdict(row, max_attempts)} for row in lost]
    for row in judged:
        await tx.run(
            """UPDATE commands SET state = %s, error = 'the answer was lost', not_before = now(), merge_key = NULL,
                      may_be_done = true
               WHERE id = %s""",
            (row["state"], row["id"]),
        )
    return judged


def _verdict(lost: dict[str, Any], max_attempts: int) -> str:
    body = COMMAND_OF_KIND.get(lost["kind"])
    if body is None or body.repeat is Repeat.NEVER:
        return "unknown"
    return "pending" if lost["attempt"] < max_attempts else "dead"


async def redrive(tx: Tx, command_id: int) -> bool:
    """Perform it again; what nobody consented to stays undone."""
    touched = await tx.run(
        """UPDATE commands SET state = 'pending', attempt = 0, not_before = now(), error = NULL, merge_key = NULL,
                  may_be_done = may_be_done OR state = 'unknown'
           WHERE id = %s AND state IN ('dead', 'unknown', 'cancelled')
             AND NOT EXISTS (SELECT FROM approvals AS a WHERE a.command_id = commands.id AND a.state <> 'consumed')""",
        (command_id,),
    )
    return touched == 1

"""Ordering commands: many of many runs in a few statements, as if each had been ordered after the one before it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from core.commands import NewCommand
from db.queries import approvals
from db.session import Tx
from db.storable import storable_json

# Whoever orders holds the lines of subjects (db/events.py), and whoever settles a command of the same chat waits for
# such a line with the row of the command in hand. So what is there is looked at, which waits for nobody: an insert that
# conflicts with a row would wait for whoever writes it, and the two for each other.
_PLACES = """
INSERT INTO destinations (destination, system)
SELECT * FROM unnest(%s::text[], %s::text[]) AS wanted(destination, system)
WHERE (SELECT there.system FROM destinations AS there WHERE there.destination = wanted.destination) IS NULL
ON CONFLICT DO NOTHING
"""

# The pending ones are locked until our commit, so nobody can perform them meanwhile with the old state.
_STANDING = """
WITH absorbing AS (
    SELECT merge_key, id FROM commands
    WHERE merge_key = ANY(%(merge_keys)s::text[]) AND state = 'pending' ORDER BY merge_key FOR UPDATE
)
SELECT merge_key, id, NULL AS effect_key FROM absorbing
UNION ALL
SELECT NULL, NULL, effect_key FROM commands WHERE effect_key = ANY(%(effect_keys)s::text[])
"""

_ABSORB = """
UPDATE commands SET merged = commands.merged + more.merged, priority = least(commands.priority, more.priority)
FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[]) AS more(id, merged, priority)
WHERE commands.id = more.id
"""

_INSERT = """
INSERT INTO commands (run_id, event_id, kind, system, destination, priority, payload, effect_key, merge_key, branch,
                      merged, state, not_before)
SELECT run_id, event_id, kind, system, destination, priority, payload, effect_key, merge_key, branch,
       merged, state, coalesce(not_before, now())
FROM unnest(
    %(run_id)s::bigint[], %(event_id)s::bigint[], %(kind)s::text[], %(system)s::text[], %(destination)s::text[],
    %(priority)s::smallint[], %(payload)s::jsonb[], %(effect_key)s::text[], %(merge_key)s::text[], %(branch)s::text[],
    %(merged)s::bigint[], %(state)s::text[], %(not_before)s::timestamptz[]
) WITH ORDINALITY AS wanted(run_id, event_id, kind, system, destination, priority, payload, effect_key, merge_key,
                            branch, merged, state, not_before, position)
WHERE (SELECT known.id FROM commands AS known WHERE known.effect_key = wanted.effect_key) IS NULL
ORDER BY position
ON CONFLICT DO NOTHING
RETURNING effect_key, id, kind, destination, CASE WHEN state = 'awaiting_approval' THEN payload END AS payload
"""


class Wanted(NamedTuple):
    """A command somebody orders, and for whom."""

    run_id: int | None
    event_id: int | None
    command: NewCommand


class _Folded(NamedTuple):
    """What becomes of the wanted ones: each list is one row, a new one (its first makes it) or a pending one by id."""

    new: list[list[Wanted]]
    absorbed: dict[int, list[Wanted]]


class _Standing(NamedTuple):
    effect_keys: set[str]
    pending: dict[str, int]
    """The id of the pending command of a merge key."""


async def order(
    tx: Tx, commands: Sequence[NewCommand], *, run_id: int | None = None, event_id: int | None = None
) -> int:
    """Insert commands that were not ordered before; returns how many were added or absorbed by a pending one."""
    return await order_many(tx, [(run_id, event_id, commands)])


async def order_many(tx: Tx, given: Sequence[tuple[int | None, int | None, Sequence[NewCommand]]]) -> int:
    """The same for many runs: each with its event and commands, in the order in which these shall be done."""
    wanted = [Wanted(run_id, event_id, command) for run_id, event_id, commands in given for command in commands]
    await _make_places(tx, wanted)
    added = 0
    while wanted:
        new, absorbed = _fold(wanted, await _standing(tx, wanted))
        await _absorb(tx, absorbed)
        inserted = await _insert(tx, new)
        overtaken = [row for row in new if row[0].command.effect_key not in inserted]
        added += sum(len(row) for row in [*absorbed.values(), *new]) - sum(len(row) for row in overtaken)
        # Somebody committed their effect, or a pending command of their merge key, after our look: look again.
        wanted = [one for row in overtaken for one in row if _merge_key(one.command) is not None]
    return added


async def _make_places(tx: Tx, wanted: Sequence[Wanted]) -> None:
    """In one order for everybody, so that two transactions do not wait for each other."""
    systems = {one.command.destination: one.command.body.system for one in wanted}
    places = sorted(systems)
    if places:
        await tx.run(_PLACES, (places, [systems[place] for place in places]))


async def _standing(tx: Tx, wanted: Sequence[Wanted]) -> _Standing:
    """What is there already; nothing is asked where nothing merges, because the insert finds known effects itself."""
    merge_keys = {_merge_key(one.command) for one in wanted} - {None}
    if not merge_keys:
        return _Standing(set(), {})
    keys = {"merge_keys": list(merge_keys), "effect_keys": [one.command.effect_key for one in wanted]}
    rows = await tx.rows(_STANDING, keys)
    return _Standing(
        {row["effect_key"] for row in rows if row["merge_key"] is None},
        {row["merge_key"]: row["id"] for row in rows if row["merge_key"] is not None},
    )


def _fold(wanted: Sequence[Wanted], standing: _Standing) -> _Folded:
    """One after the other: a known effect is dropped, a pending one of the same merge key takes it in, else it is new.

    The effect key of one that was taken in stays free, as its row does not exist.
    """
    known = set(standing.effect_keys)
    new: list[list[Wanted]] = []
    absorbed = {command_id: list[Wanted]() for command_id in standing.pending.values()}
    open_rows = {merge_key: absorbed[command_id] for merge_key, command_id in standing.pending.items()}
    for one in wanted:
        command = one.command
        if command.effect_key in known:
            continue
        merge_key = _merge_key(command)
        if merge_key in open_rows:
            open_rows[merge_key].append(one)
            continue
        known.add(command.effect_key)
        new.append([one])
        if merge_key is not None:
            open_rows[merge_key] = new[-1]
    return _Folded(new, absorbed)


async def _absorb(tx: Tx, absorbed: dict[int, list[Wanted]]) -> None:
    taken_in = {command_id: more for command_id, more in absorbed.items() if more}
    if taken_in:
        more = taken_in.values()
        await tx.run(_ABSORB, ([*taken_in], [len(row) for row in more], [_priority(row) for row in more]))


async def _insert(tx: Tx, new: Sequence[Sequence[Wanted]]) -> set[str]:
    """Returns the effect keys of what was inserted; what is missing was there before."""
    if not new:
        return set()
    rows = [_row(folded) for folded in new]
    inserted = await tx.rows(_INSERT, {column: [row[column] for row in rows] for column in rows[0]})
    asked = {folded[0].command.effect_key: folded[0].command.approval for folded in new}
    for row in inserted:
        ask = asked[row["effect_key"]]
        if ask is not None:
            await approvals.ask(tx, approvals.CommandAsked(**row), ask)
    return {row["effect_key"] for row in inserted}


def _row(folded: Sequence[Wanted]) -> dict[str, Any]:
    first = folded[0]
    command = first.command
    return {
        "run_id": first.run_id,
        "event_id": first.event_id,
        "kind": command.body.kind,
        "system": command.body.system,
        "destination": command.destination,
        "priority": _priority(folded),
        "payload": storable_json(command.body.model_dump(mode="json")),
        "effect_key": command.effect_key,
        "merge_key": _merge_key(command),
        "branch": command.branch,
        "merged": len(folded) - 1,
        "state": "pending" if command.approval is None else "awaiting_approval",
        "not_before": command.not_before,
    }


def _priority(folded: Sequence[Wanted]) -> int:
    return min(int(one.command.priority) for one in folded)


def _merge_key(command: NewCommand) -> str | None:
    """Consent is to one command with its own arguments: such a one merges with no other."""
    return command.merge_key if command.approval is None else None

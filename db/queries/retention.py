"""Retention: what is old and finished goes, in small steps; what still needs somebody stays however old it is."""

from dataclasses import dataclass
from datetime import timedelta

from db.session import Tx

# A step looks at the next ids only, so that it costs the same in a table of any length.
_STEP = """
    SELECT id, received_at FROM events WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
"""
_NEEDED = """
    EXISTS (SELECT 1 FROM runs WHERE runs.event_id = step.id
            AND coalesce(runs.state, '') NOT IN ('done', 'failed'))
"""
_FORGET_RAW = f"""
WITH step AS MATERIALIZED ({_STEP}), forgotten AS (
    UPDATE events SET raw = NULL, headers = NULL FROM step
    WHERE events.id = step.id AND step.received_at < now() - %(keep)s AND events.raw IS NOT NULL AND NOT {_NEEDED}
    RETURNING events.id
)
SELECT (SELECT max(id) FROM step) AS reached, (SELECT count(*) FROM forgotten) AS done,
       coalesce((SELECT max(received_at) FROM step) >= now() - %(keep)s, true) AS is_end
"""  # noqa: S608 - constants of this module
_OLD = f"""
WITH step AS MATERIALIZED ({_STEP})
SELECT (SELECT max(id) FROM step) AS reached,
       coalesce((SELECT max(received_at) FROM step) >= now() - %(keep)s, true) AS is_end,
       coalesce((SELECT array_agg(step.id) FROM step
                 WHERE step.received_at < now() - %(keep)s AND NOT {_NEEDED} AND NOT EXISTS (
                     SELECT 1 FROM runs JOIN commands ON commands.run_id = runs.id
                     WHERE runs.event_id = step.id AND coalesce(commands.state, '') NOT IN ('sent', 'cancelled')
                 ) AND NOT EXISTS (
                     SELECT 1 FROM commands WHERE commands.event_id = step.id AND commands.run_id IS NULL
                       AND coalesce(commands.state, '') NOT IN ('sent', 'cancelled')
                 )), '{{}}') AS ids
"""  # noqa: S608 - constants of this module
_DELETE = (
    """DELETE FROM approvals WHERE command_id IN (
           SELECT commands.id FROM runs JOIN commands ON commands.run_id = runs.id
           WHERE runs.event_id = ANY(%(ids)s::bigint[]))""",
    """DELETE FROM commands WHERE run_id IN (SELECT id FROM runs WHERE event_id = ANY(%(ids)s::bigint[]))""",
    """DELETE FROM commands WHERE event_id = ANY(%(ids)s::bigint[]) AND run_id IS NULL""",
    """DELETE FROM runs WHERE event_id = ANY(%(ids)s::bigint[])""",
    """DELETE FROM events WHERE id = ANY(%(ids)s::bigint[])""",
)

_OLD_MESSAGES = """
SELECT array_agg(id) AS ids FROM (
    SELECT m.id FROM messages AS m JOIN conversations AS c ON c.id = m.conversation_id
    WHERE c.state = 'closed' AND m.sent_at < now() - %(keep)s ORDER BY m.sent_at, m.id LIMIT %(limit)s) AS step
"""
_DELETE_MESSAGES = (
    """DELETE FROM transcripts WHERE storage_key IN (
           SELECT file ->> 'storage_key' FROM messages, jsonb_array_elements(attachments) AS file
           WHERE messages.id = ANY(%(ids)s::uuid[]))""",
    """DELETE FROM drafts WHERE question_id = ANY(%(ids)s::uuid[])""",
    """DELETE FROM messages WHERE id = ANY(%(ids)s::uuid[])""",
)


@dataclass(frozen=True, slots=True)
class Step:
    """``reached`` is where the next step begins; at the end of what is old, ``is_end``."""

    reached: int
    done: int
    is_end: bool


async def forget_raw(tx: Tx, *, keep: timedelta, after: int, limit: int) -> Step:
    """Empty raw bodies and headers older than ``keep``; an event with unfinished or dead runs keeps them."""
    row = await tx.row(_FORGET_RAW, {"keep": keep, "after": after, "limit": limit})
    assert row is not None
    return Step(row["reached"] or after, row["done"], row["is_end"])


async def forget_history(tx: Tx, *, keep: timedelta, after: int, limit: int) -> Step:
    """Delete events older than ``keep`` with their runs and commands, when all of these are finished.

    The audit stays, and so does what was written into the tables of the business.
    """
    row = await tx.row(_OLD, {"keep": keep, "after": after, "limit": limit})
    assert row is not None
    for statement in _DELETE:
        await tx.run(statement, {"ids": row["ids"]})
    return Step(row["reached"] or after, len(row["ids"]), row["is_end"])


async def forget_messages(tx: Tx, *, keep: timedelta, after: int, limit: int) -> Step:
    """Delete messages of closed conversations older than ``keep``, with their transcripts and drafts.

    An open conversation stays whole, and so do the rows of closed ones: who talked when. ``after`` is no place here:
    what was forgotten is gone, and the oldest is always next.
    """
    row = await tx.row(_OLD_MESSAGES, {"keep": keep, "limit": limit})
    ids = [] if row is None else row["ids"] or []
    for statement in _DELETE_MESSAGES:
        await tx.run(statement, {"ids": ids})
    return Step(after, len(ids), len(ids) < limit)


async def forget_model_accounts(tx: Tx, *, reservations: timedelta, accounts: timedelta) -> int:
    """What models cost on days long past, and worst cases that nobody settled and no budget looks at any more."""
    settled = await tx.rows("DELETE FROM model_reservations WHERE until < now() - %s RETURNING id", (reservations,))
    counted = await tx.rows("DELETE FROM model_accounts WHERE day < (now() - %s)::date RETURNING day", (accounts,))
    return len(settled) + len(counted)

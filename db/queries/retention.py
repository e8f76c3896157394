"""Retention: what is old and finished goes, in small steps; what still needs somebody stays however old it is."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

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

_CASE_DAYS = 1095
"""How long the photos of a damage outlive it once it is repaired (owner's decisions, section 10)."""
_OVER = """coalesce(k.returned_event_at, k.end_at, i.submitted_at, i.touched_at)"""
_OLD_PHOTOS = f"""
SELECT i.id FROM inspections AS i LEFT JOIN bookings AS k ON k.id = i.booking_id
WHERE i.state NOT IN ('open', 'paused') AND i.touched_at < now() - %(keep)s AND {_OVER} < now() - %(keep)s
  AND EXISTS (SELECT 1 FROM inspection_photos AS f
              WHERE f.inspection_id = i.id AND (f.storage_key <> '' OR f.working_key IS NOT NULL))
  AND NOT EXISTS (
      SELECT 1 FROM damages AS d
      WHERE (d.state = 'open' OR d.repaired_at > now() - %(case)s)
        AND (d.first_inspection_id = i.id OR EXISTS (
            SELECT 1 FROM inspection_photos AS f
            WHERE f.inspection_id = i.id AND f.id IN (d.first_photo_id, d.last_clean_photo_id))))
ORDER BY i.touched_at, i.id LIMIT %(limit)s
"""  # noqa: S608 - constants of this module
_EMPTY_PHOTOS = """
WITH old AS (
    SELECT f.id, f.storage_key, f.working_key, f.overlay_key, f.pair_key FROM inspection_photos AS f
    WHERE f.inspection_id = ANY(%(ids)s::uuid[]) AND (%(views)s::text[] IS NULL OR f.viewpoint = ANY(%(views)s))
    FOR UPDATE
), emptied AS (
    UPDATE inspection_photos AS f SET storage_key = '', working_key = NULL, overlay_key = NULL, pair_key = NULL
    FROM old WHERE f.id = old.id
)
SELECT DISTINCT key FROM old, unnest(ARRAY[old.storage_key, old.working_key, old.overlay_key, old.pair_key]) AS key
WHERE key <> ''
"""
_EMPTY_OTHERS = (
    """WITH old AS (
           SELECT id, crop_key FROM findings WHERE inspection_id = ANY(%(ids)s::uuid[]) FOR UPDATE
       ), emptied AS (UPDATE findings SET crop_key = NULL FROM old WHERE findings.id = old.id)
       SELECT crop_key AS key FROM old WHERE crop_key IS NOT NULL""",
    """WITH old AS (DELETE FROM reports WHERE inspection_id = ANY(%(ids)s::uuid[]) RETURNING html_key, pdf_key)
       SELECT key FROM old, unnest(ARRAY[html_key, pdf_key]) AS key WHERE key IS NOT NULL""",
)
_OLD_DOCUMENTS = f"""
SELECT i.id FROM inspections AS i LEFT JOIN bookings AS k ON k.id = i.booking_id
WHERE i.state NOT IN ('open', 'paused') AND {_OVER} < now() - %(keep)s
  AND EXISTS (SELECT 1 FROM inspection_photos AS f
              WHERE f.inspection_id = i.id AND f.viewpoint = 'document' AND f.storage_key <> '')
ORDER BY i.touched_at, i.id LIMIT %(limit)s
"""  # noqa: S608 - constants of this module
_UNUSED = """
SELECT key FROM unnest(%(keys)s::text[]) AS key
WHERE NOT EXISTS (SELECT 1 FROM inspection_photos WHERE key IN (storage_key, working_key, overlay_key, pair_key))
  AND NOT EXISTS (SELECT 1 FROM findings WHERE crop_key = key)
  AND NOT EXISTS (SELECT 1 FROM reports WHERE key IN (html_key, pdf_key))
  AND NOT EXISTS (SELECT 1 FROM messages, jsonb_array_elements(attachments) AS file WHERE file ->> 'storage_key' = key)
"""


@dataclass(frozen=True, slots=True)
class Emptied:
    """Rows that lost their pictures; ``keys`` are objects that nothing points to any more."""

    inspections: int
    keys: tuple[str, ...]


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


async def forget_photos(tx: Tx, *, keep: timedelta, limit: int) -> Emptied:
    """Take the pictures and reports from inspections older than ``keep``; proofs, findings and hashes stay.

    What an open damage points to is kept, and after its repair for three years more.
    """
    rows = await tx.rows(_OLD_PHOTOS, {"keep": keep, "case": timedelta(days=_CASE_DAYS), "limit": limit})
    ids = [row["id"] for row in rows]
    keys = await _emptied(tx, ids, views=None)
    for statement in _EMPTY_OTHERS:
        keys += [row["key"] for row in await tx.rows(statement, {"ids": ids})]
    return Emptied(len(ids), await _unused(tx, keys))


async def forget_documents(tx: Tx, *, keep: timedelta, limit: int) -> Emptied:
    """Take photos of documents this long after the end of the rent, whatever else is open: they prove no damage."""
    ids = [row["id"] for row in await tx.rows(_OLD_DOCUMENTS, {"keep": keep, "limit": limit})]
    return Emptied(len(ids), await _unused(tx, await _emptied(tx, ids, views=["document"])))


async def _emptied(tx: Tx, ids: list[UUID], *, views: list[str] | None) -> list[str]:
    return [row["key"] for row in await tx.rows(_EMPTY_PHOTOS, {"ids": ids, "views": views})]


async def _unused(tx: Tx, keys: list[str]) -> tuple[str, ...]:
    """The same content may lie behind several rows: its object goes with the last of them.

    The copy that came in through a chat goes with the photo it became.
    """
    rows = await tx.rows(_UNUSED, {"keys": sorted(set(keys))})
    unused = [row["key"] for row in rows]
    await tx.run("DELETE FROM media WHERE storage_key = ANY(%s)", (unused,))
    return tuple(unused)

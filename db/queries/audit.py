"""The audit trail: appended only, each row's hash covers the one before, so a changed or removed row shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from db.session import Tx

GENESIS = "0" * 64
_LOCK = 4_711_001
"""Appends take turns: two rows must never name the same predecessor."""

# Postgres writes jsonb in one canonical form, so the same row gives the same hash wherever it is computed.
_HASH = """encode(sha256(convert_to(jsonb_build_array(
    previous_hash, extract(epoch FROM at), actor, action, subject, details, run_id)::text, 'UTF8')), 'hex')"""

_APPEND = f"""
INSERT INTO audit (at, actor, action, subject, details, run_id, previous_hash, hash)
SELECT at, actor, action, subject, details, run_id, previous_hash, {_HASH}
FROM (
    SELECT %(at)s::timestamptz AS at, %(actor)s::text AS actor, %(action)s::text AS action,
           %(subject)s::text AS subject, %(details)s::jsonb AS details, %(run_id)s::bigint AS run_id,
           coalesce((SELECT hash FROM audit ORDER BY id DESC LIMIT 1), %(genesis)s) AS previous_hash
) AS given
"""  # noqa: S608 - built from the constant above

_VERIFY = f"""
SELECT count(*) AS rows, min(id) FILTER (WHERE NOT holds) AS broken_at,
       coalesce((array_agg(hash ORDER BY id DESC))[1], %(genesis)s) AS head
FROM (
    SELECT id, hash,
           hash = {_HASH} AND previous_hash = coalesce(lag(hash) OVER (ORDER BY id), %(genesis)s) AS holds
    FROM audit
) AS chain
"""  # noqa: S608 - built from the constant above


@dataclass(frozen=True, slots=True)
class Chain:
    """``broken_at`` is the first row that does not fit. Note ``head`` elsewhere: a cut tail shows only against it."""

    rows: int
    broken_at: int | None
    head: str


async def append(
    tx: Tx,
    *,
    actor: str,
    action: str,
    subject: str,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    run_id: int | None = None,
) -> None:
    """Add a row in the transaction of what it tells. ``actor`` is ``staff:<id>``, ``settings`` or an agent's name."""
    await tx.run("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    await tx.run(
        _APPEND,
        {
            "genesis": GENESIS,
            "at": at,
            "actor": actor,
            "action": action,
            "subject": subject,
            "details": Jsonb(dict(details or {})),
            "run_id": run_id,
        },
    )


async def verify(tx: Tx) -> Chain:
    """Recompute the whole chain."""
    row = await tx.row(_VERIFY, {"genesis": GENESIS})
    assert row is not None
    return Chain(rows=row["rows"], broken_at=row["broken_at"], head=row["head"])

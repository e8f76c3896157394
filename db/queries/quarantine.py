"""Outside records that were kept raw and not applied: put away once, released when the object was read after all."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from core.ids import outside_id
from db.session import Tx


@dataclass(frozen=True, slots=True)
class Held:
    """One record for the quarantine. ``raw`` fits into jsonb."""

    branch: str | None
    entity: str
    external_id: str | None
    reason: str
    raw: Any
    system: str = "rentprog"
    event_id: int | None = None

    @property
    def id(self) -> UUID:
        """The same record with the same trouble is one row, however often a reconcile meets it."""
        text = json.dumps([self.branch, self.entity, self.external_id, self.reason, self.raw], sort_keys=True)
        return outside_id(self.system, "quarantine", hashlib.sha256(text.encode()).hexdigest())


async def put_away(tx: Tx, records: Sequence[Held]) -> list[Held]:
    """Keep the records; returns those that are news (not in quarantine already)."""
    if not records:
        return []
    distinct = {record.id: record for record in records}
    rows = await tx.rows(
        """
        INSERT INTO quarantine (id, system, branch, entity, external_id, reason, raw, event_id)
        SELECT id, system, branch, entity, external_id, reason, raw, event_id
        FROM unnest(%(id)s::uuid[], %(system)s::text[], %(branch)s::text[], %(entity)s::text[],
                    %(external_id)s::text[], %(reason)s::text[], %(raw)s::jsonb[], %(event_id)s::bigint[])
             AS held(id, system, branch, entity, external_id, reason, raw, event_id)
        ON CONFLICT (id) DO UPDATE SET released_at = NULL, at = now(), event_id = EXCLUDED.event_id
        WHERE quarantine.released_at IS NOT NULL
        RETURNING id
        """,
        {
            "id": list(distinct),
            "system": [record.system for record in distinct.values()],
            "branch": [record.branch for record in distinct.values()],
            "entity": [record.entity for record in distinct.values()],
            "external_id": [record.external_id for record in distinct.values()],
            "reason": [record.reason for record in distinct.values()],
            "raw": [Jsonb(record.raw) for record in distinct.values()],
            "event_id": [record.event_id for record in distinct.values()],
        },
    )
    return [distinct[row["id"]] for row in rows]


async def release(tx: Tx, *, system: str, entity: str, external_ids: Iterable[str]) -> list[tuple[str, str]]:
    """The objects were read after all, so nobody needs to look; returns (external id, reason) of what is let go."""
    rows = await tx.rows(
        """UPDATE quarantine SET released_at = now()
           WHERE system = %s AND entity = %s AND external_id = ANY(%s) AND released_at IS NULL
           RETURNING external_id, reason""",
        (system, entity, list(external_ids)),
    )
    return [(row["external_id"], row["reason"]) for row in rows]


async def count_open(tx: Tx, *, system: str, branch: str) -> int:
    row = await tx.row(
        "SELECT count(*) AS number FROM quarantine WHERE system = %s AND branch = %s AND released_at IS NULL",
        (system, branch),
    )
    return 0 if row is None else row["number"]

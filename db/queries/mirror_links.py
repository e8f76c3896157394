"""What hangs on mirrored rows: links from bookings, tombstones of what was destroyed unseen, outside references."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core.events import Entity
from db.session import Tx

_REPAIR = {
    "client": """
        UPDATE bookings AS stored SET client_id = linked.id, updated_at = now()
        FROM clients AS linked
        WHERE stored.client_id IS NULL AND linked.rentprog_id = stored.client_rentprog_id
          AND (%(ids)s::bigint[] IS NULL OR stored.client_rentprog_id = ANY(%(ids)s::bigint[]))
        RETURNING stored.id, stored.rentprog_id, stored.car_id, stored.branch
    """,
    "car": """
        UPDATE bookings AS stored SET car_id = linked.id, updated_at = now()
        FROM cars AS linked
        WHERE stored.car_id IS NULL AND linked.rentprog_id = stored.car_rentprog_id
          AND (%(ids)s::bigint[] IS NULL OR stored.car_rentprog_id = ANY(%(ids)s::bigint[]))
        RETURNING stored.id, stored.rentprog_id, stored.car_id, stored.branch
    """,
}


@dataclass(frozen=True, slots=True)
class Around:
    """What is to be known of other rows before some are written; ``buried``: when what is not stored was destroyed."""

    now: datetime
    cars: frozenset[int]
    clients: frozenset[int]
    buried: Mapping[int, datetime]
    has_quarantine: bool


async def around(tx: Tx, entity: Entity, missing: Iterable[int], cars: Iterable[int], clients: Iterable[int]) -> Around:
    """The database's clock, tombstones of the missing, which of these cars and clients have a row (even a deleted one).

    And whether anything at all is in quarantine: mostly nothing is, and then nobody needs to look for what to release.
    """
    row = await tx.row(
        """
        WITH grave AS (SELECT rentprog_id, at FROM tombstones
                       WHERE entity = %(entity)s AND rentprog_id = ANY(%(missing)s))
        SELECT clock_timestamp() AS now,
               ARRAY(SELECT rentprog_id FROM cars WHERE rentprog_id = ANY(%(cars)s)) AS cars,
               ARRAY(SELECT rentprog_id FROM clients WHERE rentprog_id = ANY(%(clients)s)) AS clients,
               ARRAY(SELECT rentprog_id FROM grave ORDER BY rentprog_id) AS graves,
               ARRAY(SELECT at FROM grave ORDER BY rentprog_id) AS buried_at,
               EXISTS (SELECT 1 FROM quarantine WHERE released_at IS NULL) AS has_quarantine
        """,
        {"entity": entity, "missing": list(missing), "cars": list(cars), "clients": list(clients)},
    )
    assert row is not None
    buried = dict(zip(row["graves"], row["buried_at"], strict=True))
    return Around(row["now"], frozenset(row["cars"]), frozenset(row["clients"]), buried, row["has_quarantine"])


async def repair(tx: Tx, entity: Literal["car", "client"], ids: Iterable[int] | None) -> list[dict[str, Any]]:
    """Link bookings that waited for these cars or clients (None: for any) and return them."""
    return await tx.rows(_REPAIR[entity], {"ids": None if ids is None else list(ids)})


async def unlinked(tx: Tx, branch: str, *, since: datetime, limit: int) -> list[tuple[Entity, int]]:
    """Cars and clients that bookings of a branch name, that nobody has stored, seen changed since ``since``."""
    rows = await tx.rows(
        """
        (SELECT DISTINCT 'client' AS entity, client_rentprog_id AS rentprog_id FROM bookings
         WHERE branch = %(branch)s AND client_id IS NULL AND client_rentprog_id IS NOT NULL
           AND deleted_at IS NULL AND updated_at >= %(since)s
         LIMIT %(limit)s)
        UNION ALL
        (SELECT DISTINCT 'car', car_rentprog_id FROM bookings
         WHERE branch = %(branch)s AND car_id IS NULL AND car_rentprog_id IS NOT NULL
           AND deleted_at IS NULL AND updated_at >= %(since)s
         LIMIT %(limit)s)
        """,
        {"branch": branch, "since": since, "limit": limit},
    )
    return [(row["entity"], row["rentprog_id"]) for row in rows]


async def tombstones(tx: Tx, entity: Entity, ids: Iterable[int]) -> dict[int, datetime]:
    rows = await tx.rows(
        "SELECT rentprog_id, at FROM tombstones WHERE entity = %s AND rentprog_id = ANY(%s)", (entity, list(ids))
    )
    return {row["rentprog_id"]: row["at"] for row in rows}


async def bury(tx: Tx, entity: Entity, rentprog_id: int) -> None:
    """Remember that something not stored was destroyed."""
    await tx.run(
        """INSERT INTO tombstones (entity, rentprog_id) VALUES (%s, %s)
           ON CONFLICT (entity, rentprog_id) DO UPDATE SET at = now()""",
        (entity, rentprog_id),
    )


async def unbury(tx: Tx, entity: Entity, ids: Iterable[int]) -> None:
    await tx.run("DELETE FROM tombstones WHERE entity = %s AND rentprog_id = ANY(%s)", (entity, list(ids)))


async def move(tx: Tx, entity: Entity, branches: Mapping[int, str]) -> None:
    """Rows that moved to another branch, by RentProg's ids, change it in their outside references too."""
    if not branches:
        return
    await tx.run(
        """UPDATE external_refs AS ref SET branch = moved.branch
           FROM unnest(%s::text[], %s::text[]) AS moved(external_id, branch)
           WHERE ref.system = 'rentprog' AND ref.entity_type = %s AND ref.external_id = moved.external_id
             AND ref.branch IS DISTINCT FROM moved.branch""",
        ([str(number) for number in branches], list(branches.values()), entity),
    )

"""Passes over a branch: opening, checkpoints of pages, what was not seen, the end with its totals."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from core.events import Entity, Listing
from db.queries.mirror import table_of
from db.session import Tx


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass. ``idle_for``: how long ago it last made a step, by the database's clock."""

    id: int
    branch: str
    is_first: bool
    started_at: datetime
    idle_for: timedelta
    is_open: bool


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A page that was read and stored. Its rows add up: each was added, updated, unchanged or quarantined.

    ``digest`` is that of the answer; ``rows_digest`` says by which fingerprints the page is known to be unchanged, and
    is None for a page that must always be compared.
    """

    listing: Listing
    page: int
    is_last: bool
    ids: Sequence[int]
    read: int
    added: int
    updated: int
    unchanged: int
    quarantined: int
    digest: str | None = None
    rows_digest: str | None = None


@dataclass(frozen=True, slots=True)
class BeforePage:
    """What is known before a page is asked for; ``last_digest`` is that of the answer that the pass before had."""

    asked_at: datetime
    is_stored: bool
    last_digest: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page belongs, its pass locked; ``ids_before`` are the ids of the page before it."""

    the_pass: Pass
    is_stored: bool
    ids_before: Sequence[int] | None
    has_quarantine: bool


@dataclass(frozen=True, slots=True)
class BeforeFetch:
    """What is known before an object is asked for. ``branches_read`` are those of which a pass was finished."""

    asked_at: datetime
    has_later_wish: bool
    branches_read: Sequence[str]


@dataclass(frozen=True, slots=True)
class Totals:
    read: int
    added: int
    updated: int
    unchanged: int
    quarantined: int
    drift: int


_SELECT = """SELECT id, branch, is_first, started_at, clock_timestamp() - heartbeat_at AS idle_for,
                  finished_at IS NULL AS is_open
           FROM sync_runs"""


async def open_pass(tx: Tx, branch: str) -> Pass | None:
    """The unfinished pass of a branch, locked."""
    row = await tx.row(_SELECT + " WHERE branch = %s AND finished_at IS NULL FOR UPDATE", (branch,))
    return None if row is None else Pass(**row)


async def start_pass(tx: Tx, branch: str) -> int:
    """Open a pass; it is the first one while no other pass of the branch has been finished."""
    row = await tx.row(
        """INSERT INTO sync_runs (branch, is_first, previous_id)
           SELECT %(branch)s, max(id) IS NULL, max(id)
           FROM sync_runs WHERE branch = %(branch)s AND finished_at IS NOT NULL
           RETURNING id""",
        {"branch": branch},
    )
    assert row is not None
    return row["id"]


async def beat(tx: Tx, sync_id: int) -> None:
    await tx.run("UPDATE sync_runs SET heartbeat_at = clock_timestamp() WHERE id = %s", (sync_id,))


async def before_page(tx: Tx, sync_id: int, listing: Listing, page: int) -> BeforePage:
    row = await tx.row(
        """SELECT clock_timestamp() AS asked_at,
                  EXISTS (SELECT 1 FROM sync_pages AS stored
                          WHERE (sync_id, listing, page) = (%(sync_id)s, %(listing)s, %(page)s)) AS is_stored,
                  (SELECT digest FROM sync_pages AS last
                   WHERE sync_id = (SELECT previous_id FROM sync_runs WHERE id = %(sync_id)s)
                     AND listing = %(listing)s AND page = %(page)s AND rows_digest IS NOT NULL) AS last_digest""",
        {"sync_id": sync_id, "listing": listing, "page": page},
    )
    assert row is not None
    return BeforePage(**row)


async def lock_place(tx: Tx, sync_id: int, listing: Listing, page: int) -> Place | None:
    row = await tx.row(
        """SELECT id, branch, is_first, started_at, clock_timestamp() - heartbeat_at AS idle_for,
                  finished_at IS NULL AS is_open,
                  EXISTS (SELECT 1 FROM sync_pages
                          WHERE (sync_id, listing, page) = (sync_runs.id, %(listing)s, %(page)s)) AS is_stored,
                  (SELECT ids FROM sync_pages
                   WHERE (sync_id, listing, page) = (sync_runs.id, %(listing)s, %(page)s - 1)) AS ids_before,
                  EXISTS (SELECT 1 FROM quarantine WHERE released_at IS NULL) AS has_quarantine
           FROM sync_runs WHERE id = %(sync_id)s FOR UPDATE OF sync_runs""",
        {"sync_id": sync_id, "listing": listing, "page": page},
    )
    if row is None:
        return None
    place = {name: row.pop(name) for name in ("is_stored", "ids_before", "has_quarantine")}
    return Place(the_pass=Pass(**row), **place)


async def same_page(tx: Tx, entity: Entity, the_pass: Pass, listing: Listing, page: int) -> Checkpoint | None:
    """The page of the pass before, if its rows have the fingerprints that they had then, each of them."""
    row = await tx.row(
        f"""
        SELECT listing, page, is_last, ids, read, digest, rows_digest
        FROM sync_pages
        WHERE sync_id = (SELECT previous_id FROM sync_runs WHERE id = %s) AND listing = %s AND page = %s
          AND rows_digest = (
              SELECT encode(sha256(convert_to(coalesce(string_agg(
                         stored.rentprog_id || ':' || stored.fingerprint, ',' ORDER BY stored.rentprog_id), ''),
                         'UTF8')), 'hex')
              FROM {table_of(entity)} AS stored WHERE stored.rentprog_id = ANY(sync_pages.ids))
        """,  # noqa: S608 - a constant of that module
        (the_pass.id, listing, page),
    )
    return None if row is None else Checkpoint(**row, added=0, updated=0, unchanged=row["read"], quarantined=0)


def rows_digest(fingerprints: Mapping[int, str]) -> str:
    """As `same_page` makes it of stored rows: one that is not there, or has no fingerprint, is missing in it."""
    text = ",".join(f"{number}:{fingerprints[number]}" for number in sorted(fingerprints))
    return hashlib.sha256(text.encode()).hexdigest()


async def checkpoints(tx: Tx, sync_id: int) -> list[Checkpoint]:
    """All pages of a pass without their ids."""
    rows = await tx.rows(
        """SELECT listing, page, is_last, '{}'::bigint[] AS ids, read, added, updated, unchanged, quarantined
           FROM sync_pages WHERE sync_id = %s ORDER BY listing, page""",
        (sync_id,),
    )
    return [Checkpoint(**row) for row in rows]


async def put_checkpoint(tx: Tx, sync_id: int, page: Checkpoint, drift: Sequence[dict[str, Any]]) -> None:
    """Write the checkpoint, and bring the pass's totals, drift report and heartbeat up to it."""
    values = {
        "sync_id": sync_id,
        "listing": page.listing,
        "page": page.page,
        "is_last": page.is_last,
        "ids": list(page.ids),
        "read": page.read,
        "added": page.added,
        "updated": page.updated,
        "unchanged": page.unchanged,
        "quarantined": page.quarantined,
        "digest": page.digest,
        "rows_digest": page.rows_digest,
        "drift": Jsonb(list(drift)),
    }
    await tx.run(
        """
        WITH written AS (
            INSERT INTO sync_pages (sync_id, listing, page, is_last, ids, read, added, updated, unchanged, quarantined,
                                    digest, rows_digest)
            VALUES (%(sync_id)s, %(listing)s, %(page)s, %(is_last)s, %(ids)s, %(read)s, %(added)s, %(updated)s,
                    %(unchanged)s, %(quarantined)s, %(digest)s, %(rows_digest)s)
        )
        UPDATE sync_runs SET heartbeat_at = clock_timestamp(), read = read + %(read)s, added = added + %(added)s,
               updated = updated + %(updated)s, unchanged = unchanged + %(unchanged)s,
               quarantined = quarantined + %(quarantined)s, drift = drift || %(drift)s
        WHERE id = %(sync_id)s
        """,
        values,
    )


_VANISHED: dict[Entity, str] = {
    "car": "FROM cars AS stored WHERE stored.branch = %(branch)s AND stored.active IS NOT FALSE",
    "client": """FROM clients AS stored JOIN branches ON branches.company_id = stored.company_id
                 WHERE branches.code = %(branch)s""",
    "booking": "FROM bookings AS stored WHERE stored.branch = %(branch)s AND stored.archive IS NOT TRUE",
}


async def vanished(tx: Tx, the_pass: Pass, entity: Entity, listings: Iterable[Listing], *, limit: int) -> list[int]:
    """Live rows of the branch that no page of the pass showed, and that nothing has touched since it began.

    The choice is by chance where there are more than ``limit``, so that no row waits for ever.
    """
    rows = await tx.rows(
        f"""
        SELECT stored.rentprog_id {_VANISHED[entity]}
          AND stored.deleted_at IS NULL AND stored.updated_at < %(since)s
          AND stored.rentprog_id NOT IN (  -- hashed once; NOT EXISTS would look through all ids for every row
              SELECT unnest(ids) FROM sync_pages WHERE sync_id = %(sync_id)s AND listing = ANY(%(listings)s))
        ORDER BY random() LIMIT %(limit)s
        """,  # noqa: S608 - a constant of this module
        {
            "branch": the_pass.branch,
            "since": the_pass.started_at,
            "sync_id": the_pass.id,
            "listings": list(listings),
            "limit": limit,
        },
    )
    return sorted(row["rentprog_id"] for row in rows)


async def finish(tx: Tx, sync_id: int, *, vanished_rows: int) -> Totals:
    """Close a pass. Its state is ``partial`` when something of it is in quarantine (failure F8)."""
    row = await tx.row(
        """UPDATE sync_runs SET finished_at = clock_timestamp(), heartbeat_at = clock_timestamp(), vanished = %s,
                  state = CASE WHEN quarantined > 0 THEN 'partial' ELSE 'done' END
           WHERE id = %s
           RETURNING read, added, updated, unchanged, quarantined, jsonb_array_length(drift) AS drift""",
        (vanished_rows, sync_id),
    )
    assert row is not None
    return Totals(**row)


async def put_staff(tx: Tx, branch: str, people: Sequence[tuple[int, str, bool]]) -> None:
    """RentProg's users of one branch as (id, name, is active); who is gone from the list is kept as not active.

    An empty list is no list: a branch has always somebody who works there.
    """
    if not people:
        return
    await tx.run(
        """
        WITH told AS (
            SELECT * FROM unnest(%(ids)s::bigint[], %(names)s::text[], %(active)s::bool[])
                     AS told(rentprog_id, name, is_active)
        ), gone AS (
            UPDATE rentprog_staff SET is_active = false
            WHERE branch = %(branch)s AND is_active AND rentprog_id NOT IN (SELECT rentprog_id FROM told)
        )
        INSERT INTO rentprog_staff (branch, rentprog_id, name, is_active)
        SELECT %(branch)s, rentprog_id, name, is_active FROM told
        ON CONFLICT (branch, rentprog_id) DO UPDATE SET name = EXCLUDED.name, is_active = EXCLUDED.is_active
        WHERE (rentprog_staff.name, rentprog_staff.is_active) IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.is_active)
        """,
        {
            "branch": branch,
            "ids": [number for number, _, _ in people],
            "names": [name for _, name, _ in people],
            "active": [is_active for _, _, is_active in people],
        },
    )


_WAITING_REFRESHES = """
    FROM runs JOIN events ON events.id = runs.event_id
    WHERE runs.agent = 'rental_sync' AND runs.subject = ANY(%(subjects)s) AND runs.state IN ('queued', 'waiting')
      AND events.kind = 'rentprog.refresh_wanted'
"""


async def before_fetch(tx: Tx, subject: str, event_id: int) -> BeforeFetch:
    """``has_later_wish``: a refresh that was wanted after this event waits and will fetch the object anyway."""
    row = await tx.row(
        f"""SELECT clock_timestamp() AS asked_at,
                   EXISTS (SELECT 1 {_WAITING_REFRESHES} AND events.id > %(event_id)s) AS has_later_wish,
                   ARRAY(SELECT code FROM branches WHERE EXISTS (
                       SELECT 1 FROM sync_runs WHERE branch = code AND finished_at IS NOT NULL)) AS branches_read
        """,  # noqa: S608 - a constant of this module
        {"subjects": [subject], "event_id": event_id},
    )
    assert row is not None
    return BeforeFetch(**row)


async def subjects_with_waiting_refresh(tx: Tx, subjects: Sequence[str]) -> set[str]:
    """Subjects that a refresh will fetch anyway."""
    rows = await tx.rows(f"SELECT DISTINCT runs.subject {_WAITING_REFRESHES}", {"subjects": list(subjects)})
    return {row["subject"] for row in rows}


async def subjects_with_unread_deliveries(tx: Tx, subjects: Sequence[str]) -> set[str]:
    """Subjects whose webhooks came but are still being worked on: what a pass finds there, they did not miss."""
    rows = await tx.rows(
        """SELECT DISTINCT subject FROM runs
           WHERE agent = 'rental_sync' AND subject = ANY(%s) AND state IN ('queued', 'running', 'waiting')""",
        (list(subjects),),
    )
    return {row["subject"] for row in rows}

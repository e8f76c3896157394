"""Cars, clients and bookings as RentProg tells them: read under locks, inserted and changed many rows at a time.

A row is a dict by column name. Callers decide in plain code; nothing here knows what a change means.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.errors import UniqueViolation

from core.errors import Temporary
from core.events import Entity
from db.models.fleet import BookingRow, CarRow, ClientRow
from db.session import Tx

Row = dict[str, Any]

_MODELS = {"car": CarRow, "client": ClientRow, "booking": BookingRow}
_KEPT = {"id", "rentprog_id", "created_at", "updated_at"}
_NOT_RENTPROGS = {"client": {"language"}}
"""What people or other agents decide: a reconcile never writes it (failure G30)."""


def table_of(entity: Entity) -> str:
    return _MODELS[entity].__tablename__


def _mirrored(entity: Entity) -> list[str]:
    foreign = _NOT_RENTPROGS.get(entity, set())
    return [column.name for column in _MODELS[entity].__table__.columns if column.name not in foreign]


def _insert_statement(entity: Entity) -> str:
    """The rows, and RentProg's names of those that were new."""
    names = ", ".join(name for name in _mirrored(entity) if name not in {"created_at", "updated_at"})
    table = table_of(entity)
    branch = "%(branch)s" if entity == "client" else "fresh.branch"
    return f"""
        WITH fresh AS (
            INSERT INTO {table} ({names})
            SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, %(rows)s::jsonb)
            ON CONFLICT DO NOTHING
            RETURNING *
        ), named AS (
            INSERT INTO external_refs (id, entity_type, entity_id, system, external_id, branch)
            SELECT gen_random_uuid(), '{entity}', fresh.id, 'rentprog', fresh.rentprog_id::text, {branch} FROM fresh
            ON CONFLICT (system, entity_type, external_id) DO UPDATE SET branch = EXCLUDED.branch
            WHERE external_refs.branch IS DISTINCT FROM EXCLUDED.branch
        )
        SELECT rentprog_id FROM fresh
    """  # noqa: S608 - names come from the models


def _update_statement(entity: Entity) -> str:
    table = table_of(entity)
    pairs = ", ".join(f"{name} = new.{name}" for name in _mirrored(entity) if name not in _KEPT)
    return f"""
        UPDATE {table} AS stored SET {pairs}, updated_at = now()
        FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) AS new
        WHERE stored.rentprog_id = new.rentprog_id
    """  # noqa: S608 - names come from the models


_INSERT: Mapping[Entity, str] = {entity: _insert_statement(entity) for entity in ("car", "client", "booking")}
_UPDATE: Mapping[Entity, str] = {entity: _update_statement(entity) for entity in ("car", "client", "booking")}


async def database_now(tx: Tx) -> datetime:
    """The clock that also writes ``updated_at``, so that "asked before it was written" can be told."""
    row = await tx.row("SELECT clock_timestamp() AS now")
    assert row is not None
    return row["now"]


async def fingerprints(tx: Tx, entity: Entity, ids: Sequence[int]) -> dict[int, str]:
    """The fingerprints of stored rows that nothing has changed since they were listed."""
    rows = await tx.rows(
        f"""SELECT rentprog_id, fingerprint FROM {table_of(entity)}
            WHERE rentprog_id = ANY(%s) AND fingerprint IS NOT NULL""",  # noqa: S608 - a constant of this module
        (list(ids),),
    )
    return {row["rentprog_id"]: row["fingerprint"] for row in rows}


async def lock(tx: Tx, entity: Entity, ids: Iterable[int]) -> dict[int, Row]:
    """Stored rows, locked in one order for everybody; the lock lets links to them be made meanwhile."""
    rows = await tx.rows(
        f"""SELECT * FROM {table_of(entity)} WHERE rentprog_id = ANY(%s)
            ORDER BY rentprog_id FOR NO KEY UPDATE""",  # noqa: S608 - a constant of this module
        (sorted(ids),),
    )
    return {row["rentprog_id"]: row for row in rows}


async def read(tx: Tx, entity: Entity, rentprog_id: int) -> Row | None:
    return await tx.row(
        f"SELECT * FROM {table_of(entity)} WHERE rentprog_id = %s",  # noqa: S608 - a constant of this module
        (rentprog_id,),
    )


async def stored_ids(tx: Tx, entity: Entity, ids: Iterable[int]) -> set[int]:
    """Which of these RentProg ids have a row, deleted ones included."""
    rows = await tx.rows(
        f"SELECT rentprog_id FROM {table_of(entity)} WHERE rentprog_id = ANY(%s)",  # noqa: S608 - as above
        (list(ids),),
    )
    return {row["rentprog_id"] for row in rows}


async def insert(tx: Tx, entity: Entity, rows: Sequence[Row], *, branch: str) -> set[int]:
    """Insert rows that ``branch`` told about, with their outside references; returns the RentProg ids that were new.

    The others were stored by somebody else meanwhile, or somebody took their visible number: look again. All write in
    one order, so that two writers of the same rows wait for each other and never crosswise.
    """
    if not rows:
        return set()
    ordered = sorted(rows, key=lambda row: row["rentprog_id"])
    inserted = await tx.rows(_INSERT[entity], {"rows": _as_json(ordered), "branch": branch})
    return {row["rentprog_id"] for row in inserted}


async def update(tx: Tx, entity: Entity, rows: Sequence[Row]) -> None:
    """Write whole rows that the caller has locked; what RentProg does not own keeps its value."""
    if not rows:
        return
    try:
        await tx.run(_UPDATE[entity], (_as_json(rows),))
    except UniqueViolation as error:
        raise Temporary(f"a number of a {entity} was taken meanwhile: {error.diag.constraint_name}") from error


async def set_fingerprints(tx: Tx, entity: Entity, known: Mapping[int, str]) -> None:
    """Remember what was seen of rows whose columns are right already; it is no change of theirs."""
    if known:
        await tx.run(
            f"""UPDATE {table_of(entity)} AS stored SET fingerprint = seen.fingerprint
                FROM unnest(%s::bigint[], %s::text[]) AS seen(rentprog_id, fingerprint)
                WHERE stored.rentprog_id = seen.rentprog_id""",  # noqa: S608 - a constant of this module
            (list(known), list(known.values())),
        )


async def number_holders(tx: Tx, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Which live booking holds each (branch, number); a visible number is no identity but is unique."""
    pairs = list(wanted)
    if not pairs:
        return {}
    rows = await tx.rows(
        """SELECT stored.branch, stored.number, stored.rentprog_id
           FROM unnest(%s::text[], %s::bigint[]) AS wanted(branch, number)
           JOIN bookings AS stored ON stored.branch = wanted.branch AND stored.number = wanted.number
           WHERE stored.deleted_at IS NULL""",
        ([branch for branch, _ in pairs], [number for _, number in pairs]),
    )
    return {(row["branch"], row["number"]): row["rentprog_id"] for row in rows}


_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_SURROGATE = re.compile("[\ud800-\udfff]")


def _as_json(rows: Sequence[Row]) -> str:
    r"""Rows as one parameter. What jsonb refuses, NUL and lone surrogates, becomes a visible escape (``\u0000``)."""
    text = json.dumps(rows, default=_plain, ensure_ascii=False)
    if "\\u0000" in text:
        text = _NUL.sub(r"\1\\\\u0000", text)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = _SURROGATE.sub(lambda match: f"\\\\u{ord(match[0]):04x}", text)
    return text


def _plain(value: object) -> str | float:
    write = _WRITERS.get(value.__class__)
    if write is None:
        raise TypeError(f"a column cannot hold {type(value).__name__}")
    return write(value)


def _number(value: Decimal) -> str | float:
    """A number where that says the same, else text: in a numeric column both are exact."""
    number = float(value)
    return number if Decimal(repr(number)) == value else str(value)


_WRITERS: Mapping[type, Callable[[Any], str | float]] = {
    Decimal: _number,
    datetime: datetime.isoformat,
    date: date.isoformat,
    UUID: str,
}

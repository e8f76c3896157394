"""From what RentProg told to the next state of a row: pure, the same for webhooks, fetches and lists (failure G15)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.events import Entity, FoundBy
from core.ids import rentprog_id
from core.settings import RentprogSettings
from integrations.rentprog import BookingRecord, CarRecord, ClientRecord

Row = dict[str, Any]
AnyRecord = CarRecord | ClientRecord | BookingRecord

BOOKKEEPING = frozenset({"source_created_at", "source_updated_at"})
"""Columns that change along with others: alone they are no news."""
_NAME_PARTS = ("first_name", "middle_name", "last_name")


@dataclass(frozen=True, slots=True)
class Told:
    """What RentProg told about one object: typed columns that were present, and the wire values beside them.

    A whole object has a ``fingerprint`` when it came from a list; ``is_whole`` means that it is alive.
    """

    entity: Entity
    number: int
    columns: Mapping[str, Any]
    wire: Mapping[str, Any]
    is_whole: bool = True
    fingerprint: str | None = None

    @property
    def company_id(self) -> int | None:
        return self.columns.get("company_id")

    @property
    def updated_at(self) -> datetime | None:
        return self.columns.get("source_updated_at")


@dataclass(frozen=True, slots=True)
class Source:
    """Who told it, through which branch's credentials or address, and when we asked (by the database's clock).

    ``locked`` is the subject of the event itself, whose line this run holds already.
    """

    found_by: FoundBy
    branch: str
    event_id: int
    asked_at: datetime
    is_news: bool = True
    """False during the first pass of a branch: what was there before us is history."""
    locked: str | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """RentProg ids of cars and clients that have a row, so that a booking may point to them."""

    cars: frozenset[int] = frozenset()
    clients: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """A row before (None: not stored) and after; ``changed`` names the columns that differ."""

    entity: Entity
    before: Row | None
    after: Row
    changed: frozenset[str] = field(default_factory=frozenset[str])

    @property
    def number(self) -> int:
        return self.after["rentprog_id"]


def told_of(entity: Entity, record: AnyRecord, *, is_listed: bool = False) -> Told:
    """A whole object. Only lists leave a fingerprint: a fetch by id shows more fields than a list does."""
    return Told(
        entity=entity,
        number=record.rentprog_id,
        columns=record.columns(),
        wire=record.raw,
        fingerprint=record.fingerprint if is_listed else None,
    )


def next_state(before: Row | None, told: Told, source: Source, links: Links, settings: RentprogSettings) -> Change:
    """The row after what was told. Absent columns keep their value, present ones win, even as None (failure F2)."""
    columns = _own_columns(before, told, source, settings)
    kept: Mapping[str, Any] = before["raw"] if before else {}
    raw = {**kept, **told.wire}
    if told.entity == "booking":
        columns |= _booking_columns(before, told, raw, links)
    if told.is_whole:
        columns["deleted_at"] = None
    meta = _meta(source) | {"raw": raw, "fingerprint": told.fingerprint}
    return _change(told.entity, told.number, before, columns, meta)


def deleted_state(entity: Entity, before: Row, source: Source, *, at: datetime) -> Change:
    """Soft delete: everything stays, with the time (rule 4 of "Applying events")."""
    meta = _meta(source) | {"fingerprint": None}
    return _change(entity, before["rentprog_id"], before, {"deleted_at": at}, meta)


def _meta(source: Source) -> Row:
    return {"updated_by": source.found_by, "updated_by_event": source.event_id}


def _change(entity: Entity, number: int, before: Row | None, columns: Row, meta: Row) -> Change:
    if before is None:
        fresh: Row = {"id": rentprog_id(entity, number), "rentprog_id": number, "deleted_at": None}
        return Change(entity, None, fresh | columns | meta, frozenset(columns))
    changed = frozenset(name for name, value in columns.items() if before[name] != value)
    return Change(entity, before, before | columns | meta, changed)


def _own_columns(before: Row | None, told: Told, source: Source, settings: RentprogSettings) -> Row:
    """Columns of the table itself. Nobody is moved to an unknown company: that was refused before."""
    columns = {name: value for name, value in told.columns.items() if name != "rentprog_id"}
    if told.entity == "client":
        return columns
    company_id = columns.pop("company_id", None)
    branch = None if company_id is None else settings.branch_of_company(company_id)
    if told.entity == "car":
        if "plate" in columns:
            columns["plate_normalised"] = normalised_plate(columns["plate"])
        return columns if branch is None else columns | {"company_id": company_id, "branch": branch}
    for part in _NAME_PARTS:
        columns.pop(part, None)
    if branch is None and before is None:
        branch = source.branch
    columns.setdefault("state", before["state"] if before else "unknown")
    return columns if branch is None else columns | {"branch": branch}


def _booking_columns(before: Row | None, told: Told, raw: Mapping[str, Any], links: Links) -> Row:
    columns: Row = {}
    if any(part in told.columns for part in _NAME_PARTS):
        named = {part: raw.get(part) for part in _NAME_PARTS}
        named |= {part: told.columns[part] for part in _NAME_PARTS if part in told.columns}
        columns["client_name"] = " ".join(str(named[part]) for part in _NAME_PARTS if _is_said(named[part])) or None
    for entity, known in (("car", links.cars), ("client", links.clients)):
        outside, link = f"{entity}_rentprog_id", f"{entity}_id"
        number = told.columns[outside] if outside in told.columns else (before or {}).get(outside)
        columns[link] = rentprog_id(entity, number) if number in known else None
    return columns


def _is_said(part: object) -> bool:
    return part not in {None, "", "null"}


def normalised_plate(plate: str | None) -> str | None:
    """Without hyphens and blanks, in upper case."""
    return None if plate is None else "".join(plate.replace("-", "").split()).upper() or None


def linked_numbers(before: Row | None, told: Told) -> tuple[int | None, int | None]:
    """RentProg ids of the car and the client that a booking will name."""
    old = before or {}
    car = told.columns.get("car_rentprog_id", old.get("car_rentprog_id"))
    client = told.columns.get("client_rentprog_id", old.get("client_rentprog_id"))
    return car, client

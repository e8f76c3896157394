"""What to do with a webhook, and with a whole object that may be older than what is stored. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, Final

from agents.rental_sync.rows import Change, Row, Told
from core.events import Entity
from core.settings import RentprogSettings
from integrations.rentprog import Delivery
from integrations.rentprog.fields import TABLES


class Verdict(StrEnum):
    """What becomes of a delivery. Everything but ``NOTHING`` and ``QUARANTINE`` ends in a fetch, now or later."""

    PATCH = "patch"
    DESTROY = "destroy"
    BURY = "bury"
    FETCH = "fetch"
    NOTHING = "nothing"
    QUARANTINE = "quarantine"


class Why(StrEnum):
    """Why an entity is to be fetched whole, and what a run says about itself."""

    CREATED = "created"
    UNKNOWN = "not stored"
    DELETED = "deleted"
    REPEATED = "repeated"
    UNREADABLE = "unreadable"
    SUPERSEDED = "superseded"
    PATCHED = "patched"
    BRANCH_DIFFERS = "branch differs"
    VANISHED = "vanished"
    LINKED = "linked"
    UNSURE = "changed while it was read"
    NUMBER_TAKEN = "number taken"
    ALREADY_SO = "already so"
    DESTROYED = "destroyed"
    UNKNOWN_COMPANY = "unknown_company"
    NO_COMPANY = "no_company"


@dataclass(frozen=True, slots=True)
class Decision:
    """``told`` is set for a patch. ``company_id`` is the one that a quarantine or an alarm is about."""

    entity: Entity
    number: int
    verdict: Verdict
    why: Why
    told: Told | None = None
    company_id: int | None = None


_NEVER_COMPARED: Final = frozenset({"source_updated_at", "source_created_at"})
_ABSENT: Final = object()


def judge(
    delivery: Delivery, stored: Row | None, *, is_repeat: bool, is_buried: bool, settings: RentprogSettings
) -> Decision:
    """Rules 2 to 8 of "Applying events". ``is_repeat``: the same text came, and others of the entity in between."""
    decided = partial(Decision, delivery.entity, delivery.entity_id)
    target = _target_company(delivery)
    if target is not None and settings.branch_of_company(target) is None:
        return decided(Verdict.QUARANTINE, Why.UNKNOWN_COMPANY, company_id=target)
    if delivery.company_id is not None and settings.branch_of_company(delivery.company_id) != delivery.branch:
        return decided(Verdict.FETCH, Why.BRANCH_DIFFERS, company_id=delivery.company_id)
    if is_repeat:
        return decided(Verdict.FETCH, Why.REPEATED)
    match delivery.operation:
        case "create":
            return decided(Verdict.FETCH, Why.CREATED)
        case "destroy":
            return decided(*_judge_destroy(stored))
        case "update":
            return decided(*_judge_update(delivery, stored, is_buried=is_buried, settings=settings))


def _target_company(delivery: Delivery) -> int | None:
    """The company that the object would belong to, where the delivery says so."""
    _, new = delivery.changes.get("company_id", (None, None))
    return delivery.company_id if new is None else new


def _judge_destroy(stored: Row | None) -> tuple[Verdict, Why]:
    if stored is None:
        return Verdict.BURY, Why.DESTROYED
    if stored["deleted_at"] is not None:
        return Verdict.NOTHING, Why.ALREADY_SO
    return Verdict.DESTROY, Why.DESTROYED


def _judge_update(
    delivery: Delivery, stored: Row | None, *, is_buried: bool, settings: RentprogSettings
) -> tuple[Verdict, Why, Told | None]:
    if stored is None:
        return Verdict.FETCH, Why.DELETED if is_buried else Why.UNKNOWN, None
    if stored["deleted_at"] is not None:
        return Verdict.FETCH, Why.DELETED, None
    if delivery.needs_fetch or _loses_its_company(delivery):
        return Verdict.FETCH, Why.UNREADABLE, None
    columns = _news_of_diff(delivery.changes, _comparable(delivery, stored, settings), stored)
    if columns is None:
        return Verdict.FETCH, Why.SUPERSEDED, None
    if not columns:
        return Verdict.NOTHING, Why.ALREADY_SO, None
    if "source_updated_at" in delivery.changes:
        columns["source_updated_at"] = delivery.changes["source_updated_at"][1]
    told = Told(delivery.entity, delivery.entity_id, columns, _wire_values(delivery, columns), is_whole=False)
    return Verdict.PATCH, Why.PATCHED, told


def _loses_its_company(delivery: Delivery) -> bool:
    """``[1001, nil]`` names no branch: where the object is now has to be asked."""
    return "company_id" in delivery.changes and delivery.changes["company_id"][1] is None


def _comparable(delivery: Delivery, stored: Row, settings: RentprogSettings) -> Row:
    """The stored row in the columns of a diff: a booking keeps its branch instead of the company, one name of three."""
    if delivery.entity != "booking":
        return stored
    branch = settings.branch(stored["branch"])
    wire_names = {field.column: field.wire for field in TABLES["booking"]}
    parts = {name: stored["raw"].get(wire_names[name]) for name in ("first_name", "middle_name", "last_name")}
    return stored | {name: part or None for name, part in parts.items()} | {"company_id": branch and branch.company_id}


def _news_of_diff(changes: Mapping[str, tuple[Any, Any]], known: Row, stored: Row) -> dict[str, Any] | None:
    """The columns to write; None when the diff does not follow on what is stored (rule 6), empty when it is so (7)."""
    _, told_at = changes.get("source_updated_at", (None, None))
    stored_at = stored["source_updated_at"]
    if told_at is not None and stored_at is not None and told_at < stored_at:
        return None
    columns: dict[str, Any] = {}
    for column, (old, new) in changes.items():
        value = known.get(column, _ABSENT)
        if column in _NEVER_COMPARED or value == new:
            continue
        if not _is_same(value, old):
            return None
        columns[column] = new
    return columns


def _is_same(value: object, old: object) -> bool:
    """A flag that was never told and one that is off are the same before a change."""
    return value == old or (value in {None, False} and old in {None, False})


def _wire_values(delivery: Delivery, columns: Mapping[str, Any]) -> dict[str, Any]:
    pairs = {
        field.wire: delivery.payload.get(field.wire) for field in TABLES[delivery.entity] if field.column in columns
    }
    return {wire: pair[1] for wire, pair in pairs.items() if isinstance(pair, list)}


class Age(StrEnum):
    """How a whole object stands to what is stored."""

    NEWER = "newer"
    OLDER = "older"
    UNSURE = "unsure"


def age_of(change: Change, told: Told, *, asked_at: datetime, buried_at: datetime | None) -> Age:
    """The greater ``updated_at`` wins. What was written after we asked may be newer than the answer: ask again."""
    before = change.before
    if before is None:
        return Age.UNSURE if buried_at is not None and buried_at > asked_at else Age.NEWER
    stored_at = before["source_updated_at"]
    if told.is_whole and told.updated_at is not None and stored_at is not None and told.updated_at < stored_at:
        return Age.OLDER
    return Age.UNSURE if change.changed and before["updated_at"] > asked_at else Age.NEWER


def refusal_of(told: Told, stored: Row | None, settings: RentprogSettings) -> Why | None:
    """Why an object must not be stored: nobody is put into a branch by guess (failure F4)."""
    if told.company_id is not None and settings.branch_of_company(told.company_id) is None:
        return Why.UNKNOWN_COMPANY
    if told.entity == "car" and told.company_id is None and stored is None:
        return Why.NO_COMPANY
    return None

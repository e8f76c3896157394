"""Domain events from changes that were really made to stored rows, each of them once. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from agents.rental_sync.rows import BOOKKEEPING, Change, Row, Source
from core.events import (
    BookingCancelled,
    BookingCreated,
    BookingIssued,
    BookingReturned,
    BookingUpdated,
    CarAdded,
    CarMoved,
    CarRemoved,
    CarUpdated,
    ClientUpdated,
    EventBody,
    FoundBy,
    NewEvent,
)
from integrations.rentprog import BookingState

_LIFE: Final = frozenset(
    {
        "state",
        "state_raw",
        "active",
        "in_rent",
        "archive",
        "start_worker_id",
        "end_worker_id",
        "start_mileage",
        "end_mileage",
        "gas_start",
        "gas_end",
        "deleted_at",
    }
)
"""Columns whose change an issue, a return or a cancellation has already told."""


def mark_life(change: Change, *, now: datetime, is_news: bool) -> tuple[Change, frozenset[str]]:
    """Mark in the row which of issued, returned and cancelled happened now, and return their names.

    What a booking went through before we first saw it is marked without being told: only that it is out now is news.
    """
    if change.entity != "booking":
        return change, frozenset()
    before, after = change.before, dict(change.after)
    for mark in ("issued", "returned", "cancelled"):
        after.setdefault(f"{mark}_event_at", None)
    happened = {
        "issued": _is_issued(after) and not (before and _is_issued(before)),
        "returned": _is_returned(after) and not (before and _is_returned(before)),
        "cancelled": _is_cancelled(after) and not (before and _is_cancelled(before)),
    }
    told: set[str] = set()
    for mark in ("issued", "returned", "cancelled"):
        if not happened[mark] or after[f"{mark}_event_at"] is not None:
            continue
        after[f"{mark}_event_at"] = now
        if is_news and (before is not None or (mark == "issued" and after.get("in_rent"))):
            told.add(mark)
    return Change(change.entity, before, after, change.changed), frozenset(told)


def news_of(change: Change, happened: frozenset[str], source: Source) -> Iterator[NewEvent[Any]]:
    """The events of one change, the ones of a booking's life before the rest."""
    if not source.is_news:
        return
    row = change.after
    for body in _bodies(change, happened, source.found_by):
        yield NewEvent(
            body=body,
            subject=f"{change.entity}:{row['id']}",
            branch=row.get("branch") or source.branch,
            occurred_at=_moment_of(body, change),
        )


def _moment_of(body: EventBody, change: Change) -> datetime | None:
    """When RentProg says it happened; None (the time of recording) where it does not say."""
    if change.before is None and isinstance(body, BookingCreated | CarAdded):
        return change.after.get("source_created_at")
    return change.after.get("source_updated_at") if "source_updated_at" in change.changed else None


def _bodies(change: Change, happened: frozenset[str], found_by: FoundBy) -> Iterator[EventBody]:
    match change.entity:
        case "car":
            yield from _car(change, found_by)
        case "booking":
            yield from _booking(change, happened, found_by)
        case "client":
            changed = change.changed - BOOKKEEPING
            if change.before is not None and changed:
                yield ClientUpdated(client_id=change.after["id"], changed=_named(changed), found_by=found_by)


def _car(change: Change, found_by: FoundBy) -> Iterator[EventBody]:
    before, after = change.before, change.after
    car_id, branch = after["id"], after["branch"]
    was_there, is_there = before is not None and _in_fleet(before), _in_fleet(after)
    if before is not None and before["branch"] != branch:
        yield CarMoved(car_id=car_id, from_branch=before["branch"], to_branch=branch, found_by=found_by)
    if is_there and not was_there:
        yield CarAdded(car_id=car_id, branch=branch, found_by=found_by)
    if was_there and not is_there:
        yield CarRemoved(car_id=car_id, branch=branch, found_by=found_by)
    rest = change.changed - BOOKKEEPING - {"branch", "company_id"}
    if before is not None and was_there == is_there and rest:
        yield CarUpdated(car_id=car_id, changed=_named(rest), found_by=found_by)


def _booking(change: Change, happened: frozenset[str], found_by: FoundBy) -> Iterator[EventBody]:
    before, after = change.before, change.after
    booking_id, car_id = after["id"], after["car_id"]
    if before is None:
        yield BookingCreated(booking_id=booking_id, car_id=car_id, found_by=found_by)
    for mark, body in _LIFE_EVENTS.items():
        if mark in happened:
            yield body(booking_id=booking_id, car_id=car_id, found_by=found_by)
    rest = change.changed - BOOKKEEPING - (_LIFE if happened else frozenset())
    if before is not None and rest:
        previous = before["car_id"] if "car_id" in rest else None
        yield BookingUpdated(
            booking_id=booking_id, car_id=car_id, changed=_named(rest), previous_car_id=previous, found_by=found_by
        )


_LIFE_EVENTS: Final = {"issued": BookingIssued, "returned": BookingReturned, "cancelled": BookingCancelled}


def _in_fleet(car: Row) -> bool:
    """Not destroyed, and not in RentProg's archive of cars."""
    return car.get("deleted_at") is None and car.get("active") is not False


def _is_issued(booking: Row) -> bool:
    return bool(booking.get("in_rent")) or booking.get("start_worker_id") is not None


def _is_returned(booking: Row) -> bool:
    """Came back: somebody received it. Without a hand-over before there is nothing to return."""
    was_issued = booking.get("issued_event_at") is not None or booking.get("start_worker_id") is not None
    return was_issued and not booking.get("in_rent") and booking.get("end_worker_id") is not None


def _is_cancelled(booking: Row) -> bool:
    """By its state, or destroyed before it was ever issued."""
    never_issued = booking.get("issued_event_at") is None and not _is_issued(booking)
    return booking.get("state") == BookingState.CANCELLED or (booking.get("deleted_at") is not None and never_issued)


def _named(columns: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(columns))

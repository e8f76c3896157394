"""The audit feed: who did what, read from free Russian text by one anchored pattern per kind."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

from integrations.rentprog import fields
from integrations.rentprog.models import Record

LONGEST_DESCRIPTION = 2000


class HistoryKind(StrEnum):
    BOOKING_ISSUED = "booking_issued"
    BOOKING_RETURNED = "booking_returned"
    BOOKING_CHANGED = "booking_changed"
    CAR_FIELD_CHANGED = "car_field_changed"
    CAR_MOVED = "car_moved"
    PAYMENT_CREATED = "payment_created"
    CASH_HANDOVER = "cash_handover"
    MAINTENANCE_COMPLETED = "maintenance_completed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """``fields`` is JSON-able: ids are ints; ``old``, ``new``, ``amount`` are the texts as they stood."""

    kind: HistoryKind
    fields: Mapping[str, Any]


class OperationRecord(Record):
    """One line of the feed. Only id, text and time are to be relied on; de-duplicate by (branch, id)."""

    table: ClassVar = fields.OPERATION

    description: str | None = None
    occurred_at: datetime | None = None

    @cached_property
    def entry(self) -> HistoryEntry:
        return parse_description(self.description or "")


UNKNOWN = HistoryEntry(HistoryKind.UNKNOWN, {})


def parse_description(description: str) -> HistoryEntry:
    """What one line says. A line that no pattern matches whole is `HistoryKind.UNKNOWN`; its text stays raw."""
    line = description.strip()
    if len(line) > LONGEST_DESCRIPTION:
        return UNKNOWN
    for pattern, build in _PATTERNS:
        if match := pattern.fullmatch(line):
            return build(match)
    return _car_field(line)


def _about_booking(kind: HistoryKind) -> Callable[[re.Match[str]], HistoryEntry]:
    return lambda match: HistoryEntry(kind, {"actor": match["actor"], "booking_id": int(match["id"])})


def _car_field(line: str) -> HistoryEntry:
    """``<who> изменил [,] <field> с <old> на <new>[,] в авто № N[ - <label>]``, cut by hand.

    The values are free texts: one pattern with three of them would take cubic time on a hostile line. The first " на "
    parts the old value, which may be empty, from the new one.
    """
    start = _CAR_FIELD_START.match(line)
    end = line.rfind(" в авто №")
    tail = _CAR_FIELD_END.fullmatch(line, end) if end >= 0 else None
    if start is None or tail is None or end < start.end():
        return UNKNOWN
    old, separator, new = f"{line[start.end() : end]} ".partition(" на ")
    if not separator:
        return UNKNOWN
    about: dict[str, Any] = {"car_id": int(tail["id"])}
    if tail["label"] is not None:
        about["car_label"] = tail["label"]
    return _car_change(start["actor"], start["field"], old.strip(), new.strip().removesuffix(","), about)


def _car_change(actor: str, field: str, old: str, new: str, about: Mapping[str, Any]) -> HistoryEntry:
    if field != "company_id":
        changed = {"actor": actor, "field": field, "old": old, "new": new}
        return HistoryEntry(HistoryKind.CAR_FIELD_CHANGED, {**changed, **about})
    if not (_ID.fullmatch(old) and _ID.fullmatch(new)):
        return UNKNOWN
    moved = {"actor": actor, "from_company_id": int(old), "to_company_id": int(new)}
    return HistoryEntry(HistoryKind.CAR_MOVED, {**moved, **about})


def _payment(match: re.Match[str]) -> HistoryEntry:
    return HistoryEntry(
        HistoryKind.PAYMENT_CREATED,
        {
            "actor": match["actor"],
            "payment_id": int(match["id"]),
            "direction": "expense" if match["direction"] == "расход" else "income",
            "method": _METHODS.get(match["method"], match["method"]),
            "amount": match["amount"],
            "currency": match["currency"],
        },
    )


def _handover(match: re.Match[str]) -> HistoryEntry:
    return HistoryEntry(
        HistoryKind.CASH_HANDOVER,
        {
            "receiver": match["receiver"],
            "giver": match["giver"],
            "amount": match["amount"],
            "currency": match["currency"],
            "payment_ids": [int(match["first"]), int(match["second"])],
        },
    )


def _maintenance(match: re.Match[str]) -> HistoryEntry:
    return HistoryEntry(
        HistoryKind.MAINTENANCE_COMPLETED,
        {
            "actor": match["actor"],
            "maintenance_id": int(match["id"]),
            "car_id": int(match["car"]),
            "title": match["title"] or "",
        },
    )


_METHODS = {"наличными": "cash"}
_ID = re.compile(r"[0-9]{1,18}")
_ACTOR = r"(?P<actor>\S.*?)"
_NUMBER = r"№\s*(?P<id>[0-9]{1,18})"
_AMOUNT = r"(?P<amount>-?[0-9]+(?:[.,][0-9]+)?)\s*(?P<currency>[A-Z]{3})"


# A comma may stand before the field: "изменил , mileage", "изменил, mileage".
_CAR_FIELD_START = re.compile(rf"{_ACTOR} изменила?(?: ?,)? (?P<field>[^\s,]+) с(?= )", re.DOTALL)
_CAR_FIELD_END = re.compile(rf" в авто {_NUMBER}(?: - (?P<label>.+))?", re.DOTALL)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.DOTALL)


# "принял авто" (a car came back) and "принял от" (took cash from) begin alike; "авто, бронь № N" names a booking, not a
# car (failure G9). Hence whole lines only, one pattern per kind.
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], HistoryEntry]], ...] = (
    (_pattern(rf"{_ACTOR} выдала? авто, бронь {_NUMBER}"), _about_booking(HistoryKind.BOOKING_ISSUED)),
    (_pattern(rf"{_ACTOR} приняла? авто, бронь {_NUMBER}"), _about_booking(HistoryKind.BOOKING_RETURNED)),
    (_pattern(rf"{_ACTOR} изменила? бронь {_NUMBER}"), _about_booking(HistoryKind.BOOKING_CHANGED)),
    (
        _pattern(
            rf"{_ACTOR} создала? плат[её]ж {_NUMBER}, (?P<direction>приход|доход|расход) (?P<method>\S.*?) {_AMOUNT}"
        ),
        _payment,
    ),
    (
        _pattern(
            rf"(?P<receiver>\S.*?)(?: ?,)? приняла? от (?P<giver>\S.*?(?<![0-9])) {_AMOUNT}, платежи "
            r"№\s*(?P<first>[0-9]{1,18})\s*/\s*№?\s*(?P<second>[0-9]{1,18})"
        ),
        _handover,
    ),
    (
        _pattern(
            rf"{_ACTOR} завершила? обслуживание {_NUMBER} в объекте №\s*(?P<car>[0-9]{{1,18}})(?:\s+(?P<title>.+))?"
        ),
        _maintenance,
    ),
)

"""Webhooks in any order, lost and repeated: the row ends in the truth, and each thing happened at most once."""

import json
from collections import Counter
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agents.rental_sync.decide import Verdict, judge
from agents.rental_sync.news import mark_life, news_of
from agents.rental_sync.rows import Change, Links, Row, deleted_state, next_state, told_of
from integrations.rentprog import BookingRecord
from tests.agents.rental_sync.told import BOOKING, NOW, SETTINGS, as_stored, delivery, source

ACTS: dict[str, dict[str, Any]] = {
    "issue": {"state": "Активная", "in_rent": True, "start_worker_id": 15001},
    "undo": {"state": "Новая", "in_rent": False, "start_worker_id": None},
    "take back": {"state": "Отъездила", "active": False, "in_rent": False, "end_worker_id": 15002},
    "cancel": {"state": "Отмена", "active": False, "in_rent": False},
    "cheaper": {"total": 455.5},
    "dearer": {"total": 487.0, "deposit": None},
    "later": {"end_date": "25-11-2025 8:30"},
}
ONCE = ("booking.created", "booking.issued", "booking.returned", "booking.cancelled")
SHOWN = ("state", "in_rent", "active", "start_worker_id", "end_worker_id", "total", "deposit", "end_at", "number")


def shown(row: Row | None) -> dict[str, Any] | None:
    """What a person sees of a booking; nothing of one that was never stored or is deleted."""
    return None if row is None or row["deleted_at"] else {name: row[name] for name in SHOWN}


class Mirror:
    """One booking as we keep it, fed by the pure rules alone."""

    def __init__(self) -> None:
        self.row: Row | None = None
        self.is_buried = False
        self.events: Counter[str] = Counter()

    def hear(self, event: str, payload: dict[str, Any], truth: dict[str, Any] | None, *, fetch_now: bool) -> None:
        told = delivery(event, payload)
        decision = judge(told, self.row, is_repeat=False, is_buried=self.is_buried, settings=SETTINGS)
        if decision.told is not None:
            self._write(next_state(self.row, decision.told, source(), Links(), SETTINGS))
        if decision.verdict is Verdict.DESTROY and self.row is not None:
            self._write(deleted_state("booking", self.row, source(), at=NOW))
        self.is_buried = self.is_buried or decision.verdict is Verdict.BURY
        if decision.verdict is Verdict.FETCH and fetch_now:
            self.refresh(truth)

    def refresh(self, truth: dict[str, Any] | None, *, is_vanished: bool = False) -> None:
        """Fetched by id; what two witnesses miss is deleted."""
        if truth is not None:
            record = BookingRecord.from_wire(json.loads(json.dumps(truth), parse_float=Decimal))
            change = next_state(self.row, told_of("booking", record), source(), Links(), SETTINGS)
            self._write(change)
        elif is_vanished and self.row is not None and self.row["deleted_at"] is None:
            self._write(deleted_state("booking", self.row, source(), at=NOW))

    def _write(self, change: Change) -> None:
        if change.before is not None and not change.changed:
            return
        marked, happened = mark_life(change, now=NOW, is_news=True)
        self.events.update(event.body.kind for event in news_of(marked, happened, source()))
        self.row = as_stored(marked.after)


def history(acts: list[str]) -> tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]:
    """The truth at the end, and the webhooks that told of it on the way."""
    truth = BOOKING | {"updated_at": moment(0)}
    told: list[tuple[str, dict[str, Any]]] = [("booking_create", dict(truth))]
    for number, act in enumerate(acts, start=1):
        after = truth | ACTS[act] | {"updated_at": moment(number)}
        pairs = {name: [truth[name], after[name]] for name in after if truth[name] != after[name]}
        told.append(("booking_update", pairs | {"id": truth["id"]}))
        truth = after
    return truth, told


def moment(number: int) -> str:
    return f"2026-01-10T10:{number:02}:00.000+04:00"


@given(data=st.data(), acts=st.lists(st.sampled_from(sorted(ACTS)), max_size=6), is_destroyed=st.booleans())
def test_row_22_any_order_and_repetition_ends_in_the_truth(data, acts, is_destroyed):
    last, told = history(acts)
    truth = None if is_destroyed else last
    told += [("booking_destroy", {"id": last["id"]})] * is_destroyed
    heard = data.draw(st.lists(st.tuples(st.sampled_from(told), st.booleans()), max_size=12))
    mirror = Mirror()
    for (event, payload), fetch_now in heard:
        mirror.hear(event, payload, truth, fetch_now=fetch_now)
    mirror.refresh(truth, is_vanished=True)
    assert all(mirror.events[kind] <= 1 for kind in ONCE), mirror.events
    expected = Mirror()
    expected.refresh(truth)
    assert shown(mirror.row) == shown(expected.row)


@given(acts=st.lists(st.sampled_from(sorted(ACTS)), max_size=8))
def test_in_order_every_patch_applies_without_any_fetch(acts):
    last, told = history(acts)
    mirror = Mirror()
    mirror.refresh(told[0][1])
    for event, payload in told[1:]:
        mirror.hear(event, payload, None, fetch_now=True)
    expected = Mirror()
    expected.refresh(last)
    assert shown(mirror.row) == shown(expected.row)


@given(acts=st.permutations(["issue", "cheaper", "later"]))
def test_an_issue_is_told_exactly_once_whatever_surrounds_it(acts):
    last, told = history([*acts, "take back"])
    mirror = Mirror()
    mirror.refresh(told[0][1])
    for event, payload in reversed(told):
        mirror.hear(event, payload, last, fetch_now=True)
    assert (mirror.events["booking.issued"], mirror.events["booking.returned"]) == (1, 1)

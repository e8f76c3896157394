"""Whether a car may be offered: its own state, the bookings that hold it, and what nobody can tell."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quote.availability import Availability, AvailabilityRules, Obstacle, Occupation, Verdict, availability
from core.quote.window import Window

RULES = AvailabilityRules()
TRIPS_ALLOWED = AvailabilityRules(staff_trip_blocks=False)


def day(number: int, hour: int = 10) -> datetime:
    return datetime(2026, 5, number, hour, tzinfo=UTC)


WANTED = Window(day(10), day(17))


def booking(
    start: datetime | None = None, end: datetime | None = None, state: str = "confirmed", **flags
) -> Occupation:
    return Occupation(start or day(12), end or day(14), state, **flags)


def look(*bookings: Occupation, is_active: bool | None = True, state: int | None = 1, rules=RULES) -> Availability:
    return availability(WANTED, bookings, is_active=is_active, state=state, rules=rules)


def test_a_green_car_without_bookings_is_free():
    assert look().verdict is Verdict.FREE


@pytest.mark.parametrize("state", [2, 3, 4, 5, 6, 7, 0, None])
def test_only_state_one_may_be_offered(state):
    assert look(state=state) == Availability((Obstacle.STATE,))
    assert look(state=state).verdict is Verdict.TAKEN


@pytest.mark.parametrize("is_active", [False, None])
def test_a_car_that_is_not_active_is_not_offered(is_active):
    assert look(is_active=is_active).obstacles == (Obstacle.INACTIVE,)


@pytest.mark.parametrize("state", ["new", "confirmed", "active"])
def test_planned_confirmed_and_out_bookings_hold_the_car(state):
    assert look(booking(state=state)).obstacles == (Obstacle.BOOKING,)


@pytest.mark.parametrize("state", ["finished", "cancelled", "refused"])
def test_cancelled_refused_and_finished_ones_do_not_count(state):
    assert look(booking(state=state)).verdict is Verdict.FREE


@pytest.mark.parametrize("state", ["unknown", "waiting", "no_answer", "unconfirmed"])
def test_a_state_that_is_neither_is_asked_of_a_person(state):
    assert look(booking(state=state)).verdict is Verdict.ASK
    assert look(booking(state=state), booking()).verdict is Verdict.TAKEN


def test_an_archived_booking_does_not_count():
    assert look(booking(is_archived=True)).verdict is Verdict.FREE


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        (day(8), day(10), Verdict.FREE),
        (day(17), day(20), Verdict.FREE),
        (day(8), day(10, 11), Verdict.TAKEN),
        (day(17, 9), day(20), Verdict.TAKEN),
        (day(1), day(30), Verdict.TAKEN),
    ],
)
def test_touching_ends_do_not_overlap(start, end, verdict):
    assert look(booking(start, end)).verdict is verdict


@pytest.mark.parametrize("rules", [RULES, TRIPS_ALLOWED])
@pytest.mark.parametrize("is_technical", [True, False])
def test_a_repair_always_blocks(rules, is_technical):
    repair = booking(is_repair=True, is_technical=is_technical)
    assert look(repair, rules=rules).obstacles == (Obstacle.REPAIR,)
    assert look(replace(repair, state="unknown"), rules=rules).verdict is Verdict.TAKEN
    assert look(replace(repair, end=None), rules=rules).verdict is Verdict.TAKEN


@pytest.mark.parametrize("gone", [{"state": "cancelled"}, {"is_archived": True}, {"start": day(17), "end": day(20)}])
def test_a_repair_that_is_off_or_elsewhere_blocks_nothing(gone):
    assert look(booking(**({"is_repair": True} | gone))).verdict is Verdict.FREE


@pytest.mark.parametrize(
    ("rules", "verdict"), [(RULES, Verdict.TAKEN), (TRIPS_ALLOWED, Verdict.FREE)], ids=["blocks", "may not block"]
)
def test_a_trip_of_staff_blocks_by_setting(rules, verdict):
    assert look(booking(is_technical=True), rules=rules).verdict is verdict


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        (None, day(9), Verdict.FREE),
        (day(18), None, Verdict.FREE),
        (day(17), None, Verdict.FREE),
        (None, day(10), Verdict.FREE),
        (None, day(12), Verdict.ASK),
        (day(9), None, Verdict.ASK),
        (None, None, Verdict.ASK),
        (day(20), day(5), Verdict.ASK),
    ],
)
def test_a_booking_with_a_missing_or_turned_time_is_free_only_when_one_end_proves_it(start, end, verdict):
    assert look(Occupation(start, end, "confirmed")).verdict is verdict


def test_every_obstacle_is_told_once_and_the_cars_own_come_first():
    found = look(booking(), booking(), booking(is_repair=True), is_active=False, state=2)
    assert found.obstacles == (Obstacle.INACTIVE, Obstacle.STATE, Obstacle.BOOKING, Obstacle.REPAIR)


@given(
    st.lists(
        st.builds(
            Occupation,
            st.none() | st.integers(1, 28).map(day),
            st.none() | st.integers(1, 28).map(day),
            st.sampled_from(["new", "confirmed", "active", "finished", "cancelled", "unknown"]),
            st.booleans(),
            st.booleans(),
            st.booleans(),
        ),
        max_size=5,
    ),
    st.integers(0, 4),
)
def test_one_more_booking_never_frees_a_car(bookings, kept):
    assert set(look(*bookings[:kept]).obstacles) <= set(look(*bookings).obstacles)

"""What staff do in the simulated RentProg is seen at once on both planes and in the history."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from core.clock import LOCAL_ZONE, FixedClock
from sandbox.company import BRANCHES, company
from sandbox.company.branches import BATUMI, TBILISI
from sandbox.rentprog.office import Office
from tests.sandbox.twin_at_work import TwinAtWork, twin_at_work


@pytest.fixture
def twin() -> Iterator[TwinAtWork]:
    with twin_at_work() as at_work:
        yield at_work


def test_a_moved_car_is_seen_by_its_new_branch_only(twin: TwinAtWork):
    twin.order("cars/61007/move", to_branch="batumi")
    assert twin.public(BATUMI, "car/61007").json()["company_id"] == BATUMI.company_id
    assert twin.public(TBILISI, "car/61007").status_code == 404
    last = twin.internal(TBILISI, "search_operations", {"page": 1}).json()["operations"]["data"][0]
    assert "изменил , company_id с 1001 на 1003 в авто № 61007" in last["attributes"]["description"]


def test_an_issued_and_returned_booking_changes_its_flags_the_odometer_and_the_history(twin: TwinAtWork):
    twin.order("bookings/500004/issue", mileage=100, user_id=15003)
    out = twin.public(TBILISI, "booking", id=500004).json()
    assert (out["state"], out["in_rent"], out["start_worker_id"]) == ("Активная", True, 15003)
    told = twin.order("bookings/500004/return", mileage=900, user_id=15003)
    assert told["events"] == ["booking_update", "car_update"]
    back = twin.public(TBILISI, "booking", id=500004).json()
    assert (back["state"], back["in_rent"], back["end_worker_id"]) == ("Отъездила", False, 15003)
    assert back["updated_at"] > out["updated_at"]
    assert twin.public(TBILISI, f"car/{back['car_id']}").json()["mileage"] == 900
    rows = twin.internal(TBILISI, "search_operations", {"page": 1}).json()["operations"]["data"]
    texts = [row["attributes"]["description"] for row in rows]
    assert "Oleg Sample выдал авто, бронь № 500004" in texts
    assert "Oleg Sample принял авто, бронь № 500004" in texts


def test_two_changes_of_one_moment_still_follow_each_other():
    world = company(clock=FixedClock(datetime(2026, 3, 14, 12, 0, tzinfo=LOCAL_ZONE)))
    office = Office(world)
    stamps = []
    for total in (1, 2, 3):
        office.change_booking(500004, {"total": total})
        stamps.append(world.bookings.rows[500004]["updated_at"])
    assert stamps == sorted(set(stamps))


def test_an_act_that_changes_nothing_tells_nobody(twin: TwinAtWork):
    assert twin.order("cars/61000", fields={"year": twin.world.cars.rows[61000]["year"]})["events"] == []


def test_a_new_payment_is_named_by_its_booking_at_once(twin: TwinAtWork):
    ask = {"model": "booking", "per_page": 50}
    before = twin.internal(TBILISI, "index_with_search", ask).json()["bookings"]["included"]
    payment = twin.order("payments", branch="tbilisi", sum=60, fields={"booking_id": 500001, "method": "cash_card"})
    after = twin.internal(TBILISI, "index_with_search", ask).json()["bookings"]["included"]
    assert {count["id"] for count in after} - {count["id"] for count in before} == {str(payment["id"])}


def test_an_unknown_row_or_branch_is_not_found(twin: TwinAtWork):
    for path, told in (
        ("cars/1/move", {"to_branch": "batumi"}),
        ("cars/61000/move", {"to_branch": "moon"}),
        ("bookings/1/issue", {}),
        ("clients/1", {"fields": {}}),
        ("bookings", {"branch": "tbilisi", "car_id": 1, "fields": {}}),
    ):
        assert twin.http.post(f"/_sandbox/rentprog/{path}", json=told).status_code == 404


def test_a_created_booking_is_listed_until_it_is_destroyed(twin: TwinAtWork):
    dates = {"start_date": "01-12-2030 9:00", "end_date": "03-12-2030 9:30"}
    made = twin.order("bookings", branch="tbilisi", car_id=61000, client_id=370001, fields=dates)
    listed = twin.internal(TBILISI, "index_with_search", {"model": "booking", "per_page": 50}).json()
    assert listed["bookings"]["data"][0]["id"] == str(made["id"])
    twin.order(f"bookings/{made['id']}/destroy")
    assert twin.public(TBILISI, "booking", id=made["id"]).status_code == 404


def test_a_broken_row_can_be_made_and_does_not_break_the_twin(twin: TwinAtWork):
    twin.order("bookings/500002", fields={"start_date": "31-02-2030 10:00"})
    rows = twin.internal(TBILISI, "index_with_search", {"model": "booking", "per_page": 50}).json()["bookings"]["data"]
    broken = next(row["attributes"] for row in rows if row["id"] == "500002")
    assert (broken["start_date"], broken["start_date_formatted"]) == ("31-02-2030 10:00", None)
    start, end = "01-01-2031 9:00", "02-01-2031 9:00"
    assert twin.public(TBILISI, "free_cars", start_date=start, end_date=end).status_code == 200
    assert twin.internal(TBILISI, "dashboard").status_code == 200


def test_state_shows_the_whole_company_by_branch(twin: TwinAtWork):
    state = twin.read("state")
    assert [branch["code"] for branch in state["branches"]] == [branch.code for branch in BRANCHES]
    assert (len(state["cars"]), len(state["clients"])) == (24, 20)
    assert state["cars"][0]["branch"] == "tbilisi"

"""Which domain events follow from which change: once each, and never from a guess."""

import pytest

from agents.rental_sync.news import mark_life, news_of
from agents.rental_sync.rows import Links, deleted_state, next_state
from core.events import BookingUpdated, CarUpdated
from core.ids import rentprog_id
from tests.agents.rental_sync.told import NOW, SETTINGS, as_stored, source, stored, whole

OUT = {"state": "Активная", "in_rent": True, "start_worker_id": 15001}
BACK = {"state": "Отъездила", "active": False, "in_rent": False, "start_worker_id": 15001, "end_worker_id": 15002}
CANCELLED = {"state": "Отмена", "active": False}


def told_by(change, **given):
    """The bodies of the events, and the row after the marks were set."""
    origin = source(**given)
    marked, happened = mark_life(change, now=NOW, is_news=origin.is_news)
    return [event.body for event in news_of(marked, happened, origin)], marked.after


def story(entity, *steps, before=None, **given):
    """Kinds of the events of one object that goes through the states of ``steps``."""
    row, kinds = before, []
    for fields in steps:
        change = next_state(row, whole(entity, **fields), source(), Links(), SETTINGS)
        bodies, after = told_by(change, **given)
        row = as_stored(after)
        kinds.append([body.kind for body in bodies])
    return kinds


def test_a_booking_lives_through_created_issued_and_returned():
    assert story("booking", {}, OUT, BACK) == [["booking.created"], ["booking.issued"], ["booking.returned"]]


def test_a_booking_that_is_out_when_first_seen_was_created_and_issued():
    assert story("booking", OUT) == [["booking.created", "booking.issued"]]


def test_a_booking_that_is_over_when_first_seen_has_only_been_created():
    assert story("booking", BACK) == [["booking.created"]]
    assert story("booking", CANCELLED) == [["booking.created"]]


def test_nothing_of_the_first_pass_is_news_and_none_of_it_becomes_news_later():
    change = next_state(None, whole("booking", **OUT), source(), Links(), SETTINGS)
    bodies, row = told_by(change, is_news=False)
    assert bodies == []
    assert story("booking", OUT | {"total": 1}, BACK | {"total": 1}, before=as_stored(row)) == [
        ["booking.updated"],
        ["booking.returned"],
    ]


def test_issued_is_told_once_even_when_it_is_taken_back_and_done_again():
    undone = {"state": "Новая", "in_rent": False, "start_worker_id": None}
    assert story("booking", {}, OUT, undone, OUT)[2:] == [["booking.updated"], ["booking.updated"]]


def test_a_worker_who_is_set_first_means_issued_too():
    assert story("booking", {}, {"start_worker_id": 15001}, OUT) == [
        ["booking.created"],
        ["booking.issued"],
        ["booking.updated"],
    ]


def test_a_car_that_is_not_in_rent_but_was_received_by_nobody_is_not_returned_yet():
    waiting = OUT | {"in_rent": False}
    assert story("booking", {}, OUT, waiting, BACK)[2:] == [["booking.updated"], ["booking.returned"]]


def test_issue_and_return_that_were_both_missed_are_both_told():
    assert story("booking", {}, BACK)[1] == ["booking.issued", "booking.returned"]


def test_a_booking_is_cancelled_once():
    assert story("booking", {}, CANCELLED, {}, CANCELLED) == [
        ["booking.created"],
        ["booking.cancelled"],
        ["booking.updated"],
        ["booking.updated"],
    ]


@pytest.mark.parametrize(("life", "kind"), [({}, "booking.cancelled"), (OUT, "booking.updated")])
def test_a_destroyed_booking_is_cancelled_only_if_it_was_never_issued(life, kind):
    change = deleted_state("booking", stored("booking", **life), source(), at=NOW)
    bodies, _ = told_by(change)
    assert [body.kind for body in bodies] == [kind]


def test_what_changed_beside_the_issue_is_told_as_an_update():
    change = next_state(stored("booking"), whole("booking", **OUT, total=500), source(), Links(), SETTINGS)
    bodies, _ = told_by(change)
    assert [body.kind for body in bodies] == ["booking.issued", "booking.updated"]
    assert bodies[1].changed == ("total",)


def test_a_booking_that_goes_to_another_car_names_the_car_it_left():
    both = Links(cars=frozenset({61000, 61001}))
    row = next_state(None, whole("booking"), source(), both, SETTINGS).after
    change = next_state(row, whole("booking", car_id=61001), source(), both, SETTINGS)
    (body,), _ = told_by(change)
    assert isinstance(body, BookingUpdated)
    assert (body.previous_car_id, body.car_id) == (rentprog_id("car", 61000), rentprog_id("car", 61001))


def test_a_later_updated_at_alone_is_no_news():
    later = {"updated_at": "2026-01-10T15:00:00.000+04:00"}
    assert story("booking", {}, later)[1] == []
    assert story("car", {}, later)[1] == []
    assert story("client", {}, later)[1] == []


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"company_id": 1001}, ["car.moved"]),
        ({"mileage": 200}, ["car.updated"]),
        ({"company_id": 1001, "mileage": 200}, ["car.moved", "car.updated"]),
        ({"active": False}, ["car.removed"]),
    ],
)
def test_g11_only_a_change_of_company_is_a_move(fields, kinds):
    assert story("car", {}, fields) == [["car.added"], kinds]


def test_a_car_comes_back_from_the_archive():
    assert story("car", {"active": False}, {}, {"active": False}) == [[], ["car.added"], ["car.removed"]]


def test_a_destroyed_car_has_left_the_fleet():
    bodies, _ = told_by(deleted_state("car", stored("car"), source(), at=NOW))
    assert [body.kind for body in bodies] == ["car.removed"]


def test_an_update_of_a_car_names_our_columns():
    change = next_state(stored("car"), whole("car", number="BB-002-BB"), source(), Links(), SETTINGS)
    (body,), _ = told_by(change)
    assert isinstance(body, CarUpdated)
    assert body.changed == ("plate", "plate_normalised")


def test_a_client_is_told_only_when_it_changes_and_never_as_a_booking_event():
    assert story("client", {}, {"email": "client@example.invalid"}) == [[], ["client.updated"]]


def test_events_say_when_it_happened_and_how_it_was_found():
    moment = "2026-01-10T15:00:00.000+04:00"
    change = next_state(stored("car"), whole("car", mileage=1, updated_at=moment), source(), Links(), SETTINGS)
    (event,) = news_of(change, frozenset(), source(found_by="reconcile"))
    assert event.occurred_at.isoformat() == "2026-01-10T11:00:00+00:00"
    assert (event.body.found_by, event.branch) == ("reconcile", "batumi")

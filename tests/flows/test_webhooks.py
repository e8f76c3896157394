"""Webhooks come twice, in the wrong order, not at all, from nowhere or unreadable; the company stays right."""

import json

import pytest

from core.ids import rentprog_id
from db.queries import evidence, status
from sandbox.company.telegram import ALERTS_CHAT_ID
from tests.flows.company import BATUMI, CLIENT, FREE, TBILISI, Company, booking_of, car_id, car_of, text_of
from tests.flows.test_bookings import a_stay, book, times

UNKNOWN_COMPANY = 9999


async def test_row_21_a_webhook_that_arrives_twice_is_answered_twice_and_counts_once(company: Company) -> None:
    told = await company.director.act(f"cars/{FREE}", fields={"mileage": 150_500}, twice=True)
    assert [delivery["status"] for delivery in told["deliveries"]] == [200, 200]
    await company.quiet()
    assert len(await company.ask(evidence.events_of, "rentprog.delivered", car_of(FREE))) == 1
    assert len(await company.ask(evidence.events_of, "car.updated", car_of(FREE))) == 1
    assert await company.ask(evidence.mileage_of, car_id(FREE)) == 150_500


async def test_row_22_an_issue_that_arrives_before_its_booking_is_told_once_all_the_same(company: Company) -> None:
    booking = await book(company, webhook=False)
    created_late = {"event": "booking_create", "payload": {"id": booking, "car_id": FREE, "client_id": CLIENT}}
    await company.director.act(f"bookings/{booking}/issue", mileage=150_100)
    await company.quiet()
    assert await company.hook(TBILISI, json.dumps(created_late)) == 200
    await company.quiet()
    assert await times(company, booking) == {"created": 1, "issued": 1, "returned": 0, "cancelled": 0}
    assert len(await company.lines(TBILISI, FREE, "🔑")) == 1
    stored = await company.ask(evidence.booking, rentprog_id("booking", booking))
    assert stored is not None
    assert (stored["state"], stored["start_mileage"]) == ("active", 150_100)


async def test_row_22_an_old_change_that_arrives_after_a_newer_one_changes_nothing(company: Company) -> None:
    before = await company.ask(evidence.mileage_of, car_id(FREE))
    assert before is not None
    await company.director.act(f"cars/{FREE}", fields={"mileage": before + 100}, webhook=False)
    await company.director.act(f"cars/{FREE}", fields={"mileage": before + 200})
    await company.quiet()
    late = {"event": "car_update", "payload": {"id": FREE, "mileage": [before, before + 100]}}
    assert await company.hook(TBILISI, json.dumps(late)) == 200
    await company.quiet()
    assert await company.ask(evidence.mileage_of, car_id(FREE)) == before + 200
    assert len(await company.ask(evidence.events_of, "car.updated", car_of(FREE))) == 1


async def test_row_22_a_booking_that_is_destroyed_before_its_creation_is_told_never_comes_to_life(
    company: Company,
) -> None:
    booking = await book(company, webhook=False)
    await company.director.act(f"bookings/{booking}/destroy")
    await company.quiet()
    created_late = {"event": "booking_create", "payload": {"id": booking, "car_id": FREE, "client_id": CLIENT}}
    assert await company.hook(TBILISI, json.dumps(created_late)) == 200
    await company.quiet()
    assert await company.ask(evidence.booking, rentprog_id("booking", booking)) is None
    assert sum((await times(company, booking)).values()) == 0
    assert (await company.ask(evidence.unfinished))["dead"] == 0


async def test_a_change_whose_webhook_never_arrives_is_found_by_the_reconcile_and_reported_as_drift(
    company: Company,
) -> None:
    await company.director.act(f"cars/{FREE}", fields={"mileage": 150_600}, webhook=False)
    booking = await book(company, webhook=False)
    await company.reconcile(TBILISI)
    assert await company.ask(evidence.mileage_of, car_id(FREE)) == 150_600
    assert await times(company, booking) == {"created": 1, "issued": 0, "returned": 0, "cancelled": 0}
    drift = await company.ask(evidence.drift_of, TBILISI)
    assert {(missed["entity"], missed["id"], missed["kind"]) for missed in drift} == {
        ("car", FREE, "updated"),
        ("booking", booking, "added"),
    }
    await company.reconcile(TBILISI)
    assert await company.ask(evidence.drift_of, TBILISI) == []


async def test_a_car_of_a_company_nobody_knows_is_kept_and_raised_and_stays_where_it_was(company: Company) -> None:
    told = await company.director.act(f"cars/{FREE}/move", to_branch=UNKNOWN_COMPANY)
    assert [delivery["status"] for delivery in told["deliveries"]] == [200]
    await company.quiet()
    assert await company.ask(evidence.branch_of_car, car_id(FREE)) == TBILISI
    assert await company.ask(evidence.events_of, "car.moved", car_of(FREE)) == []
    [kept] = await company.ask(evidence.quarantined)
    assert (kept["entity"], kept["external_id"], kept["reason"]) == ("car", str(FREE), "unknown_company")
    assert str(UNKNOWN_COMPANY) in text_of(await company.reads(ALERTS_CHAT_ID, str(FREE)))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("not even JSON", id="no JSON"),
        pytest.param('{"event":"car_update","payload":"{\\"id\\"=>61006, \\"mileage\\"=>[1, "}', id="half a Ruby hash"),
        pytest.param('{"event":"car_painted","payload":{"id":61006}}', id="an event nobody knows"),
    ],
)
async def test_a_body_that_cannot_be_read_is_answered_200_kept_as_it_came_and_raised(
    company: Company, body: str
) -> None:
    assert await company.hook(TBILISI, body) == 200
    await company.reads(ALERTS_CHAT_ID, "rentprog")
    await company.quiet()
    assert await company.ask(evidence.raw_bodies, "webhook.quarantined") == [body.encode()]
    assert [key for key in await company.ask(status.open_alarm_keys) if key.startswith("quarantined:rentprog:")]
    assert await company.ask(evidence.events_of, "car.updated", car_of(FREE)) == []


async def test_row_40_a_wrong_secret_gets_404_and_leaves_no_trace(company: Company) -> None:
    for path in (f"/hooks/rentprog/{TBILISI}/a-secret-of-nobody-here", "/hooks/rentprog/atlantis/sandbox-hook-tbilisi"):
        answer = await company.http.post(f"{company.jarvis_url}{path}", content=b'{"event":"car_destroy"}')
        assert answer.status_code == 404
    assert "rentprog.delivered" not in await company.ask(evidence.kinds)


async def test_a_booking_of_two_branches_at_once_is_told_in_the_forum_where_its_car_is(company: Company) -> None:
    booking = await book(company, branch=BATUMI, fields=a_stay())
    await company.quiet()
    await company.director.act(f"bookings/{booking}/issue", mileage=150_100)
    await company.quiet()
    assert len(await company.ask(evidence.events_of, "booking.issued", booking_of(booking))) == 1
    assert len(await company.lines(TBILISI, FREE, "🔑")) == 1

"""A booking is made, the car is handed out and comes back; each is told once."""

from datetime import timedelta
from typing import Any

from core.clock import LOCAL_ZONE, SystemClock
from core.ids import rentprog_id
from db.queries import evidence
from tests.flows.company import CLIENT, FREE, TBILISI, Company, booking_of, car_id, text_of

UNKNOWN_CLIENT = 399_999


def a_stay(days: int = 3) -> dict[str, Any]:
    """From now on, in RentProg's own notation."""
    now = SystemClock().now().astimezone(LOCAL_ZONE)
    ends = now + timedelta(days=days)
    return {
        "start_date": f"{now:%d-%m-%Y} {now.hour}:{now:%M}",
        "end_date": f"{ends:%d-%m-%Y} {ends.hour}:{ends:%M}",
    }


async def book(company: Company, **order: Any) -> int:
    told = {"branch": TBILISI, "car_id": FREE, "client_id": CLIENT, "fields": a_stay()} | order
    return (await company.director.act("bookings", **told))["id"]


async def times(company: Company, booking: int) -> dict[str, int]:
    """How often each thing happened to the booking."""
    return {
        kind: len(await company.ask(evidence.events_of, f"booking.{kind}", booking_of(booking)))
        for kind in ("created", "issued", "returned", "cancelled")
    }


async def test_a_new_booking_is_the_next_one_on_the_cars_card(company: Company) -> None:
    starts_later = a_stay() | {"start_date": a_stay(days=1)["end_date"]}
    booking = await book(company, fields=starts_later)
    await company.quiet()
    assert await times(company, booking) == {"created": 1, "issued": 0, "returned": 0, "cancelled": 0}
    assert "📅" in text_of(await company.card(TBILISI, FREE))
    assert "Muster" in text_of(await company.card(TBILISI, FREE))


async def test_issue_and_return_are_told_once_each_in_the_cars_topic_and_on_its_card(company: Company) -> None:
    booking = await book(company)
    await company.quiet()
    await company.director.act(f"bookings/{booking}/issue", mileage=150_100)
    await company.quiet()
    assert "👤" in text_of(await company.card(TBILISI, FREE))
    [issued] = await company.lines(TBILISI, FREE, "🔑")
    assert "Muster" in text_of(issued)
    assert "150\u00a0100" in text_of(issued)
    await company.director.act(f"bookings/{booking}/return", mileage=150_900)
    await company.quiet()
    card = text_of(await company.card(TBILISI, FREE))
    assert "🅿️" in card
    assert "150\u00a0900" in card
    assert len(await company.lines(TBILISI, FREE, "🏁")) == 1
    assert len(await company.lines(TBILISI, FREE, "🔑")) == 1
    assert await times(company, booking) == {"created": 1, "issued": 1, "returned": 1, "cancelled": 0}


async def test_a_cancelled_booking_leaves_the_card(company: Company) -> None:
    booking = await book(company)
    await company.quiet()
    assert "Muster" in text_of(await company.card(TBILISI, FREE))
    await company.director.act(f"bookings/{booking}/cancel")
    await company.quiet()
    assert "Muster" not in text_of(await company.card(TBILISI, FREE))
    assert await times(company, booking) == {"created": 1, "issued": 0, "returned": 0, "cancelled": 1}


async def test_a_booking_whose_client_is_unknown_everywhere_is_stored_and_repaired_when_the_client_comes(
    company: Company,
) -> None:
    booking = await book(company, fields={**a_stay(), "client_id": UNKNOWN_CLIENT})
    await company.quiet()
    stored = await company.ask(evidence.booking, rentprog_id("booking", booking))
    assert stored is not None
    assert (stored["car_id"], stored["client_id"]) == (car_id(FREE), None)
    assert stored["client_rentprog_id"] == UNKNOWN_CLIENT
    assert await times(company, booking) == {"created": 1, "issued": 0, "returned": 0, "cancelled": 0}
    await company.director.act(
        "clients", branch=TBILISI, fields={"id": UNKNOWN_CLIENT, "name": "Late", "lastname": "Comer"}
    )
    await company.quiet()
    repaired = await company.ask(evidence.booking, rentprog_id("booking", booking))
    assert repaired is not None
    assert repaired["client_id"] == rentprog_id("client", UNKNOWN_CLIENT)
    assert (await company.ask(evidence.unfinished))["dead"] == 0

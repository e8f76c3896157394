"""Fetches by id: every branch is asked before anything is said, and trouble leaves nothing half done."""

import httpx
import pytest

from core.errors import NeedsAttention
from sandbox.company.branches import KUTAISI, TBILISI
from tests.agents.rental_sync.circle import Circle
from tests.agents.rental_sync.conftest import CONTROL


async def fault(twin: httpx.AsyncClient, **order) -> None:
    (await twin.post(f"{CONTROL}/faults", json=order)).raise_for_status()


def a_booking(circle: Circle):
    rows = circle.world.bookings.rows.values()
    return next(row for row in rows if row["company_id"] == TBILISI.company_id and row["state"] == "Новая")


async def test_a_fetch_that_is_impossible_now_applies_nothing_and_is_tried_again(circle: Circle, twin):
    booking = a_booking(circle)
    await fault(twin, operation="*", status=503, times=50)
    await circle.want("booking", booking["id"])
    assert await circle.turn() == []
    assert circle.troubles
    assert (await circle.count("bookings"), await circle.count("clients"), await circle.count("cars")) == (0, 0, 0)
    await twin.delete(f"{CONTROL}/faults")
    assert await circle.again() == ["stored"]
    assert await circle.has("bookings", booking["id"])


async def test_a_client_that_cannot_be_fetched_now_holds_the_booking_back_whole(circle: Circle, twin):
    booking = a_booking(circle)
    await fault(twin, operation="public.clients", status=503, times=50)
    await circle.want("booking", booking["id"])
    await circle.turn()
    assert (await circle.count("bookings"), await circle.count("clients")) == (0, 0)
    await twin.delete(f"{CONTROL}/faults")
    await circle.again()
    assert (await circle.row("bookings", booking["id"]))["client_id"] is not None


async def test_half_an_answer_is_a_passing_trouble(circle: Circle, twin):
    booking = a_booking(circle)
    await fault(twin, operation="public.bookings", half=True, times=5)
    await fault(twin, operation="public.booking", half=True, times=5)
    await circle.want("booking", booking["id"])
    assert await circle.turn() == []
    assert not await circle.has("bookings", booking["id"])


async def test_a_refused_key_of_another_branch_does_not_hold_a_booking_back(circle: Circle, twin):
    guest = circle.office.create_client(KUTAISI, {"name": "New"})[0].content["id"]
    booking = a_booking(circle)
    booking["client_id"] = guest
    circle.world.bookings.touch(booking["id"])
    await fault(twin, operation="public.get_token", branch="kutaisi", status=401, times=50)
    await circle.want("booking", booking["id"])
    assert await circle.turn() == ["stored"]
    row = await circle.row("bookings", booking["id"])
    assert (row["client_id"], row["client_rentprog_id"]) == (None, guest)


async def test_a_refused_key_needs_a_person_when_the_object_itself_may_be_there(circle: Circle, twin):
    await fault(twin, operation="public.get_token", branch="kutaisi", status=401, times=50)
    await circle.want("client", 999999)
    with pytest.raises(NeedsAttention):
        await circle.turn()


async def test_a_client_is_looked_for_in_every_branch(circle: Circle):
    guest = circle.office.create_client(KUTAISI, {"name": "New"})[0].content["id"]
    await circle.want("client", guest, branch="tbilisi")
    assert await circle.turn() == ["stored"]
    refs = await circle.rows("SELECT entity_type, system, branch FROM external_refs WHERE external_id = %s", str(guest))
    assert refs == [{"entity_type": "client", "system": "rentprog", "branch": "kutaisi"}]


async def test_one_witness_is_not_enough_to_delete(circle: Circle):
    booking = a_booking(circle)
    await circle.want("booking", booking["id"])
    await circle.turn()
    circle.world.bookings.drop(booking["id"])
    await circle.want("booking", booking["id"])
    assert await circle.turn() == ["not found"]
    assert (await circle.row("bookings", booking["id"]))["deleted_at"] is None


async def test_f8_an_object_that_cannot_be_read_is_held_raised_and_released_when_it_can(circle: Circle):
    booking = a_booking(circle)
    await circle.want("booking", booking["id"])
    await circle.turn()
    good, booking["end_date"] = booking["end_date"], "31-02-2026 10:00"
    circle.world.bookings.touch(booking["id"])
    await circle.want("booking", booking["id"])
    assert await circle.turn() == ["unreadable"]
    (held,) = await circle.rows("SELECT reason, external_id, released_at FROM quarantine")
    assert (held["reason"], held["external_id"], held["released_at"]) == ("bad_date", str(booking["id"]), None)
    assert await circle.kinds("alarm") == ["alarm.raised"]
    booking["end_date"] = good
    circle.world.bookings.touch(booking["id"])
    await circle.want("booking", booking["id"])
    await circle.turn()
    (held,) = await circle.rows("SELECT released_at FROM quarantine")
    assert held["released_at"] is not None
    assert await circle.kinds("alarm") == ["alarm.raised", "alarm.cleared"]


async def test_an_older_object_never_overwrites_a_newer_one(circle: Circle):
    booking = a_booking(circle)
    await circle.want("booking", booking["id"])
    await circle.turn()
    total = (await circle.row("bookings", booking["id"]))["total"]
    booking |= {"total": 1, "updated_at": "2020-01-01T00:00:00.000+04:00"}
    circle.world.bookings.touch(booking["id"])
    await circle.want("booking", booking["id"])
    await circle.turn()
    assert (await circle.row("bookings", booking["id"]))["total"] == total


async def test_of_many_wishes_for_one_entity_only_the_last_asks_rentprog(circle: Circle):
    booking = a_booking(circle)
    for _ in range(4):
        await circle.want("booking", booking["id"])
    assert await circle.turn() == ["a later refresh will fetch it"] * 3 + ["stored"]


async def test_a_number_that_two_bookings_claim_loses_neither(circle: Circle):
    first = a_booking(circle)
    second = next(
        row
        for row in circle.world.bookings.rows.values()
        if row["company_id"] == first["company_id"] and row["id"] != first["id"] and not row["archive"]
    )
    await circle.want("booking", first["id"])
    await circle.turn()
    second["number"] = first["number"]
    circle.world.bookings.touch(second["id"])
    await circle.want("booking", second["id"])
    await circle.turn()
    assert (await circle.row("bookings", second["id"]))["number"] is None
    first["number"] = 9999
    circle.world.bookings.touch(first["id"])
    await circle.want("booking", first["id"])
    await circle.want("booking", second["id"])
    await circle.turn()
    numbers = [(await circle.row("bookings", row["id"]))["number"] for row in (first, second)]
    assert numbers == [9999, second["number"]]

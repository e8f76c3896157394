"""Webhooks from the twin become rows and events: the failures that predecessors met, each one shut out."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.events import AlarmRaised, BookingUpdated, CarMoved, RefreshWanted
from core.ids import rentprog_id
from sandbox.company.branches import BATUMI, KUTAISI, TBILISI
from tests.agents.rental_sync.circle import Circle


@pytest.fixture
async def tbilisi(circle: Circle) -> Circle:
    """Two branches were read once; what happens there from here on is news."""
    for branch in ("tbilisi", "batumi"):
        await circle.reconcile(branch)
    return circle


def a_booking(circle: Circle, **wanted):
    """A row of RentProg that fits."""
    rows = circle.world.bookings.rows.values()
    return next(row for row in rows if all(row[name] == value for name, value in wanted.items()))


def planned(circle: Circle):
    return a_booking(circle, company_id=TBILISI.company_id, state="Новая", technical=False)


def a_car(circle: Circle, branch=TBILISI):
    return next(row for row in circle.world.cars.rows.values() if row["company_id"] == branch.company_id)


async def test_f1_three_updates_of_one_booking_are_three_rows_and_the_third_state(tbilisi: Circle):
    booking = planned(tbilisi)
    changes = [tbilisi.office.change_booking(booking["id"], {"total": total}) for total in (100, 200, 300)]
    for change in changes:
        await tbilisi.hear(change)
    await tbilisi.turn()
    (stored,) = await tbilisi.rows("SELECT count(*) AS number FROM events WHERE kind = 'rentprog.delivered'")
    assert stored["number"] == 3
    assert (await tbilisi.row("bookings", booking["id"]))["total"] == Decimal(300)


async def test_f2_an_update_with_one_key_leaves_every_other_column(tbilisi: Circle):
    booking = planned(tbilisi)
    before = await tbilisi.row("bookings", booking["id"])
    await tbilisi.hear_update("booking", booking["id"], deposit=[booking["deposit"], None])
    booking["deposit"] = None
    tbilisi.world.bookings.touch(booking["id"])
    await tbilisi.turn()
    after = await tbilisi.row("bookings", booking["id"])
    changed = {name for name in before if before[name] != after[name]}
    meta = {"updated_at", "updated_by", "updated_by_event", "fingerprint", "raw", "source_updated_at"}
    assert changed - meta == {"deposit"}
    assert after["deposit"] is None


async def test_f3_a_destroyed_booking_is_soft_deleted_and_cancelled(tbilisi: Circle):
    booking = planned(tbilisi)
    await tbilisi.hear(tbilisi.office.destroy_booking(booking["id"]))
    await tbilisi.turn()
    row = await tbilisi.row("bookings", booking["id"])
    assert row["deleted_at"] is not None
    assert row["number"] == booking["number"]
    assert await tbilisi.kinds("booking") == ["booking.cancelled"]


async def test_f4_a_move_changes_the_branch_and_is_told_once(tbilisi: Circle):
    car = a_car(tbilisi, BATUMI)
    moves = tbilisi.office.move_car(car["id"], TBILISI.company_id)
    await tbilisi.hear(moves)
    await tbilisi.turn()
    await tbilisi.reconcile("tbilisi")
    assert (await tbilisi.row("cars", car["id"]))["branch"] == "tbilisi"
    (moved,) = await tbilisi.told("car")
    assert isinstance(moved, CarMoved)
    assert (moved.from_branch, moved.to_branch, moved.found_by) == ("batumi", "tbilisi", "webhook")
    refs = await tbilisi.rows(
        "SELECT branch FROM external_refs WHERE entity_type = 'car' AND external_id = %s", str(car["id"])
    )
    assert refs == [{"branch": "tbilisi"}]


@pytest.mark.parametrize("company_id", [1000, 4711])
async def test_f4_an_unknown_company_is_kept_raised_and_nothing_of_it_applied(tbilisi: Circle, company_id):
    car = a_car(tbilisi)
    pairs = {"company_id": [TBILISI.company_id, company_id], "mileage": [car["mileage"], car["mileage"] + 5]}
    await tbilisi.hear_update("car", car["id"], **pairs)
    notes = await tbilisi.turn()
    row = await tbilisi.row("cars", car["id"])
    assert (row["branch"], row["mileage"]) == ("tbilisi", car["mileage"])
    (held,) = await tbilisi.rows("SELECT reason, external_id, raw FROM quarantine")
    assert (held["reason"], held["external_id"]) == ("unknown_company", str(car["id"]))
    assert held["raw"]["company_id"][1] == company_id
    (alarm,) = await tbilisi.told("alarm")
    assert isinstance(alarm, AlarmRaised)
    assert alarm.args["company_id"] == str(company_id)
    assert await tbilisi.told("car") == []
    assert notes == ["quarantined: unknown_company"]
    await tbilisi.want("car", car["id"])
    await tbilisi.turn()
    assert await tbilisi.kinds("alarm") == ["alarm.raised", "alarm.cleared"]
    assert {body.key for body in await tbilisi.told("alarm")} == {f"unknown-company:car:{car['id']}"}
    assert (await tbilisi.rows("SELECT released_at IS NULL AS is_open FROM quarantine")) == [{"is_open": False}]


async def test_f4_a_create_that_names_another_branch_is_fetched_and_raised(tbilisi: Circle):
    (created,) = tbilisi.office.create_car(KUTAISI, {"car_name": "Test Car"})
    await tbilisi.hear(replace(created, branch=TBILISI))
    await tbilisi.turn()
    assert (await tbilisi.row("cars", created.content["id"]))["branch"] == "kutaisi"
    assert await tbilisi.kinds("car", "alarm") == ["alarm.raised", "car.added"]


async def test_f5_times_of_a_webhook_are_wall_time_and_formatted_ones_are_never_read(tbilisi: Circle):
    booking = planned(tbilisi)
    pairs = {
        "start_date": [booking["start_date"], "24-11-2027 9:00"],
        "start_date_formatted": ["x", "2027-11-24T13:00:00.000+04:00"],
    }
    await tbilisi.hear_update("booking", booking["id"], **pairs)
    booking["start_date"] = "24-11-2027 9:00"
    tbilisi.world.bookings.touch(booking["id"])
    await tbilisi.turn()
    assert (await tbilisi.row("bookings", booking["id"]))["start_at"].isoformat() == "2027-11-24T05:00:00+00:00"


@pytest.mark.parametrize(
    ("wall", "utc"), [("14-11-2027 10:00", "2027-11-14T06:00"), ("03-04-2027 8:30", "2027-04-03T04:30")]
)
async def test_f6_days_above_and_below_twelve_are_both_read_day_first(tbilisi: Circle, wall, utc):
    booking = planned(tbilisi)
    await tbilisi.hear(tbilisi.office.change_booking(booking["id"], {"start_date": wall}))
    await tbilisi.turn()
    assert (await tbilisi.row("bookings", booking["id"]))["start_at"].isoformat().startswith(utc)


@pytest.mark.parametrize("text", ['O\'Brien, "x"', "a\\b", "1;-- DROP TABLE bookings", "{'a': [1,2]}", "тест %s $1"])
async def test_f10_quotes_commas_and_backslashes_survive_unchanged(tbilisi: Circle, text):
    booking = planned(tbilisi)
    await tbilisi.hear(tbilisi.office.change_booking(booking["id"], {"description": text}))
    await tbilisi.turn()
    row = await tbilisi.row("bookings", booking["id"])
    assert (row["description"], row["raw"]["description"]) == (text, text)


async def test_f11_a_booking_whose_client_nobody_knows_is_stored_and_linked_when_the_client_comes(tbilisi: Circle):
    booking = planned(tbilisi)
    guest = tbilisi.office.create_client(KUTAISI, {"name": "New"})[0].content["id"]
    hidden = tbilisi.world.clients.drop(guest)
    (created,) = tbilisi.office.create_booking(
        TBILISI,
        booking["car_id"],
        None,
        {"client_id": guest, "start_date": "01-12-2027 9:00", "end_date": "02-12-2027 9:00"},
    )
    await tbilisi.hear(created)
    await tbilisi.turn()
    number = created.content["id"]
    row = await tbilisi.row("bookings", number)
    assert (row["client_id"], row["client_rentprog_id"], row["car_rentprog_id"]) == (None, guest, booking["car_id"])
    tbilisi.world.clients.put(hidden)
    await tbilisi.want("client", guest, "linked")
    await tbilisi.turn()
    assert (await tbilisi.row("bookings", number))["client_id"] == rentprog_id("client", guest)
    assert await tbilisi.kinds("booking") == ["booking.created"]


async def test_f11_client_and_car_of_a_new_booking_are_fetched_before_it_wherever_they_are(circle: Circle):
    booking = planned(circle)
    guest = circle.office.create_client(BATUMI, {"name": "New"})[0].content["id"]
    (created,) = circle.office.create_booking(
        TBILISI, booking["car_id"], guest, {"start_date": "01-12-2027 9:00", "end_date": "02-12-2027 9:00"}
    )
    await circle.hear(created)
    await circle.turn()
    row = await circle.row("bookings", created.content["id"])
    assert row["client_id"] == rentprog_id("client", guest)
    assert row["car_id"] == rentprog_id("car", booking["car_id"])
    assert await circle.kinds("car", "booking") == ["car.added", "booking.created"]


async def test_f11_a_car_that_arrives_late_is_linked_and_told(tbilisi: Circle):
    car = tbilisi.office.create_car(TBILISI, {"car_name": "Late"})[0].content["id"]
    hidden = tbilisi.world.cars.drop(car)
    booking = planned(tbilisi)
    await tbilisi.hear_update("booking", booking["id"], car_id=[booking["car_id"], car])
    booking["car_id"] = car
    tbilisi.world.bookings.touch(booking["id"])
    await tbilisi.turn()
    assert (await tbilisi.row("bookings", booking["id"]))["car_id"] is None
    tbilisi.world.cars.put(hidden)
    await tbilisi.reconcile()
    assert (await tbilisi.row("bookings", booking["id"]))["car_id"] == rentprog_id("car", car)
    last = (await tbilisi.told("booking"))[-1]
    assert isinstance(last, BookingUpdated)
    assert (last.car_id, last.changed) == (rentprog_id("car", car), ("car_id",))


async def test_g1_a_text_that_came_before_is_fetched_and_the_truth_stands(tbilisi: Circle):
    booking = planned(tbilisi)
    for total in (100, 200, 100):
        changes = tbilisi.office.change_booking(booking["id"], {"total": total})
    await tbilisi.hear(changes, is_ambiguous=True)
    notes = await tbilisi.turn()
    assert notes == ["fetch: repeated", "stored"]
    assert (await tbilisi.row("bookings", booking["id"]))["total"] == Decimal(100)
    assert [body.found_by for body in await tbilisi.told("booking")] == ["fetch"]


async def test_g11_a_changed_mileage_is_an_update_and_no_move(tbilisi: Circle):
    car = a_car(tbilisi)
    await tbilisi.hear(tbilisi.office.change_car(car["id"], {"mileage": car["mileage"] + 10}))
    await tbilisi.turn()
    assert await tbilisi.kinds("car") == ["car.updated"]


async def test_g15_webhook_fetch_and_reconcile_of_one_change_tell_it_once(tbilisi: Circle):
    booking = planned(tbilisi)
    await tbilisi.hear(tbilisi.office.issue(booking["id"], 138000))
    await tbilisi.turn()
    await tbilisi.want("booking", booking["id"])
    await tbilisi.turn()
    await tbilisi.reconcile()
    assert await tbilisi.kinds("booking") == ["booking.issued"]


async def test_a_day_of_a_booking_is_told_in_its_order_with_the_car_beside_it(tbilisi: Circle):
    booking = planned(tbilisi)
    await tbilisi.hear(tbilisi.office.issue(booking["id"], 138000))
    await tbilisi.hear(tbilisi.office.take_back(booking["id"], 138750))
    await tbilisi.turn()
    assert await tbilisi.kinds("booking") == ["booking.issued", "booking.returned"]
    assert await tbilisi.kinds("car") == ["car.updated"]


async def test_webhooks_in_the_wrong_order_end_in_the_truth_and_tell_each_thing_once(tbilisi: Circle):
    booking = planned(tbilisi)
    changes = [*tbilisi.office.issue(booking["id"], 138000), *tbilisi.office.take_back(booking["id"], None)]
    await tbilisi.hear(changes[::-1])
    await tbilisi.turn()
    row = await tbilisi.row("bookings", booking["id"])
    assert (row["in_rent"], row["state"]) == (False, "finished")
    assert sorted(await tbilisi.kinds("booking")) == ["booking.issued", "booking.returned"]


async def test_a_burst_of_patches_leads_to_one_fetch(tbilisi: Circle):
    booking, before = planned(tbilisi), await tbilisi.fetches()
    for total in range(100, 110):
        await tbilisi.hear(tbilisi.office.change_booking(booking["id"], {"total": total}))
    await tbilisi.turn()
    assert await tbilisi.fetches() - before == 1
    wishes = [body for body in await tbilisi.told("rentprog") if isinstance(body, RefreshWanted)]
    assert [wish.entity_id for wish in wishes].count(booking["id"]) == 1
    assert (await tbilisi.row("bookings", booking["id"]))["total"] == Decimal(109)


async def test_the_fetch_after_a_patch_brings_what_the_webhook_did_not_carry(tbilisi: Circle):
    booking = planned(tbilisi)
    (change,) = tbilisi.office.change_booking(booking["id"], {"total": 1, "days": 9})
    del change.content["days"]
    await tbilisi.hear(change)
    await tbilisi.turn()
    row = await tbilisi.row("bookings", booking["id"])
    assert (row["total"], row["days"]) == (Decimal(1), 9)
    assert [body.found_by for body in await tbilisi.told("booking")] == ["webhook", "fetch"]


async def test_a_destroy_before_the_create_leaves_it_destroyed(tbilisi: Circle):
    booking = planned(tbilisi)
    fields = {"start_date": "01-12-2027 9:00", "end_date": "02-12-2027 9:00"}
    created = tbilisi.office.create_booking(TBILISI, booking["car_id"], None, fields)
    number = created[0].content["id"]
    destroyed = tbilisi.office.destroy_booking(number)
    await tbilisi.hear([*destroyed, *created])
    notes = await tbilisi.turn()
    assert notes == ["bury: destroyed", "fetch: created", "not found"]
    assert not await tbilisi.has("bookings", number)
    assert await tbilisi.rows("SELECT entity, rentprog_id FROM tombstones") == [
        {"entity": "booking", "rentprog_id": number}
    ]
    assert await tbilisi.told("booking") == []


async def test_what_is_found_after_a_tombstone_lives_and_the_tombstone_goes(tbilisi: Circle):
    (created,) = tbilisi.office.create_car(TBILISI, {"car_name": "Back"})
    number = created.content["id"]
    await tbilisi.hear_body(f'{{"event":"car_destroy","payload":{{"id":{number}}}}}'.encode())
    await tbilisi.turn()
    await tbilisi.hear(created)
    await tbilisi.turn()
    assert (await tbilisi.row("cars", number))["deleted_at"] is None
    assert await tbilisi.rows("SELECT * FROM tombstones") == []


async def test_an_update_after_a_destroy_is_believed_only_when_the_object_is_found(tbilisi: Circle):
    car = a_car(tbilisi)
    await tbilisi.hear_body(f'{{"event":"car_destroy","payload":{{"id":{car["id"]}}}}}'.encode())
    await tbilisi.turn()
    assert (await tbilisi.row("cars", car["id"]))["deleted_at"] is not None
    await tbilisi.hear(tbilisi.office.change_car(car["id"], {"mileage": car["mileage"] + 1}))
    await tbilisi.turn()
    row = await tbilisi.row("cars", car["id"])
    assert (row["deleted_at"], row["mileage"]) == (None, car["mileage"])
    assert await tbilisi.kinds("car") == ["car.removed", "car.added"]


async def test_a_webhook_of_a_pass_that_is_all_there_already_says_nothing(tbilisi: Circle):
    booking = planned(tbilisi)
    changes = tbilisi.office.change_booking(booking["id"], {"total": 77})
    await tbilisi.reconcile()
    told = await tbilisi.kinds("booking")
    await tbilisi.hear(changes)
    assert await tbilisi.turn() == ["nothing: already so"]
    assert await tbilisi.kinds("booking") == told == ["booking.updated"]


async def test_g30_the_language_of_a_client_is_ours_and_stays(tbilisi: Circle):
    client = next(row for row in tbilisi.world.clients.rows.values() if row["company_id"] == TBILISI.company_id)
    async with tbilisi.db.transaction() as tx:
        await tx.run("UPDATE clients SET language = 'ka' WHERE rentprog_id = %s", (client["id"],))
    await tbilisi.hear(tbilisi.office.change_client(client["id"], {"email": "new@example.invalid"}))
    await tbilisi.turn()
    await tbilisi.reconcile()
    row = await tbilisi.row("clients", client["id"])
    assert (row["language"], row["email"]) == ("ka", "new@example.invalid")
    assert await tbilisi.kinds("client") == ["client.updated"]

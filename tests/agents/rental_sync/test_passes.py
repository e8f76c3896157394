"""A pass reads a branch whole: nothing is lost, nothing is told twice, and absence proves nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from agents.spec import Deps
from core.errors import Broken
from core.events import BookingCancelled, BookingUpdated, CarMoved, NewEvent, SyncFinished, SyncPageWanted
from core.settings import RentprogSettings
from sandbox.company.branches import BATUMI, SERVICE_CENTER, TBILISI
from sandbox.company.guests import client_row
from tests.agents.rental_sync.circle import Circle
from tests.agents.rental_sync.conftest import CONTROL

MIRROR = ("cars", "clients", "bookings", "external_refs", "rentprog_staff")


async def fault(twin: httpx.AsyncClient, **order) -> None:
    (await twin.post(f"{CONTROL}/faults", json=order)).raise_for_status()


def own(circle: Circle, table: str, branch=TBILISI) -> dict[int, dict[str, Any]]:
    rows = getattr(circle.world, table).rows
    return {number: row for number, row in rows.items() if row["company_id"] == branch.company_id}


def planned(circle: Circle) -> dict[str, Any]:
    return next(row for row in own(circle, "bookings").values() if row["state"] == "Новая" and not row["technical"])


async def versions(circle: Circle) -> dict[str, list[dict[str, Any]]]:
    """Every row with the transaction that wrote it last: equal means that nothing was written."""
    return {table: await circle.rows(f"SELECT xmin::text, ctid::text FROM {table} ORDER BY ctid") for table in MIRROR}


def with_settings(circle: Circle, **given: Any) -> None:
    rentprog = circle.deps.settings.rentprog.model_copy(update=given)
    settings = circle.deps.settings.model_copy(update={"rentprog": RentprogSettings.model_validate(rentprog)})
    circle.deps = replace(circle.deps, settings=settings)


async def test_a_first_pass_stores_the_branch_and_nothing_of_it_is_news(circle: Circle):
    await circle.reconcile()
    bookings = own(circle, "bookings")
    listed = {number for number, row in bookings.items() if not row["archive"]}
    stored = await circle.rows("SELECT rentprog_id FROM bookings WHERE branch = 'tbilisi'")
    assert {row["rentprog_id"] for row in stored} == listed
    (finished,) = [body for body in await circle.told("sync") if isinstance(body, SyncFinished)]
    assert finished.is_first
    assert (finished.read, finished.drift) == (finished.added, 0)
    assert await circle.kinds("car", "booking", "client") == []


async def test_f11_links_to_clients_of_other_branches_are_made_after_the_pass(circle: Circle):
    await circle.reconcile()
    (unlinked,) = await circle.rows(
        "SELECT count(*) AS number FROM bookings WHERE client_id IS NULL AND client_rentprog_id IS NOT NULL"
    )
    assert unlinked["number"] == 0


async def test_a_second_pass_over_unchanged_data_writes_no_row(circle: Circle):
    await circle.reconcile()
    await circle.reconcile()
    before = await versions(circle)
    await circle.reconcile()
    assert await versions(circle) == before
    (last,) = await circle.rows("SELECT read, unchanged, drift FROM sync_runs ORDER BY id DESC LIMIT 1")
    assert (last["read"], last["drift"]) == (last["unchanged"], [])


async def test_staff_of_rentprog_are_kept_by_branch_and_number(circle: Circle):
    await circle.reconcile()
    users = circle.world.users[TBILISI.company_id]
    stored = await circle.rows("SELECT rentprog_id, is_active FROM rentprog_staff WHERE branch = 'tbilisi'")
    assert {row["rentprog_id"]: row["is_active"] for row in stored} == {user["id"]: user["active"] for user in users}


async def test_f8_one_bad_row_is_held_the_others_are_stored_and_the_pass_is_partial(circle: Circle):
    bad = planned(circle)
    good, bad["end_date"] = bad["end_date"], "31-02-2026 10:00"
    circle.world.bookings.touch(bad["id"])
    await circle.reconcile()
    await circle.reconcile()
    runs = await circle.rows("SELECT state, read, added, updated, unchanged, quarantined FROM sync_runs ORDER BY id")
    assert [(run["state"], run["quarantined"]) for run in runs] == [("partial", 1), ("partial", 1)]
    assert all(r["read"] == r["added"] + r["updated"] + r["unchanged"] + r["quarantined"] for r in runs)
    (held,) = await circle.rows("SELECT reason, external_id FROM quarantine")
    assert (held["reason"], held["external_id"]) == ("bad_date", str(bad["id"]))
    listed = [row for row in own(circle, "bookings").values() if not row["archive"]]
    assert await circle.count("bookings") == len(listed) - 1
    assert await circle.kinds("alarm") == ["alarm.raised"]
    bad["end_date"] = good
    circle.world.bookings.touch(bad["id"])
    await circle.reconcile()
    assert await circle.has("bookings", bad["id"])
    assert await circle.kinds("alarm") == ["alarm.raised", "alarm.cleared"]


async def test_f8_a_car_of_an_unknown_company_is_held_and_put_nowhere(circle: Circle):
    car = next(row for row in own(circle, "cars").values())
    del circle.world.cars.rows[car["id"]]
    circle.world.cars.put(car | {"company_id": 4711})
    booking = planned(circle)
    booking["car_id"] = car["id"]
    circle.world.bookings.touch(booking["id"])
    await circle.reconcile()
    assert not await circle.has("cars", car["id"])
    held = await circle.rows("SELECT reason FROM quarantine WHERE external_id = %s", str(car["id"]))
    assert {row["reason"] for row in held} == {"unknown_company"}
    assert await circle.has("bookings", booking["id"])


@pytest.mark.parametrize("number", [0, 1, 20, 21, 188])
async def test_f9_as_many_rows_come_out_as_went_in(circle: Circle, number):
    with_settings(circle, clients_per_page=20)
    for _ in range(number):
        world = circle.world
        world.clients.put(client_row(world.clients.next_id(), SERVICE_CENTER, world.now()))
    await circle.reconcile("service-center")
    assert await circle.count("clients") == number
    (pages,) = await circle.rows("SELECT sum(read)::int AS read FROM sync_pages WHERE listing = 'clients'")
    assert pages["read"] == number


async def test_f12_a_pass_goes_on_at_the_page_where_it_stopped(circle: Circle, twin):
    await fault(twin, operation="internal.index_with_search", status=503, times=50)
    await circle.tick()
    await circle.turn()
    assert circle.troubles
    await circle.rows("UPDATE runs SET state = 'dead' WHERE state = 'queued' RETURNING id")
    await circle.rows("UPDATE sync_runs SET heartbeat_at = now() - interval '1 hour' RETURNING id")
    await twin.delete(f"{CONTROL}/faults")
    notes = await circle.reconcile()
    assert notes[0] == "pass 1 goes on at page 1 of clients"
    pages = await circle.rows("SELECT listing FROM sync_pages WHERE sync_id = 1 ORDER BY at")
    assert [page["listing"] for page in pages][:2] == ["cars", "clients"]
    (run,) = await circle.rows("SELECT state FROM sync_runs")
    assert run["state"] == "done"


async def test_g17_a_page_that_fails_in_the_middle_leaves_nothing_half_and_deletes_nothing(circle: Circle, twin):
    await circle.reconcile()
    before = await circle.rows("SELECT rentprog_id FROM bookings WHERE deleted_at IS NULL ORDER BY 1")
    await fault(twin, operation="internal.index_with_search", half=True, times=50)
    await circle.reconcile()
    assert circle.troubles
    assert [body.kind for body in await circle.told("sync")].count("sync.finished") == 1
    assert await circle.rows("SELECT rentprog_id FROM bookings WHERE deleted_at IS NULL ORDER BY 1") == before
    await twin.delete(f"{CONTROL}/faults")
    await circle.again()
    assert await circle.rows("SELECT rentprog_id FROM bookings WHERE deleted_at IS NULL ORDER BY 1") == before
    assert [body.kind for body in await circle.told("sync")].count("sync.finished") == 2


async def test_g24_a_tick_leaves_a_pass_alone_that_is_still_at_work(circle: Circle):
    await circle.tick()
    await circle.tick()
    notes = await circle.turn()
    assert "pass 1 is still at work" in notes
    assert await circle.count("sync_runs") == 1


async def test_a_page_that_is_asked_for_again_changes_nothing(circle: Circle):
    await circle.reconcile()
    before = await versions(circle), await circle.rows("SELECT * FROM sync_runs"), await circle.kinds("sync", "car")
    body = SyncPageWanted(sync_id=1, branch="tbilisi", listing="cars", page=1)
    await circle.put(NewEvent(body=body, subject="sync:tbilisi", external_id="again", branch="tbilisi"))
    assert await circle.turn() == ["this page is stored already"]
    after = await versions(circle), await circle.rows("SELECT * FROM sync_runs"), await circle.kinds("sync", "car")
    assert after == (before[0], before[1], [*before[2], "sync.page_wanted"])


async def test_drift_names_what_no_webhook_told(circle: Circle):
    await circle.reconcile()
    booking, car = planned(circle), next(iter(own(circle, "cars").values()))
    circle.office.change_booking(booking["id"], {"total": 1})
    circle.office.change_car(car["id"], {"mileage": car["mileage"] + 1})
    await circle.hear(circle.office.change_car(car["id"], {"deposit": 1}))
    created = circle.office.create_client(TBILISI, {"name": "New"})[0].content["id"]
    await circle.turn()
    await circle.reconcile()
    (last,) = await circle.rows("SELECT drift FROM sync_runs ORDER BY id DESC LIMIT 1")
    assert sorted(last["drift"], key=lambda entry: entry["entity"]) == [
        {"entity": "booking", "id": booking["id"], "kind": "updated", "changed": ["total"]},
        {"entity": "client", "id": created, "kind": "added", "changed": []},
    ]
    (told,) = await circle.told("booking")
    assert isinstance(told, BookingUpdated)
    assert (told.changed, told.found_by) == (("total",), "reconcile")


async def test_a_webhook_that_still_waits_was_not_missed(circle: Circle):
    await circle.reconcile()
    booking = planned(circle)
    change = circle.office.change_booking(booking["id"], {"total": 1})
    await circle.hear(change)
    await circle.rows("UPDATE runs SET not_before = now() + interval '1 hour' WHERE state = 'queued' RETURNING id")
    await circle.reconcile()
    (last,) = await circle.rows("SELECT drift FROM sync_runs ORDER BY id DESC LIMIT 1")
    assert last["drift"] == []
    await circle.again()
    assert await circle.kinds("booking") == ["booking.updated"]


async def test_f12_an_archived_booking_left_the_lists_and_is_fetched_instead_of_deleted(circle: Circle):
    await circle.reconcile()
    booking = planned(circle)
    circle.office.archive(booking["id"])
    await circle.reconcile()
    row = await circle.row("bookings", booking["id"])
    assert (row["archive"], row["deleted_at"]) == (True, None)
    before = await circle.fetches()
    await circle.reconcile()
    assert await circle.fetches() == before


async def test_a_destroy_that_no_webhook_told_is_found_by_the_next_pass(circle: Circle):
    await circle.reconcile()
    booking = planned(circle)
    circle.office.destroy_booking(booking["id"])
    notes = await circle.reconcile()
    assert notes[-1] == "not found: deleted"
    (told,) = await circle.told("booking")
    assert isinstance(told, BookingCancelled)
    assert told.found_by == "reconcile"
    assert (await circle.row("bookings", booking["id"]))["deleted_at"] is not None


async def test_f4_a_move_that_no_webhook_told_is_found_by_either_branch(circle: Circle):
    await circle.reconcile("batumi")
    car = next(iter(own(circle, "cars", BATUMI).values()))
    circle.office.move_car(car["id"], TBILISI.company_id)
    await circle.reconcile("batumi")
    (moved,) = await circle.told("car")
    assert isinstance(moved, CarMoved)
    assert (moved.from_branch, moved.to_branch, moved.found_by) == ("batumi", "tbilisi", "reconcile")


async def nothing() -> None:
    """All has happened."""


class Meanwhile:
    """A real client during whose first answer something else happens."""

    def __init__(self, api: Any, act: Any) -> None:
        self._api = api
        self._act = act

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)

    async def listed(self, listing: str, page: int, *, per_page: int) -> Any:
        answer = await self._api.listed(listing, page, per_page=per_page)
        await self._act()
        self._act = nothing
        return answer


async def test_a_page_that_is_older_than_a_webhook_does_not_undo_it(circle: Circle):
    await circle.reconcile()
    car = next(iter(own(circle, "cars").values()))
    miles = car["mileage"]

    async def a_webhook_comes() -> None:
        change = circle.office.change_car(car["id"], {"mileage": miles + 50})
        await circle.hear(change)
        await circle.turn()

    api = circle.deps.rentprog["tbilisi"]
    circle.deps = Deps(circle.db, circle.deps.clock, circle.deps.settings, {"tbilisi": Meanwhile(api, a_webhook_comes)})
    await circle.reconcile()
    assert (await circle.row("cars", car["id"]))["mileage"] == miles + 50
    assert await circle.kinds("car") == ["car.updated"]
    wanted = await circle.rows("SELECT payload FROM events WHERE kind = 'rentprog.refresh_wanted' ORDER BY id DESC")
    assert wanted[0]["payload"]["reason"] == "changed while it was read"


async def test_what_came_while_the_list_was_read_has_not_vanished_from_it(circle: Circle):
    await circle.reconcile()

    async def a_car_is_bought() -> None:
        await circle.hear(circle.office.create_car(TBILISI, {"car_name": "New"}))
        await circle.turn()

    api = circle.deps.rentprog["tbilisi"]
    circle.deps = Deps(circle.db, circle.deps.clock, circle.deps.settings, {"tbilisi": Meanwhile(api, a_car_is_bought)})
    await circle.reconcile()
    (last,) = await circle.rows("SELECT vanished, drift FROM sync_runs ORDER BY id DESC LIMIT 1")
    assert last == {"vanished": 0, "drift": []}
    assert await circle.kinds("car") == ["car.added"]


async def test_a_list_that_shows_one_page_for_ever_is_not_believed(circle: Circle, twin):
    rows = [client_row(number, TBILISI, circle.world.now()) for number in range(700001, 700021)]
    await fault(twin, operation="internal.index_with_search", status=200, body={"clients": {"data": rows}}, times=9)
    await circle.tick()
    with pytest.raises(Broken, match="repeats the page before it"):
        await circle.turn()
    assert await circle.kinds("sync") == ["sync.due", "sync.page_wanted", "sync.page_wanted", "sync.page_wanted"]


async def test_a_list_that_comes_empty_deletes_nothing_and_asks_for_a_bounded_part(circle: Circle, twin):
    for _ in range(130):
        circle.world.clients.put(client_row(circle.world.clients.next_id(), TBILISI, circle.world.now()))
    await circle.reconcile()
    before = await circle.fetches()
    await fault(twin, operation="internal.index_with_search", status=200, body={"clients": {"data": []}}, times=1)
    await circle.reconcile()
    assert await circle.rows("SELECT 1 FROM clients WHERE deleted_at IS NOT NULL") == []
    assert await circle.fetches() - before == 100
    assert await circle.kinds("alarm") == ["alarm.raised"]


async def test_a_pass_that_stood_still_for_less_than_its_patience_is_left_alone(circle: Circle):
    await circle.rows("INSERT INTO sync_runs (branch, is_first) VALUES ('tbilisi', true) RETURNING id")
    assert await circle.reconcile() == ["pass 1 is still at work"]
    await circle.rows("UPDATE sync_runs SET heartbeat_at = now() - %s RETURNING id", timedelta(minutes=11))
    assert (await circle.reconcile())[0] == "pass 1 goes on at page 1 of cars"

"""A page that came as in the pass before is skipped only while its rows are as that pass left them."""

from dataclasses import replace
from typing import Any

import pytest

from integrations.rentprog import Unread
from sandbox.company.branches import TBILISI
from tests.agents.rental_sync.circle import Circle
from tests.agents.rental_sync.test_passes import own, planned, versions


@pytest.fixture
async def read(circle: Circle) -> list[str]:
    """The lists of which a page was really read since two passes over the branch, in their order."""
    await circle.reconcile()
    await circle.reconcile()
    seen: list[str] = []
    circle.deps = replace(circle.deps, rentprog={**circle.deps.rentprog, "tbilisi": Reader(circle, seen)})
    return seen


class Reader:
    """The real client of the branch; it notes which answers are read."""

    def __init__(self, circle: Circle, seen: list[str]) -> None:
        self._api: Any = circle.deps.rentprog["tbilisi"]
        self._seen = seen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)

    async def listed(self, listing: str, page: int, *, per_page: int) -> Unread[Any]:
        answer = await self._api.listed(listing, page, per_page=per_page)

        def read() -> Any:
            self._seen.append(listing)
            return answer.read()

        return Unread(answer.digest, read)


async def last_pass(circle: Circle) -> dict[str, Any]:
    (found,) = await circle.rows(
        "SELECT state, read, added, updated, unchanged, quarantined, vanished FROM sync_runs ORDER BY id DESC LIMIT 1"
    )
    return found


async def shown(circle: Circle, *, passes_ago: int = 0) -> list[dict[str, Any]]:
    (found,) = await circle.rows("SELECT max(id) AS id FROM sync_runs")
    return await circle.rows(
        "SELECT listing, page, is_last, ids, read FROM sync_pages WHERE sync_id = %s ORDER BY listing, page",
        found["id"] - passes_ago,
    )


async def test_pages_that_came_as_before_are_not_read_and_still_count(circle: Circle, read):
    before = await versions(circle)
    await circle.reconcile()
    assert read == ["staff"]
    assert await versions(circle) == before
    totals = await last_pass(circle)
    assert (totals["unchanged"], totals["vanished"], totals["state"]) == (totals["read"], 0, "done")
    assert totals["read"] > 0
    assert await shown(circle) == await shown(circle, passes_ago=1)


async def test_only_the_list_that_changed_is_read(circle: Circle, read):
    car = next(iter(own(circle, "cars").values()))
    circle.office.change_car(car["id"], {"mileage": car["mileage"] + 1})
    await circle.reconcile()
    assert read == ["cars", "staff"]
    assert (await circle.row("cars", car["id"]))["mileage"] == car["mileage"]
    assert await circle.kinds("car") == ["car.updated"]


async def test_a_row_patched_by_a_webhook_is_compared_although_the_list_still_shows_the_old_one(circle: Circle, read):
    car = next(iter(own(circle, "cars").values()))
    await circle.hear_update("car", car["id"], mileage=[car["mileage"], car["mileage"] + 9])
    await circle.rows("UPDATE runs SET not_before = now() + interval '1 hour' WHERE state = 'queued' RETURNING id")
    await circle.again()
    await circle.reconcile()
    assert "cars" in read
    assert (await circle.row("cars", car["id"]))["mileage"] == car["mileage"]


async def test_what_a_fetch_brought_and_rentprog_took_back_is_taken_back_although_the_list_never_changed(
    circle: Circle, read
):
    car = next(iter(own(circle, "cars").values()))
    before = dict(car)
    car["mileage"] += 9
    circle.world.cars.touch(car["id"])
    await circle.want("car", car["id"])
    await circle.turn()
    assert (await circle.row("cars", car["id"]))["mileage"] == before["mileage"] + 9
    car.clear()
    car.update(before)
    circle.world.cars.touch(car["id"])
    await circle.reconcile()
    assert "cars" in read
    assert (await circle.row("cars", car["id"]))["mileage"] == before["mileage"]


async def test_a_row_lost_from_the_mirror_is_stored_again(circle: Circle, read):
    booking = planned(circle)
    await circle.rows("DELETE FROM bookings WHERE rentprog_id = %s RETURNING id", booking["id"])
    await circle.reconcile()
    assert (await last_pass(circle))["added"] == 1
    assert await circle.has("bookings", booking["id"])
    await circle.reconcile()
    assert read.count("active_bookings") == 1


async def test_a_row_deleted_here_that_the_list_still_shows_comes_back(circle: Circle, read):
    booking = planned(circle)
    await circle.rows(
        "UPDATE bookings SET deleted_at = now(), fingerprint = NULL WHERE rentprog_id = %s RETURNING id", booking["id"]
    )
    await circle.reconcile()
    assert (await circle.row("bookings", booking["id"]))["deleted_at"] is None


async def test_a_page_with_a_row_in_quarantine_is_read_in_every_pass(circle: Circle, read):
    bad = planned(circle)
    bad["end_date"] = "31-02-2026 10:00"
    circle.world.bookings.touch(bad["id"])
    await circle.reconcile()
    await circle.reconcile()
    assert read.count("active_bookings") == 2
    totals = await last_pass(circle)
    assert (totals["state"], totals["quarantined"]) == ("partial", 1)
    assert totals["read"] == totals["unchanged"] + 1


async def test_a_row_that_changes_between_the_answer_and_its_storing_is_compared(circle: Circle, read):
    car = next(iter(own(circle, "cars").values()))
    api = circle.deps.rentprog["tbilisi"]
    ask: Any = api.listed

    async def listed(listing: str, page: int, *, per_page: int) -> Any:
        answer = await ask(listing, page, per_page=per_page)
        await circle.rows(
            "UPDATE cars SET fingerprint = NULL, mileage = 1, updated_at = clock_timestamp() "
            "WHERE rentprog_id = %s RETURNING id",
            car["id"],
        )
        return answer

    api.listed = listed  # pyright: ignore[reportAttributeAccessIssue] - a stand-in of this test
    await circle.reconcile()
    assert "cars" in read
    wanted = await circle.rows("SELECT payload FROM events WHERE kind = 'rentprog.refresh_wanted' ORDER BY id DESC")
    assert wanted[0]["payload"]["reason"] == "changed while it was read"


async def test_the_twin_says_the_same_in_the_same_bytes(circle: Circle):
    api = circle.deps.rentprog["tbilisi"]
    lists: tuple[Any, ...] = ("cars", "clients", "active_bookings", "past_bookings", "staff")
    once = [(await api.listed(listing, 1, per_page=50)).digest for listing in lists]
    again = [(await api.listed(listing, 1, per_page=50)).digest for listing in lists]
    assert once == again
    assert len(set(once)) == len(lists)
    circle.office.create_client(TBILISI, {"name": "New"})
    assert (await api.listed("clients", 1, per_page=50)).digest != once[1]

"""Lists of RentProg are read to their end, at a pace that the vendor allows, or not at all."""

import asyncio
from collections.abc import Iterator

import pytest

from core.errors import Temporary
from integrations.rentprog import RentprogClient, all_pages
from sandbox.company import BRANCHES, big_world
from sandbox.company.branches import KUTAISI, Branch
from tests.contract.rentprog_calls import calling, calls, rows_of
from tests.sandbox.twin_at_work import TwinAtWork, twin_at_work


@pytest.fixture
def twin() -> Iterator[TwinAtWork]:
    with twin_at_work() as at_work:
        yield at_work


@pytest.fixture(scope="module")
def large() -> Iterator[TwinAtWork]:
    with twin_at_work(big_world(cars=130, clients=1900, bookings=900)) as at_work:
        yield at_work


@pytest.mark.parametrize("has_web_user", [True, False])
@pytest.mark.parametrize("branch", BRANCHES, ids=lambda branch: branch.code)
async def test_lists_are_read_to_their_end_on_either_plane(large: TwinAtWork, branch: Branch, *, has_web_user: bool):
    found: set[int] = set()
    async with calling(large, branch, has_web_user=has_web_user) as client:
        for is_active in (True, False):
            fetch = _bookings_of(client, is_active=is_active)
            found |= {row.rentprog_id async for page in all_pages(fetch) for row in page.rows}
        clients = {row.rentprog_id async for page in all_pages(client.client_page) for row in page.rows}
    assert found == {row["id"] for row in rows_of(large, "bookings", branch) if not row["archive"]}
    assert clients == {row["id"] for row in rows_of(large, "clients", branch)}


async def test_the_clients_own_pace_never_meets_the_vendors_limits(twin: TwinAtWork):
    async with calling(twin) as client:
        await asyncio.gather(*(client.search_cars("AA0") for _ in range(35)))
    async with calling(twin) as client:
        await asyncio.gather(*(client.cars() for _ in range(130)))
    answers = twin.read("journal")["calls"]
    assert {call.get("error") for call in answers} == {None}
    assert (calls(twin, "public.search_cars"), calls(twin, "public.all_cars_full")) == (35, 130)


async def test_rows_that_shift_between_two_pages_are_neither_lost_nor_doubled(twin: TwinAtWork):
    dates = {"start_date": "01-12-2030 9:00", "end_date": "03-12-2030 9:00"}
    for _ in range(25):
        twin.order("bookings", branch="kutaisi", car_id=61010, fields=dates, webhook=False)
    before = {row["id"] for row in rows_of(twin, "bookings", KUTAISI) if row["active"]}
    seen: list[int] = []
    async with calling(twin, KUTAISI) as client:
        async for page in all_pages(lambda number: client.booking_page(number, per_page=10)):
            seen += [row.rentprog_id for row in page.rows]
            twin.order("bookings", branch="kutaisi", car_id=61010, fields=dates, webhook=False)
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


async def test_a_page_that_fails_in_the_middle_fails_the_whole_list(large: TwinAtWork):
    seen: list[int] = []
    async with calling(large, KUTAISI) as client:

        async def read_all() -> None:
            async for page in all_pages(_bookings_of(client, is_active=False)):
                seen.extend(row.rentprog_id for row in page.rows)
                large.order("faults", operation="internal.index_with_search", status=500, times=3)

        with pytest.raises(Temporary):
            await read_all()
    large.http.delete("/_sandbox/rentprog/faults")
    assert len(seen) == 50


def _bookings_of(client: RentprogClient, *, is_active: bool):
    async def fetch(number: int):
        return await client.booking_page(number, active=is_active)

    return fetch

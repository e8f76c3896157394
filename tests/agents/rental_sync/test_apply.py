"""The one path into the tables when several writers walk it at once."""

import asyncio

import pytest

from agents.rental_sync.apply import Applied, apply
from agents.rental_sync.rows import Source
from db.queries import mirror
from db.session import Database
from tests.agents.rental_sync.told import SETTINGS, whole


@pytest.fixture
async def branches(db: Database) -> None:
    async with db.transaction() as tx:
        for branch in SETTINGS.branches:
            await tx.run(
                "INSERT INTO branches (code, name, company_id) VALUES (%s, %s, %s)",
                (branch.code, branch.name, branch.company_id),
            )


async def put(db: Database, *told, is_news: bool = True) -> Applied:
    async with db.transaction() as tx:
        source = Source("fetch", "tbilisi", 1, await mirror.database_now(tx), is_news=is_news)
        return await apply(tx, told, source, SETTINGS)


@pytest.mark.parametrize("is_news", [True, False])
async def test_several_writers_of_one_new_booking_create_it_once(db: Database, branches, is_news):
    results = await asyncio.gather(*(put(db, whole("booking"), is_news=is_news) for _ in range(4)))
    assert sum(len(applied.added) for applied in results) == 1
    assert [event.body.kind for applied in results for event in applied.events] == ["booking.created"] * is_news


async def test_writers_that_meet_crosswise_both_end(db: Database, branches):
    cars = [whole("car", id=number, mileage=number) for number in range(61000, 61050)]
    await put(db, *cars)
    newer = [whole("car", id=number, mileage=1) for number in range(61000, 61050)]
    results = await asyncio.gather(put(db, *newer), put(db, *newer[::-1]))
    assert sum(len(applied.updated) for applied in results) == 50


async def test_two_bookings_of_one_page_that_swap_their_numbers_both_stay(db: Database, branches):
    await put(db, whole("booking", id=1, number=5), whole("booking", id=2, number=6))
    await put(db, whole("booking", id=1, number=6), whole("booking", id=2, number=5))
    await put(db, whole("booking", id=1, number=6), whole("booking", id=2, number=5))
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT rentprog_id, number FROM bookings ORDER BY 1")
    assert [(row["rentprog_id"], row["number"]) for row in rows] == [(1, 6), (2, 5)]


async def test_new_bookings_that_take_one_number_at_the_same_moment_are_all_stored(db: Database, branches):
    results = await asyncio.gather(*(put(db, whole("booking", id=number, number=7)) for number in (1, 2, 3)))
    assert sorted(change.number for applied in results for change in applied.added) == [1, 2, 3]
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT number FROM bookings ORDER BY number")
    assert [row["number"] for row in rows] == [7, None, None]


async def test_the_same_object_again_is_unchanged_and_silent(db: Database, branches):
    await put(db, whole("booking"))
    applied = await put(db, whole("booking"))
    assert (applied.unchanged, applied.updated, applied.events) == ([500001], [], [])

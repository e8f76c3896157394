"""What quotes are computed from: bookings in the way, the next one after a rent, and those of one client."""

from datetime import UTC, datetime, timedelta

import pytest

from core.ids import rentprog_id
from core.quote.one_way import NextBooking
from db.queries import quotes
from db.session import Database
from tests.agents.reading_tools.company import PRIUS, ROGUE, Mirror

START = datetime(2026, 3, 10, 6, tzinfo=UTC)
END = START + timedelta(days=4)
CAR = rentprog_id("car", ROGUE)


@pytest.fixture
async def mirror(db: Database) -> Mirror:
    made = Mirror(db)
    await made.open()
    return made


async def test_bookings_that_touch_only_the_ends_are_not_in_the_way_and_doubtful_ones_are(mirror: Mirror):
    day = timedelta(days=1)
    await mirror.booking(ROGUE, START - day, START, number=1)
    await mirror.booking(ROGUE, END, END + day, number=2)
    await mirror.booking(ROGUE, START - day, START + day, number=3)
    await mirror.booking(ROGUE, START, END, number=4, deleted_at=START)
    await mirror.booking(ROGUE, START, END, number=5, end_at=None)
    async with mirror.db.transaction() as tx:
        found = await quotes.occupations(tx, [CAR], start=START, end=END)
    assert [(one.start, one.end) for one in found[CAR]] == [(START - day, START + day), (START, None)]


async def test_the_next_booking_is_the_first_that_a_client_has_after_the_rent(mirror: Mirror):
    day = timedelta(days=1)
    await mirror.booking(ROGUE, END + day, END + 2 * day, number=1, technical=True)
    await mirror.booking(ROGUE, END + 2 * day, END + 3 * day, number=2, state="cancelled")
    await mirror.booking(ROGUE, END + 5 * day, END + 6 * day, number=3, branch="batumi")
    await mirror.booking(ROGUE, END + 3 * day, END + 4 * day, number=4, branch="kutaisi")
    async with mirror.db.transaction() as tx:
        found = await quotes.next_booking(tx, CAR, after=END)
    assert found == NextBooking(END + 3 * day, "kutaisi")


async def test_bookings_are_those_of_one_client_the_latest_first(mirror: Mirror):
    mine, other = await mirror.client(1), await mirror.client(2)
    await mirror.booking(ROGUE, START, END, number=1, client_id=mine)
    await mirror.booking(PRIUS, END, END + timedelta(days=1), number=2, client_id=mine)
    await mirror.booking(ROGUE, START, END, number=3, client_id=other)
    await mirror.booking(ROGUE, START, END, number=4, client_id=mine, archive=True)
    async with mirror.db.transaction() as tx:
        found = await quotes.bookings_of(tx, mine, limit=5)
    assert [(one.number, one.model) for one in found] == [(2, "Toyota Prius"), (1, "Nissan Rogue")]


async def test_cars_that_are_gone_are_not_in_the_fleet(mirror: Mirror):
    await mirror.sql("UPDATE cars SET deleted_at = now() WHERE rentprog_id = %s RETURNING id", ROGUE)
    async with mirror.db.transaction() as tx:
        assert ROGUE not in [car.rentprog_id for car in await quotes.fleet(tx)]
        assert await quotes.car(tx, ROGUE) is None

"""One contract over real HTTP: every method of the client gets what the twin knows."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from core.errors import Rejected
from core.money import Currency
from integrations.rentprog import BookingState, HistoryKind, PaymentMethod, RentprogApi, all_pages
from sandbox.app import create_app
from sandbox.clock import VirtualClock
from sandbox.company import BRANCHES, big_world, company
from sandbox.company.branches import BATUMI, KUTAISI, TBILISI
from sandbox.company.notation import from_wall
from tests.contract.rentprog_calls import calling, rows_of
from tests.sandbox.twin_at_work import TwinAtWork, at_port, twin_at_work


@pytest.fixture(scope="module")
def shared() -> Iterator[TwinAtWork]:
    """For reading only."""
    with twin_at_work() as at_work:
        yield at_work


@pytest.fixture(scope="module")
def large() -> Iterator[TwinAtWork]:
    with twin_at_work(big_world(cars=130, clients=1900, bookings=900)) as at_work:
        yield at_work


async def test_a_branch_that_can_be_read_answers_the_probe(shared: TwinAtWork):
    for branch in BRANCHES:
        async with calling(shared, branch) as client:
            await client.probe()
            assert client.branch == branch.code


async def test_the_end_of_the_web_users_token_is_known_before_the_first_call(shared: TwinAtWork):
    async with calling(shared) as client:
        assert client.internal_token_expires_at is not None
        days = client.internal_token_expires_at - shared.clock.now()
        assert timedelta(days=29, hours=23) < days <= timedelta(days=30, minutes=1)


async def test_the_fleet_comes_whole_with_missing_values_as_none(shared: TwinAtWork):
    async with calling(shared) as client:
        fleet = await client.cars()
    cars = {car.rentprog_id: car for car in fleet.rows}
    assert fleet.bad_rows == ()
    assert {row["id"] for row in rows_of(shared, "cars", TBILISI)} < cars.keys()
    assert {car.company_id for car in fleet.rows} == {TBILISI.company_id, BATUMI.company_id}
    assert (cars[61002].plate, cars[61002].fuel) == (shared.world.cars.rows[61002]["number"], None)


async def test_a_list_that_is_wrapped_now_and_then_reads_the_same(shared: TwinAtWork):
    async with calling(shared) as client:
        fleets = [{car.rentprog_id for car in (await client.cars()).rows} for _ in range(5)]
    assert all(fleet == fleets[0] for fleet in fleets)


async def test_cars_come_by_pages_too(large: TwinAtWork):
    async with calling(large, KUTAISI) as client:
        pages = [page async for page in all_pages(lambda number: client.car_page(number, per_page=20))]
    found = {car.rentprog_id for page in pages for car in page.rows}
    assert found >= {row["id"] for row in rows_of(large, "cars", KUTAISI)}


async def test_free_cars_are_asked_for_in_local_time(shared: TwinAtWork):
    out = shared.world.bookings.rows[500001]
    async with calling(shared) as client:
        while_out = await client.free_cars(from_wall(out["start_date"]), from_wall(out["end_date"]))
        before = await client.free_cars(from_wall("01-01-2020 9:00"), from_wall("02-01-2020 9:30"))
    assert out["car_id"] not in {car.rentprog_id for car in while_out.rows}
    assert out["car_id"] in {car.rentprog_id for car in before.rows}


async def test_prices_come_with_the_cars_and_zeroes_are_no_price(shared: TwinAtWork):
    async with calling(shared) as client:
        answer = await client.cars_with_prices()
    cars = {car.rentprog_id for car in answer.cars.rows}
    assert answer.prices.bad_rows == ()
    assert {price.car_rentprog_id for price in answer.prices.rows} == cars
    assert len(answer.prices.rows) == 4 * len(cars)
    without = {price.car_rentprog_id for price in answer.prices.rows if not price.has_price}
    assert 61009 in without


async def test_the_price_list_of_a_car_has_its_own_periods_and_seasons(shared: TwinAtWork):
    async with calling(shared) as client:
        prices = await client.car_prices(61000)
        assert await client.car_prices(61010) is None
    assert prices is not None
    assert len(prices.periods) == 6
    assert {season.rentprog_id for season in prices.seasons} == {1, 2, 3, 4}
    assert all(len(price.values) == 6 for price in prices.prices.rows)


async def test_active_bookings_come_with_their_payments(shared: TwinAtWork):
    async with calling(shared) as client:
        page = await client.booking_page(1)
    bookings = {booking.rentprog_id: booking for booking in page.rows}
    expected = {row["id"] for row in rows_of(shared, "bookings", TBILISI) if row["active"] and not row["archive"]}
    assert bookings.keys() == expected
    assert page.bad_rows == page.payments.bad_rows == ()
    out = bookings[500001]
    assert (out.state, out.in_rent, out.start_worker_id) == (BookingState.ACTIVE, True, 15001)
    assert out.start_at == from_wall(shared.world.bookings.rows[500001]["start_date"])
    paid = [payment for payment in page.payments.rows if payment.booking_rentprog_id == 500001]
    assert len(paid) == 2


async def test_bookings_can_be_asked_for_from_a_day_on(shared: TwinAtWork):
    tomorrow = (shared.world.born + timedelta(hours=4, days=1)).date()
    async with calling(shared) as client:
        page = await client.booking_page(1, start_from=tomorrow)
    expected = {
        row["id"]
        for row in rows_of(shared, "bookings", TBILISI)
        if row["active"] and (from_wall(row["start_date"]) + timedelta(hours=4)).date() >= tomorrow
    }
    assert {booking.rentprog_id for booking in page.rows} == expected


async def test_clients_keep_their_names_phones_and_missing_mails(shared: TwinAtWork):
    async with calling(shared) as client:
        page = await client.client_page(1)
    assert page.bad_rows == ()
    for record in page.rows:
        row = shared.world.clients.rows[record.rentprog_id]
        assert (record.first_name, record.last_name) == (row["name"], row["lastname"])
        assert record.phone_normalised is not None
        assert record.email == (row["email"] if row["email"] not in ("", "null") else None)


async def test_one_object_is_found_by_whichever_route_knows_it(shared: TwinAtWork):
    async with calling(shared) as client:
        for row in rows_of(shared, "cars", TBILISI):
            car = await client.car(row["id"])
            assert (car and car.code) == row["code"]
        for row in rows_of(shared, "bookings", TBILISI):
            booking = await client.booking(row["id"])
            assert (booking and booking.number) == row["number"]
        for row in rows_of(shared, "clients", TBILISI):
            known = await client.client(row["id"])
            assert (known and known.phone) == row["phone"]


async def test_what_a_branch_does_not_know_is_none_and_no_error(shared: TwinAtWork):
    stranger = rows_of(shared, "clients", KUTAISI)[0]["id"]
    async with calling(shared) as client, calling(shared, KUTAISI) as other:
        assert await client.booking(1) is None
        assert await client.car(61010) is None
        assert await client.client(stranger) is None
        assert await other.client(stranger) is not None


async def test_an_archived_booking_is_in_no_list_and_is_found_by_its_id(shared: TwinAtWork):
    archived = next(row["id"] for row in rows_of(shared, "bookings", TBILISI) if row["archive"])
    async with calling(shared) as client:
        listed = [*(await client.booking_page(1)).rows, *(await client.booking_page(1, active=False)).rows]
        found = await client.booking(archived)
    assert archived not in {booking.rentprog_id for booking in listed}
    assert found is not None
    assert found.archive is True


async def test_searches_find_substrings_and_refuse_short_questions(shared: TwinAtWork):
    async with calling(shared) as client:
        assert 61000 in {car.rentprog_id for car in (await client.search_cars("6100")).rows}
        assert len((await client.search_bookings("500")).rows) >= 10
        assert [known.last_name for known in (await client.search_clients("Muster")).rows] == ["Muster"]
        with pytest.raises(Rejected):
            await client.search_cars("AA")


async def test_staff_hold_cash_in_three_currencies(shared: TwinAtWork):
    async with calling(shared) as client:
        staff = await client.users()
    assert staff.bad_rows == ()
    ivan = next(person for person in staff.rows if person.rentprog_id == 15001)
    assert ivan.name == "Иван Петров"
    assert ivan.cash.keys() == {Currency.GEL, Currency.USD, Currency.EUR}
    assert [person.cash for person in staff.rows if not person.active] == [{}]


async def test_the_history_feed_is_understood_but_for_the_one_new_line(shared: TwinAtWork):
    entries = []
    for branch in BRANCHES:
        async with calling(shared, branch) as client:
            page = await client.operations_page()
            assert page.bad_rows == ()
            entries += [(operation.entry.kind, operation.description) for operation in page.rows]
    assert {kind for kind, _ in entries} == set(HistoryKind)
    assert {text for kind, text in entries if kind is HistoryKind.UNKNOWN} == {"Иван Петров сделал что-то новое"}


async def test_payments_are_exact_and_each_has_one_method(shared: TwinAtWork):
    today = shared.world.born.date()
    async with calling(shared) as client:
        page = await client.payments(today - timedelta(days=7), today + timedelta(days=1))
    assert page.bad_rows == ()
    assert {payment.rentprog_id for payment in page.rows} == {row["id"] for row in rows_of(shared, "counts", TBILISI)}
    assert {PaymentMethod.CASH, PaymentMethod.CLIENT_BALANCE} <= {payment.method for payment in page.rows}
    assert Decimal("-12.3") in {payment.last_balance for payment in page.rows}


async def test_the_client_is_what_the_protocol_promises(shared: TwinAtWork):
    async with calling(shared) as client:
        promised: RentprogApi = client
        methods = {name for name in vars(RentprogApi) if not name.startswith("_")}
        assert {name for name in methods if hasattr(promised, name)} == methods


async def test_the_whole_sandbox_speaks_rentprog_under_its_address():
    clock = VirtualClock()
    world = company(clock=clock)
    with at_port(create_app(world=world)) as url, httpx.Client(base_url=url) as http:
        async with calling(TwinAtWork(url, world, clock, http), KUTAISI) as client:
            await client.probe()
            assert {car.company_id for car in (await client.cars()).rows} >= {KUTAISI.company_id}

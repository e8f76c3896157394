"""One contract over real HTTP: the client of RentProg gets everything the twin knows, whatever the twin does to it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from core.errors import Broken, NeedsAttention, Rejected, Temporary
from core.money import Currency
from integrations.http import Patience, open_http
from integrations.rentprog import (
    BadRecord,
    BookingState,
    HistoryKind,
    PaymentMethod,
    RentprogApi,
    RentprogClient,
    RentprogCredentials,
    all_pages,
    budget_for,
)
from sandbox.app import create_app
from sandbox.clock import VirtualClock
from sandbox.company import BRANCHES, big_world, company
from sandbox.company.branches import BATUMI, KUTAISI, TBILISI, Branch
from sandbox.company.notation import from_wall
from sandbox.company.table import Row
from sandbox.rentprog.app import INTERNAL_BASE, PUBLIC_BASE
from tests.sandbox.twin_at_work import TwinAtWork, at_port, twin_at_work

QUICK = Patience(attempt_s=10.0, backoff_s=0.01, jitter_s=0.0)
IMPATIENT = Patience(attempt_s=1.0, backoff_s=0.01, jitter_s=0.0)


class PassingTimer:
    """Waiting moves the clock of the client and of the twin instead of taking time."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._passed = 0.0
        self.longest = 0.0

    def monotonic(self) -> float:
        return self._passed

    async def sleep(self, seconds: float) -> None:
        self.longest = max(self.longest, seconds)
        self._passed += seconds
        self._clock.advance(seconds)
        await asyncio.sleep(0)


class Caller(RentprogClient):
    """The client of one branch with the timer that it waits by."""

    timer: PassingTimer


@asynccontextmanager
async def calling(
    twin: TwinAtWork, branch: Branch = TBILISI, *, has_web_user: bool = True, patience: Patience = QUICK
) -> AsyncIterator[Caller]:
    keys = twin.credentials(branch)
    web_token = keys["web_token"] if has_web_user else None
    budget = budget_for(1 / 3)
    budget.timer = timer = PassingTimer(twin.clock)
    async with open_http() as http:
        client = Caller(
            RentprogCredentials(branch.code, branch.company_id, keys["company_token"], web_token),
            public_base_url=f"{twin.url}{PUBLIC_BASE}",
            internal_base_url=f"{twin.url}{INTERNAL_BASE}",
            budget=budget,
            http=http,
            clock=twin.clock,
            patience=patience,
        )
        client.timer = timer
        yield client


@pytest.fixture(scope="module")
def shared() -> Iterator[TwinAtWork]:
    """For reading only."""
    with twin_at_work() as at_work:
        yield at_work


@pytest.fixture
def twin() -> Iterator[TwinAtWork]:
    with twin_at_work() as at_work:
        yield at_work


@pytest.fixture(scope="module")
def large() -> Iterator[TwinAtWork]:
    with twin_at_work(big_world(cars=130, clients=1900, bookings=900)) as at_work:
        yield at_work


def rows_of(twin: TwinAtWork, table: str, branch: Branch) -> list[Row]:
    rows = getattr(twin.world, table).rows.values()
    return [row for row in rows if row["company_id"] == branch.company_id]


def calls(twin: TwinAtWork, operation: str) -> int:
    return twin.read("stats")["by_operation"].get(operation, 0)


# -- every method ---------------------------------------------------------------------------------------------------


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


# -- lists to their end ---------------------------------------------------------------------------------------------


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


# -- credentials ----------------------------------------------------------------------------------------------------


async def test_many_coroutines_buy_one_token_at_first_and_one_when_it_has_ended(twin: TwinAtWork):
    twin.order("limits", enabled=False)
    async with calling(twin) as client:
        await asyncio.gather(*(client.cars() for _ in range(20)))
        assert calls(twin, "public.get_token") == 1
        twin.order("tokens/expire", branch="tbilisi")
        await asyncio.gather(*(client.cars() for _ in range(20)))
    assert calls(twin, "public.get_token") == 2


async def test_a_token_is_renewed_before_its_four_minutes_are_over(twin: TwinAtWork):
    async with calling(twin) as client:
        await client.cars()
        twin.clock.advance(238)
        await client.cars()
    assert calls(twin, "public.get_token") == 2
    assert all(call["ok"] for call in twin.read("journal")["calls"])


async def test_a_token_that_ends_in_the_middle_of_a_list_is_replaced_without_a_word(twin: TwinAtWork):
    twin.order("tokens/expire", branch="tbilisi", after_calls=2)
    async with calling(twin) as client:
        for _ in range(4):
            await client.cars()
    assert calls(twin, "public.get_token") == 2


async def test_a_second_refusal_of_a_fresh_token_is_an_error_and_no_third_try(twin: TwinAtWork):
    twin.order("faults", operation="public.all_cars_full", status=401, times=5)
    async with calling(twin) as client:
        with pytest.raises(NeedsAttention):
            await client.cars()
        assert (calls(twin, "public.all_cars_full"), calls(twin, "public.get_token")) == (2, 2)
        twin.http.delete("/_sandbox/rentprog/faults")
        assert (await client.cars()).rows


async def test_a_token_that_nobody_knows_is_replaced_by_a_good_one(twin: TwinAtWork):
    wrong = {"token": "header.payload.signature", "exp": "2100-01-10T12:04:00.000+00:00"}
    twin.order("faults", operation="public.get_token", status=200, body=wrong)
    async with calling(twin) as client:
        assert (await client.cars()).rows
    assert calls(twin, "public.get_token") == 2


async def test_an_ended_web_token_asks_for_a_person_at_once(twin: TwinAtWork):
    async with calling(twin) as client:
        twin.order("tokens/expire", plane="internal")
        with pytest.raises(NeedsAttention):
            await client.users()
    assert calls(twin, "internal.users") == 1


async def test_a_403_points_at_the_headers(twin: TwinAtWork):
    twin.order("faults", operation="internal.users", status=403)
    async with calling(twin) as client:
        with pytest.raises(NeedsAttention, match="Origin"):
            await client.users()
        assert (await client.users()).rows


async def test_no_error_shows_a_token(twin: TwinAtWork):
    twin.order("faults", status=500, times=3)
    async with calling(twin) as client:
        with pytest.raises(Temporary) as caught:
            await client.cars()
    assert TBILISI.company_token not in str(caught.value)


# -- failures and recovery ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"drop": True}], ids=str)
async def test_a_passing_failure_is_not_noticed_and_a_lasting_one_is_temporary(
    twin: TwinAtWork, fault: dict[str, object]
):
    async with calling(twin) as client:
        twin.order("faults", operation="internal.users", times=2, **fault)
        assert (await client.users()).rows
        twin.order("faults", operation="internal.users", times=3, **fault)
        with pytest.raises(Temporary):
            await client.users()
        assert (await client.users()).rows


async def test_a_server_that_does_not_answer_in_time_is_asked_again_and_then_given_up(twin: TwinAtWork):
    async with calling(twin, patience=IMPATIENT) as client:
        twin.order("faults", operation="internal.users", times=1, latency_s=2.5)
        assert (await client.users()).rows
        twin.order("faults", operation="internal.users", times=3, latency_s=2.5)
        with pytest.raises(Temporary, match="Timeout"):
            await client.users()
        assert (await client.users()).rows


@pytest.mark.parametrize(("told", "waits"), [({"retry_after": 7}, 7), ({}, 60)])
async def test_over_the_limit_means_waiting_as_long_as_asked(twin: TwinAtWork, told: dict[str, int], waits: int):
    twin.order("faults", operation="internal.users", status=429, **told)
    async with calling(twin) as client:
        assert (await client.users()).rows
        assert client.timer.longest == pytest.approx(waits, abs=0.5)


async def test_the_vendors_own_limit_is_waited_out(twin: TwinAtWork):
    twin.order("limits", per_minute={"get": 1})
    async with calling(twin) as client:
        await client.cars()
        assert (await client.cars()).rows
        assert client.timer.longest > 30


@pytest.mark.parametrize("fault", [{"half": True}, {"status": 200, "body": '{"data": [1, 2'}], ids=["half", "broken"])
async def test_half_a_page_is_no_page(twin: TwinAtWork, fault: dict[str, object]):
    async with calling(twin) as client:
        twin.order("faults", operation="public.all_cars_full", **fault)
        with pytest.raises(Temporary):
            await client.cars()
        assert (await client.cars()).rows


async def test_a_web_page_with_200_is_never_taken_for_data(twin: TwinAtWork):
    page = "<!doctype html><title>Sign in</title>"
    async with calling(twin) as client:
        twin.order("faults", operation="public.all_cars_full", status=200, body=page)
        with pytest.raises(Temporary):
            await client.cars()
        twin.order("faults", operation="internal.users", status=200, body=page)
        with pytest.raises(NeedsAttention):
            await client.users()
        assert (await client.cars()).rows
        assert (await client.users()).rows


@pytest.mark.parametrize("body", [{"message": "ok"}, "null", "7", {"data": {"rows": []}}], ids=str)
async def test_an_answer_of_another_shape_is_never_an_empty_list(twin: TwinAtWork, body: object):
    twin.order("faults", operation="public.all_cars_full", status=200, body=body)
    async with calling(twin) as client:
        with pytest.raises(Broken):
            await client.cars()


async def test_one_bad_row_in_ten_is_told_and_the_nine_others_are_read(twin: TwinAtWork):
    twin.order("bookings/500004", fields={"start_date": "31-02-2030 10:00"}, webhook=False)
    async with calling(twin) as client:
        page = await client.booking_page(1)
        with pytest.raises(BadRecord):
            await client.booking(500004)
    assert [(bad.rentprog_id, bad.reason, bad.field) for bad in page.bad_rows] == [(500004, "bad_date", "start_date")]
    assert len(page.rows) == page.received - 1
    assert page.received >= 9


def _bookings_of(client: RentprogClient, *, is_active: bool):
    async def fetch(number: int):
        return await client.booking_page(number, active=is_active)

    return fetch

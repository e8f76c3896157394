import asyncio
import base64
import json
import logging
from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import Broken, NeedsAttention, Rejected, Temporary
from integrations.http import CallKind
from integrations.rentprog import BadRecord, RentprogApi, RentprogCredentials, all_pages, budget_for
from tests.integrations.conftest import Reply
from tests.integrations.rentprog.conftest import TOKEN

HTML = Reply(body=b"<!DOCTYPE html><html>sign in</html>", headers={"content-type": "text/html; charset=utf-8"})


def jwt(claims):
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"header.{middle}.signature"


# -- the two planes ---------------------------------------------------------------------------------------------------


async def test_the_public_plane_is_called_with_a_bought_token(server, client, fixture_reply):
    server.on("/public/all_cars_full", fixture_reply("cars_all_cars_full.json"))

    await client.cars()

    token_call, cars_call = server.calls
    assert token_call.query == {"company_token": "company-secret"}
    assert cars_call.headers["authorization"] == "Bearer header.payload.signature"
    assert "company_token" not in cars_call.query


async def test_one_token_serves_many_calls_until_three_seconds_before_its_end(server, client, clock):
    server.on("/public/all_cars_full", Reply(json=[]))

    await client.cars()
    clock.advance(timedelta(seconds=236))
    await client.cars()
    assert server.paths().count("/public/get_token") == 1

    clock.advance(timedelta(seconds=1))
    await client.cars()
    assert server.paths().count("/public/get_token") == 2


async def test_g13_many_callers_with_an_expired_token_buy_one(server, client):
    server.on("/public/all_cars_full", Reply(json=[]))

    async with asyncio.TaskGroup() as group:
        for _ in range(20):
            group.create_task(client.cars())

    assert server.paths().count("/public/get_token") == 1
    assert server.paths().count("/public/all_cars_full") == 20


async def test_g13_many_refusals_of_one_token_buy_one_new_one(server, client):
    server.on("/public/get_token", Reply(json=TOKEN), Reply(json=TOKEN | {"token": "new"}))
    server.answer(
        "/public/all_cars_full",
        lambda request: Reply(*{"Bearer new": (200, [])}.get(request.headers["authorization"], (401, {}))),
    )

    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(client.cars())

    assert server.paths().count("/public/get_token") == 2


async def test_g13_a_late_refusal_of_the_old_token_leaves_the_new_one(server, client):
    server.on("/public/get_token", Reply(json=TOKEN), Reply(json=TOKEN | {"token": "new"}))
    plane = client._public
    old = await plane.headers()
    plane.forget(old)
    new = await plane.headers()

    plane.forget(old)

    assert await plane.headers() == new
    assert len(server.calls) == 2


async def test_a_second_refusal_in_a_row_is_an_error(server, client):
    server.on("/public/all_cars_full", Reply(401))

    with pytest.raises(NeedsAttention):
        await client.cars()

    assert server.paths() == ["/public/get_token", "/public/all_cars_full"] * 2


async def test_a_refused_company_token_needs_a_person_and_is_not_shown(server, client, caplog):
    caplog.set_level(logging.DEBUG)
    server.on("/public/get_token", Reply(401, {"error": "bad token company-secret"}))

    with pytest.raises(NeedsAttention, match="company token of tbilisi") as caught:
        await client.cars()

    assert "company-secret" not in caplog.text + repr(caught.value)


@pytest.mark.parametrize(
    "answer", [{}, [], {"token": "x"}, {"token": "", "exp": TOKEN["exp"]}, {"token": "x", "exp": "5"}]
)
async def test_a_token_answer_of_another_shape_is_a_changed_contract(server, client, answer):
    server.on("/public/get_token", Reply(json=answer))

    with pytest.raises(Broken):
        await client.cars()


async def test_the_internal_plane_is_called_like_the_web_client(server, make_client):
    server.on("/users", Reply(json=[]))

    await make_client(internal_token="the.web.jwt").users()

    (call,) = server.calls
    assert call.headers["authorization"] == "Bearer the.web.jwt"
    assert call.headers["origin"] == "https://web.rentprog.ru"
    assert call.headers["referer"] == "https://web.rentprog.ru/"
    assert call.headers["accept"] == "application/json"
    assert call.headers["user-agent"].startswith("Mozilla/5.0")


async def test_an_internal_401_asks_for_a_sign_in_and_is_not_repeated(server, client):
    server.on("/users", Reply(401))

    with pytest.raises(NeedsAttention, match="sign in again"):
        await client.users()

    assert len(server.calls) == 1


async def test_an_internal_403_points_at_the_headers_first(server, client):
    server.on("/users", Reply(403))

    with pytest.raises(NeedsAttention, match="Origin and Referer"):
        await client.users()


async def test_g21_a_web_page_is_never_taken_for_data(server, client):
    server.on("/users", HTML)
    server.on("/public/all_cars_full", HTML)

    with pytest.raises(NeedsAttention, match="sign in again"):
        await client.users()
    with pytest.raises(Temporary, match="web page"):
        await client.cars()


async def test_without_an_internal_token_its_data_needs_attention(make_client):
    with pytest.raises(NeedsAttention, match="internal plane"):
        await make_client(internal_token=None).payments(date(2025, 11, 1), date(2025, 11, 2))


@pytest.mark.parametrize(
    ("token", "expires_at"),
    [
        (jwt({"exp": 1_800_000_000}), datetime.fromtimestamp(1_800_000_000, UTC)),
        (jwt({"scp": "user"}), None),
        (jwt([1]), None),
        ("a.b.c", None),
        ("opaque", None),
        (None, None),
    ],
)
def test_the_end_of_the_web_users_token_is_readable(make_client, token, expires_at):
    assert make_client(internal_token=token).internal_token_expires_at == expires_at


def test_credentials_do_not_show_their_secrets():
    shown = repr(RentprogCredentials("tbilisi", 1001, "company-secret", "jwt-secret"))

    assert "secret" not in shown


def test_the_client_keeps_the_protocol(client):
    api: RentprogApi = client

    assert api.branch == "tbilisi"


# -- failure and recovery ---------------------------------------------------------------------------------------------


async def test_a_branch_that_fails_comes_back(server, client):
    server.on("/public/all_cars_full", Reply(500), Reply(502), Reply(503), Reply(json=[{"id": 5}]))

    with pytest.raises(Temporary):
        await client.cars()

    assert [car.rentprog_id for car in (await client.cars()).rows] == [5]


@pytest.mark.parametrize("body", [b"", b"{", b"[1, NaN]", b"\xff", b"[" * 100_000])
async def test_a_body_that_is_not_json_is_temporary(server, client, body):
    server.on("/public/all_cars_full", Reply(body=body))

    with pytest.raises(Temporary, match="not JSON"):
        await client.cars()


@pytest.mark.parametrize("answer", [{}, {"error": "x"}, {"data": None}, {"cars": {}}, None, 5, "text"])
async def test_g17_an_answer_without_a_list_is_never_an_empty_fleet(server, client, answer):
    server.on("/public/all_cars_full", Reply(json=answer))

    with pytest.raises(Broken):
        await client.cars()


async def test_probe_says_nothing_when_all_is_well_and_why_when_not(server, client):
    server.on("/public/all_cars", Reply(json=[]))
    server.on("/users", Reply(json=[]), Reply(401))

    await client.probe()
    with pytest.raises(NeedsAttention):
        await client.probe()


async def test_g14_probes_of_four_branches_on_one_budget_do_not_go_out_at_once(server, make_client, timer):
    server.on("/public/get_token", Reply(json=TOKEN))
    server.on("/public/all_cars", Reply(json=[]))
    shared = budget_for(0.33, timer=timer)
    moments = []
    server.answer("/public/all_cars", lambda _: moments.append(timer.now) or Reply(json=[]))

    async with asyncio.TaskGroup() as group:
        for branch in ("tbilisi", "kutaisi", "batumi", "service-center"):
            group.create_task(make_client(branch=branch, budget=shared, internal_token=None).probe())

    assert len(moments) == 4
    assert timer.now >= 4.5


def test_our_share_of_the_vendors_limits_is_the_one_of_the_page():
    lanes = budget_for(0.33)._lanes

    assert {kind: (lane.pace.per_minute, lane.pace.gap) for kind, lane in lanes.items()} == {
        CallKind.GET: (40, 1.5),
        CallKind.WRITE: (20, 3),
        CallKind.SEARCH: (10, 6),
        CallKind.TOKEN: (60, 0),
    }


# -- lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "count"), [("cars_all_cars_full.json", 2), ("cars_all_cars_full_wrapped.json", 1)])
async def test_the_fleet_comes_flat_or_wrapped(server, client, fixture_reply, name, count):
    server.on("/public/all_cars_full", fixture_reply(name))

    page = await client.cars()

    assert len(page.rows) == count
    assert page.rows[0].rentprog_id == 61000


async def test_bookings_come_by_the_page_with_their_payments(server, client, fixture_reply):
    server.on("/index_with_search", fixture_reply("booking_list.json"))

    page = await client.booking_page(2, active=False, start_from=date(2025, 11, 1))

    assert server.calls[0].json == {
        "model": "booking",
        "active": False,
        "page": 2,
        "per_page": 50,
        "filters": {"start_date_from": "2025-11-01"},
    }
    assert [booking.rentprog_id for booking in page.rows] == [500001, 500003, 500004]
    assert len(page.payments.rows) == 3
    assert page.bad_rows == page.payments.bad_rows == ()
    assert page.is_last
    assert page.number == 2


async def test_the_page_after_the_last_is_empty_whatever_the_total_says(server, client, fixture_reply):
    server.on("/index_with_search", fixture_reply("booking_list_empty_page.json"))

    page = await client.booking_page(3)

    assert page.rows == ()
    assert page.is_last


async def test_clients_come_by_the_page(server, client, fixture_reply):
    server.on("/index_with_search", fixture_reply("clients_list.json"))

    page = await client.client_page(1)

    assert server.calls[0].json == {"model": "client", "page": 1, "per_page": 500, "filters": {}}
    assert [row.rentprog_id for row in page.rows] == [370001]


async def test_a_server_that_gives_ten_rows_whatever_was_asked_is_read_to_its_end(server, client):
    def ten_rows(request):
        first = (request.json["page"] - 1) * 10 + 1
        return Reply(json={"bookings": {"data": [{"id": n} for n in range(first, min(first + 10, 38))]}, "total": 5})

    server.answer("/index_with_search", ten_rows)

    ids = [row.rentprog_id async for page in all_pages(client.booking_page) for row in page.rows]

    assert ids == list(range(1, 38))
    assert len(server.calls) == 4


@pytest.mark.parametrize(("active", "path"), [(True, "/public/active_bookings"), (False, "/public/unactive_bookings")])
async def test_with_the_public_plane_alone_bookings_and_clients_are_still_listed(server, make_client, active, path):
    server.on("/public/get_token", Reply(json=TOKEN))
    server.on(path, Reply(json={"data": [{"id": 5}]}))
    server.on("/public/all_clients", Reply(json=[{"id": 7}]))
    client = make_client(internal_token=None)

    bookings = await client.booking_page(1, active=active)
    clients = await client.client_page(1)

    assert [row.rentprog_id for row in bookings.rows] == [5]
    assert [row.rentprog_id for row in clients.rows] == [7]


async def test_payments_of_a_window_of_local_days(server, client, fixture_reply):
    server.on("/company_counts_v2", fixture_reply("payments_company_counts.json"))

    page = await client.payments(date(2025, 11, 17), date(2025, 11, 18))

    assert server.calls[0].query == {"start_date": "2025-11-17", "end_date": "2025-11-18"}
    assert len(page.rows) == 6


async def test_f9_188_payments_in_188_payments_out(server, client, fixture_reply):
    one = json.loads(fixture_reply("payments_company_counts.json").body)["counts"]["data"][0]
    many = [{"id": str(n), "type": "count", "attributes": one["attributes"] | {"id": n}} for n in range(1, 189)]
    server.on("/company_counts_v2", Reply(json={"counts": {"data": many}}))

    assert len((await client.payments(date(2025, 11, 17), date(2025, 11, 18))).rows) == 188


async def test_the_audit_feed_is_asked_for_newest_first(server, client, fixture_reply):
    server.on("/search_operations", fixture_reply("history_operations.json"))

    page = await client.operations_page()

    assert server.calls[0].json == {"page": 1, "per_page": 100, "sort_by": "id", "direction": "desc", "search": None}
    assert page.rows[0].rentprog_id == 9000008


async def test_g12_staff_come_with_the_cash_of_this_branch(server, client, fixture_reply):
    server.on("/users", fixture_reply("users.json"))

    assert [row.rentprog_id for row in (await client.users()).rows] == [15001, 15002]


async def test_f14_cars_come_with_the_prices_of_their_side_objects(server, client, fixture_reply):
    server.on("/all_cars_with_bookings", fixture_reply("cars_with_prices_jsonapi.json"))

    listed = await client.cars_with_prices()

    assert [car.plate for car in listed.cars.rows] == ["AA001AA"]
    assert [price.car_rentprog_id for price in listed.prices.rows] == [61000]


async def test_the_price_list_of_one_car(server, client, fixture_reply):
    server.on("/public/car_data_with_bookings", fixture_reply("car_data_with_bookings.json"))

    listed = await client.car_prices(61000)

    assert server.calls[-1].query == {"car_id": "61000"}
    assert len(listed.prices.rows) == 2
    with pytest.raises(Broken):
        await client.car_prices(61001)


async def test_a_car_without_a_price_list_is_none(client):
    assert await client.car_prices(61000) is None


async def test_free_cars_are_asked_for_in_local_time(server, client):
    server.on("/public/free_cars", Reply(json=[{"id": 5}]))

    await client.free_cars(datetime(2025, 11, 22, 5, 0, tzinfo=UTC), datetime(2025, 11, 23, 8, 30, tzinfo=UTC))

    assert server.calls[-1].query == {"start_date": "22-11-2025 9:00", "end_date": "23-11-2025 12:30"}


# -- one object -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "places"),
    [
        ("car", ["/public/cars/5", "/public/car/5", "/public/car_data"]),
        ("client", ["/public/clients/5", "/public/client/5"]),
        ("booking", ["/public/bookings/5", "/public/booking/5", "/public/booking"]),
    ],
)
async def test_an_object_is_looked_for_in_every_place_in_order(server, client, method, places):
    assert await getattr(client, method)(5) is None
    assert server.paths() == ["/public/get_token", *places]

    server.on(places[-1], Reply(json={"id": 5}))
    assert (await getattr(client, method)(5)).rentprog_id == 5


async def test_the_last_place_of_a_booking_takes_the_id_as_a_parameter(server, client):
    await client.booking(5)

    assert server.calls[-1].query == {"id": "5"}


@pytest.mark.parametrize(
    "answer",
    [
        {"id": 5, "total": 10},
        {"id": "5", "total": 10},
        {"data": {"id": 5, "total": 10}},
        {"booking": {"id": 5, "total": 10}},
        {"booking": {"data": {"id": "5", "type": "booking", "attributes": {"id": 5, "total": 10}}}},
        {"data": {"id": "5", "type": "booking", "attributes": {"total": 10}}},
        [{"id": 5, "total": 10}],
    ],
)
async def test_an_object_comes_bare_or_wrapped(server, client, answer):
    server.on("/public/bookings/5", Reply(json=answer))

    booking = await client.booking(5)

    assert booking.columns().keys() == {"rentprog_id", "total"}


@pytest.mark.parametrize("answer", [None, {}, [], {"data": None}, {"booking": {}}])
async def test_an_empty_answer_is_not_there(server, client, answer):
    server.on("/public/bookings/5", Reply(json=answer))

    assert await client.booking(5) is None


async def test_another_object_than_asked_for_is_never_taken(server, client):
    server.on("/public/bookings/5", Reply(json={"id": 6}))

    with pytest.raises(Broken, match="another one"):
        await client.booking(5)


async def test_a_single_object_that_cannot_be_read_carries_its_row(server, client):
    server.on("/public/bookings/5", Reply(json={"id": 5, "start_date": "31-02-2025 10:00"}))

    with pytest.raises(BadRecord) as caught:
        await client.booking(5)

    assert (caught.value.row.rentprog_id, caught.value.row.reason) == (5, "bad_date")


async def test_f11_a_failure_is_never_taken_for_not_there(server, client):
    server.on("/public/clients/5", Reply(500))

    with pytest.raises(Temporary):
        await client.client(5)


@pytest.mark.parametrize(("status", "error"), [(400, Broken), (403, NeedsAttention), (410, Rejected), (422, Rejected)])
async def test_only_a_404_means_not_there(server, client, status, error):
    server.on("/public/bookings/5", Reply(status))

    with pytest.raises(error):
        await client.booking(5)


# -- searches ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["search_cars", "search_clients", "search_bookings"])
async def test_searches_are_of_their_own_kind(server, make_client, timer, method):
    server.on("/public/get_token", Reply(json=TOKEN))
    server.on(f"/public/{method}", Reply(json=[{"id": 5}, {"id": 55}]))
    client = make_client(budget=budget_for(0.33, timer=timer))

    await getattr(client, method)("abc")
    page = await getattr(client, method)("abc", page=2)

    assert [row.rentprog_id for row in page.rows] == [5, 55]
    assert server.calls[-1].query == {"query": "abc", "page": "2", "per_page": "50"}
    assert timer.now == 6


async def test_a_search_of_less_than_three_characters_is_refused_before_it_is_sent(server, client):
    with pytest.raises(Rejected):
        await client.search_cars(" ab ")

    assert server.calls == []

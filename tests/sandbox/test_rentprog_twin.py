"""The twin speaks RentProg's wire with all the oddities that the real one is known for."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.clock import LOCAL_ZONE
from sandbox.company import BRANCHES, World, big_world
from sandbox.company.branches import BATUMI, KUTAISI, TBILISI
from sandbox.company.notation import from_wall, wall
from sandbox.rentprog.app import INTERNAL_BASE, PUBLIC_BASE
from tests.sandbox.twin_at_work import BROWSER, TwinAtWork, twin_at_work


@pytest.fixture
def twin() -> Iterator[TwinAtWork]:
    with twin_at_work() as at_work:
        yield at_work


@pytest.fixture
def large() -> Iterator[TwinAtWork]:
    with twin_at_work(big_world(cars=120, clients=1700, bookings=600)) as at_work:
        at_work.order("limits", enabled=False)
        yield at_work


def own(world: World, table: str, company_id: int) -> set[int]:
    return {row["id"] for row in getattr(world, table).rows.values() if row["company_id"] == company_id}


# -- credentials ----------------------------------------------------------------------------------------------------


def test_a_request_token_opens_the_public_plane_with_and_without_the_word_bearer(twin: TwinAtWork):
    token = twin.token(TBILISI)
    for written in (token, f"Bearer {token}"):
        assert twin.http.get(f"{PUBLIC_BASE}/all_cars", headers={"Authorization": written}).status_code == 200
    assert twin.http.get(f"{PUBLIC_BASE}/all_cars", headers={"X-Request-Token": token}).status_code == 401


def test_a_request_token_ends_after_four_minutes(twin: TwinAtWork):
    headers = {"Authorization": twin.token(TBILISI)}
    twin.clock.advance(239)
    assert twin.http.get(f"{PUBLIC_BASE}/all_cars", headers=headers).status_code == 200
    twin.clock.advance(2)
    assert twin.http.get(f"{PUBLIC_BASE}/all_cars", headers=headers).status_code == 401


def test_a_wrong_company_token_buys_nothing(twin: TwinAtWork):
    assert twin.http.get(f"{PUBLIC_BASE}/get_token", params={"company_token": "wrong"}).status_code == 401


@pytest.mark.parametrize("missing", BROWSER)
def test_the_internal_plane_refuses_what_does_not_look_like_the_web_client(twin: TwinAtWork, missing: str):
    headers = BROWSER | {"Authorization": twin.credentials(TBILISI)["web_token"], missing: "other"}
    assert twin.http.get(f"{INTERNAL_BASE}/users", headers=headers).status_code == 403


def test_the_tokens_of_the_two_planes_are_not_exchangeable(twin: TwinAtWork):
    request_token, web_token = twin.token(TBILISI), twin.credentials(TBILISI)["web_token"]
    internal = twin.http.get(f"{INTERNAL_BASE}/users", headers=BROWSER | {"Authorization": request_token})
    public = twin.http.get(f"{PUBLIC_BASE}/all_cars", headers={"Authorization": web_token})
    assert (internal.status_code, public.status_code) == (401, 401)


def test_a_web_token_lives_for_thirty_days(twin: TwinAtWork):
    headers = BROWSER | {"Authorization": twin.credentials(TBILISI)["web_token"]}
    twin.clock.advance(timedelta(days=29, hours=23).total_seconds())
    assert twin.http.get(f"{INTERNAL_BASE}/users", headers=headers).status_code == 200
    twin.clock.advance(timedelta(hours=2).total_seconds())
    assert twin.http.get(f"{INTERNAL_BASE}/users", headers=headers).status_code == 401


def test_tokens_end_in_the_middle_of_somebodys_work_when_told(twin: TwinAtWork):
    headers = {"Authorization": twin.token(TBILISI)}
    twin.order("tokens/expire", branch="tbilisi", after_calls=2)
    answers = [twin.http.get(f"{PUBLIC_BASE}/all_cars", headers=headers).status_code for _ in range(4)]
    assert answers == [200, 200, 401, 401]
    assert twin.public(TBILISI, "all_cars").status_code == 200


def test_the_branch_is_chosen_by_the_token_alone(twin: TwinAtWork):
    for branch in BRANCHES:
        cars = twin.public(branch, "all_cars", company_id=TBILISI.company_id).json()
        assert {car["id"] for car in cars} == own(twin.world, "cars", branch.company_id)


# -- the public plane -----------------------------------------------------------------------------------------------


def test_the_full_list_of_cars_holds_a_guest_of_another_branch(twin: TwinAtWork):
    cars = twin.public(TBILISI, "all_cars_full").json()
    assert {car["company_id"] for car in cars} == {TBILISI.company_id, BATUMI.company_id}


def test_every_fourth_list_comes_wrapped_in_data(twin: TwinAtWork):
    shapes = [type(twin.public(TBILISI, "all_cars_full").json()) for _ in range(8)]
    assert shapes == [list, list, list, dict] * 2


@pytest.mark.parametrize(
    ("booking_id", "expected"),
    [(500002, (200, 200, 200)), (500001, (404, 200, 200)), (500004, (404, 404, 200)), (599999, (404, 404, 404))],
)
def test_some_bookings_are_found_only_by_another_form_of_the_route(
    twin: TwinAtWork, booking_id: int, expected: tuple[int, ...]
):
    by_route = [twin.public(TBILISI, f"{form}/{booking_id}").status_code for form in ("bookings", "booking")]
    by_parameter = twin.public(TBILISI, "booking", id=booking_id).status_code
    assert (*by_route, by_parameter) == expected


def test_a_client_of_another_branch_is_not_known(twin: TwinAtWork):
    kutaisi_client = min(own(twin.world, "clients", KUTAISI.company_id))
    assert twin.public(TBILISI, f"client/{kutaisi_client}").status_code == 404
    assert twin.public(KUTAISI, f"client/{kutaisi_client}").status_code == 200


def test_all_bookings_gives_ten_whatever_was_asked_and_leaves_out_the_archived(large: TwinAtWork):
    seen: set[int] = set()
    page = 1
    while rows := large.public(KUTAISI, "all_bookings", page=page, per_page=200).json():
        listed = rows["data"] if isinstance(rows, dict) else rows
        assert len(listed) <= 10
        seen |= {row["id"] for row in listed}
        page += 1
        if len(listed) < 10:
            break
    bookings = large.world.bookings.rows
    assert seen == {i for i in own(large.world, "bookings", KUTAISI.company_id) if not bookings[i]["archive"]}
    assert seen < own(large.world, "bookings", KUTAISI.company_id)


def test_an_archived_booking_is_still_found_by_its_id(twin: TwinAtWork):
    archived = next(row["id"] for row in twin.world.bookings.rows.values() if row["archive"])
    answer = twin.public(TBILISI, "booking", id=archived).json()
    assert (answer["archive"], answer["company_id"]) == (True, TBILISI.company_id)


def test_a_search_needs_three_characters_and_finds_substrings(twin: TwinAtWork):
    assert twin.public(TBILISI, "search_bookings", query="50").status_code == 422
    found = {row["id"] for row in twin.public(TBILISI, "search_bookings", query="500001").json()}
    assert found == {500001}
    assert len(twin.public(TBILISI, "search_bookings", query="500").json()) == 10


def test_free_cars_leaves_out_what_is_booked_broken_or_elsewhere(twin: TwinAtWork):
    now = twin.world.born
    start, end = wall(now), wall(now + timedelta(days=30))
    free = twin.public(TBILISI, "free_cars", start_date=start, end_date=end).json()
    bookings = [row for row in twin.world.bookings.rows.values() if row["active"]]
    taken = {row["car_id"] for row in bookings if from_wall(row["end_date"]) > now}
    assert free
    assert not {car["id"] for car in free} & taken
    assert {(car["company_id"], car["state"]) for car in free} == {(TBILISI.company_id, 1)}
    assert twin.public(TBILISI, "free_cars", start_date="2026-01-01", end_date=end).status_code == 422


def test_a_car_comes_with_its_prices_by_period_and_season(twin: TwinAtWork):
    car = twin.public(TBILISI, "car_data_with_bookings", car_id=61000).json()
    assert all(len(price["values"]) == len(car["price_periods"]) for price in car["prices"])
    assert any(not any(price["values"]) for price in car["prices"])
    assert {type(season["id"]) for season in car["seasons"]} == {int, str}
    assert {booking["car_id"] for booking in car["bookings"]} == {61000}


# -- the internal plane ---------------------------------------------------------------------------------------------


def test_total_never_tells_the_number_of_rows(twin: TwinAtWork):
    ask = {"model": "booking", "page": 1, "per_page": 50}
    answer = twin.internal(TBILISI, "index_with_search", ask).json()
    assert answer["total"] != len(answer["bookings"]["data"])


def test_bookings_name_their_payments_and_included_holds_them(twin: TwinAtWork):
    page = twin.internal(TBILISI, "index_with_search", {"model": "booking", "page": 1, "per_page": 50}).json()
    named = {
        count["id"]
        for row in page["bookings"]["data"]
        for count in row["relationships"]["counts"]["data"]
    }  # fmt: skip
    assert named == {count["id"] for count in page["bookings"]["included"]}
    assert named


def test_ids_are_texts_outside_and_ints_inside(twin: TwinAtWork):
    row = twin.internal(TBILISI, "index_with_search", {"model": "booking"}).json()["bookings"]["data"][0]
    assert row["id"] == str(row["attributes"]["id"])
    assert isinstance(row["attributes"]["id"], int)


def test_listed_bookings_lack_their_branch_and_have_wrong_formatted_dates(twin: TwinAtWork):
    rows = twin.internal(TBILISI, "index_with_search", {"model": "booking"}).json()["bookings"]["data"]
    for row in rows:
        shown = row["attributes"]
        assert "company_id" not in shown
        assert "updated_at" not in shown
        hour = (from_wall(shown["start_date"]) + timedelta(hours=8)).hour
        assert shown["start_date_formatted"][11:13] == f"{hour:02}"


@pytest.mark.parametrize(("model", "asked", "came"), [("client", 500, 500), ("client", 501, 10), ("booking", 51, 10)])
def test_a_page_that_is_asked_too_large_comes_with_ten_rows(large: TwinAtWork, model: str, asked: int, came: int):
    answer = large.internal(TBILISI, "index_with_search", {"model": model, "page": 1, "per_page": asked}).json()
    assert len(answer[f"{model}s"]["data"]) == came


def test_the_filter_by_start_date_compares_local_days(twin: TwinAtWork):
    today = twin.world.born.astimezone(LOCAL_ZONE).date().isoformat()
    ask = {"model": "booking", "active": True, "per_page": 50, "filters": {"start_date_from": today}}
    rows = twin.internal(TBILISI, "index_with_search", ask).json()["bookings"]["data"]
    starts = [from_wall(row["attributes"]["start_date"]) for row in rows]
    assert starts
    assert min(starts) >= twin.world.born - timedelta(days=1)


def test_the_page_after_the_last_is_empty_with_the_same_total(twin: TwinAtWork):
    first = twin.internal(TBILISI, "index_with_search", {"model": "client", "page": 1}).json()
    after = twin.internal(TBILISI, "index_with_search", {"model": "client", "page": 9}).json()
    assert after == {"clients": {"data": []}, "total": first["total"]}


def test_prices_of_the_car_list_stand_only_in_included(twin: TwinAtWork):
    answer = twin.internal(TBILISI, "all_cars_with_bookings").json()
    named = {price["id"] for car in answer["data"] for price in car["relationships"]["prices"]["data"]}
    assert named == {price["id"] for price in answer["included"]}
    assert not any("values" in car["attributes"] for car in answer["data"])


def test_payments_are_asked_for_by_local_days(twin: TwinAtWork):
    day = twin.world.now().date().isoformat()
    counts = twin.internal(TBILISI, "company_counts_v2", start_date="2020-01-01", end_date="2100-01-01").json()
    attributes = [count["attributes"] for count in counts["counts"]["data"]]
    assert {type(count["rate"]) for count in attributes} == {str}
    assert {type(count["sum"]) for count in attributes} == {int, float}
    assert twin.internal(TBILISI, "company_counts_v2", start_date=day).status_code == 422
    assert twin.internal(TBILISI, "company_counts", start_date=day, end_date=day).status_code == 401


def test_the_history_feed_is_newest_first_and_claims_a_huge_total(twin: TwinAtWork):
    answer = twin.internal(TBILISI, "search_operations", {"page": 1, "per_page": 100, "search": None}).json()
    ids = [row["attributes"]["id"] for row in answer["operations"]["data"]]
    assert ids == sorted(ids, reverse=True)
    assert answer["total_operations"] > 100_000


def test_the_dashboard_lists_free_cars_with_their_maintenance(twin: TwinAtWork):
    told = twin.internal(TBILISI, "dashboard").json()
    cars = told["free_cars_start_dates"]
    assert told["free_cars_count"] == len(cars)
    assert any(item["mileage_step"] == 30 for car in cars for item in car["maintenances"])
    assert any(car["booking_id"] for car in cars)


def test_staff_cash_is_only_on_the_internal_plane(twin: TwinAtWork):
    assert "currency_accounts" in twin.internal(TBILISI, "users").json()[0]
    assert "currency_accounts" not in twin.public(TBILISI, "users").json()[0]


# -- limits and faults ----------------------------------------------------------------------------------------------


def test_the_thirty_first_search_of_a_minute_is_refused_until_the_minute_is_over(twin: TwinAtWork):
    headers = {"Authorization": twin.token(TBILISI)}
    path = f"{PUBLIC_BASE}/search_cars"
    answers = [twin.http.get(path, params={"query": "AA0"}, headers=headers) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    wait = int(answers[-1].headers["Retry-After"])
    assert 0 < wait <= 60
    assert twin.http.get(f"{PUBLIC_BASE}/all_cars", headers=headers).status_code == 200
    twin.clock.advance(wait)
    assert twin.http.get(path, params={"query": "AA0"}, headers=headers).status_code == 200


def test_limits_can_be_switched_off(twin: TwinAtWork):
    twin.order("limits", enabled=False)
    headers = {"Authorization": twin.token(TBILISI)}
    answers = {twin.http.get(f"{PUBLIC_BASE}/all_cars", headers=headers).status_code for _ in range(130)}
    assert answers == {200}


def test_an_ordered_fault_hits_only_its_operation_and_branch_and_then_is_over(twin: TwinAtWork):
    twin.order("faults", operation="public.all_cars", branch="batumi", status=503, body={"error": "down"})
    assert twin.public(TBILISI, "all_cars").status_code == 200
    assert twin.public(BATUMI, "all_clients").status_code == 200
    assert twin.public(BATUMI, "all_cars").status_code == 503
    assert twin.public(BATUMI, "all_cars").status_code == 200


def test_the_journal_tells_every_call_without_its_secrets(twin: TwinAtWork):
    twin.order("faults", operation="internal.users", status=500)
    twin.internal(TBILISI, "users")
    calls = twin.read("journal")["calls"]
    assert [(call["method"], call["ok"]) for call in calls] == [("internal.users", False)]
    twin.token(TBILISI)
    assert TBILISI.company_token not in twin.http.get("/_sandbox/rentprog/journal").text


def test_stats_count_calls_and_the_time_inside_the_twin(twin: TwinAtWork):
    twin.public(TBILISI, "all_cars")
    stats = twin.read("stats")
    assert stats["by_operation"] == {"public.get_token": 1, "public.all_cars": 1}
    assert 0 < stats["busy_s"] < 5
    for _ in range(20):
        twin.public(TBILISI, "all_cars")
    assert twin.read("stats")["busy_s"] > stats["busy_s"]

from decimal import Decimal

import pytest

from core.errors import Broken
from integrations.rentprog import PriceRecord
from integrations.rentprog.answers import included_of, rows_of
from integrations.rentprog.pages import read_page
from integrations.rentprog.prices import linked_prices, price_list
from integrations.rentprog.values import BadValueError
from tests.integrations.rentprog.conftest import load


def linked(answer):
    return read_page("price", PriceRecord, linked_prices(rows_of(answer, "cars"), included_of(answer, "cars", "price")))


def test_f14_prices_that_stand_only_in_included_are_read():
    (price,) = linked(load("cars_with_prices_jsonapi.json")).rows

    assert price.rentprog_id == 227000
    assert price.car_rentprog_id == 61000
    assert price.season_rentprog_id == 1
    assert price.values == tuple(Decimal(f"{value}.00") for value in (107, 102, 96, 91, 77, 63))
    assert price.has_price


def test_f14_a_price_without_its_car_is_linked_by_the_relation():
    answer = load("cars_with_prices_jsonapi.json")
    del answer["included"][0]["attributes"]["car_id"]

    (price,) = linked(answer).rows

    assert price.car_rentprog_id == 61000


def test_f14_a_price_that_is_named_but_not_brought_is_a_bad_row():
    answer = load("cars_with_prices_jsonapi.json") | {"included": []}

    page = linked(answer)

    assert page.rows == ()
    assert [(bad.rentprog_id, bad.reason) for bad in page.bad_rows] == [(227000, "bad_price_values")]


@pytest.mark.parametrize("season_id", [1, "1"])
def test_f14_season_ids_are_one_as_int_and_as_text(season_id):
    price = PriceRecord.from_wire(
        {"id": "7", "car_id": "8", "season_id": season_id, "values": [1, "2", Decimal("3.5")]}
    )

    assert price.season_rentprog_id == 1


def test_the_price_list_of_a_car_has_its_own_buckets():
    listed = price_list(load("car_data_with_bookings.json"), 61000)

    assert listed.periods == ("1 - 2", "3 - 4", "5 - 7", "8 - 15", "16 - 30", "30+")
    winter, summer = listed.prices.rows
    assert winter.periods == listed.periods
    assert winter.has_price
    assert not summer.has_price
    assert [season.rentprog_id for season in listed.seasons] == [1, 2]


def test_a_price_of_another_length_than_the_buckets_is_refused():
    car = load("car_data_with_bookings.json")
    car["price_periods"].pop()

    page = price_list(car, 61000).prices

    assert {bad.reason for bad in page.bad_rows} == {"price_periods_differ"}
    assert page.rows == ()


@pytest.mark.parametrize("values", [None, [], 5, ["x"], [None]])
def test_values_that_are_no_prices_are_refused(values):
    with pytest.raises(BadValueError):
        PriceRecord.from_wire({"id": 1, "car_id": 2, "season_id": 3, "values": values})


@pytest.mark.parametrize("key", ["price_periods", "prices", "seasons"])
def test_a_price_list_without_its_parts_is_a_changed_contract(key):
    with pytest.raises(Broken):
        price_list(load("car_data_with_bookings.json") | {key: None}, 61000)


def test_a_season_with_an_impossible_day_is_a_changed_contract():
    car = load("car_data_with_bookings.json")
    car["seasons"][0]["start_date"] = "31.02"

    with pytest.raises(Broken, match="bad_date"):
        price_list(car, 61000)

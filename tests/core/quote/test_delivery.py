"""Delivery: every figure of the table, the general rule, and what nobody has priced."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.money import Currency, Money
from core.quote.delivery import City, DeliveryPrices, Place, Point, Scope, Tariff
from core.quote.delivery_table import SHIPPED_DELIVERY
from core.quote.unknown import Reason, Unknown

RULE_FIRST = replace(SHIPPED_DELIVERY, table_wins=False)

TABLE = """\
Tbilisi        10  60 100
Kutaisi        60   0  60
Batumi        100  60  10
Poti           90  40  50
Zugdidi        80  40  60
Marneuli       30  80 120
Telavi         60 100 130
Rustavi        20  80 120
Akhaltsikhe    80  80 100
Gori           40  50 120
Borjomi        70  60 100
Stepantsminda 100 140 160
Senaki         80  40  70
Gudauri        80 120 140
Tskaltubo      80  20  70
Chakvi        120  80  30
Mtskheta       20  80 120
Zestaphoni     80  20  80
Sighnaghi      60 100 130
Kobuleti      120  80  30
Gonio         110  80  20
Akhalkalaki   100 100 140
Mestia        150 100 150
Sadakhlo border 50 100 130
Sarpi         120  80  30
Shekvetili    120  80  30
Kvariati      120  80  20
Ureki         100  50  40
"""
ROWS = [
    (place, branch, int(fee))
    for place, *fees in (line.rsplit(maxsplit=3) for line in TABLE.splitlines())
    for branch, fee in zip(("tbilisi", "kutaisi", "batumi"), fees, strict=True)
]


def usd(amount: int) -> Money:
    return Money(Decimal(amount), Currency.USD)


@pytest.mark.parametrize(("place", "branch", "fee"), ROWS)
def test_the_table_of_the_business_is_the_price(place, branch, fee):
    assert SHIPPED_DELIVERY.fee(branch, Place(place)) == usd(fee)


def test_the_table_has_no_place_that_the_business_did_not_name():
    assert {city.name for city in SHIPPED_DELIVERY.cities} == {place for place, _, _ in ROWS}
    assert len(SHIPPED_DELIVERY.tariffs) == len(ROWS) == 84


@pytest.mark.parametrize(
    ("prices", "fee"), [(SHIPPED_DELIVERY, usd(0)), (RULE_FIRST, usd(10))], ids=["table wins", "rule first"]
)
def test_inside_kutaisi_the_setting_says_whether_the_table_wins(prices, fee):
    assert prices.fee("kutaisi", Place("Kutaisi")) == fee


@pytest.mark.parametrize(("city", "branch"), [("Tbilisi", "tbilisi"), ("Kutaisi", "kutaisi"), ("Batumi", "batumi")])
def test_the_airport_of_the_own_city_costs_the_airport_fee(city, branch):
    assert SHIPPED_DELIVERY.fee(branch, Place(city, Point.AIRPORT)) == usd(20)


def test_an_airport_tariff_in_the_table_wins_over_the_airport_fee():
    row = Tariff("Kutaisi", "kutaisi", Scope.AIRPORT, usd(15))
    prices = replace(SHIPPED_DELIVERY, tariffs=(*SHIPPED_DELIVERY.tariffs, row))
    assert prices.fee("kutaisi", Place("Kutaisi", Point.AIRPORT)) == usd(15)
    assert replace(prices, table_wins=False).fee("kutaisi", Place("Kutaisi", Point.AIRPORT)) == usd(20)


@pytest.mark.parametrize("point", list(Point))
@pytest.mark.parametrize("prices", [SHIPPED_DELIVERY, RULE_FIRST], ids=["table wins", "rule first"])
def test_between_cities_every_point_costs_the_same(point, prices):
    assert prices.fee("tbilisi", Place("Batumi", point)) == usd(100)


def test_at_the_own_office_nothing_is_delivered():
    assert SHIPPED_DELIVERY.fee("batumi", Place("Batumi", Point.OFFICE)) is None


@pytest.mark.parametrize(("branch", "city"), [("tbilisi", "Atlantis"), ("service-center", "Tbilisi")])
@pytest.mark.parametrize("point", list(Point))
def test_a_missing_tariff_is_unknown_and_never_nothing(branch, city, point):
    assert SHIPPED_DELIVERY.fee(branch, Place(city, point)) == Unknown(Reason.NO_TARIFF, f"{branch} to {city}")


def test_a_city_without_a_row_of_its_own_takes_the_general_rule():
    prices = DeliveryPrices((City("Telavi", "telavi", has_airport=False),), (), usd(10), usd(20))
    assert prices.fee("telavi", Place("Telavi")) == usd(10)
    assert prices.fee("telavi", Place("Telavi", Point.AIRPORT)) == Unknown(Reason.NO_AIRPORT, "Telavi")


@pytest.mark.parametrize("name", ["KUTAISI", " kutaisi ", "kUtAiSi"])
def test_the_name_of_a_city_is_found_in_any_case(name):
    assert SHIPPED_DELIVERY.fee("tbilisi", Place(name)) == usd(60)


@pytest.mark.parametrize(
    ("city", "branch"),
    [("Batumi", "batumi"), ("Poti", "kutaisi"), ("Sarpi", "batumi"), ("Gori", "tbilisi"), ("Akhaltsikhe", None)],
)
def test_a_city_is_served_by_its_own_branch_or_else_the_nearest(city, branch):
    found = SHIPPED_DELIVERY.city(city)
    assert found is not None
    assert found.serving_branch == branch


def test_a_tariff_that_stands_twice_is_refused():
    twice = (*SHIPPED_DELIVERY.tariffs, Tariff("kutaisi", "kutaisi", Scope.CITY, usd(10)))
    with pytest.raises(ValueError, match="twice"):
        replace(SHIPPED_DELIVERY, tariffs=twice)


def test_a_city_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        replace(SHIPPED_DELIVERY, cities=(*SHIPPED_DELIVERY.cities, City("GORI")))

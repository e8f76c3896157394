"""The price of a day: season of the day of issue, bucket of the length, and no price where there is none."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Currency, Money
from core.quote.price_list import Bucket, PriceList, SeasonPrices
from core.quote.unknown import Reason, Unknown

PERIODS = ("1 - 2", "3 - 4", "5 - 7", "8 - 15", "16 - 30", "30+")
WINTER = SeasonPrices("winter", (11, 1), (3, 31), tuple(map(Decimal, (107, 102, 96, 91, 77, 63))))
SUMMER = SeasonPrices("summer", (4, 1), (10, 31), tuple(map(Decimal, (120, 115, 110, 100, 90, 80))))
MAY = date(2026, 5, 5)


def prices(*seasons: SeasonPrices, periods=PERIODS) -> PriceList:
    return PriceList(Currency.USD, periods, seasons)


def all_year(*values: int) -> SeasonPrices:
    return SeasonPrices("all year", (1, 1), (12, 31), tuple(map(Decimal, values)))


def usd(amount: int) -> Money:
    return Money(Decimal(amount), Currency.USD)


@pytest.mark.parametrize(
    ("days", "price"),
    [
        (1, 107),
        (2, 107),
        (3, 102),
        (4, 102),
        (5, 96),
        (7, 96),
        (8, 91),
        (15, 91),
        (16, 77),
        (30, 77),
        (31, 63),
        (90, 63),
    ],
)
def test_the_number_of_days_chooses_the_bucket(days, price):
    assert prices(WINTER, SUMMER).per_day(date(2026, 1, 10), days) == usd(price)


@pytest.mark.parametrize(
    ("issued_on", "price"),
    [
        (date(2026, 3, 31), 107),
        (date(2026, 4, 1), 120),
        (date(2026, 10, 31), 120),
        (date(2026, 11, 1), 107),
        (date(2026, 12, 31), 107),
        (date(2027, 1, 1), 107),
        (date(2028, 2, 29), 107),
    ],
)
def test_the_day_of_issue_chooses_the_season_also_over_the_new_year(issued_on, price):
    assert prices(WINTER, SUMMER).per_day(issued_on, 1) == usd(price)


def test_a_day_in_no_season_has_no_price():
    assert prices(WINTER).per_day(MAY, 3) == Unknown(Reason.NO_SEASON, "2026-05-05")


def test_a_season_without_days_covers_nothing():
    assert prices(SeasonPrices("lost", None, (12, 31), WINTER.values)).per_day(MAY, 3) == Unknown(
        Reason.NO_SEASON, "2026-05-05"
    )


def test_two_seasons_of_one_day_must_agree():
    assert prices(SUMMER, all_year(1, 2, 3, 4, 5, 6)).per_day(MAY, 3) == Unknown(
        Reason.SEASONS_DISAGREE, "summer, all year"
    )
    assert prices(SUMMER, SUMMER).per_day(MAY, 3) == usd(115)


def test_only_zeroes_are_no_price_and_not_a_free_car():
    assert prices(all_year(0, 0, 0, 0, 0, 0)).per_day(MAY, 3) == Unknown(Reason.NO_PRICE, "all year")


def test_a_single_zero_is_a_hole_in_the_list_too():
    assert prices(all_year(50, 0, 40, 40, 40, 40)).per_day(MAY, 3) == Unknown(Reason.NO_PRICE, "all year, 3 days")


@pytest.mark.parametrize(
    ("periods", "values"),
    [
        (("1 - 2",), (50, 40)),
        (("1 - 2", "3+"), (50,)),
        (("1 - 2", "a week"), (50, 40)),
        (("1 - 2", "7 - 3"), (50, 40)),
        (("0 - 2", "3+"), (50, 40)),
        (("1 - 2", "3+"), (50, -40)),
        (("1 - 2", ""), (50, 40)),
    ],
)
def test_a_list_that_does_not_fit_together_gives_no_price(periods, values):
    assert prices(all_year(*values), periods=periods).per_day(MAY, 1) == Unknown(Reason.BAD_PRICE_LIST, "all year")


def test_a_value_that_is_no_number_gives_no_price():
    broken = SeasonPrices("all year", (1, 1), (12, 31), (Decimal("NaN"),))
    assert prices(broken, periods=("1+",)).per_day(MAY, 1) == Unknown(Reason.BAD_PRICE_LIST, "all year")


@pytest.mark.parametrize("days", [3, 8])
def test_a_length_between_or_behind_the_buckets_has_no_price(days):
    assert prices(all_year(50, 40), periods=("1 - 2", "4 - 7")).per_day(MAY, days) == Unknown(
        Reason.NO_BUCKET, f"{days} days"
    )


@pytest.mark.parametrize(
    ("text", "bucket"), [("5 - 7", Bucket(5, 7)), ("5-7", Bucket(5, 7)), (" 30+ ", Bucket(30, None))]
)
def test_periods_are_read_as_rentprog_writes_them(text, bucket):
    assert Bucket.parse(text) == bucket


CHEAPER_BY_LENGTH = st.lists(st.integers(1, 500), min_size=6, max_size=6).map(
    lambda values: all_year(*sorted(values, reverse=True))
)


@given(CHEAPER_BY_LENGTH, st.integers(1, 60), st.integers(0, 60))
def test_more_days_never_cost_more_a_day_where_the_list_falls(season, days, more):
    car = prices(season)
    short, long = car.per_day(MAY, days), car.per_day(MAY, days + more)
    assert isinstance(short, Money)
    assert isinstance(long, Money)
    assert long.amount <= short.amount


@given(st.lists(st.integers(1, 500), min_size=6, max_size=6), st.integers(1, 90))
def test_the_price_of_a_day_is_that_of_the_first_bucket_that_holds_the_length(values, days):
    own = next(value for period, value in zip(PERIODS, values, strict=True) if Bucket.parse(period).includes(days))
    assert prices(all_year(*values)).per_day(MAY, days) == usd(own)


@given(st.lists(st.integers(0, 3), min_size=6, max_size=6), st.integers(1, 90))
def test_no_price_is_ever_zero(values, days):
    assert prices(all_year(*values)).per_day(MAY, days) != usd(0)

"""Conversion by a stored rate: exact, with an age, and unknown where no fresh rate is stored."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Currency, Money
from core.quote.rates import Rates, convert
from core.quote.unknown import Reason, Unknown

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
DAY = timedelta(hours=24)
READ = {Currency.USD: Decimal("0.3704"), Currency.EUR: Decimal("0.3425"), Currency.RUB: Decimal("30.12")}


def rates(age: timedelta = timedelta(0)) -> Rates:
    return Rates(READ, NOW - age)


def money(amount: str, currency: Currency) -> Money:
    return Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("amount", "to", "converted"),
    [
        (money("100", Currency.USD), Currency.GEL, money("269.98", Currency.GEL)),
        (money("100", Currency.GEL), Currency.USD, money("37.04", Currency.USD)),
        (money("100", Currency.USD), Currency.EUR, money("92.47", Currency.EUR)),
        (money("100", Currency.GEL), Currency.RUB, money("3012", Currency.RUB)),
        (money("0.01", Currency.GEL), Currency.RUB, money("1", Currency.RUB)),
        (money("-0.01", Currency.GEL), Currency.RUB, money("-1", Currency.RUB)),
        (money("0", Currency.GEL), Currency.RUB, money("0", Currency.RUB)),
    ],
)
def test_an_amount_is_converted_by_the_stored_rate(amount, to, converted):
    assert convert(amount, to, rates(), now=NOW, max_age=DAY) == converted


def test_a_rate_may_be_exactly_as_old_as_allowed():
    assert isinstance(convert(money("1", Currency.USD), Currency.GEL, rates(DAY), now=NOW, max_age=DAY), Money)


def test_an_older_rate_is_outdated_and_goes_to_a_person():
    found = convert(money("1", Currency.USD), Currency.GEL, rates(DAY + timedelta(seconds=1)), now=NOW, max_age=DAY)
    assert isinstance(found, Unknown)
    assert found.reason is Reason.RATE_OUTDATED
    assert "2026-04-30T08:59:59+00:00" in found.about


@pytest.mark.parametrize("stored", [None, Rates({}, NOW), Rates({Currency.EUR: Decimal(1)}, NOW)])
def test_without_a_stored_rate_there_is_no_amount(stored):
    found = convert(money("1", Currency.USD), Currency.EUR, stored, now=NOW, max_age=DAY)
    assert found == Unknown(Reason.NO_RATE, "USD to EUR")


def test_the_same_currency_needs_no_rate():
    assert convert(money("7", Currency.USD), Currency.USD, None, now=NOW, max_age=DAY) == money("7", Currency.USD)


@pytest.mark.parametrize("wrong", [Decimal(0), Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_a_rate_that_is_no_positive_number_is_refused(wrong):
    with pytest.raises(ValueError, match="above zero"):
        Rates({Currency.USD: wrong}, NOW)


def test_a_rate_without_the_zone_of_its_time_is_refused():
    with pytest.raises(ValueError, match="zone"):
        Rates(READ, NOW.replace(tzinfo=None))


@given(st.decimals(1, 10_000, places=2), st.sampled_from([Currency.USD, Currency.EUR, Currency.RUB]))
def test_a_whole_discount_still_cancels_its_fee_in_every_currency(amount, to):
    fee = convert(Money(amount, Currency.GEL), to, rates(), now=NOW, max_age=DAY)
    off = convert(Money(-amount, Currency.GEL), to, rates(), now=NOW, max_age=DAY)
    assert isinstance(fee, Money)
    assert isinstance(off, Money)
    assert (fee + off).amount == 0

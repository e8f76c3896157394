"""Money is exact, knows its currency and never mixes two."""

from decimal import Decimal

import pytest

from core.money import RENTPROG_CURRENCIES, Currency, Money


def test_an_amount_is_rounded_to_cents_half_up():
    assert Money(Decimal("10.005"), Currency.GEL) == Money(Decimal("10.01"), Currency.GEL)


def test_amounts_of_one_currency_add_and_subtract_exactly():
    a, b = Money(Decimal("0.10"), Currency.USD), Money(Decimal("0.20"), Currency.USD)
    assert a + b == Money(Decimal("0.30"), Currency.USD)
    assert a - b == Money(Decimal("-0.10"), Currency.USD)


def test_two_currencies_do_not_add():
    with pytest.raises(ValueError, match="USD to GEL"):
        Money(Decimal(1), Currency.GEL) + Money(Decimal(1), Currency.USD)
    with pytest.raises(ValueError, match="USD to GEL"):
        Money(Decimal(1), Currency.GEL) - Money(Decimal(1), Currency.USD)


def test_it_reads_as_an_amount_and_its_currency():
    assert str(Money(Decimal(5), Currency.EUR)) == "5.00 EUR"


def test_g8_rentprogs_two_is_not_a_currency_we_know():
    assert RENTPROG_CURRENCIES == {39: Currency.GEL, 1: Currency.USD, 3: Currency.EUR}

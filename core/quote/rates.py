"""Conversion of an amount by the stored rates, which have an age; there is no constant rate anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal

from core.money import Currency, Money
from core.quote.unknown import Reason, Unknown

_ROUBLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Rates:
    """One stored reading: how many units of each currency one GEL buys, and when that was read."""

    per_gel: Mapping[Currency, Decimal]
    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a rate needs a time with a zone")
        if any(not (rate.is_finite() and rate > 0) for rate in self.per_gel.values()):
            raise ValueError("a rate is a number above zero")

    def of(self, currency: Currency) -> Decimal | None:
        return Decimal(1) if currency is Currency.GEL else self.per_gel.get(currency)


def convert(amount: Money, to: Currency, rates: Rates | None, *, now: datetime, max_age: timedelta) -> Money | Unknown:
    """What a client pays in another currency; roubles go up to the next whole one, others to cents.

    A reading older than ``max_age`` is outdated and a person decides; exactly that old still counts.
    """
    if amount.currency is to:
        return amount
    pair = f"{amount.currency} to {to}"
    source, target = (rates.of(amount.currency), rates.of(to)) if rates else (None, None)
    if rates is None or source is None or target is None:
        return Unknown(Reason.NO_RATE, pair)
    if now - rates.at > max_age:
        return Unknown(Reason.RATE_OUTDATED, f"{pair}, read {rates.at.isoformat()}")
    converted = amount.amount * target / source
    if to is Currency.RUB:
        # Away from zero, so that a discount of a whole fee still cancels it.
        converted = converted.quantize(_ROUBLE, rounding=ROUND_UP)
    return Money(converted, to)

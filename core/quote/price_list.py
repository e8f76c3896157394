"""The price of a day: the season of the day of issue, and in it the bucket of the number of days."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from core.money import Currency, Money
from core.quote.unknown import Reason, Unknown

_PERIOD = re.compile(r"\s*(\d{1,4})\s*(?:-\s*(\d{1,4})|(\+))\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Lengths of rent with one price a day; both ends included, no last day in an open one."""

    first: int
    last: int | None

    @classmethod
    def parse(cls, period: str) -> Self:
        """``"5 - 7"`` or ``"30+"``, as RentProg writes them; anything else is a `ValueError`."""
        match = _PERIOD.fullmatch(period)
        if match is None:
            raise ValueError("a period is written 5-7 or 30+")
        first, last = int(match[1]), None if match[3] else int(match[2])
        if first < 1 or (last is not None and last < first):
            raise ValueError("a period goes upward from 1")
        return cls(first, last)

    def includes(self, days: int) -> bool:
        return self.first <= days and (self.last is None or days <= self.last)


@dataclass(frozen=True, slots=True)
class SeasonPrices:
    """Prices of one car in one season. ``start`` and ``end`` are (month, day), both included.

    A season wraps over the new year when it starts later in the year than it ends. One without days covers none.
    """

    name: str
    start: tuple[int, int] | None
    end: tuple[int, int] | None
    values: tuple[Decimal, ...]

    def covers(self, day: date) -> bool:
        if self.start is None or self.end is None:
            return False
        month_day = (day.month, day.day)
        if self.start <= self.end:
            return self.start <= month_day <= self.end
        return month_day >= self.start or month_day <= self.end


@dataclass(frozen=True, slots=True)
class PriceList:
    """One car's prices: ``seasons[n].values[i]`` is for a day of a rent whose length lies in ``periods[i]``."""

    currency: Currency
    periods: tuple[str, ...]
    seasons: tuple[SeasonPrices, ...]

    def per_day(self, issued_on: date, days: int) -> Money | Unknown:
        """The price of one day of a rent of ``days`` days that is issued on the local day ``issued_on``."""
        covering = [season for season in self.seasons if season.covers(issued_on)]
        if not covering:
            return Unknown(Reason.NO_SEASON, issued_on.isoformat())
        prices = {_price(self.periods, season, days, self.currency) for season in covering}
        if len(prices) > 1:
            return Unknown(Reason.SEASONS_DISAGREE, ", ".join(season.name for season in covering))
        return prices.pop()


def _price(periods: Sequence[str], season: SeasonPrices, days: int, currency: Currency) -> Money | Unknown:
    values = season.values
    if len(values) != len(periods) or any(not value.is_finite() or value < 0 for value in values):
        return Unknown(Reason.BAD_PRICE_LIST, season.name)
    if not any(values):
        return Unknown(Reason.NO_PRICE, season.name)
    try:
        buckets = [Bucket.parse(period) for period in periods]
    except ValueError:
        return Unknown(Reason.BAD_PRICE_LIST, season.name)
    # RentProg's "16 - 30" and "30+" both hold 30 days: the first one is meant.
    value = next((value for bucket, value in zip(buckets, values, strict=True) if bucket.includes(days)), None)
    if value is None:
        return Unknown(Reason.NO_BUCKET, f"{days} days")
    # A zero among other prices is a hole in the list as well: no car is rented out for nothing.
    return Money(value, currency) if value else Unknown(Reason.NO_PRICE, f"{season.name}, {days} days")

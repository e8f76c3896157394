"""A car's price list as RentProg tells it at this moment; no copy of it is kept, so a price is never a stale one."""

from collections.abc import Mapping
from decimal import Decimal

from core.errors import Broken, NeedsAttention, Rejected, Temporary
from core.log import get_logger
from core.money import Currency
from core.quote.price_list import PriceList, SeasonPrices
from integrations.rentprog import RentprogApi
from integrations.rentprog.dates import SeasonDay
from integrations.rentprog.prices import CarPrices

_log = get_logger("agents.reading_tools")


async def fetch(rentprog: Mapping[str, RentprogApi], branch: str, car: int, currency: Currency) -> PriceList | None:
    """None where it cannot be read now: the price is unknown then, and a person quotes it."""
    api = rentprog.get(branch)
    if api is None:
        return None
    try:
        found = await api.car_prices(car)
    except (Temporary, NeedsAttention, Rejected, Broken) as error:
        _log.warning("price_list_unread", branch=branch, car=car, error=type(error).__name__)
        return None
    return None if found is None else as_list(found, currency)


def as_list(found: CarPrices, currency: Currency) -> PriceList:
    """A season without one readable row has no values, so the rules call its prices unreadable rather than skip it."""
    told: dict[int | None, set[tuple[Decimal, ...]]] = {}
    for row in found.prices.rows:
        told.setdefault(row.season_rentprog_id, set()).add(row.values)
    values = {season: rows.pop() for season, rows in told.items() if len(rows) == 1}
    return PriceList(
        currency,
        found.periods,
        tuple(
            SeasonPrices(season.name or "", _day(season.start), _day(season.end), values.get(season.rentprog_id, ()))
            for season in found.seasons
        ),
    )


def _day(day: SeasonDay | None) -> tuple[int, int] | None:
    return None if day is None else (day.month, day.day)

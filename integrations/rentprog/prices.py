"""Rental prices by season and by length of rent; the buckets come from RentProg and are never hard-coded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from core.errors import Broken
from integrations.rentprog import fields
from integrations.rentprog.answers import related_ids
from integrations.rentprog.dates import SeasonDay, season_day
from integrations.rentprog.models import Record
from integrations.rentprog.pages import Page, read_page
from integrations.rentprog.states import StateTexts
from integrations.rentprog.values import BadValueError, money, required_identity, text


class PriceRecord(Record):
    """The prices of one car in one season; ``values[i]`` belongs to ``periods[i]`` where the answer gave periods."""

    table: ClassVar = fields.PRICE

    car_rentprog_id: int
    season_rentprog_id: int | None = None
    values: tuple[Decimal, ...]
    periods: tuple[str, ...] = ()
    source_updated_at: datetime | None = None

    @property
    def has_price(self) -> bool:
        """All-zero values mean that there is no price, not that the car is free."""
        return any(self.values)

    @classmethod
    def derive(cls, columns: Mapping[str, Any], attributes: Mapping[str, Any], states: StateTexts) -> Mapping[str, Any]:
        del states
        if columns.get("car_rentprog_id") is None:
            raise BadValueError("no_car_id")
        listed = attributes.get("values")
        if not isinstance(listed, list) or not listed:
            raise BadValueError("bad_price_values")
        amounts = tuple(money(value) for value in listed)
        if None in amounts:
            raise BadValueError("bad_price_values")
        periods = attributes.get("price_periods")
        if periods is None:
            return {"values": amounts}
        if not isinstance(periods, list) or len(periods) != len(amounts):
            raise BadValueError("price_periods_differ")
        return {"values": amounts, "periods": tuple(str(period) for period in periods)}


@dataclass(frozen=True, slots=True)
class Season:
    """A named part of the year. It wraps over the new year when ``start`` is later than ``end``."""

    rentprog_id: int
    name: str | None
    start: SeasonDay | None
    end: SeasonDay | None

    @classmethod
    def from_wire(cls, attributes: Mapping[str, Any]) -> Self:
        return cls(
            rentprog_id=required_identity(attributes.get("id")),
            name=text(attributes.get("name")),
            start=season_day(attributes.get("start_date")),
            end=season_day(attributes.get("end_date")),
        )

    def covers(self, day: SeasonDay) -> bool:
        if self.start is None or self.end is None:
            return False
        if self.start <= self.end:
            return self.start <= day <= self.end
        return day >= self.start or day <= self.end


@dataclass(frozen=True, slots=True)
class CarPrices:
    """The price list of one car: ``prices.rows[n].values[i]`` belongs to ``periods[i]``."""

    car_rentprog_id: int
    periods: tuple[str, ...]
    seasons: tuple[Season, ...]
    prices: Page[PriceRecord]


def price_list(car: Mapping[str, Any], car_id: int) -> CarPrices:
    """From `car_data_with_bookings`. A season that cannot be read makes the whole list useless, hence `Broken`."""
    periods = _list_in(car, "price_periods")
    rows = [{"car_id": car_id, "price_periods": periods, **_as_mapping(price)} for price in _list_in(car, "prices")]
    try:
        seasons = tuple(Season.from_wire(_as_mapping(season)) for season in _list_in(car, "seasons"))
    except BadValueError as error:
        raise Broken(f"RentProg's seasons of car {car_id} cannot be read: {error.reason}") from error
    return CarPrices(car_id, tuple(str(period) for period in periods), seasons, read_page("price", PriceRecord, rows))


def linked_prices(cars: Sequence[Any], included: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The side objects that hold prices, each with its car (failure F14).

    A price that a car names and nobody brought becomes a row without values, hence a bad row: none is lost in silence.
    """
    owners = {
        str(price_id): car.get("id")
        for car in cars
        if isinstance(car, Mapping)
        for price_id in related_ids(car, "prices")
    }
    rows = [_with_owner(price, owners.get(str(price.get("id")))) for price in included]
    brought = {str(price.get("id")) for price in included}
    lost = [{"id": price_id, "car_id": car_id} for price_id, car_id in owners.items() if price_id not in brought]
    return [*rows, *lost]


def _with_owner(price: Mapping[str, Any], car_id: object) -> Mapping[str, Any]:
    attributes = price.get("attributes")
    if not isinstance(attributes, Mapping) or attributes.get("car_id") is not None:
        return price
    return {**price, "attributes": {**attributes, "car_id": car_id}}


def _list_in(holder: Mapping[str, Any], key: str) -> Sequence[Any]:
    inner = holder.get(key)
    if not isinstance(inner, list):
        raise Broken(f"RentProg's {key} of a car is not a list")
    return inner


def _as_mapping(item: Any) -> Mapping[str, Any]:
    if not isinstance(item, Mapping):
        raise Broken("RentProg's price list holds something that is not an object")
    return item

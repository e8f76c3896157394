"""Rental prices by season and by length of rent; the buckets come from RentProg and are never hard-coded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from integrations.rentprog import fields
from integrations.rentprog.dates import SeasonDay, season_day
from integrations.rentprog.models import Record
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

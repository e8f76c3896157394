"""What it costs to bring a car to a place, and the same to bring it back."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.money import Money
from core.quote.unknown import Reason, Unknown


class Scope(StrEnum):
    CITY = "city"
    AIRPORT = "airport"
    INTERCITY = "intercity"


class Point(StrEnum):
    """Where in a city: at the branch's own office, at the airport, or anywhere else."""

    OFFICE = "office"
    AIRPORT = "airport"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Place:
    """``city`` is a name of the table, compared without regard to case and spaces around it."""

    city: str
    point: Point = Point.ADDRESS

    def __str__(self) -> str:
        return f"{self.city}, {self.point}"


@dataclass(frozen=True, slots=True)
class City:
    """``primary_branch`` stands in the city itself; ``nearest_branch`` serves a city that has none."""

    name: str
    primary_branch: str | None = None
    nearest_branch: str | None = None
    has_airport: bool = False

    @property
    def serving_branch(self) -> str | None:
        return self.primary_branch or self.nearest_branch


@dataclass(frozen=True, slots=True)
class Tariff:
    """One row of the table. The return fee is the same as the way out."""

    city: str
    branch: str
    scope: Scope
    fee: Money


@dataclass(frozen=True)
class DeliveryPrices:
    """The table, and the general rule where it says nothing; with ``table_wins`` off the rule comes first.

    Two rows with one (city, branch, scope), or two cities with one name, are refused.
    """

    cities: tuple[City, ...]
    tariffs: tuple[Tariff, ...]
    city_fee: Money
    airport_fee: Money
    table_wins: bool = True
    _cities: dict[str, City] = field(init=False, repr=False, compare=False)
    _fees: dict[tuple[str, str, Scope], Money] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        cities = {_key(city.name): city for city in self.cities}
        fees = {(_key(row.city), row.branch, row.scope): row.fee for row in self.tariffs}
        if len(cities) != len(self.cities) or len(fees) != len(self.tariffs):
            raise ValueError("a city or a tariff of the delivery table stands there twice")
        object.__setattr__(self, "_cities", cities)
        object.__setattr__(self, "_fees", fees)

    def city(self, name: str) -> City | None:
        return self._cities.get(_key(name))

    def fee(self, branch: str, place: Place) -> Money | Unknown | None:
        """From ``branch`` to ``place`` or back; None where nothing is delivered: at the branch's own office."""
        city = self.city(place.city)
        if city is None or city.primary_branch != branch:
            # Between cities every point of a city costs the same, and there is no general rule.
            between = self._table_fee(branch, place, Scope.INTERCITY)
            return _no_tariff(branch, place) if between is None else between
        if place.point is Point.OFFICE:
            return None
        if place.point is Point.AIRPORT and not city.has_airport:
            return Unknown(Reason.NO_AIRPORT, city.name)
        scope, rule = (Scope.AIRPORT, self.airport_fee) if place.point is Point.AIRPORT else (Scope.CITY, self.city_fee)
        listed = self._table_fee(branch, place, scope)
        return listed if listed is not None and self.table_wins else rule

    def _table_fee(self, branch: str, place: Place, scope: Scope) -> Money | None:
        return self._fees.get((_key(place.city), branch, scope))


def _no_tariff(branch: str, place: Place) -> Unknown:
    return Unknown(Reason.NO_TARIFF, f"{branch} to {place.city}")


def _key(city: str) -> str:
    return " ".join(city.split()).casefold()

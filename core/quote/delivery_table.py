"""The shipped delivery prices: US dollars from each branch to each place (business rules, section 4).

The owner's stored tariffs replace them; a place that stands nowhere is unknown.
"""

from decimal import Decimal

from core.money import Currency, Money
from core.quote.delivery import City, DeliveryPrices, Scope, Tariff

_BRANCHES = ("tbilisi", "kutaisi", "batumi")

_USD = {
    "Tbilisi": (10, 60, 100),
    "Kutaisi": (60, 0, 60),
    "Batumi": (100, 60, 10),
    "Poti": (90, 40, 50),
    "Zugdidi": (80, 40, 60),
    "Marneuli": (30, 80, 120),
    "Telavi": (60, 100, 130),
    "Rustavi": (20, 80, 120),
    "Akhaltsikhe": (80, 80, 100),
    "Gori": (40, 50, 120),
    "Borjomi": (70, 60, 100),
    "Stepantsminda": (100, 140, 160),
    "Senaki": (80, 40, 70),
    "Gudauri": (80, 120, 140),
    "Tskaltubo": (80, 20, 70),
    "Chakvi": (120, 80, 30),
    "Mtskheta": (20, 80, 120),
    "Zestaphoni": (80, 20, 80),
    "Sighnaghi": (60, 100, 130),
    "Kobuleti": (120, 80, 30),
    "Gonio": (110, 80, 20),
    "Akhalkalaki": (100, 100, 140),
    "Mestia": (150, 100, 150),
    "Sadakhlo border": (50, 100, 130),
    "Sarpi": (120, 80, 30),
    "Shekvetili": (120, 80, 30),
    "Kvariati": (120, 80, 20),
    "Ureki": (100, 50, 40),
}

_PRIMARY = {"Tbilisi": "tbilisi", "Kutaisi": "kutaisi", "Batumi": "batumi"}
"""Cities with a branch of their own; each of them has an airport too."""

_NO_NEAREST = frozenset({"Akhaltsikhe", "Akhalkalaki"})
"""Two branches bring a car there at the same price, so the table does not say which one is nearer."""


def _city(name: str) -> City:
    prices = dict(zip(_USD[name], _BRANCHES, strict=True))
    nearest = None if name in _PRIMARY or name in _NO_NEAREST else prices[min(prices)]
    return City(name, primary_branch=_PRIMARY.get(name), nearest_branch=nearest, has_airport=name in _PRIMARY)


def _tariff(place: str, branch: str, fee_usd: int) -> Tariff:
    scope = Scope.CITY if _PRIMARY.get(place) == branch else Scope.INTERCITY
    return Tariff(place, branch, scope, Money(Decimal(fee_usd), Currency.USD))


SHIPPED_DELIVERY = DeliveryPrices(
    cities=tuple(_city(name) for name in _USD),
    tariffs=tuple(
        _tariff(place, branch, fee) for place, fees in _USD.items() for branch, fee in zip(_BRANCHES, fees, strict=True)
    ),
    city_fee=Money(Decimal(10), Currency.USD),
    airport_fee=Money(Decimal(20), Currency.USD),
)

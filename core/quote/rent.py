"""What a price is computed from: the rent that a client wants, and the owner's settings."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.clock import LOCAL_ZONE
from core.money import Currency, Money
from core.quote.delivery import DeliveryPrices, Place
from core.quote.delivery_table import SHIPPED_DELIVERY
from core.quote.hours import WorkingHours
from core.quote.one_way import SHIPPED_RULES, CarPlan, OneWayRule
from core.quote.price_list import PriceList
from core.quote.window import Window

_SHIPPED_HOURS = WorkingHours()
_SHIPPED_FEE = Money(Decimal(20), Currency.USD)


@dataclass(frozen=True, slots=True)
class End:
    """An issue or a return: the branch that does it, the place where, and the branch's own zone."""

    branch: str
    place: Place
    zone: ZoneInfo = LOCAL_ZONE


@dataclass(frozen=True, slots=True)
class Extra:
    """Something rented with the car. Without a price it is unknown, never free."""

    name: str
    price: Money | None
    is_per_day: bool
    quantity: int = 1

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError("an extra is taken at least once")


@dataclass(frozen=True, slots=True)
class Rent:
    """What the client wants: this car from ``issue`` to ``back``. ``car_branch`` is where the car will stand then."""

    window: Window
    issue: End
    back: End
    car_branch: str
    plan: CarPlan
    prices: PriceList
    extras: tuple[Extra, ...] = ()


@dataclass(frozen=True, slots=True)
class QuoteRules:
    """The owner's settings, with the shipped defaults."""

    hours: WorkingHours = _SHIPPED_HOURS
    out_of_hours_fee: Money = _SHIPPED_FEE
    delivery: DeliveryPrices = field(default=SHIPPED_DELIVERY, repr=False)
    one_way: tuple[OneWayRule, ...] = SHIPPED_RULES
    window_requires_same_branch: bool = True
    rate_max_age: timedelta = timedelta(hours=24)
    valid_for: timedelta = timedelta(hours=12)

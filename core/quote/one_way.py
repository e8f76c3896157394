"""The discount on the return fee when a car comes back in another branch than it was taken from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo

from core.quote.unknown import Reason, Unknown
from core.quote.window import calendar_days

AUTOMATIC_DAYS = 7
"""A next booking this near, or nearer, makes its branch the desired one."""


class DesiredReason(StrEnum):
    SERVICE = "service"
    MANUAL = "manual"
    AUTO_FUTURE_BRANCH = "auto_future_branch"
    HOME_BRANCH = "home_branch"


class RuleKind(StrEnum):
    HOME_BRANCH = "home_branch"
    DESIRED_BRANCH = "desired_branch"
    FUTURE_BOOKING_WINDOW = "future_booking_window"


@dataclass(frozen=True, slots=True)
class NextBooking:
    """The first booking of the car after this rent, and the branch that needs the car for it."""

    start: datetime
    branch: str


@dataclass(frozen=True, slots=True)
class CarPlan:
    """Where the company wants the car. ``service`` is the workshop, while the car must go there; else None."""

    home: str | None
    service: str | None = None
    manual: str | None = None
    next_booking: NextBooking | None = None

    def days_until_next(self, rent_end: datetime, zone: ZoneInfo) -> int | None:
        """Whole local calendar days between the end of this rent and the next booking."""
        return calendar_days(rent_end, self.next_booking.start, zone) if self.next_booking else None


@dataclass(frozen=True, slots=True)
class Desired:
    branch: str
    reason: DesiredReason


@dataclass(frozen=True, slots=True)
class OneWayRule:
    """A row of the owner's table; the first match by priority wins. Window days are both included."""

    priority: int
    kind: RuleKind
    discount_percent: Decimal
    window_days_min: int | None = None
    window_days_max: int | None = None
    is_active: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.discount_percent <= 100:
            raise ValueError("a discount is from 0 to 100 percent")


SHIPPED_RULES = (
    OneWayRule(10, RuleKind.HOME_BRANCH, Decimal(100)),
    OneWayRule(20, RuleKind.DESIRED_BRANCH, Decimal(100)),
    OneWayRule(30, RuleKind.FUTURE_BOOKING_WINDOW, Decimal(50), 7, 14),
    OneWayRule(40, RuleKind.FUTURE_BOOKING_WINDOW, Decimal(100), 0, 6),
)
"""The business's own rules (section 5), until the owner stores others."""


@dataclass(frozen=True, slots=True)
class Discount:
    """``rule`` is the row that matched; None when none did, and then the percent is 0."""

    percent: Decimal
    rule: OneWayRule | None


@dataclass(frozen=True, slots=True)
class Return:
    """A return to judge: where, and how many days before the car's next booking (None: there is none)."""

    branch: str
    days_until_next: int | None


def desired_branch(plan: CarPlan, days_until_next: int | None) -> Desired | None:
    """Service, then a person's word, then the near next booking, then home; None when not even home is known."""
    if plan.service is not None:
        return Desired(plan.service, DesiredReason.SERVICE)
    if plan.manual is not None:
        return Desired(plan.manual, DesiredReason.MANUAL)
    if plan.next_booking and days_until_next is not None and 0 <= days_until_next <= AUTOMATIC_DAYS:
        return Desired(plan.next_booking.branch, DesiredReason.AUTO_FUTURE_BRANCH)
    return Desired(plan.home, DesiredReason.HOME_BRANCH) if plan.home is not None else None


def discount(
    plan: CarPlan, back: Return, rules: Iterable[OneWayRule], *, window_requires_same_branch: bool
) -> Discount | Unknown:
    """The discount of a one-way return; unknown when a rule asks for the home branch and nobody has told it."""
    desired = desired_branch(plan, back.days_until_next)
    for rule in sorted((rule for rule in rules if rule.is_active), key=lambda rule: rule.priority):
        match rule.kind:
            case RuleKind.HOME_BRANCH:
                if plan.home is None:
                    return Unknown(Reason.HOME_BRANCH_UNKNOWN)
                matches = back.branch == plan.home
            case RuleKind.DESIRED_BRANCH:
                matches = desired is not None and back.branch == desired.branch
            case RuleKind.FUTURE_BOOKING_WINDOW:
                is_wanted_there = plan.next_booking is not None and plan.next_booking.branch == back.branch
                matches = _in_window(rule, back.days_until_next) and (
                    is_wanted_there or not window_requires_same_branch
                )
            case _:
                assert_never(rule.kind)
        if matches:
            return Discount(rule.discount_percent, rule)
    return Discount(Decimal(0), None)


def _in_window(rule: OneWayRule, days: int | None) -> bool:
    if days is None or days < 0:
        return False
    low, high = rule.window_days_min, rule.window_days_max
    return (low is None or low <= days) and (high is None or days <= high)

"""The one-way discount: first match by priority, whole local days, and the desired branch."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quote.one_way import (
    SHIPPED_RULES,
    CarPlan,
    Desired,
    DesiredReason,
    Discount,
    NextBooking,
    OneWayRule,
    Return,
    RuleKind,
    desired_branch,
    discount,
)
from core.quote.unknown import Reason, Unknown

TBILISI = ZoneInfo("Asia/Tbilisi")
SOON = datetime(2026, 6, 1, 6, tzinfo=UTC)


def plan(next_branch: str | None = None, *, home: str | None = "tbilisi", **wishes: str) -> CarPlan:
    booking = NextBooking(SOON, next_branch) if next_branch else None
    return CarPlan(home, next_booking=booking, **wishes)


def percent(plan: CarPlan, branch: str, days: int | None, *, rules=SHIPPED_RULES, same_branch=True) -> int:
    found = discount(plan, Return(branch, days), rules, window_requires_same_branch=same_branch)
    assert isinstance(found, Discount)
    return int(found.percent)


@pytest.mark.parametrize(
    ("car", "days", "branch", "reason"),
    [
        (plan("kutaisi", service="service-center", manual="batumi"), 3, "service-center", DesiredReason.SERVICE),
        (plan("kutaisi", manual="batumi"), 3, "batumi", DesiredReason.MANUAL),
        (plan("kutaisi"), 0, "kutaisi", DesiredReason.AUTO_FUTURE_BRANCH),
        (plan("kutaisi"), 7, "kutaisi", DesiredReason.AUTO_FUTURE_BRANCH),
        (plan("kutaisi"), 8, "tbilisi", DesiredReason.HOME_BRANCH),
        (plan(), None, "tbilisi", DesiredReason.HOME_BRANCH),
    ],
)
def test_the_desired_branch_has_four_reasons_in_order(car, days, branch, reason):
    assert desired_branch(car, days) == Desired(branch, reason)


def test_nothing_is_desired_of_a_car_of_which_nothing_is_known():
    assert desired_branch(plan(home=None), None) is None


@pytest.mark.parametrize(
    ("car", "branch", "days", "expected"),
    [
        (plan(), "tbilisi", None, 100),
        (plan(manual="batumi"), "batumi", None, 100),
        (plan(service="service-center"), "service-center", None, 100),
        (plan(), "batumi", None, 0),
        (plan("kutaisi"), "kutaisi", 0, 100),
        (plan("kutaisi"), "kutaisi", 6, 100),
        (plan("kutaisi"), "kutaisi", 7, 100),
        (plan("kutaisi", manual="batumi"), "kutaisi", 7, 50),
        (plan("kutaisi", service="service-center"), "kutaisi", 7, 50),
        (plan("kutaisi", manual="batumi"), "kutaisi", 6, 100),
        (plan("kutaisi"), "kutaisi", 8, 50),
        (plan("kutaisi"), "kutaisi", 14, 50),
        (plan("kutaisi"), "kutaisi", 15, 0),
        (plan("kutaisi"), "batumi", 10, 0),
        (plan("kutaisi"), "batumi", 3, 0),
    ],
)
def test_the_first_rule_that_matches_gives_the_discount(car, branch, days, expected):
    assert percent(car, branch, days) == expected


@pytest.mark.parametrize(("days", "expected"), [(3, 100), (7, 50), (14, 50), (15, 0)])
def test_by_setting_the_window_counts_for_any_branch(days, expected):
    assert percent(plan("kutaisi"), "batumi", days, same_branch=False) == expected


def test_a_next_booking_before_the_end_of_the_rent_gives_nothing():
    assert percent(plan("kutaisi"), "kutaisi", -1) == 0


def test_a_window_may_be_open_at_both_ends_but_never_reaches_back():
    ever = (OneWayRule(1, RuleKind.FUTURE_BOOKING_WINDOW, Decimal(25)),)
    assert percent(plan("kutaisi"), "kutaisi", 0, rules=ever) == 25
    assert percent(plan("kutaisi"), "kutaisi", 300, rules=ever) == 25
    assert percent(plan("kutaisi"), "kutaisi", -1, rules=ever) == 0


def test_an_unknown_home_branch_is_not_a_refusal_of_the_discount():
    found = discount(plan(home=None), Return("batumi", None), SHIPPED_RULES, window_requires_same_branch=True)
    assert found == Unknown(Reason.HOME_BRANCH_UNKNOWN)


def test_the_owner_may_change_rules_by_rows():
    half = OneWayRule(5, RuleKind.HOME_BRANCH, Decimal(50))
    off = OneWayRule(1, RuleKind.HOME_BRANCH, Decimal(10), is_active=False)
    assert percent(plan(), "tbilisi", None, rules=(*SHIPPED_RULES, half, off)) == 50
    assert percent(plan(), "tbilisi", None, rules=()) == 0


@pytest.mark.parametrize("wrong", [Decimal(-1), Decimal(101)])
def test_a_discount_is_a_share_of_the_fee(wrong):
    with pytest.raises(ValueError, match="0 to 100"):
        OneWayRule(1, RuleKind.HOME_BRANCH, wrong)


@pytest.mark.parametrize(
    ("rent_end", "days"),
    [
        (datetime(2026, 5, 25, 23, 59, tzinfo=TBILISI), 7),
        (datetime(2026, 5, 25, 0, 0, tzinfo=TBILISI), 7),
        (datetime(2026, 5, 24, 23, 59, tzinfo=TBILISI), 8),
    ],
)
def test_days_to_the_next_booking_are_local_calendar_days(rent_end, days):
    assert plan("kutaisi").days_until_next(rent_end, TBILISI) == days


def test_without_a_next_booking_there_are_no_days():
    assert plan().days_until_next(SOON, TBILISI) is None


@given(
    days=st.integers(-30, 60),
    home=st.sampled_from(["tbilisi", "kutaisi"]),
    shuffled=st.permutations(SHIPPED_RULES),
    back=st.sampled_from(["tbilisi", "kutaisi", "batumi"]),
)
def test_the_order_of_the_rows_does_not_matter_only_their_priority(days, home, shuffled, back):
    car = CarPlan(home, next_booking=NextBooking(SOON + timedelta(days=1), "batumi"))
    assert percent(car, back, days, rules=shuffled) == percent(car, back, days)

"""A whole quote: every line of the rules, a total only when all of them are known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Currency, Money
from core.quote.delivery import Place, Point
from core.quote.delivery_table import SHIPPED_DELIVERY
from core.quote.one_way import CarPlan, NextBooking, OneWayRule, RuleKind
from core.quote.price_list import PriceList, SeasonPrices
from core.quote.pricing import price
from core.quote.quote import LineKind, Quote
from core.quote.rates import Rates
from core.quote.rent import End, Extra, QuoteRules, Rent
from core.quote.unknown import Reason, Unknown
from core.quote.window import Window

TBILISI = ZoneInfo("Asia/Tbilisi")
NOW = datetime(2026, 5, 1, 6, tzinfo=UTC)
RATES = Rates({Currency.USD: Decimal("0.3704"), Currency.RUB: Decimal("30.12")}, NOW)
PRICES = PriceList(
    Currency.USD,
    ("1 - 2", "3 - 4", "5 - 7", "8 - 15", "16 - 30", "30+"),
    (
        SeasonPrices("winter", (11, 1), (3, 31), tuple(map(Decimal, (70, 65, 60, 55, 50, 45)))),
        SeasonPrices("summer", (4, 1), (10, 31), tuple(map(Decimal, (100, 90, 80, 70, 60, 50)))),
    ),
)
NO_PRICES = replace(PRICES, seasons=(SeasonPrices("all", (1, 1), (12, 31), (Decimal(0),) * 6),))


def local(day: int, hour: int = 10, minute: int = 0, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TBILISI)


def end(branch: str, city: str | None = None, point: Point = Point.OFFICE) -> End:
    return End(branch, Place(city or branch.title(), point))


def rent(
    start: datetime | None = None,
    finish: datetime | None = None,
    issue: End | None = None,
    back: End | None = None,
    **given,
) -> Rent:
    issue = issue or end("tbilisi")
    window = Window(start or local(10), finish or local(15))
    known = {"car_branch": issue.branch, "plan": CarPlan("tbilisi"), "prices": PRICES} | given
    return Rent(window, issue, back or issue, **known)


def quoted(wanted: Rent, rules: QuoteRules | None = None, currency=Currency.USD, rates: Rates | None = RATES) -> Quote:
    return price(wanted, rules or QuoteRules(), currency=currency, rates=rates, now=NOW)


def amounts(found: Quote) -> dict[LineKind, Decimal | Unknown]:
    return {line.kind: line.amount if isinstance(line.amount, Unknown) else line.amount.amount for line in found.lines}


def test_a_rent_from_and_to_the_office_in_working_hours_is_days_times_price():
    found = quoted(rent())
    assert amounts(found) == {LineKind.RENT: 400}
    assert found.total == Money(Decimal(400), Currency.USD)
    assert found.days == 5
    assert not found.needs_transfer


def test_the_day_of_issue_chooses_the_season_on_the_local_wall():
    # 21:00 UTC of 31 October is 1 November in Tbilisi: winter.
    start = datetime(2026, 10, 31, 21, tzinfo=UTC)
    found = quoted(rent(start, start + timedelta(days=1)))
    assert amounts(found)[LineKind.RENT] == 70


@pytest.mark.parametrize(
    ("start", "finish", "fees"),
    [
        (local(10, 9), local(15, 20), {}),
        (local(10, 8, 59), local(15, 20), {LineKind.OUT_OF_HOURS_ISSUE: 20}),
        (local(10, 9), local(15, 20, 1), {LineKind.OUT_OF_HOURS_RETURN: 20}),
        (local(10, 3), local(15, 23), {LineKind.OUT_OF_HOURS_ISSUE: 20, LineKind.OUT_OF_HOURS_RETURN: 20}),
    ],
)
def test_each_end_outside_the_working_hours_costs_twenty(start, finish, fees):
    found = quoted(rent(start, finish))
    assert {kind: amount for kind, amount in amounts(found).items() if kind is not LineKind.RENT} == fees


def test_each_end_is_judged_by_the_zone_of_its_own_branch():
    # 10:00 in Tbilisi is 06:00 by UTC.
    found = amounts(quoted(rent(back=replace(end("tbilisi"), zone=ZoneInfo("UTC")))))
    assert found == {LineKind.RENT: 400, LineKind.OUT_OF_HOURS_RETURN: 20}


def test_both_ends_outside_cost_forty():
    inside, outside = quoted(rent(local(10, 9), local(15, 9))), quoted(rent(local(10, 3), local(15, 3)))
    assert inside.total
    assert outside.total
    assert outside.total - inside.total == Money(Decimal(40), Currency.USD)


@pytest.mark.parametrize(
    ("where", "fee"),
    [
        (end("tbilisi", point=Point.ADDRESS), 10),
        (end("tbilisi", point=Point.AIRPORT), 20),
        (end("kutaisi", point=Point.ADDRESS), 0),
        (end("tbilisi", "Mestia", Point.ADDRESS), 150),
    ],
)
def test_bringing_the_car_back_costs_what_taking_it_out_costs(where, fee):
    found = amounts(quoted(rent(issue=where)))
    assert (found[LineKind.DELIVERY], found[LineKind.RETURN]) == (fee, fee)


def test_kutaisi_inside_the_city_costs_ten_when_the_rule_comes_first():
    rules = QuoteRules(delivery=replace(SHIPPED_DELIVERY, table_wins=False))
    found = amounts(quoted(rent(issue=end("kutaisi", point=Point.ADDRESS)), rules))
    assert (found[LineKind.DELIVERY], found[LineKind.RETURN]) == (10, 10)


def test_a_missing_tariff_leaves_the_offer_with_its_other_lines_and_no_total():
    found = quoted(rent(issue=end("tbilisi", "Atlantis", Point.ADDRESS)))
    assert amounts(found)[LineKind.RENT] == 400
    assert found.unknowns == (Unknown(Reason.NO_TARIFF, "tbilisi to Atlantis"),)
    assert found.total is None


def test_a_car_without_a_price_is_an_offer_with_an_unknown_price():
    found = quoted(rent(prices=NO_PRICES))
    assert amounts(found) == {LineKind.RENT: Unknown(Reason.NO_PRICE, "all")}
    assert found.total is None


ONE_WAY = [
    ("home", CarPlan("kutaisi"), -60),
    ("desired by a person", CarPlan("tbilisi", manual="kutaisi"), -60),
    ("next in 7 days, automatic", CarPlan("tbilisi", next_booking=NextBooking(local(22), "kutaisi")), -60),
    (
        "next in 7 days, overridden",
        CarPlan("tbilisi", manual="batumi", next_booking=NextBooking(local(22), "kutaisi")),
        -30,
    ),
    ("next in 14 days", CarPlan("tbilisi", next_booking=NextBooking(local(29, 1), "kutaisi")), -30),
    ("next in 15 days", CarPlan("tbilisi", next_booking=NextBooking(local(30, 1), "kutaisi")), None),
    ("next in another branch", CarPlan("tbilisi", next_booking=NextBooking(local(25), "batumi")), None),
    ("no next booking", CarPlan("tbilisi"), None),
]


@pytest.mark.parametrize(("plan", "off"), [row[1:] for row in ONE_WAY], ids=[row[0] for row in ONE_WAY])
def test_a_one_way_return_is_discounted_by_the_plan_of_the_car(plan, off):
    found = amounts(quoted(rent(back=end("kutaisi"), plan=plan)))
    assert found[LineKind.RETURN] == 60
    assert found.get(LineKind.ONE_WAY_DISCOUNT) == off


def test_by_setting_the_next_booking_may_be_in_any_branch():
    plan = CarPlan("tbilisi", next_booking=NextBooking(local(25), "batumi"))
    rules = QuoteRules(window_requires_same_branch=False)
    assert amounts(quoted(rent(back=end("kutaisi"), plan=plan), rules))[LineKind.ONE_WAY_DISCOUNT] == -30


def test_a_return_to_the_branch_of_issue_has_no_one_way_discount():
    found = amounts(quoted(rent(issue=end("tbilisi", point=Point.AIRPORT))))
    assert found[LineKind.RETURN] == 20
    assert LineKind.ONE_WAY_DISCOUNT not in found


def test_days_to_the_next_booking_are_counted_in_the_zone_of_the_branch_of_return():
    # 7 days on the wall of Tbilisi; 8 by UTC, where this return is still on the day before.
    plan = CarPlan("tbilisi", manual="batumi", next_booking=NextBooking(local(22, 5), "kutaisi"))
    finish, in_utc = local(15, 2), replace(end("tbilisi"), zone=ZoneInfo("UTC"))
    rules = QuoteRules(one_way=(OneWayRule(1, RuleKind.FUTURE_BOOKING_WINDOW, Decimal(100), 7, 7),))
    found = amounts(quoted(rent(local(10), finish, issue=in_utc, back=end("kutaisi"), plan=plan), rules))
    assert found[LineKind.ONE_WAY_DISCOUNT] == -60


def test_a_return_that_costs_nothing_has_no_discount():
    back = end("kutaisi", point=Point.ADDRESS)
    found = amounts(quoted(rent(back=back, car_branch="kutaisi", plan=CarPlan("kutaisi"))))
    assert found == {LineKind.RENT: 400, LineKind.TRANSFER: 60, LineKind.RETURN: 0}


def test_a_rule_that_gives_nothing_adds_no_line():
    rules = QuoteRules(one_way=(OneWayRule(1, RuleKind.HOME_BRANCH, Decimal(0)),))
    found = amounts(quoted(rent(back=end("kutaisi"), plan=CarPlan("kutaisi")), rules))
    assert found == {LineKind.RENT: 400, LineKind.RETURN: 60}


def test_a_discount_nobody_can_judge_takes_the_total_away():
    found = quoted(rent(back=end("kutaisi"), plan=CarPlan(None)))
    assert amounts(found)[LineKind.ONE_WAY_DISCOUNT] == Unknown(Reason.HOME_BRANCH_UNKNOWN)
    assert found.total is None


def test_a_missing_return_tariff_is_not_made_nothing_by_a_whole_discount():
    found = quoted(rent(issue=end("service-center", "Tbilisi"), back=end("tbilisi")))
    assert amounts(found)[LineKind.RETURN] == Unknown(Reason.NO_TARIFF, "service-center to Tbilisi")
    assert found.total is None
    assert LineKind.ONE_WAY_DISCOUNT not in amounts(found)


def test_a_car_in_another_branch_comes_with_a_transfer():
    found = quoted(rent(issue=end("batumi"), car_branch="tbilisi"))
    assert found.needs_transfer
    assert amounts(found) == {LineKind.RENT: 400, LineKind.TRANSFER: 100, LineKind.RETURN: 100}


def test_a_transfer_from_the_workshop_has_no_price_and_goes_to_a_person():
    found = quoted(rent(car_branch="service-center"))
    assert found.needs_transfer
    assert Unknown(Reason.NO_TARIFF, "service-center to Tbilisi") in found.unknowns


@pytest.mark.parametrize(
    ("extra", "amount"),
    [
        (Extra("child seat", Money(Decimal(5), Currency.USD), is_per_day=True), 25),
        (Extra("child seat", Money(Decimal(5), Currency.USD), is_per_day=True, quantity=2), 50),
        (Extra("chains", Money(Decimal(15), Currency.USD), is_per_day=False, quantity=2), 30),
        (Extra("roof box", None, is_per_day=True), Unknown(Reason.NO_EXTRA_PRICE, "roof box")),
    ],
)
def test_an_extra_costs_by_the_day_or_once_and_without_a_price_it_is_unknown(extra, amount):
    assert amounts(quoted(rent(extras=(extra,))))[LineKind.EXTRA] == amount


def test_an_extra_is_taken_at_least_once():
    with pytest.raises(ValueError, match="at least once"):
        Extra("chains", None, is_per_day=False, quantity=0)


def test_lines_of_another_currency_are_converted_by_the_stored_rate():
    found = quoted(rent(issue=end("tbilisi", point=Point.ADDRESS)), currency=Currency.GEL)
    assert found.total == Money(Decimal("1079.91") + Decimal("27.00") * 2, Currency.GEL)
    assert {Decimal(400), Decimal(10), Decimal("27.00"), Decimal("1079.91")} <= found.numbers()


def test_an_outdated_rate_leaves_no_total_and_a_person_decides():
    found = quoted(rent(), currency=Currency.GEL, rates=replace(RATES, at=NOW - timedelta(hours=24, seconds=1)))
    assert [unknown.reason for unknown in found.unknowns] == [Reason.RATE_OUTDATED]
    assert found.total is None


def test_an_old_rate_that_nobody_needs_changes_nothing():
    assert quoted(rent(), rates=None).total == Money(Decimal(400), Currency.USD)


def test_a_quote_is_valid_for_twelve_hours():
    assert quoted(rent()).valid_until == NOW + timedelta(hours=12)


def test_numbers_are_all_that_an_answer_may_repeat():
    found = quoted(rent(local(10, 8), local(15, 8), back=end("kutaisi"), plan=CarPlan("kutaisi")))
    assert found.numbers() == {
        Decimal(number) for number in (5, 80, 400, 60, 100, 20, 440)
    }  # days, a day, the rent, the return and its discount, percent, out of hours, total


def test_an_unknown_adds_no_number_and_there_is_no_partial_sum():
    found = quoted(rent(issue=end("tbilisi", "Atlantis", Point.ADDRESS)))
    assert found.numbers() == {Decimal(5), Decimal(80), Decimal(400)}


ENDS = st.builds(
    End,
    st.sampled_from(["tbilisi", "kutaisi", "batumi", "service-center"]),
    st.builds(Place, st.sampled_from(["Tbilisi", "Kutaisi", "Batumi", "Mestia", "Atlantis"]), st.sampled_from(Point)),
)
EXTRAS = st.builds(
    Extra,
    st.just("seat"),
    st.none() | st.decimals(1, 50, places=2).map(lambda amount: Money(amount, Currency.USD)),
    is_per_day=st.booleans(),
    quantity=st.integers(1, 3),
)
PLANS = st.builds(
    CarPlan,
    st.sampled_from([None, "tbilisi", "kutaisi"]),
    manual=st.sampled_from([None, "batumi"]),
    next_booking=st.none()
    | st.builds(NextBooking, st.integers(1, 28).map(lambda day: local(day, month=7)), st.just("kutaisi")),
)
RENTS = st.builds(
    Rent,
    st.builds(
        lambda hour, hours: Window(
            local(20, month=5) + timedelta(hours=hour), local(20) + timedelta(hours=hour + hours)
        ),
        st.integers(0, 48),
        st.integers(1, 1200),
    ),
    ENDS,
    ENDS,
    st.sampled_from(["tbilisi", "kutaisi", "batumi", "service-center"]),
    PLANS,
    st.sampled_from([PRICES, NO_PRICES]),
    st.lists(EXTRAS, max_size=2).map(tuple),
)


@given(RENTS, st.sampled_from(Currency), st.sampled_from([None, RATES]))
def test_the_total_is_the_sum_of_the_lines_or_there_is_none(wanted, currency, rates):
    found = quoted(wanted, currency=currency, rates=rates)
    known = [line.amount for line in found.lines if isinstance(line.amount, Money)]
    whole = sum((amount.amount for amount in known), start=Decimal(0))
    has_unknown = len(known) < len(found.lines)
    assert (found.total is None) is has_unknown is bool(found.unknowns)
    assert found.total in {None, Money(whole, currency)}
    assert all(amount.currency is currency for amount in known)


@given(RENTS, st.sampled_from([None, RATES]))
def test_no_unknown_becomes_a_number(wanted, rates):
    """Whatever is unknown in dollars stays unknown in every currency, and the rent itself is never nothing."""
    dollars, other = quoted(wanted), quoted(wanted, currency=Currency.GEL, rates=rates)
    unknown = [line.kind for line in dollars.lines if isinstance(line.amount, Unknown)]
    assert unknown == [line.kind for line in other.lines if line.amount in dollars.unknowns]
    assert amounts(dollars)[LineKind.RENT] != 0


@given(RENTS)
def test_a_discount_never_exceeds_the_return_fee(wanted):
    found = [line for line in quoted(wanted).lines if line.kind in {LineKind.RETURN, LineKind.ONE_WAY_DISCOUNT}]
    known = [line.amount.amount for line in found if isinstance(line.amount, Money)]
    assert sum(known) >= 0

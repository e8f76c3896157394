"""Branches and places as a model may name them: only what the settings and the delivery table know."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from core.errors import Rejected
from core.money import Currency, Money
from core.quote.delivery import Place, Point
from core.quote.delivery_table import SHIPPED_DELIVERY
from core.quote.hours import WorkingHours
from core.quote.rent import End, QuoteRules
from core.quote.window import Window
from core.settings import BranchSettings, HoursSettings, Settings

PointWord = Literal["office", "airport", "address"]
LONGEST_RENT = timedelta(days=366)
FURTHEST = timedelta(days=550)


def branch_named(branches: Sequence[BranchSettings], wanted: str, bound: str | None) -> BranchSettings:
    """The branch by code or name, or the one of the conversation; a refusal names those there are."""
    key = (wanted.strip() or bound or "").casefold()
    for branch in branches:
        if key in {branch.code.casefold(), branch.name.casefold()}:
            return branch
    known = ", ".join(branch.code for branch in branches)
    raise Rejected(f"Which branch? There are: {known}.")


def window_of(start: datetime, end: datetime, zone: ZoneInfo, now: datetime) -> Window:
    """Times without a zone are the branch's own."""
    begin, finish = (moment if moment.tzinfo else moment.replace(tzinfo=zone) for moment in (start, end))
    if finish <= begin:
        raise Rejected("The end has to be later than the start.")
    if finish <= now:
        raise Rejected(f"That is over already; now it is {now.astimezone(zone):%Y-%m-%d %H:%M}.")
    if finish - begin > LONGEST_RENT or begin - now > FURTHEST:
        raise Rejected("That is too long, or too far ahead: a person has to answer.")
    return Window(begin, finish)


def rules_of(settings: Settings) -> QuoteRules:
    quote = settings.quote
    delivery = replace(
        SHIPPED_DELIVERY,
        city_fee=_usd(quote.city_fee_usd),
        airport_fee=_usd(quote.airport_fee_usd),
        table_wins=quote.table_wins,
    )
    return QuoteRules(
        hours=hours_of(settings.hours),
        out_of_hours_fee=_usd(quote.out_of_hours_fee_usd),
        delivery=delivery,
        window_requires_same_branch=quote.window_requires_same_branch,
        rate_max_age=timedelta(hours=quote.rates_max_age_hours),
        valid_for=timedelta(hours=quote.valid_hours),
    )


def hours_of(hours: HoursSettings) -> WorkingHours:
    """The same time twice is round the clock; hours over midnight have no rule of price yet, so a person answers."""
    opens, closes = time.fromisoformat(hours.work_from), time.fromisoformat(hours.work_until)
    if opens == closes:
        return WorkingHours(time.min, time.max)
    if closes < opens:
        raise Rejected("The hours of the branch go over midnight: a person has to answer.")
    return WorkingHours(opens, closes)


def end_at(branch: BranchSettings, city: str, point: PointWord, rules: QuoteRules) -> End:
    """Where a car is given out or taken back; without a city, in the branch's own.

    A city is served by its own branch, else by the nearest; one that nobody serves is left to ``branch``, and its fee
    is what the table says or unknown.
    """
    zone = ZoneInfo(branch.timezone)
    if not city.strip():
        own = next((known for known in rules.delivery.cities if known.primary_branch == branch.code), None)
        return End(branch.code, Place(own.name if own else branch.name, Point(point)), zone)
    known = rules.delivery.city(city)
    server = known.serving_branch if known else None
    return End(server or branch.code, Place(city, Point(point)), zone)


def _usd(amount: int) -> Money:
    return Money(Decimal(amount), Currency.USD)

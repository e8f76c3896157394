"""The rules put together: a rent in, a quote out (business rules, section 6)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from core.money import Currency, Money
from core.quote.delivery import DeliveryPrices
from core.quote.one_way import Return, discount
from core.quote.quote import Line, LineKind, Quote
from core.quote.rates import Rates, convert
from core.quote.rent import Extra, QuoteRules, Rent
from core.quote.unknown import Reason, Unknown


def price(rent: Rent, rules: QuoteRules, *, currency: Currency, rates: Rates | None, now: datetime) -> Quote:
    """The price in ``currency``; each line whose price is in another one is converted by the stored ``rates``."""
    lines = (
        _rent_line(rent),
        *(_extra_line(extra, rent.window.rental_days) for extra in rent.extras),
        *_delivery_lines(rent, rules.delivery),
        *_return_lines(rent, rules),
        *_out_of_hours_lines(rent, rules),
    )
    return Quote(
        currency=currency,
        lines=tuple(_converted(line, currency, rates, now, rules.rate_max_age) for line in lines),
        days=rent.window.rental_days,
        valid_until=now + rules.valid_for,
    )


def _rent_line(rent: Rent) -> Line:
    days = rent.window.rental_days
    issued_on = rent.window.start.astimezone(rent.issue.zone).date()
    per_day = rent.prices.per_day(issued_on, days)
    if isinstance(per_day, Unknown):
        return Line(LineKind.RENT, per_day, f"{days} days")
    return Line(LineKind.RENT, _times(per_day, days), f"{days} days at {per_day}", frozenset({per_day.amount}))


def _extra_line(extra: Extra, days: int) -> Line:
    if extra.price is None:
        return Line(LineKind.EXTRA, Unknown(Reason.NO_EXTRA_PRICE, extra.name), extra.name)
    length = f", {days} days" if extra.is_per_day else ""
    return Line(
        LineKind.EXTRA,
        _times(extra.price, extra.quantity * (days if extra.is_per_day else 1)),
        f"{extra.name}: {extra.quantity} at {extra.price}{length}",
        frozenset({extra.price.amount, Decimal(extra.quantity)}),
    )


def _delivery_lines(rent: Rent, prices: DeliveryPrices) -> Iterable[Line]:
    """The way out starts where the car stands: in another branch than the issuing one, it is a transfer."""
    fee = prices.fee(rent.car_branch, rent.issue.place)
    way = f"{rent.car_branch} to {rent.issue.place}"
    if fee is not None:
        kind = LineKind.DELIVERY if rent.car_branch == rent.issue.branch else LineKind.TRANSFER
        yield Line(kind, fee, way)


def _return_lines(rent: Rent, rules: QuoteRules) -> Iterable[Line]:
    """The fee of the way back to the branch that the car came from, less the one-way discount."""
    fee = rules.delivery.fee(rent.car_branch, rent.back.place)
    if fee is None:
        return
    yield Line(LineKind.RETURN, fee, f"{rent.back.place} to {rent.car_branch}")
    if isinstance(fee, Unknown) or not fee.amount or rent.back.branch == rent.issue.branch:
        return
    days_until_next = rent.plan.days_until_next(rent.window.end, rent.back.zone)
    found = discount(
        rent.plan,
        Return(rent.back.branch, days_until_next),
        rules.one_way,
        window_requires_same_branch=rules.window_requires_same_branch,
    )
    if isinstance(found, Unknown):
        yield Line(LineKind.ONE_WAY_DISCOUNT, found, f"return in {rent.back.branch}")
    elif found.rule is not None and found.percent:
        amount = Money(-fee.amount * found.percent / 100, fee.currency)
        why = f"{found.percent} % off the return, rule {found.rule.kind}"
        yield Line(LineKind.ONE_WAY_DISCOUNT, amount, why, frozenset({found.percent}))


def _out_of_hours_lines(rent: Rent, rules: QuoteRules) -> Iterable[Line]:
    ends = (
        (LineKind.OUT_OF_HOURS_ISSUE, rent.window.start, rent.issue.zone),
        (LineKind.OUT_OF_HOURS_RETURN, rent.window.end, rent.back.zone),
    )
    for kind, moment, zone in ends:
        if not rules.hours.include(moment, zone):
            local = moment.astimezone(zone)
            yield Line(kind, rules.out_of_hours_fee, f"{local:%H:%M} is outside {rules.hours}")


def _converted(line: Line, currency: Currency, rates: Rates | None, now: datetime, max_age: timedelta) -> Line:
    if isinstance(line.amount, Unknown) or line.amount.currency is currency:
        return line
    amount = convert(line.amount, currency, rates, now=now, max_age=max_age)
    return Line(line.kind, amount, f"{line.why} ({line.amount})", line.figures | {abs(line.amount.amount)})


def _times(price: Money, number: int) -> Money:
    return Money(price.amount * number, price.currency)

"""A quote: the price of one rent, line by line, with a total or the reasons why there is none."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from core.money import Currency, Money
from core.quote.unknown import Unknown


class LineKind(StrEnum):
    RENT = "rent"
    EXTRA = "extra"
    DELIVERY = "delivery"
    TRANSFER = "transfer"
    """The delivery of a car that stands in another branch than the one that issues it."""
    RETURN = "return"
    ONE_WAY_DISCOUNT = "one_way_discount"
    OUT_OF_HOURS_ISSUE = "out_of_hours_issue"
    OUT_OF_HOURS_RETURN = "out_of_hours_return"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a quote, in the quote's currency. ``why`` is plain English; ``figures`` are what it was made of."""

    kind: LineKind
    amount: Money | Unknown
    why: str
    figures: frozenset[Decimal] = frozenset()


@dataclass(frozen=True, slots=True)
class Quote:
    """The whole price. A car whose price is unknown stays an offer: it is shown as such and goes to a person."""

    currency: Currency
    lines: tuple[Line, ...]
    days: int
    valid_until: datetime

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """Why there is no total, each reason once; empty when there is one."""
        return tuple(dict.fromkeys(line.amount for line in self.lines if isinstance(line.amount, Unknown)))

    @property
    def total(self) -> Money | None:
        """The sum of all lines; None as soon as one of them is unknown, never a part of the sum."""
        if self.unknowns:
            return None
        known = (line.amount for line in self.lines if isinstance(line.amount, Money))
        return sum(known, start=Money(Decimal(0), self.currency))

    @property
    def needs_transfer(self) -> bool:
        return any(line.kind is LineKind.TRANSFER for line in self.lines)

    def numbers(self) -> frozenset[Decimal]:
        """Every value that an answer to the client may repeat: days, amounts and what they were made of, the total."""
        amounts = {abs(line.amount.amount) for line in self.lines if isinstance(line.amount, Money)}
        total = {self.total.amount} if self.total else set[Decimal]()
        figures = frozenset[Decimal]().union(*(line.figures for line in self.lines))
        return figures | amounts | total | {Decimal(self.days)}

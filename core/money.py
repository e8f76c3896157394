"""Money: a Decimal with its currency, never a binary float."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Self

CENT = Decimal("0.01")


class Currency(StrEnum):
    GEL = "GEL"
    USD = "USD"
    EUR = "EUR"
    RUB = "RUB"


RENTPROG_CURRENCIES = {39: Currency.GEL, 1: Currency.USD, 3: Currency.EUR}
"""RentProg's own ids; 2 is not EUR, and an id that is not here goes to quarantine (failure G8)."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount rounded to cents. Adding two currencies is an error, not a conversion."""

    amount: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", self.amount.quantize(CENT, rounding=ROUND_HALF_UP))

    def __add__(self, other: Self) -> "Money":
        self._check(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Self) -> "Money":
        self._check(other)
        return Money(self.amount - other.amount, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _check(self, other: Self) -> None:
        if other.currency is not self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")

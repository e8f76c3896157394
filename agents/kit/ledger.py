"""Budgets by object, branch and agent for a day: reserved before a question, settled after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol
from uuid import UUID

from core.settings.llm import LlmBudget


@dataclass(frozen=True, slots=True)
class Spending:
    """Money is in US dollars."""

    requests: int = 0
    tokens: int = 0
    usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Account:
    """What pays, and the most it pays on ``day`` (of the company's zone)."""

    scope: Literal["object", "branch", "agent"]
    key: str
    day: date
    limit: LlmBudget


class BudgetSpentError(Exception):
    """One account has not enough left for the worst case of a question."""

    def __init__(self, account: Account) -> None:
        super().__init__(f"{account.scope} budget of {account.day}")
        self.account = account


class Ledger(Protocol):
    """Keeps what was used. The worst case is reserved at once, so that parallel questions cannot overspend together."""

    async def reserve(self, accounts: Sequence[Account], amount: Spending, *, until: datetime) -> UUID:
        """Take ``amount`` from all accounts or none; raises ``BudgetSpentError`` for the first that has not enough.

        At ``until`` (aware UTC) a reservation that nobody settled, because its process died, counts as spent in full.
        """
        ...

    async def settle(self, reservation: UUID, spent: Spending) -> None:
        """Put ``spent`` in place of what was reserved; it may be more by one call. A second time changes nothing."""
        ...

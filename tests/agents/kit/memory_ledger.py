"""A ledger in memory, by the rules of the protocol."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from agents.kit.ledger import Account, BudgetSpentError, Spending

Key = tuple[str, str, date]


def added(one: Spending, two: Spending) -> Spending:
    return Spending(one.requests + two.requests, one.tokens + two.tokens, one.usd + two.usd)


@dataclass
class MemoryLedger:
    spent: dict[Key, Spending] = field(default_factory=dict)
    open: dict[UUID, tuple[tuple[Key, ...], Spending]] = field(default_factory=dict)

    async def reserve(self, accounts: Sequence[Account], amount: Spending, *, until: datetime) -> UUID:
        for account in accounts:
            wanted = added(self.used(account.scope, account.key, account.day), amount)
            limit = account.limit
            if wanted.requests > limit.requests or wanted.tokens > limit.tokens or wanted.usd > limit.usd:
                raise BudgetSpentError(account)
        reservation = uuid4()
        self.open[reservation] = (tuple((one.scope, one.key, one.day) for one in accounts), amount)
        return reservation

    async def settle(self, reservation: UUID, spent: Spending) -> None:
        keys, _ = self.open.pop(reservation, ((), Spending()))
        for key in keys:
            self.spent[key] = added(self.spent.get(key, Spending()), spent)

    def used(self, scope: str, key: str, day: date) -> Spending:
        total = self.spent.get((scope, key, day), Spending())
        for keys, amount in self.open.values():
            total = added(total, amount) if (scope, key, day) in keys else total
        return total

    def settled(self, scope: str) -> Spending:
        found = [amount for key, amount in self.spent.items() if key[0] == scope]
        return found[0] if found else Spending(usd=Decimal(0))

"""How agents reach a model in this installation: providers of the settings, budgets and switches in Postgres."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from agents.kit.ledger import Account, BudgetSpentError, Spending
from agents.kit.question import NO_MODEL, Thinker
from core.clock import Clock
from core.ids import new_id
from core.settings import LlmSettings
from db.queries import model_accounts, pausing
from db.queries.model_accounts import Payer, Use
from db.session import Database
from orchestrator.signals import tracing


@asynccontextmanager
async def thinker(settings: LlmSettings, db: Database, clock: Clock) -> AsyncGenerator[Thinker]:
    """The thinker of one process; without a model that may be asked its libraries are not even loaded."""
    if not settings.has_models:
        yield NO_MODEL
        return
    from agents.kit.models import build_models
    from agents.kit.thinker import ModelThinker

    models = build_models(settings)
    try:
        yield ModelThinker(settings, models, PostgresLedger(db), PostgresSwitches(db), clock, tracing.of_libraries)
    finally:
        await models.aclose()


@dataclass(frozen=True, slots=True)
class PostgresLedger:
    """``agents.kit.ledger.Ledger`` over rows, one truth for all processes."""

    db: Database

    async def reserve(self, accounts: Sequence[Account], amount: Spending, *, until: datetime) -> UUID:
        reservation = new_id()
        payers = [Payer(one.scope, one.key, one.day, _limit(one)) for one in accounts]
        async with self.db.transaction() as tx:
            short = await model_accounts.reserve(tx, reservation, payers, _use(amount), until=until)
        if short is not None:
            raise BudgetSpentError(accounts[payers.index(short)])
        return reservation

    async def settle(self, reservation: UUID, spent: Spending) -> None:
        async with self.db.transaction() as tx:
            await model_accounts.settle(tx, reservation, _use(spent))


@dataclass(frozen=True, slots=True)
class PostgresSwitches:
    """``agents.kit.switches.Switches`` over the pauses that people order: ``jarvis pause system llm``, for example."""

    db: Database

    async def is_off(self, scope: Literal["agent", "tool", "system"], name: str) -> bool:
        async with self.db.transaction() as tx:
            return await pausing.is_paused(tx, scope, name)


def _use(spending: Spending) -> Use:
    return Use(spending.requests, spending.tokens, spending.usd)


def _limit(account: Account) -> Use:
    return Use(account.limit.requests, account.limit.tokens, account.limit.usd)

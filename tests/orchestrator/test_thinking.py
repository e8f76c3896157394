"""Budgets and switches in Postgres: one truth for all processes."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from agents.kit.ledger import Account, BudgetSpentError, Spending
from agents.kit.question import NO_MODEL
from agents.kit.record import Record, ToolCall
from core.clock import SystemClock
from core.settings import LlmSettings
from core.settings.llm import LlmBudget
from db.queries import model_accounts, pausing
from db.session import Database
from orchestrator.asking import price_alarms
from orchestrator.thinking import PostgresLedger, PostgresSwitches, thinker

DAY = date(2026, 3, 2)
SOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ONE = Spending(1, 100, Decimal("0.10"))


def account(scope: str = "agent", key: str = "translator", *, requests: int = 10, usd: str = "1") -> Account:
    return Account(scope, key, DAY, LlmBudget(requests=requests, tokens=10_000, usd=Decimal(usd)))  # type: ignore[arg-type] - a test's word


async def used(db: Database, scope: str = "agent") -> list[tuple[str, int, int, Decimal]]:
    async with db.transaction() as tx:
        rows = await model_accounts.of_day(tx, DAY, scope=scope)
    return [(row["key"], row["requests"], row["tokens"], row["usd"]) for row in rows]


async def test_what_was_really_spent_takes_the_place_of_what_was_reserved(db: Database) -> None:
    ledger = PostgresLedger(db)
    reservation = await ledger.reserve([account()], Spending(4, 6000, Decimal("0.50")), until=SOON)
    await ledger.settle(reservation, ONE)
    await ledger.settle(reservation, ONE)

    assert await used(db) == [("translator", 1, 100, Decimal("0.100000"))]


async def test_questions_at_one_time_cannot_overspend_together(db: Database) -> None:
    ledger = PostgresLedger(db)

    asked = await asyncio.gather(
        *(ledger.reserve([account(requests=3)], ONE, until=SOON) for _ in range(8)), return_exceptions=True
    )

    assert sum(isinstance(answer, BudgetSpentError) for answer in asked) == 5


async def test_an_account_without_enough_leaves_the_others_untouched(db: Database) -> None:
    ledger, poor = PostgresLedger(db), account("object", "conversation:1", usd="0.05")
    with pytest.raises(BudgetSpentError) as refused:
        await ledger.reserve([account(requests=1), poor], ONE, until=SOON)

    assert refused.value.account == poor
    await ledger.reserve([account(requests=1)], ONE, until=SOON)


async def test_a_reservation_that_nobody_settled_counts_in_full(db: Database) -> None:
    ledger = PostgresLedger(db)
    await ledger.reserve([account(requests=1)], ONE, until=SOON - timedelta(days=1))

    with pytest.raises(BudgetSpentError):
        await ledger.reserve([account(requests=1)], ONE, until=SOON)


async def test_a_pause_switches_off_at_once_and_back(db: Database) -> None:
    switches = PostgresSwitches(db)
    assert not await switches.is_off("system", "llm")
    async with db.transaction() as tx:
        await pausing.pause(tx, "system", "llm", reason="too dear", by="staff:1", at=SOON)
    assert await switches.is_off("system", "llm")
    async with db.transaction() as tx:
        await pausing.resume(tx, "system", "llm", by="staff:1", at=SOON)
    assert not await switches.is_off("system", "llm")


async def test_without_a_model_nothing_is_loaded(db: Database) -> None:
    async with thinker(LlmSettings(), db, SystemClock()) as thinking:
        assert thinking is NO_MODEL


def test_a_model_of_unknown_price_is_an_alarm_for_each_model() -> None:
    unknown = Record("a", model="new-1", price_unknown=True, tools=[ToolCall("price", {})])

    alarms = price_alarms([unknown, unknown, Record("b", model="known")])

    assert [alarm.body.key for alarm in alarms] == ["model-price:new-1"]

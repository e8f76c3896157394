"""Rules of the clock: brought up to date without losing their slots, taken by one clock at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from db import schedules
from db.schedules import Schedule
from db.session import Database

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RULE = Schedule(
    name="sync:north",
    cron="*/15 * * * *",
    timezone="Asia/Tbilisi",
    event_kind="sync.due",
    payload={"branch": "north"},
    subject="sync:north",
    branch="north",
    catch_up="last",
    last_slot=None,
    next_slot=NOON,
)


async def put(db: Database, *rules: Schedule) -> None:
    async with db.transaction() as tx:
        await schedules.put(tx, rules)


async def stored(db: Database, columns: str = "name, next_slot, is_enabled") -> list[dict[str, Any]]:
    async with db.transaction() as tx:
        return await tx.rows(f"SELECT {columns} FROM schedules ORDER BY name")


async def test_a_rule_reads_back_as_it_was_put(db: Database):
    await put(db, RULE)
    async with db.transaction() as tx:
        assert await schedules.take_due(tx, NOON) == [RULE]


async def test_a_known_rule_keeps_its_next_slot(db: Database):
    await put(db, RULE)
    await put(db, replace(RULE, next_slot=NOON + timedelta(hours=5), catch_up="all"))
    assert await stored(db, "next_slot, catch_up") == [{"next_slot": NOON, "catch_up": "all"}]


async def test_a_rule_with_another_cron_or_zone_begins_anew(db: Database):
    later = NOON + timedelta(hours=5)
    for changed in (replace(RULE, cron="0 * * * *"), replace(RULE, timezone="Europe/Berlin")):
        await put(db, RULE)
        await put(db, replace(changed, next_slot=later))
        assert [row["next_slot"] for row in await stored(db)] == [later]
        await put(db, RULE)


async def test_a_rule_that_is_not_named_any_more_is_disabled_not_forgotten(db: Database):
    other = replace(RULE, name="sync:south")
    await put(db, RULE, other)
    await put(db, other)
    assert [(row["name"], row["is_enabled"]) for row in await stored(db)] == [
        ("sync:north", False),
        ("sync:south", True),
    ]
    async with db.transaction() as tx:
        assert [rule.name for rule in await schedules.take_due(tx, NOON)] == ["sync:south"]
    await put(db, RULE, other)
    assert {row["is_enabled"] for row in await stored(db)} == {True}


async def test_what_one_clock_holds_another_does_not_see(db: Database):
    await put(db, RULE, replace(RULE, name="sync:south"))
    async with db.transaction() as one, db.transaction() as two:
        assert len(await schedules.take_due(one, NOON, limit=1)) == 1
        assert len(await schedules.take_due(two, NOON)) == 1
        assert await schedules.take_due(two, NOON - timedelta(seconds=1)) == []


async def test_a_ticked_rule_is_due_again_at_its_next_slot(db: Database):
    await put(db, RULE)
    next_slot = NOON + timedelta(minutes=15)
    async with db.transaction() as tx:
        await schedules.set_next(tx, RULE.name, last_slot=NOON, next_slot=next_slot)
        assert await schedules.take_due(tx, NOON) == []
        [due] = await schedules.take_due(tx, next_slot)
    assert (due.last_slot, due.next_slot) == (NOON, next_slot)

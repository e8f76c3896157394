"""``jarvis status``: every fact is right, and people read it in 80 columns with the worst first."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.settings import BranchSettings
from db import commands, runs
from db.presence import Presence
from db.queries import circle_state, pausing, status
from db.queries.branches import put_branches
from db.runs import Lease
from db.session import Database, Tx
from orchestrator.cli.overview import overview
from orchestrator.cli.standing import WIDTH, standing
from tests import make

ROUTE = make.route_to("reader", "writer")


async def facts_of(db: Database) -> dict[str, Any]:
    return await overview(db, stall_s=60)


async def change(db: Database, sql: str) -> None:
    async with db.transaction() as tx:
        assert await tx.run(sql) > 0


@pytest.fixture
async def busy(db: Database) -> Database:
    """Four subjects: one run is ready, one delayed, one waits behind it, one runs; each has a second stage."""
    await make.record_all(
        db, [make.event("car:1"), make.event("car:2"), make.event("car:2"), make.event("car:3")], ROUTE
    )
    await change(
        db,
        "UPDATE runs SET not_before = now() + interval '1 hour', error = 'RentProg is away', attempt = 3"
        " WHERE subject = 'car:2' AND state = 'queued'",
    )
    async with db.transaction() as tx:
        [run] = await tx.rows("SELECT id FROM runs WHERE subject = 'car:3' AND stage = 0")
        await runs.claim_rung(tx, [run["id"]], agents=["reader"], limit=1, lease=Lease(timedelta(seconds=30)))
    return db


async def test_queues_are_counted_by_agent_and_stage(busy: Database) -> None:
    rows = (await facts_of(busy))["stages"]
    assert rows == [
        {"agent": "reader", "stage": 0, "ready": 1, "delayed": 1, "waiting": 1, "running": 1},
        {"agent": "writer", "stage": 1, "ready": 0, "delayed": 0, "waiting": 4, "running": 0},
    ]


async def test_the_oldest_of_each_agent_is_the_run_of_the_oldest_event(busy: Database) -> None:
    await change(
        busy, "UPDATE runs SET state = 'done', finished_at = now() WHERE subject = 'car:1' AND agent = 'reader'"
    )
    await change(busy, "UPDATE events SET received_at = now() - interval '2 hours' WHERE subject = 'car:2'")
    reader = next(row for row in (await facts_of(busy))["oldest_runs"] if row["agent"] == "reader")
    assert (reader["subject"], reader["attempt"], reader["error"]) == ("car:2", 3, "RentProg is away")
    assert reader["age_s"] == pytest.approx(7200, abs=60)
    assert reader["next_try_at"] is not None


async def test_commands_are_told_by_what_their_chats_are_for(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO chats (chat_id, purpose, title) VALUES (-7, 'branch_forum', 'Cars')")
        await commands.order(tx, [make.message(-7), make.message(-7), make.message(5)])
        await tx.run("UPDATE commands SET created_at = now() - interval '1 hour' WHERE destination = 'telegram:5'")
        await tx.run(
            "UPDATE destinations SET held_until = now() + interval '1 minute' WHERE destination = 'telegram:5'"
        )
    facts = await facts_of(db)
    assert [(row["class"], row["pending"], row["destination"]) for row in facts["oldest_commands"]] == [
        ("other", 1, "telegram:5"),
        ("branch_forum", 2, "telegram:-7"),
    ]
    assert [(row["destination"], row["held_until"] is None) for row in facts["longest_queues"]] == [
        ("telegram:-7", True),
        ("telegram:5", False),
    ]


@pytest.fixture
async def presence(db_url: str) -> AsyncIterator[Presence]:
    presence = Presence(db_url)
    await presence.keep()
    yield presence
    await presence.leave()


async def test_a_lease_tells_its_worker_and_when_that_one_is_gone(db: Database, presence: Presence) -> None:
    await make.record_all(db, [make.event("car:1")], ROUTE)
    async with db.transaction() as tx:
        [run] = await tx.rows("SELECT id FROM runs WHERE stage = 0")
        lease = Lease(timedelta(seconds=30), presence.holder)
        await runs.claim_rung(tx, [run["id"]], agents=["reader"], limit=1, lease=lease)
    [worker] = (await facts_of(db))["leases"]["workers"]
    assert (worker["holder"], worker["is_present"], worker["runs"]) == (presence.holder, True, 1)
    await presence.leave()
    await change(db, "UPDATE runs SET lease_until = now() - interval '1 second' WHERE state = 'running'")
    leases = (await facts_of(db))["leases"]
    assert (leases["runs_held"], leases["runs_expired"]) == (1, 1)
    assert [worker["is_present"] for worker in leases["workers"]] == [False]


async def test_the_runs_of_a_batch_are_held_too(db: Database) -> None:
    await make.record_all(db, [make.event("car:1"), make.event("car:2")], make.route_to("reader"))
    await change(
        db,
        "INSERT INTO batches (lease_until, run_ids) SELECT now() - interval '1 second', array_agg(id) FROM runs",
    )
    leases = (await facts_of(db))["leases"]
    assert (leases["runs_held"], leases["runs_expired"]) == (2, 2)


async def test_drift_is_told_by_branch_and_entity_of_the_last_check(db: Database) -> None:
    drift = """[{"entity": "car", "id": 1, "kind": "added", "changed": []},
                {"entity": "car", "id": 2, "kind": "updated", "changed": ["clean"]},
                {"entity": "booking", "id": 3, "kind": "updated", "changed": ["state"]}]"""
    async with db.transaction() as tx:
        await put_branches(tx, [BranchSettings(code="tbilisi", name="Tbilisi", company_id=1)])
        for report, hours in (("[]", 3), (drift, 2)):
            await tx.run(
                """INSERT INTO sync_runs (branch, is_first, state, finished_at, drift)
                   VALUES ('tbilisi', false, 'done', now() - make_interval(hours => %s), %s)""",
                (hours, report),
            )
    facts = await facts_of(db)
    assert [(row["branch"], row["entity"], row["added"], row["updated"]) for row in facts["drift"]] == [
        ("tbilisi", "booking", 0, 1),
        ("tbilisi", "car", 1, 1),
    ]
    assert "    drift (webhooks had missed): booking 1, car 2" in [*standing(facts)]


async def test_models_cost_nothing_until_there_are_any_and_are_counted_then(busy: Database) -> None:
    assert (await facts_of(busy))["share_without_model"] is None
    await change(busy, "UPDATE runs SET state = 'done', finished_at = now()")
    facts = await facts_of(busy)
    assert facts["share_without_model"] == 1.0
    assert "  no model calls yet: 100% of the newest 4 events needed none" in [*standing(facts)]
    await change(busy, "UPDATE runs SET model = 'small', tokens_in = 10, tokens_out = 5, cost = 0.25 WHERE stage = 1")
    models = (await facts_of(busy))["models"]
    assert (models["share_without_model"], models["with_model"], str(models["cost"])) == (0.0, 4, "1.000000")


async def test_a_slot_that_nobody_ticked_is_late(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run(
            """INSERT INTO schedules (name, cron, timezone, event_kind, subject, catch_up, next_slot)
               VALUES ('check:health', '* * * * *', 'UTC', 'check.health', 'check:health', 'last',
                       now() - interval '1 h')"""
        )
    [rule] = (await facts_of(db))["schedules"]
    assert rule["is_late"]
    assert "  check:health: LATE by 1 h (* * * * * UTC)" in [*standing(await facts_of(db))]


async def test_a_pause_tells_who_and_why_and_jarvis_own_pause_tells_no_name(db: Database) -> None:
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        await pausing.pause(tx, "agent", "car_topics", reason="a bug in cards", by="command line (ann)", at=now)
        await commands.pause_system(tx, "telegram", "the token was refused")
    facts = await facts_of(db)
    assert {row["name"]: row["by"] for row in facts["pauses"]} == {"car_topics": "command line (ann)", "telegram": None}
    assert "  agent car_topics is paused 0 s ago by command line (ann): a bug in cards" in [*standing(facts)]


async def test_everything_fits_into_80_columns_and_the_verdict_stands_first(busy: Database) -> None:
    long = "a long error " * 20
    await change(busy, f"UPDATE runs SET error = '{long}\nsecond line'")
    async with busy.transaction() as tx:
        await commands.order(tx, [make.message(-1001234567890)])
        await tx.run("UPDATE commands SET error = %s", (long,))
        await status.pause(tx, "system", "telegram", long)
    lines = [*standing(await facts_of(busy))]
    assert max(map(len, lines)) <= WIDTH
    assert lines[1] == "NOT WELL"
    assert not any("\n" in line for line in lines)


async def test_tables_of_an_older_version_are_said_instead_of_a_failure(db: Database, as_owner: Any) -> None:
    as_owner("UPDATE alembic_version SET version_num = '0001'")
    facts = await facts_of(db)
    assert facts["reasons"][0].startswith("the database stands at revision 0001")
    assert "NOT WELL" in [*standing(facts)]


class Explaining(Tx):
    """Asks for the plan of every statement before it runs it, with scans of whole tables made as dear as can be."""

    def __init__(self, tx: Tx) -> None:
        super().__init__(tx.pg)
        self.plans: list[str] = []

    async def rows(self, sql: str, parameters: Any = ()) -> list[dict[str, Any]]:
        plan = await super().rows(f"EXPLAIN {sql}", parameters)
        self.plans.append("\n".join(row["QUERY PLAN"] for row in plan))
        return await super().rows(sql, parameters)


@pytest.mark.parametrize(
    "question",
    [
        *(status.queues, status.destinations, status.troubles, status.last_webhooks),
        *(circle_state.stages, circle_state.oldest_runs, circle_state.oldest_commands, circle_state.longest_queues),
        *(circle_state.leases, circle_state.model_use),
    ],
    ids=lambda question: question.__name__,
)
async def test_no_question_of_the_status_reads_the_whole_history(db: Database, question: Any) -> None:
    async with db.transaction() as tx:
        await tx.run("SET LOCAL enable_seqscan = off")
        asked = Explaining(tx)
        await question(asked)
    assert asked.plans
    assert [plan for plan in asked.plans if re.search(r"Seq Scan on (runs|events|commands)\b", plan)] == []

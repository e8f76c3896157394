"""The watchman reads what the database knows: webhooks, passes and open alarms, for each branch of the settings."""

from datetime import UTC, datetime, timedelta

import pytest

from agents.spec import Deps
from agents.watchman import AGENT
from agents.watchman.context import load_context
from core.clock import SystemClock
from core.events import AlarmCleared, Event, HealthDue
from core.settings import BranchSettings, MonitoringSettings, RentprogSettings, Settings
from db.queries import alarms
from db.session import Database, Tx

NORTH = BranchSettings(code="north", name="North", company_id=1)
SOUTH = BranchSettings(code="south", name="South", company_id=2)
ALWAYS_OPEN = MonitoringSettings(work_start="00:00", work_end="23:59")


def deps(db: Database) -> Deps:
    settings = Settings(rentprog=RentprogSettings(branches=(NORTH, SOUTH)), monitoring=ALWAYS_OPEN)
    return Deps(db=db, clock=SystemClock(), settings=settings)


async def branches(tx: Tx) -> None:
    for branch in (NORTH, SOUTH):
        await tx.run(
            "INSERT INTO branches (code, name, company_id) VALUES (%s, %s, %s)",
            (branch.code, branch.name, branch.company_id),
        )


async def finished_pass(tx: Tx, branch: str, finished_at: datetime) -> None:
    await tx.run(
        """INSERT INTO sync_runs (branch, state, is_first, started_at, finished_at, heartbeat_at)
           VALUES (%s, 'done', false, %s, %s, %s)""",
        (branch, finished_at, finished_at, finished_at),
    )


async def webhook(tx: Tx, branch: str, received_at: datetime, *, kind: str = "rentprog.delivered") -> None:
    await tx.run(
        """INSERT INTO events (kind, subject, source, external_id, payload, trust, branch, occurred_at, received_at)
           VALUES (%s, 'car:1', 'rentprog', %s, '{}', 'outside', %s, %s, %s)""",
        (kind, f"{branch}{received_at}{kind}", branch, received_at, received_at),
    )


async def test_g4_the_newest_pass_and_webhook_count(db: Database):
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        await branches(tx)
        for hours in (5, 3, 1):
            await finished_pass(tx, "north", now - timedelta(hours=hours))
            await webhook(tx, "north", now - timedelta(hours=hours))
    north, south = (await load_context(deps(db))).branches
    assert (north.first_synced_at, north.synced_at) == (now - timedelta(hours=5), now - timedelta(hours=1))
    assert north.last_webhook_at == now - timedelta(hours=1)
    assert (south.code, south.last_webhook_at, south.synced_at, south.token_expires_at) == ("south", None, None, None)


async def test_a_webhook_nobody_could_read_is_no_sign_of_life(db: Database):
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        await branches(tx)
        await webhook(tx, "north", now, kind="webhook.quarantined")
    assert (await load_context(deps(db))).branches[0].last_webhook_at is None


async def test_row_39_files_that_wait_for_the_storage_are_seen(db: Database):
    commands = {"a": ("pending", "storage: the disk is full"), "b": ("pending", None), "c": ("sent", "storage: x")}
    async with db.transaction() as tx:
        for key, (state, error) in commands.items():
            await tx.run(
                """INSERT INTO commands (kind, system, destination, priority, payload, effect_key, state, error)
                   VALUES ('telegram.keep_media', 'telegram', 'telegram:1', 9, '{}', %s, %s, %s)""",
                (key, state, error),
            )
    files = (await load_context(deps(db))).files
    assert files is not None
    assert (files.count, files.reason) == (1, "storage: the disk is full")


async def test_a_look_round_raises_what_is_wrong_in_the_database(db: Database):
    noon = datetime.now(UTC).replace(hour=12, minute=0)
    async with db.transaction() as tx:
        await branches(tx)
        await finished_pass(tx, "north", noon - timedelta(hours=3))
        await webhook(tx, "north", noon - timedelta(hours=3))
    event = Event(
        id=1,
        subject="check:health",
        body=HealthDue(),
        source="clock",
        external_id="x",
        trust="system",
        branch=None,
        occurred_at=noon,
        received_at=noon,
        caused_by=None,
    )
    outcome = await AGENT.run(event, deps(db))
    AGENT.check(outcome)
    assert [event.body.key for event in outcome.events] == ["webhook-silence:north", "sync-stale:north"]


@pytest.mark.parametrize(
    ("key", "is_so", "is_mended"),
    [
        pytest.param(
            "dead-run:access",
            """INSERT INTO runs (event_id, agent, stage, subject, state)
               SELECT id, 'access', 0, 'car:1', 'dead' FROM events""",
            "UPDATE runs SET state = 'done'",
            id="a dead run",
        ),
        pytest.param(
            "dead-command:telegram:-7",
            """INSERT INTO commands (kind, system, destination, priority, payload, effect_key, state)
               VALUES ('telegram.send_message', 'telegram', 'telegram:-7', 2, '{}', 'k', 'dead')""",
            "UPDATE commands SET state = 'sent'",
            id="a dead command",
        ),
        pytest.param(
            "unknown-command:telegram:-7",
            """INSERT INTO commands (kind, system, destination, priority, payload, effect_key, state)
               VALUES ('telegram.send_message', 'telegram', 'telegram:-7', 2, '{}', 'k', 'unknown')""",
            "UPDATE commands SET state = 'cancelled'",
            id="an unknown command",
        ),
        pytest.param(
            "needs-attention:telegram",
            "INSERT INTO pauses (scope, name, reason) VALUES ('system', 'telegram', 'the token was refused')",
            "DELETE FROM pauses",
            id="a paused system",
        ),
        pytest.param(
            "needs-attention:telegram:-7",
            """INSERT INTO destinations (destination, system, parked_at, parked_reason)
               VALUES ('telegram:-7', 'telegram', now(), 'thrown out')""",
            "UPDATE destinations SET parked_at = NULL",
            id="a parked chat",
        ),
    ],
)
async def test_what_a_person_mended_is_told_as_over(db: Database, key: str, is_so: str, is_mended: str):
    now = datetime.now(UTC)
    tick = Event(
        id=1,
        subject="check:health",
        body=HealthDue(),
        source="clock",
        external_id="x",
        trust="system",
        branch=None,
        occurred_at=now,
        received_at=now,
        caused_by=None,
    )
    async with db.transaction() as tx:
        await webhook(tx, "north", now)
        await tx.run(is_so)
        await alarms.count_up(tx, key, text_key="alarm-dead-run", args={}, now=now, quiet_since=now)
        await alarms.count_up(
            tx, "quarantined:rentprog:x", text_key="alarm-quarantined", args={}, now=now, quiet_since=now
        )
    assert (await AGENT.run(tick, deps(db))).events == ()
    async with db.transaction() as tx:
        assert await tx.run(is_mended) == 1
    ended = (await AGENT.run(tick, deps(db))).events
    assert [event.body for event in ended] == [AlarmCleared(key=key)]

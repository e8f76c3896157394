"""Dead work is found by what is known of it, and a person's decision is kept with its reason."""

from datetime import UTC, datetime, timedelta

import pytest

from db import commands
from db.queries import dead_work, panel, pausing
from db.queries.dead_work import Which
from db.session import Database, Tx
from tests import make

NOW = datetime.now(UTC)
BY = "command line (ann)"


@pytest.fixture
async def graveyard(db: Database) -> Database:
    """Dead: a run of reader (old), a run of writer, a command for -7; unknown: a command for -8; alive: one of each."""
    await make.record_all(db, [make.event("car:1"), make.event("car:2")], make.route_to(("reader", "writer")))
    async with db.transaction() as tx:
        await commands.order(tx, [make.message(-7), make.message(-8), make.message(-9)])
        await tx.run(
            """UPDATE runs SET state = 'dead', error = 'it broke', attempt = 8,
                      finished_at = now() - CASE WHEN agent = 'reader' THEN interval '2 days' ELSE interval '1 s' END
               WHERE subject = 'car:1'"""
        )
        await tx.run("UPDATE commands SET state = 'dead', error = 'gone' WHERE destination = 'telegram:-7'")
        await tx.run("UPDATE commands SET state = 'unknown' WHERE destination = 'telegram:-8'")
    return db


async def found(db: Database, which: Which) -> list[tuple[str, str, str]]:
    async with db.transaction() as tx:
        return [(row["what"], row["name"], row["state"]) for row in await dead_work.find(tx, which)]


READER, WRITER = ("run", "reader", "dead"), ("run", "writer", "dead")
DEAD, UNKNOWN = ("command", "telegram.send_message", "dead"), ("command", "telegram.send_message", "unknown")


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (Which(), [DEAD, UNKNOWN, READER, WRITER]),
        (Which(what="run"), [READER, WRITER]),
        (Which(what="command"), [DEAD, UNKNOWN]),
        (Which(agent="writer"), [WRITER]),
        (Which(destination="telegram:-7"), [DEAD]),
        (Which(destination="telegram"), [DEAD, UNKNOWN]),
        (Which(older_than=timedelta(hours=1)), [READER]),
        (Which(agent="nobody"), []),
    ],
)
async def test_dead_work_is_chosen_by_what_is_known_of_it(
    graveyard: Database, which: Which, expected: list[tuple[str, str, str]]
) -> None:
    assert sorted(await found(graveyard, which)) == sorted(expected)


async def number_of(tx: Tx, agent: str) -> int:
    [run] = await tx.rows("SELECT id FROM runs WHERE agent = %s AND subject = 'car:1'", (agent,))
    return run["id"]


async def test_a_dropped_run_is_kept_with_its_reason_and_can_still_be_retried(graveyard: Database) -> None:
    async with graveyard.transaction() as tx:
        run_id = await number_of(tx, "reader")
        assert await dead_work.drop(tx, "run", run_id, reason="the car is sold", by=BY, at=NOW)
        assert not await dead_work.drop(tx, "run", run_id, reason="again", by=BY, at=NOW)
        dropped = await dead_work.look_at(tx, "run", run_id)
    assert dropped is not None
    assert (dropped["state"], dropped["error"]) == ("failed", "it broke · dropped: the car is sold")
    [entry] = dropped["audit"]
    assert (entry["actor"], entry["action"]) == (BY, "run.dropped")
    assert entry["details"] == {"reason": "the car is sold", "error": "it broke"}
    assert READER not in await found(graveyard, Which())
    async with graveyard.transaction() as tx:
        assert await panel.retry(tx, "run", run_id, by=BY, at=NOW)


async def test_a_dropped_command_is_cancelled_and_nothing_is_deleted(graveyard: Database) -> None:
    async with graveyard.transaction() as tx:
        [command] = await tx.rows("SELECT id FROM commands WHERE state = 'unknown'")
        assert await dead_work.drop(tx, "command", command["id"], reason="it was done", by=BY, at=NOW)
        looked = await dead_work.look_at(tx, "command", command["id"])
        assert await dead_work.look_at(tx, "command", 999_999) is None
    assert looked is not None
    assert (looked["state"], looked["error"]) == ("cancelled", "it was done")
    assert looked["payload"]["chat_id"] == -8


async def test_what_is_alive_is_not_dropped(graveyard: Database) -> None:
    async with graveyard.transaction() as tx:
        [command] = await tx.rows("SELECT id FROM commands WHERE state = 'pending'")
        assert not await dead_work.drop(tx, "command", command["id"], reason="x", by=BY, at=NOW)
        [run] = await tx.rows("SELECT id FROM runs WHERE subject = 'car:2' LIMIT 1")
        assert not await dead_work.drop(tx, "run", run["id"], reason="x", by=BY, at=NOW)


@pytest.mark.parametrize(
    ("scope", "name"), [("system", "telegram"), ("agent", "reader"), ("destination", "telegram:-9")]
)
async def test_a_pause_holds_until_it_is_resumed_and_both_are_in_the_audit(
    graveyard: Database, scope: pausing.Scope, name: str
) -> None:
    async with graveyard.transaction() as tx:
        assert await pausing.pause(tx, scope, name, reason="moving", by=BY, at=NOW)
        assert await pausing.resume(tx, scope, name, by=BY, at=NOW)
        assert not await pausing.resume(tx, scope, name, by=BY, at=NOW)
        audited = await tx.rows("SELECT actor, action, details FROM audit ORDER BY id")
    assert [(row["actor"], row["action"]) for row in audited] == [(BY, f"{scope}.paused"), (BY, f"{scope}.resumed")]
    assert audited[0]["details"] == {"reason": "moving"}


async def test_a_paused_chat_gets_nothing_and_the_others_do(graveyard: Database) -> None:
    async with graveyard.transaction() as tx:
        await commands.order(tx, [make.message(-10)])
        await pausing.pause(tx, "destination", "telegram:-9", reason="a storm", by=BY, at=NOW)
        claimed = await commands.claim(tx, systems=["telegram"], limit=9, lease=timedelta(seconds=30))
    assert [command.destination for command in claimed] == ["telegram:-10"]


async def test_a_queue_that_never_was_cannot_be_paused(graveyard: Database) -> None:
    async with graveyard.transaction() as tx:
        assert not await pausing.pause(tx, "destination", "telegram:-404", reason="x", by=BY, at=NOW)

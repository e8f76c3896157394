"""The oracle sees each promise that is broken on purpose, and nothing where all of them hold."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
from fastapi import FastAPI

from core.errors import Temporary
from db.queries import audit, oracle
from db.session import Database
from orchestrator.check import Assertion, Observed, check
from orchestrator.check.oracle import ELSEWHERE
from sandbox.serve import serving
from tests.house.documents import ROOT
from tests.orchestrator.check import ground


@pytest.fixture
async def history(db: Database) -> Database:
    await ground.lay(db)
    return db


async def broken(db: Database, seen: Observed | None = None, *, quiet_for_s: float = 300.0) -> list[str]:
    assertions = await check(db, ground.limits(quiet_for_s=quiet_for_s), observed=seen)
    return [told(assertion) for assertion in assertions if assertion.is_broken]


def told(assertion: Assertion) -> str:
    return f"{assertion.invariant} {assertion.statement}"


async def test_a_history_in_which_all_is_well_breaks_no_promise(history: Database) -> None:
    assertions = await check(history, ground.limits(quiet_for_s=0), observed=ground.seen())
    assert [told(assertion) + ": " + assertion.figure for assertion in assertions if assertion.is_broken] == []
    assert {assertion.invariant for assertion in assertions} == {f"I{number}" for number in range(1, 15)}


async def test_an_empty_database_breaks_no_promise(db: Database) -> None:
    assert await broken(db, Observed(), quiet_for_s=0) == []


PLAN = "I1 every event has the runs that its plan asks for"
FORGOTTEN = "I1 no run waits for something that has ended"
UNFINISHED = "I1 no run or command is unfinished for longer than 300 s"
UNKNOWN = "I2 only a command that must not repeat ends as unknown"
REPEATED = "I2 what must not repeat went out again only by a person's order"
RUN_ORDER = "I3 runs of one agent and subject end in the order of their events, stages in theirs"
COMMAND_ORDER = "I3 commands of one line reach their destination in the order of ordering"
RUN_TORN = "I4 what a run caused was committed with its end"
COMMAND_TORN = "I4 what a command brought about was committed with its mark"
MIRROR_TORN = "I4 no row of the mirror changed without its run"
LIMITS = "I5 at most 8 tries, short notes, bounded bodies"
STALL = "I7 work that may go on starts within 60 s"
CAUSE = "I8 every command has an event with a known actor, and its approval where one is asked for"
CONSENT = "I8 what was released is exactly what somebody consented to"
NAMELESS = "I8 every row of the audit names who, what and whom"
TWICE = "I12 each slot of the last day happened once"
HOLE = "I12 no slot is missing that its catch-up rule wants"
RIGHTS = "I13 the application may only add to the audit and read it"
CHAIN = "I13 the audit's chain verifies"

OLD = "now() - interval '1 hour'"
NEWEST_TICK = "(SELECT max(id) FROM events WHERE kind = 'check.health')"
OLDER_TICK = "(SELECT percentile_disc(0.6) WITHIN GROUP (ORDER BY id) FROM events WHERE kind = 'check.health')"

WRONGS: dict[str, tuple[str, Sequence[str]]] = {
    "an event without its run": (
        f"DELETE FROM runs WHERE agent = 'watchman' AND event_id = {NEWEST_TICK}",
        [PLAN],
    ),
    "a run that nobody will promote": (
        f"UPDATE runs SET state = 'waiting', finished_at = NULL WHERE event_id = {NEWEST_TICK}",
        [FORGOTTEN],
    ),
    "a run that nobody takes": (
        (
            f"UPDATE runs SET state = 'queued', finished_at = NULL, started_at = NULL, queued_at = {OLD},"
            f" not_before = {OLD} WHERE agent = 'alarms' AND event_id = {NEWEST_TICK}"
        ),
        [UNFINISHED, STALL],
    ),
    "a command that nobody takes": (
        f"UPDATE commands SET state = 'pending', created_at = {OLD}, not_before = {OLD}, run_id = NULL WHERE id = 2",
        [UNFINISHED, COMMAND_TORN, STALL],
    ),
    "a chat text that stays unknown": (
        "UPDATE commands SET state = 'unknown' WHERE id = 2",
        [UNKNOWN, COMMAND_TORN],
    ),
    "money that was sent again": (
        "UPDATE commands SET kind = 'money.refund', may_be_done = true, attempt = 2 WHERE id = 2",
        [REPEATED],
    ),
    "a run that overtook an older one": (
        f"UPDATE runs SET finished_at = {OLD} WHERE agent = 'alarms' AND event_id = {NEWEST_TICK}",
        [RUN_ORDER],
    ),
    "a stage that did not wait": (
        (
            "UPDATE runs SET stage = (agent = 'watchman')::int, finished_at = finished_at"
            f" + (agent = 'alarms')::int * interval '1 second' WHERE event_id = {NEWEST_TICK}"
        ),
        [RUN_ORDER],
    ),
    "a command that overtook an older one": (
        f"UPDATE commands SET sent_at = {OLD} WHERE id = 2",
        [COMMAND_ORDER, COMMAND_TORN],
    ),
    "effects of a run that was not saved": ("UPDATE runs SET state = 'failed' WHERE id = 1", [RUN_TORN]),
    "effects without their run": ("UPDATE commands SET run_id = 999 WHERE id = 1", [RUN_TORN]),
    "an event saved after its run": (
        "UPDATE events SET received_at = received_at + interval '1 second' WHERE source = 'run'",
        [RUN_TORN],
    ),
    "an event of a command that was not sent": (
        "UPDATE commands SET state = 'cancelled' WHERE id = 1",
        [COMMAND_TORN],
    ),
    "a stored file without the command that stored it": (
        (
            "INSERT INTO events (kind, subject, source, external_id, payload, trust, occurred_at)"
            " SELECT 'media.stored', subject, 'jarvis', 'media.stored:x', payload, trust, now()"
            " FROM events WHERE id = 1"
        ),
        [COMMAND_TORN, PLAN],
    ),
    "a car that changed without a run": ("UPDATE cars SET updated_by_event = 3", [MIRROR_TORN]),
    "too many tries": ("UPDATE commands SET attempt = 9 WHERE id = 1", [LIMITS]),
    "a note too long": (f"UPDATE runs SET why = repeat('x', 1001) WHERE event_id = {NEWEST_TICK}", [LIMITS]),
    "a body too big": (
        "UPDATE events SET raw = decode(repeat('00', 1048577), 'hex') WHERE source = 'rentprog'",
        [LIMITS],
    ),
    "a command out of nothing": ("UPDATE commands SET event_id = NULL WHERE id = 1", [CAUSE]),
    "a command whose event is gone": ("UPDATE commands SET event_id = 999 WHERE id = 1", [CAUSE]),
    "the word of nobody": (
        "UPDATE events SET trust = 'staff:0193b0a0-0000-7000-8000-00000000ffff' WHERE id = 1",
        [CAUSE],
    ),
    "a command nobody approved": (
        (
            "INSERT INTO approvals (id, command_id, arguments_hash, role, state, expires_at)"
            " VALUES (gen_random_uuid(), 1, 'x', 'director', 'asked', now())"
        ),
        [CAUSE, CONSENT],
    ),
    "a slot that came twice": (
        (
            "INSERT INTO events (kind, subject, source, external_id, payload, trust, occurred_at, received_at)"
            " SELECT 'history.kept', subject, source, replace(external_id, 'T', ' '), payload, trust, occurred_at,"
            f" received_at FROM events WHERE id = {NEWEST_TICK}"
        ),
        [TWICE],
    ),
    "a slot that never came": (
        (
            f"WITH gone AS (DELETE FROM runs WHERE event_id = {OLDER_TICK}) UPDATE events SET source = 'test'"
            f" WHERE id = {OLDER_TICK}"
        ),
        [HOLE, PLAN],
    ),
    "a clock that stands still": (f"UPDATE schedules SET next_slot = {OLD} WHERE name = 'yearly'", [HOLE]),
    "a changed row of the audit": ("UPDATE audit SET details = '{\"changed\": true}' WHERE id = 1", [CHAIN, RUN_TORN]),
    "a removed row of the audit": ("DELETE FROM audit WHERE id = 1", [CHAIN]),
    "history that may be rewritten": ("GRANT UPDATE ON audit TO jarvis_app", [RIGHTS]),
    "an audit row of nobody": ("UPDATE audit SET actor = ' ' WHERE id = 2", [NAMELESS, CHAIN, RUN_TORN]),
}


@pytest.mark.parametrize(("wrong", "statements"), WRONGS.values(), ids=WRONGS)
async def test_a_broken_promise_is_seen(
    history: Database, as_owner: Callable[[str], None], wrong: str, statements: Sequence[str]
) -> None:
    as_owner(f"SET session_replication_role = replica; {wrong}")  # past the trigger that guards the audit
    assert sorted(await broken(history)) == sorted(statements)


async def test_an_audit_row_written_after_its_run_is_seen(history: Database) -> None:
    await ground.append_audit(history, run_id=ground.FIRST)
    assert await broken(history) == [RUN_TORN]


async def test_after_quiet_nothing_at_all_may_be_unfinished(history: Database) -> None:
    async with history.transaction() as tx:
        await tx.run("UPDATE runs SET state = 'queued', not_before = now() + interval '1 hour' WHERE event_id = 3")
        await tx.run(f"UPDATE runs SET state = 'queued' WHERE event_id = {NEWEST_TICK}")
    assert await broken(history) == []
    assert await broken(history, quiet_for_s=0) == ["I1 no run or command is unfinished"]


async def test_what_waits_by_order_is_not_late(history: Database) -> None:
    async with history.transaction() as tx:
        await tx.run(
            f"UPDATE commands SET state = 'pending', created_at = {OLD}, not_before = {OLD}, run_id = NULL,"
            " effect_key = 'later' WHERE id = 2"
        )
        await tx.run("DELETE FROM events WHERE source = 'command'")
        await tx.run("UPDATE destinations SET parked_at = now()")
    assert await broken(history) == []


async def test_what_a_person_redrove_may_end_late(history: Database) -> None:
    async with history.transaction() as tx:
        redriven = await tx.row(
            f"""UPDATE runs SET finished_at = {OLD} WHERE agent = 'alarms' AND event_id = {NEWEST_TICK} RETURNING id"""
        )
        assert redriven is not None
        subject = f"run:{redriven['id']}"
        await audit.append(tx, actor="staff:1", action="run.retried", subject=subject, at=datetime.now(UTC))
    assert await broken(history) == []


async def test_older_history_is_left_alone(history: Database) -> None:
    async with history.transaction() as tx:
        await tx.run("UPDATE commands SET attempt = 9 WHERE id = 1")
    narrow = replace(ground.limits(), newest=3)
    assert [told(assertion) for assertion in await check(history, narrow) if assertion.is_broken] == []


async def test_readiness_that_hides_a_standstill_is_seen(history: Database) -> None:
    app = FastAPI()
    app.add_api_route("/readyz", lambda: {"ready": True})
    async with history.transaction() as tx:
        await tx.run(f"UPDATE commands SET state = 'pending', created_at = {OLD}, not_before = {OLD} WHERE id = 2")
    async with serving(app) as url:
        assertions = await check(history, ground.limits(), jarvis_url=url)
    assert "I14 /readyz is bad when I1 or I7 is" in [told(assertion) for assertion in assertions if assertion.is_broken]


async def test_looking_writes_nothing(history: Database) -> None:
    async with history.transaction() as tx:
        await oracle.look_only(tx, timeout_s=1)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            await tx.run("UPDATE runs SET attempt = 0")


async def test_a_question_that_takes_too_long_is_given_up(history: Database) -> None:
    async def ask_for_long() -> None:
        async with history.transaction() as tx:
            await oracle.look_only(tx, timeout_s=0.05)
            await tx.rows("SELECT pg_sleep(5)")

    with pytest.raises(Temporary, match="statement timeout"):
        await ask_for_long()


@pytest.mark.parametrize("assertion", ELSEWHERE, ids=lambda assertion: assertion.invariant)
def test_the_place_that_proves_the_rest_exists(assertion: Assertion) -> None:
    assert assertion.is_held is None
    place = assertion.figure.removeprefix("not looked at here: ")
    assert (ROOT / place).exists() or place == "make chaos"

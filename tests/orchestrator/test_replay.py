"""A replay shows what would differ now, and leaves no trace of itself."""

from dataclasses import asdict
from typing import Any

import pytest

from agents.spec import AgentSpec, Deps, Outcome
from core.events import AlarmCleared, Event, NewEvent
from db import commands
from db.events import EVENT_COLUMNS, event_of, record_caused
from db.queries import audit
from db.session import Database, Tx
from orchestrator.replay import ReadingDatabase, Rehearsal, rehearse, told
from tests import make

ROUTE = make.route_to("reader")
MESSAGE = make.message(-7, effect_key="card:1")
MOVED = NewEvent(AlarmCleared(key="moved"), subject="car:1")


@pytest.fixture
async def event(db: Database) -> Event[Any]:
    """An event whose run caused an event and ordered a message."""
    recorded = await make.record_all(db, [make.event("car:1")], ROUTE)
    async with db.transaction() as tx:
        [run] = await tx.rows("SELECT id FROM runs")
        await record_caused(tx, [(run["id"], [MOVED])], ROUTE)
        await commands.order(tx, [MESSAGE], run_id=run["id"], event_id=recorded.ids[0])
        await tx.run("UPDATE runs SET state = 'done', why = 'as always' WHERE id = %s", (run["id"],))
        row = await tx.row(f"SELECT {EVENT_COLUMNS} FROM events AS e WHERE id = %s", (recorded.ids[0],))
    assert row is not None
    return event_of(row)


async def rehearsed(db: Database, event: Event[Any], spec: AgentSpec) -> Rehearsal:
    reading = ReadingDatabase(db.url, pool_size=1)
    try:
        return await rehearse(spec, event, make.deps(reading), db)
    finally:
        await reading.close()


async def counted(db: Database) -> dict[str, int]:
    async with db.transaction() as tx:
        row = await tx.row(
            """SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM runs) AS runs,
                      (SELECT count(*) FROM commands) AS commands, (SELECT count(*) FROM audit) AS audit"""
        )
    assert row is not None
    return row


async def test_the_same_outcome_is_the_same_and_nothing_is_written(db: Database, event: Event[Any]) -> None:
    async def run(_event: Event[Any], _deps: Deps) -> Outcome:
        return Outcome(commands=(MESSAGE,), note="as always")

    async def save(tx: Tx, given: Event[Any], outcome: Outcome) -> Outcome:
        await audit.append(tx, actor="reader", action="moved", subject=given.subject, at=given.received_at)
        return Outcome(events=(MOVED,), commands=outcome.commands, note=outcome.note)

    before = await counted(db)
    found = await rehearsed(db, event, make.agent("reader", run, save=save))
    assert not found.differs
    assert (found.state, found.now.note, len(found.now.events), len(found.now.commands)) == ("done", "as always", 1, 1)
    assert await counted(db) == before


async def test_what_differs_is_told_line_by_line(db: Database, event: Event[Any]) -> None:
    other = make.message(-7, effect_key="card:2")

    async def run(_event: Event[Any], _deps: Deps) -> Outcome:
        return Outcome(events=(MOVED,), commands=(other,), note="since the fix")

    found = await rehearsed(db, event, make.agent("reader", run))
    lines = [*told({"event": event.id, "kind": "x", "subject": "car:1", "agents": [as_told(found)]})]
    assert any(line.startswith("  reader (run") and line.endswith("done): differs") for line in lines)
    assert lines[3:5] == ["    note was: as always", "    note now: since the fix"]
    assert "    = 1 events as stored" in lines
    assert [line.split("{")[0] for line in lines[-2:]] == [
        "    - command telegram.send_message telegram:-7 card:1 ",
        "    + command telegram.send_message telegram:-7 card:2 ",
    ]


def as_told(found: Rehearsal) -> dict[str, Any]:
    return {**asdict(found), "differs": found.differs}


async def test_an_agent_that_writes_while_it_thinks_is_refused_by_the_database(db: Database, event: Event[Any]) -> None:
    async def run(_event: Event[Any], deps: Deps) -> Outcome:
        async with deps.db.transaction() as tx:
            await tx.run("DELETE FROM commands")
        return Outcome()

    before = await counted(db)
    found = await rehearsed(db, event, make.agent("reader", run))
    assert found.now.error is not None
    assert "read-only transaction" in found.now.error
    assert await counted(db) == before


async def test_what_an_agent_raises_is_the_outcome_of_its_rehearsal(db: Database, event: Event[Any]) -> None:
    async def run(_event: Event[Any], _deps: Deps) -> Outcome:
        raise KeyError("plate")

    found = await rehearsed(db, event, make.agent("reader", run))
    assert found.differs
    assert found.now.error == "KeyError: 'plate'"


async def test_an_agent_that_is_new_in_the_plan_has_nothing_stored(db: Database, event: Event[Any]) -> None:
    found = await rehearsed(db, event, make.agent("newcomer", make.quiet))
    assert (found.run, found.stored, found.differs) == (None, None, True)

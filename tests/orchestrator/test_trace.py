"""A trace shows the whole story of an event: up to its root, down to its effects, in time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.events import NewEvent
from db import commands
from db.events import record, record_caused
from db.queries import traces
from db.queries.traces import Wanted
from db.session import Database
from orchestrator.cli.trace import lines
from tests import make

ROUTE = make.route_to("reader")


async def one(db: Database, event: NewEvent[Any], *, run: int | None = None) -> tuple[int, int]:
    """Record an event; its number and that of its run."""
    async with db.transaction() as tx:
        recorded = await (record(tx, [event], ROUTE) if run is None else record_caused(tx, [(run, [event])], ROUTE))
        [event_id] = recorded.ids
        [started] = await tx.rows("SELECT id FROM runs WHERE event_id = %s", (event_id,))
    assert event_id is not None
    return event_id, started["id"]


async def story(db: Database) -> tuple[int, int, int]:
    """A webhook's run orders a message; sending it makes an event; the run of that makes another one."""
    root, reader = await one(db, make.event("car:1"))
    async with db.transaction() as tx:
        await commands.order(tx, [make.message(-7)], run_id=reader, event_id=root)
        await tx.run(
            """UPDATE commands SET state = 'sent', sent_at = now(), attempt = 2, result = '{"message_id": 99}'"""
        )
        [command] = await tx.rows("SELECT id FROM commands")
        await tx.run(
            """UPDATE runs SET state = 'done', started_at = now(), finished_at = now() + interval '250 ms',
                      why = 'the car moved' WHERE id = %s""",
            (reader,),
        )
    sent = NewEvent(make.event().body, subject="chat:-7", source="command", external_id=f"{command['id']}:0")
    middle, follower = await one(db, sent)
    leaf, _ = await one(db, NewEvent(make.event().body, subject="car:1"), run=follower)
    return root, middle, leaf


async def drawn(db: Database, event_id: int) -> list[str]:
    async with db.transaction() as tx:
        return [*lines(await traces.origins(tx, event_id), await traces.trace(tx, event_id))]


async def test_a_trace_goes_through_runs_and_through_commands_down_to_the_last_effect(db: Database) -> None:
    root, middle, leaf = await story(db)
    async with db.transaction() as tx:
        rows = await traces.trace(tx, root)
    steps = [(row["what"], row["depth"]) for row in sorted(rows, key=lambda row: (row["depth"], row["what"]))]
    assert steps == [("command", 0), ("event", 0), ("run", 0), ("event", 1), ("run", 1), ("event", 2), ("run", 2)]
    assert [row["id"] for row in rows if row["what"] == "event"] == [root, middle, leaf]


async def test_the_tree_tells_times_tries_why_and_what_came_of_it(db: Database) -> None:
    root, middle, _ = await story(db)
    tree = "\n".join(await drawn(db, root))
    assert f"event {root} alarm.cleared car:1 (from test)" in tree
    assert "reader done in 0.250 s" in tree
    assert "why: the car moved" in tree
    assert "telegram.send_message sent (2 tries) telegram:-7" in tree
    assert 'result: {"message_id": 99}' in tree
    assert tree.index("telegram.send_message") < tree.index(f"event {middle} ")


async def test_from_the_last_effect_the_way_leads_up_to_the_root(db: Database) -> None:
    root, middle, leaf = await story(db)
    tree = await drawn(db, leaf)
    told = [line.partition(" (from")[0] for line in tree if "(from" in line]
    assert [line.split("event ")[1].split()[0] for line in told] == [str(root), str(middle), str(leaf)]
    assert "command" in tree[1]
    assert "run" in tree[3]


async def test_an_answer_that_was_ordered_without_a_run_belongs_to_its_event(db: Database) -> None:
    event_id, _ = await one(db, make.event("chat:5"))
    async with db.transaction() as tx:
        await commands.order(tx, [make.message(5)], event_id=event_id)
    assert any("telegram.send_message pending telegram:5" in line for line in await drawn(db, event_id))


async def listed(db: Database, wanted: Wanted, limit: int = 50) -> list[int]:
    async with db.transaction() as tx:
        return [row["id"] for row in await traces.list_events(tx, wanted, limit=limit)]


async def test_events_are_listed_by_source_by_age_and_by_what_is_left_of_them(db: Database) -> None:
    old, run = await one(db, make.event("car:1"))
    new, _ = await one(db, make.event("car:2"))
    other, _ = await one(db, NewEvent(make.event().body, subject="car:3", source="clock", external_id="x"))
    async with db.transaction() as tx:
        await tx.run("UPDATE events SET received_at = now() - interval '1 day' WHERE id = %s", (old,))
        await tx.run("UPDATE runs SET state = 'done' WHERE id = %s", (run,))
    assert await listed(db, Wanted(source="clock")) == [other]
    assert await listed(db, Wanted(since=datetime.now(UTC) - timedelta(hours=1))) == [other, new]
    assert await listed(db, Wanted(since=datetime.now(UTC) - timedelta(days=2))) == [other, new, old]
    assert await listed(db, Wanted(since=datetime.now(UTC) + timedelta(days=2))) == []
    assert await listed(db, Wanted(unfinished=True)) == [other, new]
    assert await listed(db, Wanted(), limit=1) == [other]


async def test_an_event_of_which_only_a_command_is_left_is_unfinished(db: Database) -> None:
    event_id, run = await one(db, make.event("car:1"))
    async with db.transaction() as tx:
        await tx.run("UPDATE runs SET state = 'done'")
        await commands.order(tx, [make.message(5)], run_id=run, event_id=event_id)
    assert await listed(db, Wanted(unfinished=True)) == [event_id]
    async with db.transaction() as tx:
        await tx.run("UPDATE commands SET state = 'sent'")
    assert await listed(db, Wanted(unfinished=True)) == []


async def test_without_events_nothing_is_listed(db: Database) -> None:
    assert await listed(db, Wanted(since=datetime.now(UTC))) == []

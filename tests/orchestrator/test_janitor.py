"""What is old and finished is forgotten; what still needs somebody is kept however old it is."""

import asyncio
from dataclasses import replace
from typing import Any

from db import commands
from db.session import Database
from orchestrator.janitor import Janitor
from tests import make

ROUTE = make.route_to("reader")


async def one_of(db: Database, state: str, *, days: int) -> int:
    """An event whose only run is in this state and ordered a command, so many days ago; its id."""
    event = replace(make.event(f"car:{state}:{days}"), raw=b"{}", headers={"a": "b"})
    [event_id] = (await make.record_all(db, [event], ROUTE)).ids
    assert event_id is not None
    async with db.transaction() as tx:
        await tx.run(
            "UPDATE events SET received_at = now() - make_interval(days => %s) WHERE id = %s", (days, event_id)
        )
        row = await tx.row("UPDATE runs SET state = %s WHERE event_id = %s RETURNING id", (state, event_id))
        assert row is not None
        await commands.order(tx, [make.message(effect_key=f"{state}:{days}")], run_id=row["id"], event_id=event_id)
        await tx.run("UPDATE commands SET state = 'sent'")
    return event_id


async def kept(db: Database) -> dict[int, bool]:
    """Which events are there, and whether they have their raw bodies."""
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT id, raw IS NOT NULL AS has_raw FROM events ORDER BY id")
    return {row["id"]: row["has_raw"] for row in rows}


async def go_round(db: Database) -> dict[str, int]:
    return await Janitor(make.deps(db)).go_round(asyncio.Event())


async def test_what_is_finished_loses_its_raw_body_and_later_goes(db: Database):
    old, aged, fresh = [await one_of(db, "done", days=days) for days in (400, 40, 4)]
    assert await go_round(db) == {"buttons": 0, "raw bodies": 2, "events": 1}
    assert await kept(db) == {aged: False, fresh: True}
    async with db.transaction() as tx:
        assert await tx.row("SELECT count(*) AS n FROM runs") == {"n": 2}
        assert await tx.row("SELECT count(*) AS n FROM commands") == {"n": 2}
    assert old not in await kept(db)


async def test_what_still_needs_somebody_is_kept_whole(db: Database):
    needed = [await one_of(db, state, days=400) for state in ("queued", "waiting", "running", "dead")]
    assert await go_round(db) == {"buttons": 0, "raw bodies": 0, "events": 0}
    assert await kept(db) == dict.fromkeys(needed, True)


async def test_an_event_with_a_command_that_is_not_settled_stays(db: Database):
    event_id = await one_of(db, "done", days=400)
    async with db.transaction() as tx:
        await tx.run("UPDATE commands SET state = 'unknown'")
    await go_round(db)
    assert await kept(db) == {event_id: False}


async def test_what_cannot_go_does_not_keep_what_stands_behind_it(db: Database, monkeypatch: Any):
    monkeypatch.setattr("orchestrator.janitor.STEP", 2)
    stuck = [await one_of(db, "dead", days=days) for days in (403, 402, 401)]
    await one_of(db, "done", days=400)
    fresh = await one_of(db, "done", days=1)
    assert (await go_round(db))["events"] == 1
    assert list(await kept(db)) == [*stuck, fresh]

"""Recording events: once each, with the runs their plans ask for, in the order of their subject."""

import asyncio

from db.session import Database
from tests import make

ROUTE = make.route_to("reader")


async def test_a_repeated_external_id_adds_nothing(db: Database):
    first = await make.record_all(db, [make.event(external_id="x")], ROUTE)
    again = await make.record_all(db, [make.event(external_id="x")], ROUTE)
    assert first.ids[0] is not None
    assert again.ids == (None,)
    assert len(await make.states(db)) == 1


async def test_a_repeat_inside_one_batch_adds_nothing(db: Database):
    recorded = await make.record_all(db, [make.event(external_id="x"), make.event(external_id="x")], ROUTE)
    assert [event_id is None for event_id in recorded.ids] == [False, True]


async def test_only_the_oldest_run_of_a_line_may_start(db: Database):
    recorded = await make.record_all(db, [make.event("car:1"), make.event("car:1"), make.event("car:2")], ROUTE)
    assert await make.states(db) == [
        ("reader", "car:1", "queued"),
        ("reader", "car:1", "waiting"),
        ("reader", "car:2", "queued"),
    ]
    assert len(recorded.ready_runs) == 2


async def test_a_later_event_waits_for_an_unfinished_run_of_its_line(db: Database):
    await make.record_all(db, [make.event("car:1")], ROUTE)
    later = await make.record_all(db, [make.event("car:1")], ROUTE)
    assert later.ready_runs == ()


async def test_a_later_stage_waits(db: Database):
    await make.record_all(db, [make.event()], make.route_to(("reader", "writer"), "teller"))
    assert [state for _, _, state in await make.states(db)] == ["queued", "queued", "waiting"]


async def test_an_event_without_a_plan_is_kept_as_history(db: Database):
    recorded = await make.record_all(db, [make.event()], make.route_to())
    assert recorded.ids[0] is not None
    assert await make.states(db) == []


async def test_ids_of_a_subject_follow_the_order_of_commits_under_concurrency(db: Database):
    async def add(number: int) -> None:
        await make.record_all(db, [make.event("car:1", key=str(number))], ROUTE)

    await asyncio.gather(*(add(number) for number in range(40)))
    states = [state for _, _, state in await make.states(db)]
    assert states == ["queued"] + ["waiting"] * 39

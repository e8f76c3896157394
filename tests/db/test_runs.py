"""Runs: claimed once, saved only by the holder of the lease, promoted in order, taken back from the dead."""

import asyncio
from datetime import timedelta

import pytest

from db import runs
from db.events import lock_subjects
from db.runs import ClaimedRun, LeaseLostError
from db.session import Database
from tests import make

ROUTE = make.route_to("reader")
LEASE = timedelta(seconds=30)


async def claim(db: Database, *, lease: timedelta = LEASE, limit: int = 10) -> list[ClaimedRun]:
    async with db.transaction() as tx:
        return await runs.claim(
            tx, rooms=dict.fromkeys(("reader", "writer", "teller"), limit), limit=limit, lease=lease
        )


async def finish(db: Database, run: ClaimedRun) -> list[int]:
    async with db.transaction() as tx:
        await lock_subjects(tx, [run.event.subject])
        await runs.mark_done(tx, run)
        return await runs.promote(tx, [run.id])


async def test_two_workers_never_claim_the_same_run(db: Database):
    await make.record_all(db, [make.event(f"car:{n}") for n in range(30)], ROUTE)
    claims = await asyncio.gather(*(claim(db, limit=20) for _ in range(4)))
    ids = [run.id for batch in claims for run in batch]
    assert len(ids) == len(set(ids)) == 30


async def test_a_line_goes_on_with_the_next_event_when_the_head_ends(db: Database):
    await make.record_all(db, [make.event("car:1", key="first"), make.event("car:1", key="second")], ROUTE)
    [head] = await claim(db)
    promoted = await finish(db, head)
    [next_run] = await claim(db)
    assert promoted == [next_run.id]
    assert next_run.event.body == make.event(key="second").body


async def test_the_next_stage_starts_when_the_whole_stage_is_finished(db: Database):
    await make.record_all(db, [make.event()], make.route_to(("reader", "writer"), "teller"))
    first, second = await claim(db)
    assert await finish(db, first) == []
    assert len(await finish(db, second)) == 1
    assert [run.agent for run in await claim(db)] == ["teller"]


async def test_two_runs_of_a_stage_that_end_together_start_the_next_stage_once(db: Database):
    await make.record_all(db, [make.event()], make.route_to(("reader", "writer"), "teller"))
    claimed = await claim(db)
    promoted = await asyncio.gather(*(finish(db, run) for run in claimed))
    assert sum(len(ids) for ids in promoted) == 1


async def test_a_zombie_cannot_save(db: Database):
    await make.record_all(db, [make.event()], ROUTE)
    [zombie] = await claim(db, lease=timedelta(seconds=-1))
    async with db.transaction() as tx:
        assert await runs.take_back_expired(tx, max_attempts=5) == []
    [heir] = await claim(db)
    with pytest.raises(LeaseLostError):
        await finish(db, zombie)
    await finish(db, heir)
    assert heir.attempt == 2


async def test_a_run_out_of_attempts_is_named_when_its_worker_dies(db: Database):
    await make.record_all(db, [make.event()], ROUTE)
    [run] = await claim(db, lease=timedelta(seconds=-1))
    async with db.transaction() as tx:
        exhausted = await runs.take_back_expired(tx, max_attempts=1)
        assert [row["id"] for row in exhausted] == [run.id]
        assert await runs.bury(tx, run.id, "it kills its worker")


async def test_a_retry_keeps_the_head_of_its_line(db: Database):
    await make.record_all(db, [make.event("car:1", key="first"), make.event("car:1", key="second")], ROUTE)
    [head] = await claim(db)
    async with db.transaction() as tx:
        await runs.retry_later(tx, head, delay=timedelta(hours=1), error="away")
    assert await claim(db) == []


async def test_a_redriven_run_waits_for_the_one_that_runs_now(db: Database):
    await make.record_all(db, [make.event("car:1", key="first"), make.event("car:1", key="second")], ROUTE)
    [head] = await claim(db)
    async with db.transaction() as tx:
        await lock_subjects(tx, ["car:1"])
        await runs.mark_dead(tx, head, "bug")
        await runs.promote(tx, [head.id])
    [second] = await claim(db)
    async with db.transaction() as tx:
        await lock_subjects(tx, ["car:1"])
        await runs.redrive(tx, head.id)
        assert await runs.promote(tx, [head.id]) == []
    assert await finish(db, second) == [head.id]


async def test_a_paused_agent_is_not_claimed(db: Database):
    await make.record_all(db, [make.event()], ROUTE)
    async with db.transaction() as tx:
        await tx.run("INSERT INTO pauses (scope, name, reason) VALUES ('agent', 'reader', 'a person said so')")
    assert await claim(db) == []


async def test_the_bell_rings_again_for_a_run_nobody_heard(db: Database):
    recorded = await make.record_all(db, [make.event()], ROUTE)
    async with db.transaction() as tx:
        first = await runs.take_unrung(tx, again_after=timedelta(hours=1), limit=10)
        soon = await runs.take_unrung(tx, again_after=timedelta(hours=1), limit=10)
        later = await runs.take_unrung(tx, again_after=timedelta(seconds=-1), limit=10)
    assert (first, soon, later) == (list(recorded.ready_runs), [], list(recorded.ready_runs))


async def test_an_agent_takes_no_more_than_its_room(db: Database):
    await make.record_all(db, [make.event(f"car:{n}") for n in range(9)], make.route_to(("reader", "writer")))
    async with db.transaction() as tx:
        claimed = await runs.claim(tx, rooms={"reader": 2, "writer": 5}, limit=20, lease=LEASE)
    assert sorted(run.agent for run in claimed) == ["reader"] * 2 + ["writer"] * 5


async def test_the_rung_runs_are_claimed_by_their_ids(db: Database):
    recorded = await make.record_all(db, [make.event(f"car:{n}") for n in range(3)], ROUTE)
    wanted = recorded.ready_runs[1]
    async with db.transaction() as tx:
        claimed = await runs.claim(tx, rooms={"reader": 9}, limit=9, lease=LEASE, ids=[wanted])
    assert [run.id for run in claimed] == [wanted]


async def test_an_event_that_no_longer_fits_its_class_does_not_hold_up_the_others(db: Database):
    await make.record_all(db, [make.event("car:1"), make.event("car:2")], ROUTE)
    async with db.transaction() as tx:
        await tx.run("UPDATE events SET payload = '{}' WHERE subject = 'car:1'")
    odd, good = await claim(db)
    assert odd.unreadable is not None
    assert "alarm.cleared" in odd.unreadable
    assert good.unreadable is None

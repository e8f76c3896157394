"""Runs: claimed once, saved only by the holder of the lease, promoted in order, taken back from the dead."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from db import runs, sweeps
from db.events import lock_subjects
from db.presence import Presence
from db.runs import ClaimedRun, Lease, LeaseLostError
from db.session import Database
from tests import make
from tests.wait import wait_until

ROUTE = make.route_to("reader")
NOW = timedelta(0)
LEASE = Lease(timedelta(seconds=30))


async def claim(db: Database, *, lease_s: float = 30, limit: int = 10, holder: int | None = None) -> list[ClaimedRun]:
    async with db.transaction() as tx:
        return await make.claim(tx, "reader", "writer", "teller", limit=limit, lease_s=lease_s, holder=holder)


async def take_back(db: Database, *, max_attempts: int = 9, max_crashes: int = 9) -> list[int]:
    async with db.transaction() as tx:
        taken = await sweeps.take_back(tx, max_attempts=max_attempts, max_crashes=max_crashes)
    return [row["id"] for row in taken.spent]


async def finish(db: Database, run: ClaimedRun) -> list[int]:
    async with db.transaction() as tx:
        await lock_subjects(tx, [run.event.subject])
        await runs.mark_done(tx, [(run, None)])
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
    [zombie] = await claim(db, lease_s=-1)
    assert await take_back(db) == []
    [heir] = await claim(db)
    with pytest.raises(LeaseLostError):
        await finish(db, zombie)
    await finish(db, heir)
    assert heir.attempt == 2


async def test_a_run_out_of_attempts_is_named_when_its_worker_dies(db: Database):
    await make.record_all(db, [make.event()], ROUTE)
    [run] = await claim(db, lease_s=-1)
    assert await take_back(db, max_attempts=1) == [run.id]
    async with db.transaction() as tx:
        assert await sweeps.bury(tx, run.id, "it kills its worker")


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
        fresh = await sweeps.take_unrung(tx, after=timedelta(hours=1), again_after=timedelta(hours=1), limit=10)
        first = await sweeps.take_unrung(tx, after=NOW, again_after=timedelta(hours=1), limit=10)
        soon = await sweeps.take_unrung(tx, after=NOW, again_after=timedelta(hours=1), limit=10)
        later = await sweeps.take_unrung(tx, after=NOW, again_after=timedelta(seconds=-1), limit=10)
    assert (fresh, first, soon, later) == ([], list(recorded.ready_runs), [], list(recorded.ready_runs))


async def test_an_agent_takes_no_more_than_its_room(db: Database):
    await make.record_all(db, [make.event(f"car:{n}") for n in range(9)], make.route_to(("reader", "writer")))
    async with db.transaction() as tx:
        claimed = await runs.claim(tx, rooms={"reader": 2, "writer": 5}, branches=[""], limit=20, lease=LEASE)
    assert sorted(run.agent for run in claimed) == ["reader"] * 2 + ["writer"] * 5


async def test_the_rung_runs_are_claimed_by_their_ids(db: Database):
    recorded = await make.record_all(db, [make.event(f"car:{n}") for n in range(3)], ROUTE)
    wanted = recorded.ready_runs[1]
    async with db.transaction() as tx:
        claimed = await runs.claim_rung(tx, [wanted], agents=["reader"], limit=9, lease=LEASE)
    assert [run.id for run in claimed] == [wanted]


async def test_an_event_that_no_longer_fits_its_class_does_not_hold_up_the_others(db: Database):
    await make.record_all(db, [make.event("car:1"), make.event("car:2")], ROUTE)
    async with db.transaction() as tx:
        await tx.run("UPDATE events SET payload = '{}' WHERE subject = 'car:1'")
    odd, good = await claim(db)
    assert odd.unreadable is not None
    assert "alarm.cleared" in odd.unreadable
    assert good.unreadable is None


async def test_the_runs_of_a_process_that_died_are_free_before_their_lease_ends(db: Database):
    await make.record_all(db, [make.event("car:1"), make.event("car:2")], ROUTE)
    dying, living = Presence(db.url), Presence(db.url)
    await dying.keep()
    await living.keep()
    [lost] = await claim(db, limit=1, holder=dying.holder)
    await claim(db, limit=1, holder=living.holder)
    await dying.leave()
    await wait_until(lambda: take_back_and_claim(db), timeout_s=5)
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT id, crashes FROM runs WHERE crashes > 0")
    assert rows == [{"id": lost.id, "crashes": 1}]
    await living.leave()


async def test_a_restart_of_postgres_proves_nobodys_death(db: Database):
    await make.record_all(db, [make.event("car:1"), make.event("car:2")], ROUTE)
    gone, here = Presence(db.url), Presence(db.url)
    await gone.keep()
    await here.keep()
    await claim(db, limit=1, holder=gone.holder)
    async with db.transaction() as tx:
        await tx.run("UPDATE runs SET started_at = pg_postmaster_start_time() - interval '1 s' WHERE state = 'running'")
    await gone.leave()
    async with db.transaction() as tx:
        [late] = await make.claim(tx, "reader", holder=-1)
        assert await tx.row("SELECT holder FROM runs WHERE id = %s", (late.id,)) == {"holder": None}
    assert await take_back(db) == []
    async with db.transaction() as tx:
        assert await tx.row("SELECT count(*) AS n FROM runs WHERE state = 'running'") == {"n": 2}
    await here.leave()


async def take_back_and_claim(db: Database) -> list[ClaimedRun]:
    await take_back(db)
    return await claim(db)


async def test_a_run_whose_workers_died_twice_is_claimed_alone(db: Database):
    await make.record_all(db, [make.event("car:1"), make.event("car:2")], ROUTE)
    for _ in range(2):
        await claim(db, lease_s=-1)
        await take_back(db)
    await make.record_all(db, [make.event("car:3")], ROUTE)
    async with db.transaction() as tx:
        assert await runs.has_suspects(tx)
        assert len(await make.claim(tx, "reader")) == 1
        assert len(await runs.claim_suspect(tx, agents=["reader"], lease=LEASE)) == 1
        assert len(await runs.claim_suspect(tx, agents=["reader"], lease=LEASE)) == 1
        assert not await runs.has_suspects(tx)


async def test_a_run_that_killed_its_worker_too_often_is_named(db: Database):
    await make.record_all(db, [make.event()], ROUTE)
    [run] = await claim(db, lease_s=-1)
    assert await take_back(db, max_crashes=2) == []
    await claim(db, lease_s=-1)
    assert await take_back(db, max_crashes=2) == [run.id]


async def test_branches_take_turns(db: Database):
    crowd = [replace(make.event(f"car:{n}"), branch="crowded") for n in range(9)]
    await make.record_all(db, [*crowd, replace(make.event("car:99"), branch="quiet")], ROUTE)
    async with db.transaction() as tx:
        assert await runs.branches_in_line(tx) == ["crowded", "quiet"]
        taken = await runs.claim(tx, rooms={"reader": 3}, branches=["quiet", "crowded"], limit=3, lease=LEASE)
    assert [run.event.branch for run in taken] == ["crowded", "crowded", "quiet"]


async def test_of_many_runs_that_end_together_none_is_done_when_one_was_lost(db: Database):
    await make.record_all(db, [make.event(f"car:{n}") for n in range(3)], ROUTE)
    ours = await claim(db, lease_s=-1)
    await take_back(db)
    await claim(db, limit=1)
    with pytest.raises(LeaseLostError):
        async with db.transaction() as tx:
            await runs.mark_done(tx, [(run, None) for run in ours])
    async with db.transaction() as tx:
        assert await tx.rows("SELECT id FROM runs WHERE state = 'done'") == []


async def test_a_waiting_run_that_stands_behind_nothing_is_found_and_started(db: Database):
    await make.record_all(db, [make.event("car:1"), make.event("car:1"), make.event("car:2")], ROUTE)
    async with db.transaction() as tx:
        await tx.run("UPDATE runs SET state = 'done' WHERE id = (SELECT min(id) FROM runs)")
        assert await sweeps.promote_forgotten(tx) == []
        await tx.run("UPDATE runs SET queued_at = now() - interval '1 min'")
        [found] = await sweeps.promote_forgotten(tx)
        assert await tx.row("SELECT state, subject FROM runs WHERE id = %s", (found,)) == {
            "state": "queued",
            "subject": "car:1",
        }
        assert await sweeps.promote_forgotten(tx) == []

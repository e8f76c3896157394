"""Runs that need no thinking: saved together while all goes well, each alone where one of them does not."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from agents.spec import Outcome
from core.errors import Rejected
from core.events import AlarmCleared, Event
from db import batches
from db.runs import Lease
from db.session import Database, Tx
from orchestrator.streams import Bell
from tests import make
from tests.orchestrator.dispatcher_at_work import ROUTE, all_ended, working
from tests.wait import wait_until

LEASE = Lease(timedelta(seconds=30))
Found = Sequence[tuple[Event[Any], Outcome]]


class Book:
    """Notes what is saved, in the transaction's table, and how many came together."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    async def save_many(self, tx: Tx, found: Found) -> Sequence[Outcome]:
        self.sizes.append(len(found))
        for event, _ in found:
            await self.write(tx, event)
        return [outcome for _, outcome in found]

    async def write(self, tx: Tx, event: Event[Any]) -> None:
        await tx.run(
            "INSERT INTO alarms (key, text_key, args, opened_at, last_at, count) "
            "VALUES (%s, 'x', '{}', now(), now(), 1)",
            (event.body.key,),
        )


async def written(db: Database) -> list[str]:
    async with db.transaction() as tx:
        return [row["key"] for row in await tx.rows("SELECT key FROM alarms ORDER BY key")]


async def attempts(db: Database) -> dict[str, int]:
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT e.payload->>'key' AS key, attempt FROM runs JOIN events AS e ON e.id = event_id")
    return {row["key"]: row["attempt"] for row in rows}


async def record_some(db: Database, *keys: str) -> None:
    await make.record_all(db, [make.event(f"car:{key}", key=key) for key in keys], ROUTE)


async def test_runs_that_wait_are_saved_together(db: Database, bell: Bell):
    book = Book()
    await record_some(db, *"abcdefgh")
    async with working(db, bell, [make.agent("reader", make.quiet, save_many=book.save_many, is_quick=True)]):
        assert await wait_until(lambda: all_ended(db, 8)) == ["done"] * 8
    assert book.sizes == [8]
    assert await written(db) == list("abcdefgh")


async def test_a_batch_is_no_larger_than_the_settings_say(db: Database, bell: Bell):
    book = Book()
    await record_some(db, *"abcdefgh")
    reader = make.agent("reader", make.quiet, save_many=book.save_many, is_quick=True)
    async with working(db, bell, [reader], batch=3):
        await wait_until(lambda: all_ended(db, 8))
    assert max(book.sizes) == 3


@pytest.mark.parametrize(
    ("error", "state", "tries"), [(Rejected("no"), "failed", 1), (ValueError("a defect"), "dead", 3)]
)
async def test_one_that_fails_is_judged_alone_and_the_others_are_saved_once(
    db: Database, bell: Bell, error: Exception, state: str, tries: int
):
    book = Book()

    async def save(tx: Tx, event: Event[AlarmCleared], outcome: Outcome) -> Outcome:
        await book.write(tx, event)
        return raising(error) if event.body.key == "d" else outcome

    await record_some(db, *"abcdefgh")
    async with working(db, bell, [make.agent("reader", make.quiet, save=save, is_quick=True)]):
        states = await wait_until(lambda: all_ended(db, 8))
    assert Counter(states) == {"done": 7, state: 1}
    assert await written(db) == list("abcefgh")
    assert await attempts(db) == dict.fromkeys("abcefgh", 1) | {"d": tries}


def raising(error: Exception) -> Outcome:
    raise error


async def test_a_batch_that_met_a_deadlock_is_tried_again_whole(db: Database, bell: Bell):
    book = Book()

    async def save_many(tx: Tx, found: Found) -> Sequence[Outcome]:
        outcomes = await book.save_many(tx, found)
        return outcomes if len(book.sizes) > 1 else raising_many(psycopg.errors.DeadlockDetected("deadlock detected"))

    await record_some(db, *"abc")
    async with working(db, bell, [make.agent("reader", make.quiet, save_many=save_many, is_quick=True)]):
        assert await wait_until(lambda: all_ended(db, 3)) == ["done"] * 3
    assert book.sizes == [3, 3]
    assert await attempts(db) == dict.fromkeys("abc", 1)


def raising_many(error: Exception) -> Sequence[Outcome]:
    raise error


async def test_a_batch_whose_worker_died_is_free_and_each_of_its_runs_counts_the_try(db: Database, bell: Bell):
    book = Book()
    await record_some(db, *"abc")
    async with db.transaction() as tx:
        assert await batches.take(tx, rooms={"reader": 9}, branches=[""], limit=9, lease=LEASE)
        await tx.run("UPDATE batches SET holder = 1, taken_at = now()")
        assert await batches.take_back(tx) == 3
    async with working(db, bell, [make.agent("reader", make.quiet, save_many=book.save_many, is_quick=True)]):
        assert await wait_until(lambda: all_ended(db, 3)) == ["done"] * 3
    assert await attempts(db) == dict.fromkeys("abc", 2)
    assert book.sizes == [1, 1, 1]


async def test_a_batch_that_was_taken_for_dead_saves_nothing(db: Database):
    await record_some(db, *"ab")
    async with db.transaction() as tx:
        batch = await batches.take(tx, rooms={"reader": 9}, branches=[""], limit=9, lease=Lease(timedelta(seconds=-1)))
    assert batch is not None
    async with db.transaction() as tx:
        assert await batches.take_back(tx) == 2
    async with db.transaction() as tx:
        assert await batches.open_batch(tx, batch) == []


async def test_a_batch_that_is_being_saved_is_nobody_elses_however_long_it_takes(db: Database):
    await record_some(db, *"ab")
    async with db.transaction() as tx:
        batch = await batches.take(tx, rooms={"reader": 9}, branches=[""], limit=9, lease=Lease(timedelta(seconds=-1)))
    assert batch is not None
    async with db.transaction() as saving:
        assert len(await batches.open_batch(saving, batch)) == 2
        async with db.transaction() as tx:
            assert await batches.take_back(tx) == 0
            assert await make.claim(tx, "reader") == []


async def test_a_line_goes_on_behind_a_batch(db: Database, bell: Bell):
    book = Book()
    await make.record_all(db, [make.event("car:1", key=key) for key in "abc"], ROUTE)
    await record_some(db, "z")
    async with working(db, bell, [make.agent("reader", make.quiet, save_many=book.save_many, is_quick=True)]):
        assert await wait_until(lambda: all_ended(db, 4)) == ["done"] * 4
    assert book.sizes[0] == 2


async def test_two_workers_never_choose_the_same_runs(db: Database):
    await record_some(db, *"abcdef")

    async def choose() -> tuple[int, ...]:
        async with db.transaction() as tx:
            batch = await batches.take(tx, rooms={"reader": 2}, branches=[""], limit=9, lease=LEASE)
        return () if batch is None else batch.run_ids

    chosen = [run_id for ids in await asyncio.gather(*(choose() for _ in range(4))) for run_id in ids]
    assert len(chosen) == len(set(chosen)) == 6


async def test_a_batch_leaves_alone_what_somebody_claimed_meanwhile(db: Database):
    await record_some(db, *"ab")
    async with db.transaction() as tx:
        batch = await batches.take(tx, rooms={"reader": 9}, branches=[""], limit=9, lease=LEASE)
        [claimed] = await make.claim(tx, "reader", limit=1)
    assert batch is not None
    async with db.transaction() as tx:
        opened = await batches.open_batch(tx, batch)
    assert [run.id for run in opened] == [run_id for run_id in batch.run_ids if run_id != claimed.id]


async def test_an_agent_that_forgets_an_outcome_ends_nothing(db: Database, bell: Bell):
    async def save_many(tx: Tx, found: Found) -> Sequence[Outcome]:
        return [outcome for _, outcome in found][1:]

    await record_some(db, *"ab")
    async with working(db, bell, [make.agent("reader", make.quiet, save_many=save_many, is_quick=True)]):
        assert await wait_until(lambda: all_ended(db, 2)) == ["dead"] * 2


async def test_a_stopping_worker_hands_its_batch_back_without_counting_the_try(db: Database, bell: Bell):
    started = asyncio.Event()

    async def save_many(tx: Tx, found: Found) -> Sequence[Outcome]:
        started.set()
        await asyncio.sleep(60)
        return []

    await record_some(db, *"ab")
    reader = make.agent("reader", make.quiet, save_many=save_many, is_quick=True)
    async with working(db, bell, [reader], stop_grace_s=0.1):
        await started.wait()
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT state, attempt FROM runs")
    assert rows == [{"state": "queued", "attempt": 0}] * 2


async def test_a_run_whose_workers_died_twice_is_worked_on_with_empty_hands(db: Database, bell: Bell):
    at_once: list[int] = []
    busy = 0

    async def run(event: Event[AlarmCleared], deps: Any) -> Outcome:
        nonlocal busy
        busy += 1
        at_once.append(busy if event.body.key == "suspect" else 0)
        await asyncio.sleep(0.05)
        busy -= 1
        return Outcome()

    await record_some(db, "suspect", *"abcdefgh")
    async with db.transaction() as tx:
        await tx.run("UPDATE runs SET crashes = 2, attempt = 2 WHERE subject = 'car:suspect'")
    async with working(db, bell, [make.agent("reader", run)]):
        assert await wait_until(lambda: all_ended(db, 9)) == ["done"] * 9
    assert max(at_once) == 1


async def test_a_burst_of_a_branch_that_was_never_seen_does_not_wait_for_the_next_look(db: Database, bell: Bell):
    book = Book()
    reader = make.agent("reader", make.quiet, save_many=book.save_many, is_quick=True)
    async with working(db, bell, [reader], poll_s=30):
        for first in (0, 20):
            events = [replace(make.event(f"car:{n}", key=f"{n}"), branch="new") for n in range(first, first + 20)]
            recorded = await make.record_all(db, events, ROUTE)
            await bell.ring_runs(recorded.ready_runs)
        assert await wait_until(lambda: all_ended(db, 40)) == ["done"] * 40

"""A process is frozen with work in hand; the others take over, and what it does when it wakes up changes nothing."""

from pathlib import Path

import pytest

from db import session
from db.session import Database
from tests import make
from tests.chaos.processes import reached
from tests.chaos.trials import QUICK, Ground
from tests.chaos.worker import effects, route, runs_in, trial
from tests.wait import wait_until


@pytest.fixture
def ground(db_url: str, redis_url: str, tmp_path: Path) -> Ground:
    return Ground(db_url, redis_url, tmp_path, QUICK)


async def are_done(db: Database, count: int) -> bool:
    return len(await runs_in(db, "done")) == count


async def is_saved(db: Database, key: str) -> bool:
    return key in await effects(db)


async def test_row_6_a_worker_that_wakes_up_after_its_lease_finds_its_run_done_and_its_save_is_rolled_back(
    db: Database, ground: Ground
) -> None:
    await make.record_all(db, [trial("car:1", "ok")], route)
    with ground.starts("relay"), ground.starts("worker", name="zombie", failpoint="worker.in_think#1:stop") as zombie:
        await reached(zombie, "worker.in_think")
        with ground.starts("worker", name="heir"):
            await wait_until(lambda: are_done(db, 1))
        zombie.go_on()
        await zombie.says("outcome thrown away")
        await make.record_all(db, [trial("car:1", "ok", 2)], route)
        await wait_until(lambda: are_done(db, 2))
        assert zombie.code is None
    assert await effects(db) == {"car:1#0": 1, "car:1#2": 1}
    assert [run["attempt"] for run in await runs_in(db, "done")] == [2, 1]


async def test_row_7_a_worker_that_stands_still_in_a_transaction_is_ended_by_postgres_and_every_line_goes_on(
    db: Database, ground: Ground
) -> None:
    await make.record_all(db, [trial("car:1", "ok")], route)
    with (
        ground.starts("relay"),
        ground.starts("worker", name="frozen", failpoint="worker.before_commit#1:stop") as frozen,
    ):
        await reached(frozen, "worker.before_commit")
        with ground.starts("worker", name="heir"):
            await make.record_all(db, [trial("car:2", "ok")], route)
            await wait_until(lambda: is_saved(db, "car:2#0"))
            await make.record_all(db, [trial("car:1", "ok", 2)], route)  # waits for the line, and is not refused
            await wait_until(lambda: are_done(db, 3))
        frozen.go_on()
        await make.record_all(db, [trial("car:1", "ok", 3)], route)
        await wait_until(lambda: are_done(db, 4))
        assert frozen.code is None
    assert await effects(db) == {"car:1#0": 1, "car:2#0": 1, "car:1#2": 1, "car:1#3": 1}


async def test_every_session_has_limits_after_which_postgres_frees_what_it_holds(db: Database) -> None:
    async with db.transaction() as tx:
        rows = await tx.rows(
            """SELECT name, setting::int FROM pg_settings WHERE name IN
               ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')"""
        )
    limits = {row["name"]: row["setting"] for row in rows}
    assert limits == {
        "statement_timeout": session.STATEMENT_TIMEOUT_MS,
        "lock_timeout": session.LOCK_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": session.IDLE_IN_TRANSACTION_MS,
    }
    assert min(limits.values()) > 0

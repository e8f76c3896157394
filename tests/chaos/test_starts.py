"""Processes start in any order: one that is there before Postgres or Redis waits for them, and then works."""

from pathlib import Path

import pytest

from db.session import Database
from tests import make
from tests.chaos.processes import Process
from tests.chaos.proxy import FaultProxy, address_of, through
from tests.chaos.trials import QUICK, Ground
from tests.chaos.worker import effects, route, runs_in, trial
from tests.wait import wait_until

WAITS = "cannot start yet"


async def stays(process: Process, words: str) -> None:
    await process.says(words)
    assert process.code is None


@pytest.mark.parametrize("fault", ["refuse", "hang_new"])
async def test_a_process_that_starts_before_postgres_waits_for_it(
    db: Database, db_url: str, redis_url: str, tmp_path: Path, fault: str
) -> None:
    await make.record_all(db, [trial("car:1", "ok")], route)
    async with FaultProxy(address_of(db_url)) as postgres:
        getattr(postgres, fault)()
        ground = Ground(through(postgres, db_url), redis_url, tmp_path, QUICK)
        with ground.starts("relay") as relay, ground.starts("worker") as worker:
            await stays(relay, WAITS)
            await stays(worker, WAITS)
            postgres.heal()
            await wait_until(lambda: _is_done(db))
    assert await effects(db) == {"car:1#0": 1}


async def test_a_process_that_starts_before_postgres_can_be_asked_to_finish(
    db_url: str, redis_url: str, tmp_path: Path
) -> None:
    async with FaultProxy(address_of(db_url)) as postgres:
        postgres.refuse()
        with Ground(through(postgres, db_url), redis_url, tmp_path, QUICK).starts("worker") as worker:
            await stays(worker, WAITS)
            worker.terminate()
            assert await worker.ended(timeout_s=10) == 0


async def test_a_process_that_starts_before_redis_works_without_it(
    db: Database, db_url: str, redis_url: str, tmp_path: Path
) -> None:
    await make.record_all(db, [trial("car:1", "ok")], route)
    async with FaultProxy(address_of(redis_url)) as redis:
        redis.refuse()
        ground = Ground(db_url, through(redis, redis_url), tmp_path, QUICK)
        with ground.starts("relay"), ground.starts("worker"):
            await wait_until(lambda: _is_done(db))
    assert await effects(db) == {"car:1#0": 1}


async def _is_done(db: Database) -> bool:
    return len(await runs_in(db, "done")) == 1

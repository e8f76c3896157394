"""The same step kills its worker again and again: each effect comes once, in the order of its subject's events."""

import signal
from collections import defaultdict
from pathlib import Path

import pytest

from db.session import Database
from tests import make
from tests.chaos.trials import QUICK, Ground
from tests.chaos.worker import effects, route, runs_in, swift_trial, trial
from tests.wait import wait_until

SUBJECTS, EVENTS = 8, 12
STEPS = [f"worker.{step}" for step in ("after_claim", "in_think", "before_commit", "after_commit")]
"""Those of the bell a worker comes to only when it is idle: tests/chaos/test_kills.py has them."""


@pytest.fixture
def ground(db_url: str, redis_url: str, tmp_path: Path) -> Ground:
    """So many deaths are nobody's poison here: no run is given up for them."""
    patient = {"JARVIS_WORK__MAX_CRASHES": "1000", "JARVIS_WORK__MAX_ATTEMPTS": "1000"}
    return Ground(db_url, redis_url, tmp_path, {**QUICK, **patient})


@pytest.mark.chaos
@pytest.mark.parametrize("point", STEPS)
async def test_a_step_that_kills_its_worker_again_and_again_loses_doubles_and_overtakes_nothing(
    db: Database, ground: Ground, point: str
) -> None:
    deaths = 0
    with ground.starts("relay"):
        for number in range(EVENTS):
            cars = [trial(f"car:{car}", "ok", number) for car in range(SUBJECTS)]
            plates = [swift_trial(f"plate:{car}", "ok", number) for car in range(SUBJECTS)]
            await make.record_all(db, [*cars, *plates], route)
            deaths += await dies_or_has_done_all(db, ground, f"{point}#{1 + number % 2}", number + 1)
        with ground.starts("worker"):
            await wait_until(lambda: all_done(db, EVENTS))
    assert deaths > 1
    assert set((await effects(db)).values()) == {1}
    assert await numbers_in_order(db) == {
        f"{kind}:{car}": list(range(EVENTS)) for kind in ("car", "plate") for car in range(SUBJECTS)
    }


async def dies_or_has_done_all(db: Database, ground: Ground, failpoint: str, rounds: int) -> bool:
    """Whether the worker died; it may finish before it comes to its failpoint for the last time."""
    with ground.starts("worker", failpoint=failpoint) as worker:

        async def is_over() -> bool:
            return worker.code is not None or await all_done(db, rounds)

        await wait_until(is_over)
        return worker.code == -signal.SIGKILL


async def all_done(db: Database, rounds: int) -> bool:
    return len(await runs_in(db, "done")) == 2 * SUBJECTS * rounds


async def numbers_in_order(db: Database) -> dict[str, list[int]]:
    """For each subject the numbers of its events, as their effects came."""
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT key FROM alarms WHERE text_key = 'trial' ORDER BY last_at, key")
    told: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        subject, _, number = row["key"].partition("#")
        told[subject].append(int(number))
    return dict(told)

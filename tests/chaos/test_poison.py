"""Row 23: a run that breaks its worker each time is given up after its tries; nobody else notices."""

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.events import NewEvent
from db.session import Database
from tests import make
from tests.chaos.trials import QUICK, Ground
from tests.chaos.worker import effects, route, runs_in, swift_trial, trial
from tests.wait import wait_until

Trial = Callable[..., NewEvent[Any]]
NEIGHBOURS = 12


@pytest.fixture
def ground(db_url: str, redis_url: str, tmp_path: Path) -> Ground:
    return Ground(db_url, redis_url, tmp_path, QUICK)


async def has_settled(db: Database) -> bool:
    return len(await runs_in(db, "done")) == NEIGHBOURS + 1 and len(await runs_in(db, "dead")) == 1


async def poisoned(db: Database, make_trial: Trial, act: str) -> None:
    """Twelve cars with work, and one whose first event is poison and whose second is none."""
    neighbours = [make_trial(f"car:{number}", "ok") for number in range(NEIGHBOURS)]
    events = [*neighbours[:6], make_trial("car:poisoned", act), *neighbours[6:], make_trial("car:poisoned", "ok", 1)]
    await make.record_all(db, events, route)


async def nobody_else_noticed(db: Database) -> None:
    expected = {f"car:{number}#0": 1 for number in range(NEIGHBOURS)} | {"car:poisoned#1": 1}
    assert await effects(db) == expected


@pytest.mark.parametrize("make_trial", [trial, swift_trial])
@pytest.mark.parametrize(("act", "words"), [("raises", "always raises"), ("eats memory", "MemoryError")])
async def test_row_23_a_run_that_raises_or_eats_memory_is_dead_after_its_tries_and_its_line_goes_on(
    db: Database, ground: Ground, make_trial: Trial, act: str, words: str
) -> None:
    await poisoned(db, make_trial, act)
    with ground.starts("worker") as worker, ground.starts("relay"):
        await wait_until(lambda: has_settled(db), timeout_s=30)
        assert worker.code is None
    [dead] = await runs_in(db, "dead")
    assert dead["subject"] == "car:poisoned"
    assert dead["attempt"] > 1
    assert words in dead["error"]
    await nobody_else_noticed(db)


@pytest.mark.parametrize("make_trial", [trial, swift_trial])
async def test_row_23_a_run_that_kills_its_worker_is_buried_after_its_tries_and_no_other_run_is(
    db: Database, ground: Ground, make_trial: Trial
) -> None:
    await poisoned(db, make_trial, "segfaults")
    ends: list[int | None] = []
    with ground.starts("relay"):
        while not await has_settled(db):
            with ground.starts("worker") as worker:

                async def is_over() -> bool:
                    return worker.code is not None or await has_settled(db)

                await wait_until(is_over, timeout_s=30)
                ends.append(worker.code)
    [dead] = await runs_in(db, "dead")
    assert dead["subject"] == "car:poisoned"
    deaths = [code for code in ends if code is not None]
    assert deaths == [-signal.SIGSEGV] * dead["attempt"]
    assert len(deaths) > 1
    await nobody_else_noticed(db)

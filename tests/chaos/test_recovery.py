"""A worker dies with its hands full, on the product's own settings: all is done again soon, nothing lost or doubled."""

import signal
import sys
import time
from pathlib import Path
from statistics import median

import pytest

from core.settings import WorkSettings
from db.session import Database
from tests import make
from tests.chaos.trials import Ground
from tests.chaos.worker import effects, route, runs_in, trial
from tests.wait import wait_until

IN_FLIGHT = 32
KILLS = 50
MOST_S = 5.0
LEASE_S = WorkSettings().lease_s


@pytest.fixture
def ground(db_url: str, redis_url: str, tmp_path: Path) -> Ground:
    """The product's defaults, but for room for 32 thinking runs in one worker."""
    return Ground(db_url, redis_url, tmp_path, {"JARVIS_WORK__CONCURRENCY": str(IN_FLIGHT)})


async def seconds_until_done_again(db: Database, ground: Ground, kill: int) -> float:
    """A worker dies when the last of 32 cars is being thought about; the next one starts at once and does them all."""
    await make.record_all(db, [trial(f"car:{number}", "slow:0.3", kill) for number in range(IN_FLIGHT)], route)
    with ground.starts("worker", name=f"victim-{kill}", failpoint=f"worker.in_think#{IN_FLIGHT}") as victim:
        assert await victim.ended() == -signal.SIGKILL
        killed_at = time.monotonic()

    async def all_done() -> bool:
        return len(await runs_in(db, "done")) == IN_FLIGHT * (kill + 1)

    with ground.starts("worker", name=f"heir-{kill}"):
        await wait_until(all_done, timeout_s=LEASE_S * 2 / 3)
        took = time.monotonic() - killed_at
    assert {run["attempt"] for run in await runs_in(db, "done")} == {2}  # all were in hand when it died
    return took


async def nothing_is_lost_or_doubled(db: Database, kills: int) -> None:
    expected = {f"car:{number}#{kill}": 1 for number in range(IN_FLIGHT) for kill in range(kills)}
    assert await effects(db) == expected


async def test_what_a_killed_worker_had_in_hand_is_done_again_long_before_its_leases_end(
    db: Database, ground: Ground
) -> None:
    with ground.starts("relay"):
        await seconds_until_done_again(db, ground, 0)
    await nothing_is_lost_or_doubled(db, 1)


@pytest.mark.chaos
@pytest.mark.timeout(900)
async def test_after_each_of_fifty_kills_32_runs_are_done_again_in_under_5_seconds(
    db: Database, ground: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    with ground.starts("relay"):
        took = [await seconds_until_done_again(db, ground, kill) for kill in range(KILLS)]
    await nothing_is_lost_or_doubled(db, KILLS)
    told = f"{KILLS} kills with {IN_FLIGHT} in flight: done again after {median(took):.2f} s, at most {max(took):.2f} s"
    assert max(took) < MOST_S, told
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")

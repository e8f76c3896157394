import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from core.errors import Broken, Rejected, Temporary
from cv.pool import OutOfTime, Pool, WorkerDied
from cv.worker import Bounds
from tests.wait import wait_until

ROOT = Path(__file__).parents[2]
DEEDS = "tests.cv.deeds"


@pytest.fixture(autouse=True)
def _workers_find_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])


@pytest.fixture
def sign(tmp_path: Path) -> Path:
    """Is there when a worker has begun to hang."""
    return tmp_path / "sign"


async def becomes(look: Callable[[], bool]) -> None:
    async def answer() -> bool:
        return look()

    await wait_until(answer)


async def _error_of(pool: Pool, deed: str, *arguments: object) -> Exception:
    with pytest.raises(Temporary) as told:
        await pool.run(f"{DEEDS}.{deed}", *arguments)
    return told.value


@asynccontextmanager
async def pool_of(workers: int = 1, rest_s: float = 60, **bounds: Any) -> AsyncGenerator[Pool]:
    pool = Pool(Bounds(**{"memory_mb": 500, "task_timeout_s": 20.0} | bounds), workers=workers, rest_s=rest_s)
    try:
        yield pool
    finally:
        await pool.aclose()


async def test_nothing_starts_before_the_first_task() -> None:
    async with pool_of() as pool:
        assert pool.pids() == ()
        assert await pool.run(f"{DEEDS}.add", 2, 3) == 5
        assert len(pool.pids()) == 1


async def test_one_worker_does_task_after_task() -> None:
    async with pool_of() as pool:
        pids = [await pool.run(f"{DEEDS}.pid") for _ in range(5)]

    assert len(set(pids)) == 1
    assert pids[0] != os.getpid()


async def test_twenty_tasks_at_once_wait_for_their_turn() -> None:
    async with pool_of(workers=2) as pool:
        sums = await asyncio.gather(*(pool.run(f"{DEEDS}.add", number, 1) for number in range(20)))
        pids = pool.pids()

    assert sums == list(range(1, 21))
    assert len(pids) == 2


async def test_a_refusal_reaches_the_caller_and_the_worker_goes_on() -> None:
    async with pool_of() as pool:
        before = await pool.run(f"{DEEDS}.pid")
        with pytest.raises(Rejected, match="no photo"):
            await pool.run(f"{DEEDS}.refuse", "no photo")

        assert await pool.run(f"{DEEDS}.pid") == before


async def test_a_bug_is_told_with_its_place() -> None:
    async with pool_of() as pool:
        with pytest.raises(Broken, match=r"deeds\.fail: ZeroDivisionError: a bug \(fail, line \d+\)"):
            await pool.run(f"{DEEDS}.fail")


async def test_a_worker_that_hangs_is_ended_and_replaced(sign: Path) -> None:
    async with pool_of(task_timeout_s=1.0) as pool:
        before = await pool.run(f"{DEEDS}.pid")
        with pytest.raises(OutOfTime) as late:
            await pool.run(f"{DEEDS}.hang", str(sign))

        assert isinstance(late.value, Temporary)
        assert not psutil.pid_exists(before)
        assert await pool.run(f"{DEEDS}.add", 1, 1) == 2


async def test_a_worker_that_is_killed_in_the_middle_is_temporary_and_replaced(sign: Path) -> None:
    async with pool_of() as pool:
        before = await pool.run(f"{DEEDS}.pid")
        async with asyncio.TaskGroup() as group:
            work = group.create_task(_error_of(pool, "hang", str(sign)))
            await becomes(sign.exists)
            os.kill(before, signal.SIGKILL)
        died = work.result()

        assert isinstance(died, WorkerDied)
        assert isinstance(died, Temporary)
        assert not died.is_own_doing
        assert await pool.run(f"{DEEDS}.add", 1, 1) == 2


async def test_a_worker_that_is_killed_while_it_rests_is_not_noticed() -> None:
    async with pool_of() as pool:
        before = await pool.run(f"{DEEDS}.pid")
        os.kill(before, signal.SIGKILL)
        await becomes(lambda: _is_gone(before))

        assert await pool.run(f"{DEEDS}.pid") != before


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
async def test_a_worker_that_breaks_down_over_its_task_says_so(number: signal.Signals) -> None:
    async with pool_of(is_untrusted=True) as pool:
        with pytest.raises(WorkerDied) as died:
            await pool.run(f"{DEEDS}.die", int(number))

    assert died.value.by is number
    assert died.value.is_own_doing


async def test_an_untrusted_worker_has_no_more_memory_than_it_may() -> None:
    async with pool_of(is_untrusted=True) as pool:
        assert await pool.run(f"{DEEDS}.take", 100) == 100 * 1024 * 1024
        with pytest.raises(Broken, match="MemoryError"):
            await pool.run(f"{DEEDS}.take", 600)


async def test_an_untrusted_worker_has_no_more_processor_time_than_it_may() -> None:
    async with pool_of(is_untrusted=True, task_timeout_s=1.0) as pool:
        error = await _error_of(pool, "burn")

    assert isinstance(error, OutOfTime | WorkerDied)


async def test_an_untrusted_worker_writes_no_file_and_opens_few(tmp_path: Path) -> None:
    async with pool_of(is_untrusted=True) as pool:
        with pytest.raises(Broken, match="File too large"):
            await pool.run(f"{DEEDS}.write", str(tmp_path / "file"))
        assert await pool.run(f"{DEEDS}.open_files") <= 64


async def test_a_worker_does_not_know_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JARVIS_TELEGRAM__TOKEN", "invented-token")
    async with pool_of() as pool:
        pid = await pool.run(f"{DEEDS}.pid")
        surroundings = await pool.run(f"{DEEDS}.surroundings")
        started_with = await asyncio.to_thread(Path(f"/proc/{pid}/environ").read_bytes)

    assert "invented-token" not in str(surroundings)
    assert b"invented-token" not in started_with


async def test_an_answer_that_would_run_code_is_refused(tmp_path: Path) -> None:
    sign = tmp_path / "code was run"
    async with pool_of() as pool:
        with pytest.raises(Broken, match="no value of ours"):
            await pool.run(f"{DEEDS}.trap", str(sign))

        assert not sign.exists()
        assert await pool.run(f"{DEEDS}.add", 1, 1) == 2


async def test_a_worker_that_holds_too_much_memory_is_replaced_after_its_task() -> None:
    async with pool_of(memory_mb=150) as pool:
        before = await pool.run(f"{DEEDS}.hold", 200)

        assert await pool.run(f"{DEEDS}.pid") != before


async def test_a_worker_is_replaced_after_its_share_of_tasks() -> None:
    async with pool_of(tasks=2) as pool:
        pids = [await pool.run(f"{DEEDS}.pid") for _ in range(4)]

    assert pids[0] == pids[1] != pids[2] == pids[3]


async def test_a_pool_that_rests_gives_its_memory_back_and_starts_again() -> None:
    async with pool_of(rest_s=0.05) as pool:
        await pool.run(f"{DEEDS}.pid")
        await becomes(lambda: pool.pids() == ())

        assert await pool.run(f"{DEEDS}.add", 1, 1) == 2


async def test_closing_ends_what_is_under_way(sign: Path) -> None:
    async with pool_of() as pool:
        pid = await pool.run(f"{DEEDS}.pid")
        async with asyncio.TaskGroup() as group:
            work = group.create_task(_error_of(pool, "hang", str(sign)))
            await becomes(sign.exists)
            began = time.monotonic()
            group.create_task(pool.aclose())

        assert isinstance(work.result(), WorkerDied)
        assert time.monotonic() - began < 5
        assert not psutil.pid_exists(pid)


async def test_ctrl_c_is_for_the_parent_to_hear() -> None:
    async with pool_of() as pool:
        assert await pool.run(f"{DEEDS}.ignores_sigint") is True


async def test_workers_end_with_their_parent() -> None:
    program = (
        "import asyncio, os\n"
        "from cv.pool import Pool\n"
        "from cv.worker import Bounds\n"
        "async def main():\n"
        f"    print(await Pool(Bounds(500, 20.0)).run('{DEEDS}.pid'), flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.to_thread(_output_of, program)

    await becomes(lambda: _is_gone(int(parent)))


def _output_of(program: str) -> str:
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    return ended.stdout


def _is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def test_the_loop_goes_on_while_workers_start_and_work() -> None:
    """Loosely, for a busy machine; ``jarvis bench vision`` measures it."""
    lags: list[float] = []

    async def feel() -> None:
        while len(lags) < 10_000:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            lags.append(time.perf_counter() - began - 0.005)

    async with pool_of() as pool, asyncio.TaskGroup() as group:
        feeling = group.create_task(feel())
        photo = os.urandom(5_000_000)
        await asyncio.gather(*(pool.run("builtins.len", photo) for _ in range(8)))
        feeling.cancel()

    assert max(lags) < 0.5

"""kill -9 at any moment: what was acknowledged is there, and nothing in the store is half an object."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.clock import SystemClock
from storage.location import open_storage


@pytest.mark.parametrize("rounds", [4, pytest.param(200, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])])
async def test_row_39_a_writer_killed_at_any_moment_leaves_whole_objects_only(folder: Path, rounds: int) -> None:
    acknowledged = [key for seed in range(rounds) for key in await asyncio.to_thread(keys_until_killed, folder, seed)]
    store = open_storage(folder.as_uri(), clock=SystemClock())

    assert acknowledged
    for key in acknowledged:
        assert await store.describe(key) is not None
    for key in await asyncio.to_thread(keys_on_disk, folder):
        assert await store.get(key)


def keys_until_killed(folder: Path, seed: int) -> list[str]:
    writer = [sys.executable, "-m", "tests.storage.killed_writer", str(folder), str(seed)]
    done = subprocess.run(writer, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    return done.stdout.split("\n")[:-1]  # a last line without its end was never told


def keys_on_disk(folder: Path) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in (folder / "sha256").rglob("*")
        if path.is_file() and path.suffix != ".json"
    ]

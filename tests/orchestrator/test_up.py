"""`jarvis up` as a person starts it, against a sandbox that was started separately, with only addresses given."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psutil
import pytest

from tests.orchestrator.commands import environment, jarvis, own_home

READY_S = 90.0
STOP_S = 40.0


@contextmanager
def running(log: Path, *arguments: str, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "orchestrator.cli", *arguments],
            env=environment(settings),
            stdout=output,
            stderr=output,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def until(look: Callable[[], Any], log: Path, process: subprocess.Popen[bytes]) -> Any:
    deadline = time.monotonic() + READY_S
    while not (answer := look()):
        assert process.poll() is None, log.read_text()[-3000:]
        assert time.monotonic() < deadline, log.read_text()[-3000:]
        time.sleep(0.05)
    return answer


def get(url: str) -> Any:
    """What JSON answers there, also with an error's status; None while nobody does."""
    try:
        with urlopen(url, timeout=5) as answer:
            return json.load(answer)
    except HTTPError as error:
        return json.load(error)
    except (URLError, OSError):
        return None


def is_ready(url: str) -> bool:
    return (get(f"{url}/readyz") or {}).get("ready") is True


def stop(process: subprocess.Popen[bytes]) -> int:
    """SIGTERM; the exit code, which must come within the promised time."""
    process.send_signal(signal.SIGTERM)
    return process.wait(STOP_S)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A sandbox on its own; its address, and the one where it looks for Jarvis."""
    port, jarvis_url = free_port(), f"http://127.0.0.1:{free_port()}"
    log = tmp_path / "sandbox.log"
    with running(log, "sandbox", "--port", str(port), "--jarvis-url", jarvis_url, settings={}) as process:
        until(lambda: get(f"http://127.0.0.1:{port}/_sandbox/telegram/state"), log, process)
        yield f"http://127.0.0.1:{port}", jarvis_url


@pytest.fixture
def home() -> Iterator[Path]:
    with own_home() as folder:
        yield folder


@pytest.mark.slow
def test_up_needs_only_addresses_stops_in_time_and_starts_again_on_the_same_data(
    tmp_path: Path, home: Path, sandbox: tuple[str, str]
) -> None:
    sandbox_url, jarvis_url = sandbox
    settings = {
        "JARVIS_HOME": str(home),
        "JARVIS_HTTP__PORT": jarvis_url.rpartition(":")[2],
        "JARVIS_TELEGRAM__API_URL": f"{sandbox_url}/telegram",
        "JARVIS_RENTPROG__BASE_URL": f"{sandbox_url}/rentprog/api/v1",
    }

    def syncs() -> list[dict[str, Any]]:
        told = json.loads(jarvis("status", "--json", settings=settings).out)
        return [sync for sync in told["syncs"] if sync["finished_at"]]

    log = tmp_path / "first.log"
    with running(log, "up", settings=settings) as first:
        until(lambda: is_ready(jarvis_url), log, first)
        until(lambda: len(syncs()) == 4, log, first)
        before = {sync["branch"]: sync["first_finished_at"] for sync in syncs()}
        assert f"Jarvis is up. Panel: {jarvis_url}/" in log.read_text()
        assert stop(first) == 0
    assert get(f"{jarvis_url}/healthz") is None
    log = tmp_path / "second.log"
    with running(log, "up", settings=settings) as second:
        until(lambda: is_ready(jarvis_url), log, second)
        assert {sync["branch"]: sync["first_finished_at"] for sync in syncs()} == before
        assert stop(second) == 0
    assert servers_below(home) == []


def servers_below(home: Path) -> list[list[str]]:
    """Embedded servers that still work on data below this folder."""
    processes = psutil.process_iter(["cmdline"])
    return [found.info["cmdline"] for found in processes if str(home) in " ".join(found.info["cmdline"] or ())]


def test_up_against_the_real_world_without_a_token_says_in_one_line_that_nobody_is_listened_to(
    tmp_path: Path, db_url: str, redis_url: str
) -> None:
    jarvis_url = f"http://127.0.0.1:{free_port()}"
    settings = {
        "JARVIS_HOME": str(tmp_path),
        "JARVIS_DATABASE_URL": db_url,
        "JARVIS_REDIS_URL": redis_url,
        "JARVIS_HTTP__PORT": jarvis_url.rpartition(":")[2],
        "JARVIS_TELEGRAM__API_URL": "https://telegram.invalid",
        "JARVIS_RENTPROG__BASE_URL": "https://rentprog.invalid/api/v1",
    }
    log = tmp_path / "up.log"
    with running(log, "up", settings=settings) as process:
        until(lambda: is_ready(jarvis_url), log, process)
        said = [line for line in log.read_text().splitlines() if "telegram.token" in line]
        assert said == ["  no telegram.token: nobody is listened to and nothing is sent"]
        assert stop(process) == 0


def test_up_without_its_sandbox_ends_with_one_line_that_says_what_to_start(tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    addresses = {
        "JARVIS_TELEGRAM__API_URL": f"{nobody}/telegram",
        "JARVIS_RENTPROG__BASE_URL": f"{nobody}/rentprog/api/v1",
    }
    said = jarvis("up", settings={"JARVIS_HOME": str(tmp_path), **addresses})
    assert said.code == 2
    [line] = said.err.splitlines()
    assert line.startswith("jarvis: no credentials are set and no sandbox answers at ")
    assert "start `jarvis sandbox`" in line


def test_one_role_without_shared_servers_ends_with_one_line_that_names_the_setting(tmp_path: Path) -> None:
    said = jarvis("worker", settings={"JARVIS_HOME": str(tmp_path)})
    assert said.code == 2
    [line] = said.err.splitlines()
    assert "database_url (JARVIS_DATABASE_URL) is missing" in line

"""A Jarvis that cannot start says why in one line, ends with code 2, and leaves nothing running."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.embedded import HomeLock, running_postgres
from orchestrator.http_server import listen
from tests.orchestrator.commands import Said, jarvis

SANDBOX_AWAY = {
    "JARVIS_TELEGRAM__API_URL": "http://127.0.0.1:1/telegram",
    "JARVIS_RENTPROG__BASE_URL": "http://127.0.0.1:1/rentprog",
}


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that every user may enter, since Postgres refuses to run as root."""
    with tempfile.TemporaryDirectory(prefix="jarvis-home-") as folder:
        yield Path(folder)


def refused(said: Said) -> str:
    """The one line of a start that was refused."""
    assert (said.code, said.out) == (2, "")
    [line] = said.err.splitlines()
    assert line.startswith("jarvis: ")
    return line


@pytest.mark.parametrize("command", ["up", "worker", "ingress", "doctor", "status"])
def test_every_command_refuses_a_wrong_setting_alike(home: Path, command: str):
    said = jarvis(command, settings={"JARVIS_HOME": str(home), "JARVIS_HTTP__PORT": "99999"})
    assert "http.port (JARVIS_HTTP__PORT)" in refused(said)


def test_a_broken_file_is_named_with_its_place(home: Path):
    config = home / "settings.yaml"
    config.write_text("http:\n  port: [8080\nlog_level: info\n", encoding="utf-8")
    said = jarvis("up", settings={"JARVIS_HOME": str(home), "JARVIS_CONFIG": str(config)})
    assert f"{config} cannot be read: line 3" in refused(said)


def test_a_sandbox_that_is_not_there_is_named(home: Path):
    assert "no sandbox answers" in refused(jarvis("up", settings={"JARVIS_HOME": str(home), **SANDBOX_AWAY}))


def test_a_second_jarvis_on_one_home_is_refused(home: Path):
    first = HomeLock(home)
    first.take()
    said = jarvis("up", settings={"JARVIS_HOME": str(home)})
    first.release()
    assert f"another jarvis already runs on {home}" in refused(said)


def test_a_taken_port_is_named_and_the_servers_that_were_started_are_stopped(home: Path):
    taken = listen("127.0.0.1", 0)
    port = str(taken.getsockname()[1])
    said = jarvis("up", settings={"JARVIS_HOME": str(home), "JARVIS_HTTP__PORT": port, "JARVIS_LOG_LEVEL": "error"})
    taken.close()
    assert said.code == 2
    assert f"http.port (JARVIS_HTTP__PORT): cannot listen on 127.0.0.1:{port}" in said.err
    assert "Traceback" not in said.err
    assert running_postgres(home / "postgres") is None

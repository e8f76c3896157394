"""Roles of Jarvis as real processes that can be killed, stopped, continued, and told where to die.

They are forked from a server that has loaded all of Jarvis, so one starts in a moment and not in seconds; the rest is
as on a host of its own: another process, its own environment and connections.
"""

import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from core.settings import Settings
from orchestrator.cli import main as jarvis
from orchestrator.failpoints import VARIABLE, evidence
from orchestrator.servers import Servers
from tests.wait import wait_until

START_S = 60.0
GIVEN_APART = {"home", "database_url", "database_owner_url", "redis_url", "storage_url"}
"""Settings that come as variables; all others come as the test's own Jarvis has them."""
_LOADED = (
    "agents.kit.models",
    "agents.kit.thinker",
    "orchestrator.dispatcher",
    "orchestrator.registry",
    "orchestrator.roles",
    "orchestrator.up",
    "tests.chaos.host",
    "tests.chaos.poisoned_bot",
    "tests.chaos.umnico_deliverer",
    "tests.chaos.worker",
    "uvloop",
    "pytest",
)


class Process:
    """One running process; what it says on stdout and stderr goes to ``log``."""

    def __init__(self, inner: ForkServerProcess, log: Path) -> None:
        self._inner = inner
        self._log = log

    @property
    def pid(self) -> int:
        assert self._inner.pid is not None
        return self._inner.pid

    @property
    def said(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def code(self) -> int | None:
        """The exit code, minus the signal's number where one killed it; None while it runs."""
        return self._inner.exitcode

    def kill(self) -> None:
        """As a power cut or the kernel's memory killer would; it may be dead already."""
        self._inner.kill()

    def terminate(self) -> None:
        """Ask it to finish, as systemd and docker do."""
        os.kill(self.pid, signal.SIGTERM)

    def stop(self) -> None:
        """Freeze it where it is: its connections and locks stay."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    async def ended(self, *, timeout_s: float = START_S) -> int:
        """The exit code, waited for."""

        async def has_ended() -> bool:
            return self.code is not None

        try:
            await wait_until(has_ended, timeout_s=timeout_s)
        except AssertionError as error:
            raise AssertionError(f"still alive; it said:\n{self.said}") from error
        assert self.code is not None
        return self.code

    async def says(self, words: str, *, timeout_s: float = START_S) -> None:
        """Wait until it has said this; its end before that fails."""

        async def has_said() -> bool:
            return words in self.said or self.code is not None

        await wait_until(has_said, timeout_s=timeout_s)
        assert words in self.said, f"ended with {self.code} and never said {words!r}:\n{self.said}"

    def end(self) -> None:
        """Dead and gone, also when it stands still."""
        self._inner.kill()
        self._inner.join()


async def reached(process: Process, failpoint: str, *, timeout_s: float = START_S) -> None:
    """Wait until the process has come to its armed failpoint; a process that ends without it fails."""
    await process.says(evidence(failpoint), timeout_s=timeout_s)


@contextmanager
def running(
    *arguments: str,
    settings: Mapping[str, str],
    log: Path,
    failpoint: str = "",
    main: Callable[[], None] = jarvis,
) -> Iterator[Process]:
    """``running("worker", settings=installation(…), log=home / "worker.log")``; killed at the end if it still runs.

    ``main`` is another entry point that reads ``sys.argv`` (tests/chaos/worker.py).
    """
    _SERVER.set_forkserver_preload(list(_LOADED))
    environment = {**settings, VARIABLE: failpoint}
    log.write_bytes(b"")
    inner = _SERVER.Process(target=_become, args=(main, arguments, environment, log), daemon=True)
    inner.start()
    process = Process(inner, log)
    try:
        yield process
    finally:
        process.end()


_SERVER = multiprocessing.get_context("forkserver")


def _become(main: Callable[[], None], arguments: tuple[str, ...], settings: Mapping[str, str], log: Path) -> None:
    """In the new process: only these settings, output to the log, then the command line as a person starts it."""
    for name in [name for name in os.environ if name.startswith("JARVIS_")]:
        del os.environ[name]
    os.environ.update(settings)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["jarvis", *arguments]
    main()


def installation(settings: Settings, servers: Servers) -> dict[str, str]:
    """The variables (and the settings file they name) with which a process works beside a test's own Jarvis."""
    config = settings.home / "config.yaml"
    sections = settings.model_dump(exclude=GIVEN_APART)
    # A process that starts meanwhile must not read half of it, or nothing: an empty settings file is a valid one.
    written = config.with_suffix(".written")
    written.write_text(json.dumps(_revealed(sections)), encoding="utf-8")  # JSON is YAML too
    written.replace(config)
    return {
        "JARVIS_CONFIG": str(config),
        "JARVIS_HOME": str(settings.home),
        "JARVIS_DATABASE_URL": servers.database_url,
        "JARVIS_REDIS_URL": servers.redis_url,
        "JARVIS_STORAGE_URL": servers.storage_url,
    }


def _revealed(value: Any) -> Any:
    """Secrets as a settings file holds them."""
    match value:
        case SecretStr():
            return value.get_secret_value()
        case Decimal() | Path():
            return str(value)
        case dict():
            return {name: _revealed(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_revealed(inner) for inner in value]
        case _:
            return value

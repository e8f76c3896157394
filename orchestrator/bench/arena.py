"""Where contenders meet: the same servers for all, and for each round a fresh database and an empty Redis."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from core.errors import Broken
from db.queries import bench_results
from db.queries.bench_results import Results
from orchestrator.bench import plain_redis
from orchestrator.bench.contenders import Contender
from orchestrator.bench.ground import Ground, ground

TEMPLATE = "bench_template"
FEED_S = 900.0
LOG_TAIL = 2_000


@dataclass
class Processes:
    """A contender's processes; the worker is the first. Each leads a group of its own, with all that it starts."""

    commands: Sequence[str]
    environment: dict[str, str]
    log: Path
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list[subprocess.Popen[bytes]])

    def start(self) -> None:
        self._running = [self._spawn(command) for command in self.commands]

    def kill_worker(self) -> None:
        """As the kernel's memory killer would, with whatever it started."""
        _signal_group(self._running[0], signal.SIGKILL)
        self._running[0].wait()

    @contextmanager
    def worker_held(self) -> Generator[None]:
        """It stands still inside the block, so that what is given meanwhile is a backlog."""
        _signal_group(self._running[0], signal.SIGSTOP)
        try:
            yield
        finally:
            _signal_group(self._running[0], signal.SIGCONT)

    def start_worker(self) -> None:
        self._running[0] = self._spawn(self.commands[0])

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self._running]

    def complain_if_ended(self) -> None:
        ended = [process.returncode for process in self._running if process.poll() is not None]
        if ended:
            said = self.log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:]
            raise Broken(f"a process of the contender ended with {ended}:\n{said}")

    def stop(self) -> None:
        for process in self._running:
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + 5
        for process in self._running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            _signal_group(process, signal.SIGKILL)
            process.wait()

    def _spawn(self, command: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - a command line from our own table
                [sys.executable, *command.split()], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )


@dataclass(frozen=True, slots=True)
class Round:
    """One contender on its fresh database."""

    contender: Contender
    url: str
    environment: dict[str, str]
    results: Results
    log: Path

    def feed(self, first: int, number: int) -> None:
        """Give it ``number`` events to do, before or while it runs."""
        self._feed("backlog", first, number)

    def feed_paced(self, first: int, number: int, per_s: float) -> dict[int, float]:
        """Give it so many each second, whatever becomes of them; when each was accepted, in seconds of the epoch."""
        accepted = json.loads(self._feed("paced", first, number, per_s))
        return {int(task): at for task, at in accepted.items()}

    def _feed(self, mode: str, *sizes: float) -> bytes:
        command = [sys.executable, "-m", "orchestrator.bench.feed", self.contender.module, mode]
        done = subprocess.run(  # noqa: S603 - our own module
            [*command, *map(str, sizes)],
            env=self.environment,
            check=False,
            capture_output=True,
            timeout=FEED_S,
        )
        if done.returncode != 0:
            raise Broken(f"{self.contender.name} takes no work:\n{done.stderr.decode()[-LOG_TAIL:]}")
        return done.stdout

    @contextmanager
    def running(self, *more: str) -> Generator[Processes]:
        """Its processes and ``more`` of them beside."""
        at_once = self.environment["BENCH_AT_ONCE"]
        commands = [command.replace("{at_once}", at_once) for command in (*self.contender.commands, *more)]
        processes = Processes(commands, self.environment, self.log)
        processes.start()
        try:
            yield processes
        finally:
            processes.stop()


class Arena:
    def __init__(self, found: Ground) -> None:
        self.found = found
        self._numbers = count(1)

    def make_template(self, name: str, fill: Callable[[str], None]) -> None:
        """A database like the empty one, filled once, that rounds may start from."""
        bench_results.make_database(self.found.database_url, name, template=TEMPLATE)
        fill(database_of(self.found.database_url, name))

    @contextmanager
    def round(self, contender: Contender, *, template: str = TEMPLATE, **settings: str) -> Generator[Round]:
        """A database like ``template``; ``settings`` are further variables for the contender's processes."""
        name = f"bench_{next(self._numbers)}"
        bench_results.make_database(self.found.database_url, name, template=template)
        plain_redis.empty(self.found.redis_url)
        url = database_of(self.found.database_url, name)
        results = Results(url)
        try:
            yield Round(
                contender, url, self._environment(contender, url) | settings, results, self.found.home / f"{name}.log"
            )
        finally:
            results.close()
            bench_results.drop_database(self.found.database_url, name)

    def _environment(self, contender: Contender, url: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("JARVIS_", "BENCH_"))}
        if contender.libraries is not None:
            inherited["PYTHONPATH"] = str(contender.libraries)
        return inherited | {
            "JARVIS_HOME": str(self.found.home / "jarvis"),
            "JARVIS_DATABASE_URL": url,
            "JARVIS_REDIS_URL": self.found.redis_url,
            "JARVIS_LOG_LEVEL": "warning",
            "BENCH_AT_ONCE": str(contender.at_once or 0),
        }


@contextmanager
def arena() -> Generator[Arena]:
    with ground(keeps_commit_times=True) as found:
        bench_results.make_database(found.database_url, TEMPLATE, template="postgres")
        bench_results.make_results(database_of(found.database_url, TEMPLATE))
        yield Arena(found)


def database_of(url: str, name: str) -> str:
    """Another database of the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return

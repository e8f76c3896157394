"""The ground a bench stands on: fresh embedded servers, and our own commands as child processes."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from core.errors import Broken
from db.migrate import upgrade
from db.queries.bench_results import keep_commit_times, server_version
from orchestrator.bench import plain_redis
from orchestrator.embedded import EmbeddedPostgres, EmbeddedRedis


@dataclass(frozen=True, slots=True)
class Ground:
    home: Path
    database_url: str
    redis_url: str

    def servers(self) -> dict[str, str]:
        """Their versions."""
        return {"postgres": server_version(self.database_url), "redis": plain_redis.version(self.redis_url)}


@contextmanager
def ground(*, keeps_commit_times: bool = False) -> Generator[Ground]:
    """Durable Postgres, as shipped: a figure without fsync would be another product's.

    ``keeps_commit_times`` lets a bench ask when a row was committed (db/queries/bench_results.py).
    """
    with tempfile.TemporaryDirectory(prefix="jarvis-bench-") as folder:
        home = Path(folder)
        postgres, doorbell = EmbeddedPostgres(home / "postgres"), EmbeddedRedis(home / "redis")
        try:
            url = postgres.start()
            upgrade(url)
            if keeps_commit_times:
                keep_commit_times(url)
                postgres.stop()
                url = postgres.start()
            yield Ground(home, url, doorbell.start())
        finally:
            doorbell.stop()
            postgres.stop()


@contextmanager
def child(arguments: list[str], settings: dict[str, str], *, ready_url: str) -> Generator[subprocess.Popen[bytes]]:
    """One of our commands, started and answering at ``ready_url``; ended at the end of the block."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JARVIS_")}
    process = subprocess.Popen(  # noqa: S603 - our own command line
        [sys.executable, *arguments], env=inherited | settings, stdout=subprocess.DEVNULL
    )
    try:
        _wait(ready_url, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], patience_s: float = 60.0) -> None:
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and process.poll() is None:
        if is_answering(url):
            return
        time.sleep(0.02)
    raise Broken(f"nothing answers at {url} (exit code {process.poll()})")


def is_answering(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address on loopback
            return answer.status == 200
    except (URLError, OSError):
        return False


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

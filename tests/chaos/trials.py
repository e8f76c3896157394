"""A place where workers with misbehaving agents are started: a database, a Redis, quick settings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.processes import Process, running
from tests.chaos.worker import main

QUICK = {
    "JARVIS_WORK__POLL_S": "0.05",
    "JARVIS_WORK__LEASE_S": "1.2",
    "JARVIS_WORK__BACKOFF_FIRST_S": "0.01",
    "JARVIS_WORK__BACKOFF_MAX_S": "0.05",
}


@dataclass(frozen=True)
class Ground:
    """``settings`` come on top of the product's defaults."""

    db_url: str
    redis_url: str
    home: Path
    settings: Mapping[str, str]

    @contextmanager
    def starts(self, role: str, *, name: str = "", failpoint: str = "") -> Iterator[Process]:
        """A worker or a relay; ``name`` tells two of one role apart."""
        servers = {
            "JARVIS_HOME": str(self.home),
            "JARVIS_DATABASE_URL": self.db_url,
            "JARVIS_REDIS_URL": self.redis_url,
        }
        log = self.home / f"{name or role}.log"
        with running(role, settings={**servers, **self.settings}, log=log, failpoint=failpoint, main=main) as process:
            yield process

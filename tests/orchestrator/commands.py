"""The command line as a person uses it: a process of its own, with only the settings that it was given."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LONGEST_S = 60.0


@dataclass(frozen=True)
class Said:
    """What a command left behind when it had ended."""

    code: int
    out: str
    err: str


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process' environment with these settings of Jarvis and no others."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JARVIS_")}
    return {**inherited, "COLUMNS": "300", "NO_COLOR": "1", **settings}


def jarvis(*arguments: str, settings: Mapping[str, str], timeout_s: float = LONGEST_S) -> Said:
    """Run a command to its end; ``settings`` are variables as ``JARVIS_DATABASE_URL``."""
    done = subprocess.run(
        [sys.executable, "-m", "orchestrator.cli", *arguments],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@contextmanager
def own_home() -> Iterator[Path]:
    """A JARVIS_HOME for embedded servers.

    As root they run as a user of their own, who must reach it: every start of pytest closes the folder above tmp_path
    to others, which would pull the ground from under a Postgres of another run.
    """
    with tempfile.TemporaryDirectory(prefix="jarvis-home-") as folder:
        yield Path(folder)

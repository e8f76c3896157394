"""One role of Jarvis as a process of its own, as on another host; it may be told where to die."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import SecretStr

from tests.flows.company import Company
from tests.wait import wait_until

START_S = 60.0


@contextmanager
def role_process(company: Company, role: str, *, dies_at: str) -> Iterator[subprocess.Popen[bytes]]:
    """``dies_at`` names a failpoint: the process kills itself there with SIGKILL."""
    home = company.settings.home
    config = home / "config.yaml"
    sections = company.settings.model_dump(include={"telegram", "rentprog", "work"})
    # JSON is YAML too.
    config.write_text(json.dumps(_revealed(sections)), encoding="utf-8")
    settings = {
        "JARVIS_CONFIG": str(config),
        "JARVIS_HOME": str(home),
        "JARVIS_DATABASE_URL": company.servers.database_url,
        "JARVIS_REDIS_URL": company.servers.redis_url,
        "JARVIS_STORAGE_URL": company.servers.storage_url,
        "JARVIS_FAILPOINT": dies_at,
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JARVIS_")}
    with (home / f"{role}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "orchestrator.cli", role], env=inherited | settings, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


async def has_ended(process: subprocess.Popen[bytes]) -> int:
    """The exit code, waited for; minus the signal's number where one killed it."""

    async def ended() -> list[int]:
        code = process.poll()
        return [] if code is None else [code]

    [code] = await wait_until(ended, timeout_s=START_S)
    return code


def _revealed(value: Any) -> Any:
    """Secrets as a settings file holds them."""
    match value:
        case SecretStr():
            return value.get_secret_value()
        case dict():
            return {name: _revealed(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_revealed(inner) for inner in value]
        case _:
            return value

"""Commands take their settings from a secret store, or end with one line, code 2 and no secret in it."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.integrations.secret_stores.vault_twin import TOKEN, Vault, vault_at_work
from tests.orchestrator.commands import environment, jarvis
from tests.wait import wait_until

UNUSED = """
import sys
from core.settings import load_settings
from integrations.secret_stores import open_stores
load_settings(open_stores)
print(sorted({"boto3", "botocore", "httpx"} & sys.modules.keys()))
"""


@pytest.fixture
def vault() -> Iterator[Vault]:
    with vault_at_work() as twin:
        yield twin


@contextmanager
def ingress(log: Path, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "orchestrator.cli", "ingress"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment(settings), stdout=output, stderr=output)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def where(vault: Vault, **more: str) -> dict[str, str]:
    return {"JARVIS_SECRETS__VAULT_URL": vault.url, "JARVIS_SECRETS__VAULT_TOKEN": TOKEN} | more


def test_a_command_finds_the_database_in_vault(vault: Vault, db_url: str):
    vault.secrets["secret/jarvis"] = {"database_url": db_url}
    said = jarvis("status", settings=where(vault))
    assert (said.code, said.err) == (0, "")


def test_a_store_that_refuses_ends_the_start_with_one_line(vault: Vault):
    vault.tokens.clear()
    said = jarvis("status", settings=where(vault))
    assert (said.code, said.out) == (2, "")
    [line] = said.err.splitlines()
    assert line.startswith(f"jarvis: Vault {vault.url} secret/data/jarvis: refused (403)")
    assert TOKEN not in line


def test_a_wrong_value_in_a_store_is_named_and_not_told(vault: Vault):
    vault.secrets["secret/jarvis"] = {"telegram.token": "invented-canary"}
    said = jarvis("status", settings=where(vault))
    assert said.code == 2
    [line] = said.err.splitlines()
    assert "telegram.token (JARVIS_TELEGRAM__TOKEN)" in line
    assert "canary" not in line


async def test_a_running_ingress_opens_to_a_secret_that_was_put_into_vault_and_still_stops_at_once(
    vault: Vault, db_url: str, redis_url: str, tmp_path: Path
):
    vault.secrets["secret/jarvis"] = {
        "database_url": db_url,
        "rentprog.branches": [{"code": "north", "name": "North", "company_id": 1}],
        "rentprog.keys.north.hook_secret": "invented-old-secret",
    }
    port = free_port()
    settings = where(vault, JARVIS_REDIS_URL=redis_url, JARVIS_HTTP__PORT=str(port), JARVIS_SECRETS__REREAD_S="0.1")
    log = tmp_path / "ingress.log"
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/hooks/rentprog/north") as http:

        async def opens(secret: str) -> bool:
            try:
                answer = await http.post(f"/{secret}", content='{"event":"car_update","id":1,"changes":{}}')
            except httpx.TransportError:
                return False
            return answer.status_code == 200

        with ingress(log, settings) as process:
            assert await wait_until(lambda: opens("invented-old-secret"), timeout_s=30)
            vault.secrets["secret/jarvis"]["rentprog.keys.north.hook_secret"] = "invented-new-secret"
            assert await wait_until(lambda: opens("invented-new-secret"))
            assert not await opens("invented-old-secret")
            process.terminate()
            assert process.wait(10) == 0
    assert "invented-new-secret" not in log.read_text(encoding="utf-8")


def test_who_names_no_store_loads_no_library_of_one():
    done = subprocess.run(
        [sys.executable, "-c", UNUSED], env=environment({}), capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"

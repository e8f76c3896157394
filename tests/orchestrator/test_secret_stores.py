"""Commands take their settings from a secret store, or end with one line, code 2 and no secret in it."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.integrations.secret_stores.vault_twin import TOKEN, Vault, vault_at_work
from tests.orchestrator.commands import environment, jarvis

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


def test_who_names_no_store_loads_no_library_of_one():
    done = subprocess.run(
        [sys.executable, "-c", UNUSED], env=environment({}), capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"

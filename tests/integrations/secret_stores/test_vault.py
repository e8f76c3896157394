"""Vault's KV version 2 over real HTTP: what is read, by whom, and one line for each trouble."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from core.errors import NeedsAttention, Temporary
from core.settings import SecretsSettings
from integrations.secret_stores.vault import VaultStore
from tests.integrations.secret_stores.vault_twin import ROLE_ID, SECRET_ID, TOKEN, Vault, vault_at_work


@pytest.fixture
def vault() -> Iterator[Vault]:
    with vault_at_work() as twin:
        twin.secrets["secret/jarvis"] = {"telegram.token": "1:invented-canary"}
        yield twin


def by_token(vault: Vault, **others: Any) -> VaultStore:
    given = {"vault_token": SecretStr(TOKEN), "patience_s": 2.0} | others
    return VaultStore(SecretsSettings.model_validate({"vault_url": vault.url} | given))


def by_role(vault: Vault, secret_id: str = SECRET_ID) -> VaultStore:
    return by_token(vault, vault_token=None, vault_role_id=ROLE_ID, vault_secret_id=SecretStr(secret_id))


def refusal(store: VaultStore) -> str:
    """The one line about a store that cannot be used; nothing secret is in it."""
    with pytest.raises(NeedsAttention) as told:
        store.read()
    text = str(told.value)
    assert "\n" not in text
    assert text.startswith("Vault http://127.0.0.1:")
    assert not [secret for secret in (TOKEN, SECRET_ID, "canary") if secret in text]
    return text


def test_the_newest_version_is_read_with_a_token(vault: Vault):
    assert by_token(vault).read() == {"telegram.token": "1:invented-canary"}
    assert vault.calls[0] == "GET secret/data/jarvis"


def test_mount_and_path_are_those_of_the_settings(vault: Vault):
    vault.secrets["teams/kv/cars/jarvis"] = {"web.token": "invented-token-of-the-panel"}
    store = by_token(vault, vault_mount="teams/kv", vault_path="cars/jarvis")
    assert store.read() == {"web.token": "invented-token-of-the-panel"}


def test_sections_numbers_and_lists_are_json_and_nothing_is_left_out_but_null(vault: Vault):
    vault.secrets["secret/jarvis"] = {"telegram": {"admins": [1, 2]}, "http.port": 8081, "web": None}
    assert by_token(vault).read() == {"telegram": '{"admins": [1, 2]}', "http.port": "8081"}


def test_reading_keeps_the_token_alive(vault: Vault):
    before = vault.tokens[TOKEN]
    by_token(vault).read()
    assert vault.tokens[TOKEN] > before


def test_a_token_that_cannot_be_renewed_reads_all_the_same(vault: Vault):
    vault.may_renew = False
    assert by_token(vault).read() == {"telegram.token": "1:invented-canary"}


def test_a_role_signs_in_reads_and_gives_its_token_back(vault: Vault):
    assert by_role(vault).read() == {"telegram.token": "1:invented-canary"}
    assert vault.calls == ["POST auth/approle/login", "GET secret/data/jarvis", "POST auth/token/revoke-self"]
    assert list(vault.tokens) == [TOKEN]


def test_a_role_that_is_refused_is_one_line(vault: Vault):
    assert "the AppRole is refused (400)" in refusal(by_role(vault, "invented-other-canary"))


def test_a_token_that_has_ended_is_one_line(vault: Vault):
    vault.tokens.clear()
    assert "refused (403)" in refusal(by_token(vault))


def test_a_policy_that_does_not_allow_reading_is_one_line(vault: Vault):
    assert "refused (403)" in refusal(by_token(vault, vault_mount="forbidden"))


def test_a_secret_that_is_not_there_is_one_line(vault: Vault):
    assert "nothing is there (404)" in refusal(by_token(vault, vault_path="elsewhere"))


def test_a_deleted_version_is_one_line(vault: Vault):
    vault.secrets["secret/jarvis"] = None
    assert "deleted" in refusal(by_token(vault))


def test_a_standby_node_that_points_elsewhere_gets_no_second_call(vault: Vault):
    vault.active_node = "http://127.0.0.1:1"
    assert "answers elsewhere (307)" in refusal(by_token(vault))
    assert len(vault.calls) == 1


def test_a_sealed_vault_is_asked_again_until_it_is_open(vault: Vault):
    vault.sealed_for = 2
    assert by_token(vault).read() == {"telegram.token": "1:invented-canary"}
    assert vault.calls.count("GET secret/data/jarvis") == 3


def test_a_vault_that_stays_sealed_is_given_up_when_patience_ends(vault: Vault):
    vault.sealed_for = 1000
    with pytest.raises(Temporary, match=r"sealed, or in maintenance \(503\), for 0.5 s"):
        by_token(vault, patience_s=0.5).read()
    assert len(vault.calls) > 1


def test_a_vault_that_does_not_answer_is_given_up_when_patience_ends(vault: Vault):
    with pytest.raises(Temporary, match="does not answer"):
        by_token(vault, vault_url="http://127.0.0.1:1", patience_s=0.3).read()

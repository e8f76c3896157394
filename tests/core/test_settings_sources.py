"""Settings lie over each other: the file, the stores, the variables; each secret has one place and is told nowhere."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.errors import NeedsAttention
from core.settings import SecretsSettings, Settings, WrongSettings, load_settings

BRANCH = "rentprog:\n  branches: [{code: old-town, name: Old Town, company_id: 7, hook_secret: of-the-file-00000}]\n"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of the machine that runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("JARVIS_")]:
        monkeypatch.delenv(name)


@dataclass
class Kept:
    """A store that is just there."""

    held: Mapping[str, str]
    name: str = "Store"

    def read(self) -> Mapping[str, str]:
        return self.held


class Refusing(Kept):
    def read(self) -> Mapping[str, str]:
        raise NeedsAttention("Store: refused (403)")


def load(*stores: Kept) -> Settings:
    def open_stores(_where: SecretsSettings) -> Sequence[Kept]:
        return stores

    return load_settings(open_stores)


def wrong(*stores: Kept) -> str:
    with pytest.raises(WrongSettings) as told:
        load(*stores)
    assert "\n" not in str(told.value)
    assert "canary" not in str(told.value)
    return str(told.value)


def test_a_store_wins_over_the_file_a_later_store_over_it_and_variables_over_all(monkeypatch: pytest.MonkeyPatch):
    Path("config.yaml").write_text("http: {host: file, port: 1, public_url: file}\nhome: file\n", encoding="utf-8")
    monkeypatch.setenv("JARVIS_HTTP__HOST", "variable")
    lower, upper = Kept({"http.host": "x", "http.port": "2", "http.public_url": "x"}), Kept({"http.port": "3"})
    settings = load(lower, upper)
    assert (settings.http.host, settings.http.port, settings.http.public_url) == ("variable", 3, "x")
    assert settings.home == Path("file")


def test_a_file_that_a_variable_names_wins_over_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "url").write_text("redis://file\n", encoding="utf-8")
    monkeypatch.setenv("JARVIS_REDIS_URL_FILE", str(tmp_path / "url"))
    redis_url = load(Kept({"redis_url": "redis://store"})).redis_url
    assert redis_url is not None
    assert redis_url.get_secret_value() == "redis://file"


def test_what_is_read_from_a_file_or_a_store_enters_no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "token").write_text("1:canary\n", encoding="utf-8")
    monkeypatch.setenv("JARVIS_TELEGRAM__TOKEN_FILE", str(tmp_path / "token"))
    load(Kept({"web.token": "canary-of-the-panel"}))
    assert "canary" not in str(dict(os.environ))


def test_a_file_that_changes_is_read_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("JARVIS_SECRETS__VAULT_TOKEN_FILE", str(tmp_path / "token"))
    tokens: list[str] = []
    for text in ("first", "second"):
        (tmp_path / "token").write_text(text, encoding="utf-8")
        token = load().secrets.vault_token
        tokens.append("" if token is None else token.get_secret_value())
    assert tokens == ["first", "second"]


def test_where_the_stores_are_is_known_from_the_file_and_the_variables(monkeypatch: pytest.MonkeyPatch):
    Path("config.yaml").write_text("secrets: {ssm_path: /jarvis}\n", encoding="utf-8")
    monkeypatch.setenv("JARVIS_SECRETS__VAULT_URL", "https://vault.example.com:8200")
    monkeypatch.setenv("JARVIS_SECRETS__VAULT_TOKEN", "canary")
    asked: list[SecretsSettings] = []

    def open_stores(where: SecretsSettings) -> Sequence[Kept]:
        asked.append(where)
        return ()

    load_settings(open_stores)
    assert [(where.ssm_path, where.vault_url) for where in asked] == [("/jarvis", "https://vault.example.com:8200")]
    assert "canary" not in repr(asked)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("telegramm.token", "canary", "Store: there is no setting telegramm.token"),
        ("telegram.tokn", "canary", "telegram.tokn (JARVIS_TELEGRAM__TOKN): there is no such setting"),
        ("telegram.token", "canary", "telegram.token (JARVIS_TELEGRAM__TOKEN): a bot's token is"),
        ("telegram.admins", "canary", "JARVIS_TELEGRAM__ADMINS is not JSON"),
        ("secrets.vault_token", "canary", "Store: secrets.vault_token: where secrets are read cannot itself be kept"),
        ("rentprog.keys.no-town.hook_secret", "canary-of-a-hook", "rentprog.keys names no-town, which is no branch"),
        ("rentprog.keys.old-town.hook_secret", "canary", "a hook secret needs at least 16 characters"),
        ("rentprog.keys.old-town.hook_secret", '["canary', "a list of secrets is a JSON list of texts"),
    ],
)
def test_a_wrong_name_or_value_in_a_store_is_one_line_without_the_value(name: str, value: str, said: str):
    Path("config.yaml").write_text(BRANCH, encoding="utf-8")
    assert said in wrong(Kept({name: value}))


def test_a_store_that_refuses_is_one_line():
    assert wrong(Refusing({})) == "Store: refused (403)"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"VAULT_URL": "https://vault"}, "vault_url needs either vault_token, or vault_role_id and vault_secret_id"),
        ({"VAULT_URL": "https://vault", "VAULT_ROLE_ID": "r"}, "vault_url needs either"),
        (
            {"VAULT_URL": "https://vault", "VAULT_TOKEN": "canary", "VAULT_ROLE_ID": "r", "VAULT_SECRET_ID": "canary"},
            "vault_url needs either",
        ),
        ({"VAULT_URL": "https://u:canary@vault", "VAULT_TOKEN": "canary"}, "secrets.vault_url"),
        ({"VAULT_URL": "https://vault", "VAULT_TOKEN": "canary of two words"}, "secrets.vault_token"),
        ({"SSM_PATH": "jarvis"}, "secrets.ssm_path (JARVIS_SECRETS__SSM_PATH)"),
    ],
)
def test_where_secrets_are_is_checked_too(monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str], said: str):
    for name, value in given.items():
        monkeypatch.setenv(f"JARVIS_SECRETS__{name}", value)
    assert said in wrong()


@pytest.mark.parametrize("code", ["old-town", "old_town"])
def test_each_key_of_a_branch_may_stand_by_itself(code: str):
    Path("config.yaml").write_text(BRANCH, encoding="utf-8")
    [branch] = load(Kept({f"rentprog.keys.{code}.company_token": "of-the-store"})).rentprog.branches
    assert branch.company_token is not None
    assert branch.company_token.get_secret_value() == "of-the-store"
    assert [secret.get_secret_value() for secret in branch.hook_secret] == ["of-the-file-00000"]


@pytest.mark.parametrize(
    ("held", "secrets"),
    [
        ("new-secret-of-hook", ["new-secret-of-hook"]),
        ('["new-secret-of-hook", "old-secret-of-hook"]', ["new-secret-of-hook", "old-secret-of-hook"]),
    ],
)
def test_a_hook_secret_in_a_store_is_one_text_or_a_list(held: str, secrets: list[str]):
    Path("config.yaml").write_text(BRANCH, encoding="utf-8")
    [branch] = load(Kept({"rentprog.keys.old-town.hook_secret": held})).rentprog.branches
    assert [secret.get_secret_value() for secret in branch.hook_secret] == secrets


def test_keys_may_be_variables(monkeypatch: pytest.MonkeyPatch):
    Path("config.yaml").write_text(BRANCH, encoding="utf-8")
    monkeypatch.setenv("JARVIS_RENTPROG__KEYS__OLD_TOWN__HOOK_SECRET", "of-the-variable-0")
    [branch] = load().rentprog.branches
    assert [secret.get_secret_value() for secret in branch.hook_secret] == ["of-the-variable-0"]

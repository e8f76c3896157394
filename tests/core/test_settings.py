"""Settings come from a file and the environment; each wrong one is one readable line that names it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import WrongSettings, load_settings

BRANCH = '{"code": "old-town", "name": "Old Town", "company_id": 7}'


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No settings of the machine that runs the tests; what a test's secret files set is forgotten."""
    monkeypatch.chdir(tmp_path)
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("JARVIS_")]:
        del os.environ[name]
    yield
    os.environ.clear()
    os.environ.update(before)


def config(text: str, path: Path = Path("config.yaml")) -> None:
    path.write_text(text, encoding="utf-8")


def test_without_any_setting_jarvis_has_its_defaults():
    settings = load_settings()
    assert settings.http.port == 8080
    assert settings.database_url is None
    assert settings.rentprog.branches == ()


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("JARVIS_HTTP__PORT", "70000", "http.port (JARVIS_HTTP__PORT)"),
        ("JARVIS_HTTP__PORT", "eighty", "http.port (JARVIS_HTTP__PORT)"),
        ("JARVIS_HTTP__PROT", "80", "http.prot (JARVIS_HTTP__PROT): there is no such setting"),
        ("JARVIS_LOG_LEVEL", "loud", "log_level (JARVIS_LOG_LEVEL)"),
        ("JARVIS_DATABASE_URL", "mysql://host/db", "database_url (JARVIS_DATABASE_URL)"),
        ("JARVIS_REDIS_URL", "localhost:6379", "redis_url (JARVIS_REDIS_URL)"),
        ("JARVIS_STORAGE_URL", "ftp://host/folder", "storage_url (JARVIS_STORAGE_URL)"),
        ("JARVIS_TELEGRAM__TOKEN", "no token at all", "telegram.token (JARVIS_TELEGRAM__TOKEN)"),
        ("JARVIS_RENTPROG__BRANCHES", "[{broken", "JARVIS_RENTPROG__BRANCHES is not JSON"),
        ("JARVIS_TELEGRAM__ADMINS", "1,2", "JARVIS_TELEGRAM__ADMINS is not JSON"),
        ("JARVIS_RENTPROG__BRANCHES", '[{"code": "a-b", "name": "A", "company_id": -7}]', "branches.0.company_id"),
        ("JARVIS_RENTPROG__BRANCHES", '[{"code": "A B", "name": "A", "company_id": 7}]', "branches.0.code"),
        ("JARVIS_RENTPROG__BRANCHES", f"[{BRANCH}, {BRANCH}]", "two branches share one code"),
        (
            "JARVIS_RENTPROG__BRANCHES",
            f"[{BRANCH}, {BRANCH.replace('old-town', 'new-town')}]",
            "two branches share one company_id",
        ),
        ("JARVIS_RENTPROG__BRANCHES", f'[{BRANCH[:-1]}, "hook_secret": "short"}}]', "branches.0.hook_secret"),
        ("JARVIS_RENTPROG__BRANCHES", f'[{BRANCH[:-1]}, "timezone": "Mars/Base"}}]', "branches.0.timezone"),
        ("JARVIS_RENTPROG__RECONCILE_CRON", "every day", "rentprog.reconcile_cron (JARVIS_RENTPROG__RECONCILE_CRON)"),
        ("JARVIS_RENTPROG__RECONCILE_CRON", "0 0 31 2 *", "rentprog.reconcile_cron"),
        ("JARVIS_MONITORING__WORK_START", "9", "monitoring.work_start (JARVIS_MONITORING__WORK_START)"),
        ("JARVIS_MONITORING__WORK_START", "21:00", "work_start 21:00 is not before work_end 20:00"),
        ("JARVIS_WEB__TOKEN", "short", "web.token (JARVIS_WEB__TOKEN)"),
        ("JARVIS_CONFIG", "nowhere.yaml", "JARVIS_CONFIG names nowhere.yaml, which is not a file"),
        ("JARVIS_TELEGRAM__TOKEN_FILE", "nowhere", "JARVIS_TELEGRAM__TOKEN_FILE: cannot read nowhere"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(monkeypatch: pytest.MonkeyPatch, name: str, value: str, named: str):
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings) as told:
        load_settings()
    assert named in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("http:\n  port: 8081\n  prot: 8082\n", "http.prot"),
        ("rentporg:\n  timeout_s: 5\n", "rentporg"),
        ("http: [8081]\n", "http (JARVIS_HTTP)"),
        ("telegram:\n  token: 'never closed\n", "config.yaml cannot be read: line 3, column 1"),
        ("- a\n- list\n", "config.yaml cannot be read"),
        ("only a text", "config.yaml cannot be read"),
    ],
)
def test_a_wrong_file_is_one_line_that_names_the_place(text: str, named: str):
    config(text)
    with pytest.raises(WrongSettings) as told:
        load_settings()
    assert named in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JARVIS_RENTPROG__BRANCHES", '[{"code": "a-b", "company_token": "canary-of-a-token", }]'),
        ("JARVIS_RENTPROG__BRANCHES", '[{"code": 7, "company_token": "canary-of-a-token"}]'),
        ("JARVIS_DATABASE_URL", "mysql://user:canary-of-a-token@host/db"),
        ("JARVIS_WEB__TOKEN", "canary-of-a-tok"),
    ],
)
def test_a_line_about_a_wrong_setting_tells_no_secret(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings) as told:
        load_settings()
    assert "canary" not in str(told.value)


def test_a_line_about_a_broken_file_tells_no_secret():
    config("telegram:\n  token: 'canary-of-a-token\n")
    with pytest.raises(WrongSettings) as told:
        load_settings()
    assert "canary" not in str(told.value)


def test_several_wrong_settings_are_counted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JARVIS_HTTP__PORT", "70000")
    monkeypatch.setenv("JARVIS_LOG_LEVEL", "loud")
    with pytest.raises(WrongSettings, match=r"\(and 1 more\)"):
        load_settings()


def test_the_environment_overlays_the_file_key_by_key(monkeypatch: pytest.MonkeyPatch):
    config("http:\n  port: 8081\n  host: 0.0.0.0\n")
    monkeypatch.setenv("JARVIS_HTTP__PORT", "8082")
    assert (load_settings().http.port, load_settings().http.host) == (8082, "0.0.0.0")


def test_the_file_is_where_the_variable_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    config("http:\n  port: 8081\n")
    config("http:\n  port: 8083\n", tmp_path / "other.yaml")
    monkeypatch.setenv("JARVIS_CONFIG", str(tmp_path / "other.yaml"))
    assert load_settings().http.port == 8083


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JARVIS_DATABASE_URL", "")
    assert load_settings().database_url is None


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    config("12345678:from-a-file\n", tmp_path / "token")
    monkeypatch.setenv("JARVIS_TELEGRAM__TOKEN_FILE", str(tmp_path / "token"))
    token = load_settings().telegram.token
    assert token is not None
    assert token.get_secret_value() == "12345678:from-a-file"


def test_a_secret_that_is_set_wins_over_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    config("12345678:from-a-file", tmp_path / "token")
    monkeypatch.setenv("JARVIS_TELEGRAM__TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("JARVIS_TELEGRAM__TOKEN", "12345678:set")
    token = load_settings().telegram.token
    assert token is not None
    assert token.get_secret_value() == "12345678:set"


def test_a_secret_file_that_is_no_text_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "token").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setenv("JARVIS_TELEGRAM__TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(WrongSettings, match="JARVIS_TELEGRAM__TOKEN_FILE"):
        load_settings()


def test_the_text_of_settings_hides_their_secrets(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JARVIS_TELEGRAM__TOKEN", "12345678:canary")
    monkeypatch.setenv("JARVIS_DATABASE_URL", "postgresql://user:canary@host/db")
    assert "canary" not in repr(load_settings())


def test_one_admin_may_be_written_as_a_number(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JARVIS_TELEGRAM__ADMINS", "42")
    assert load_settings().telegram.admins == (42,)


def test_a_branch_is_found_by_its_code_and_by_its_company_and_never_guessed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JARVIS_RENTPROG__BRANCHES", f"[{BRANCH}]")
    rentprog = load_settings().rentprog
    branch = rentprog.branch("old-town")
    assert branch is not None
    assert branch.company_id == 7
    assert rentprog.branch_of_company(7) == "old-town"
    assert rentprog.branch("elsewhere") is None
    assert rentprog.branch_of_company(8) is None


def test_a_branch_may_have_two_hook_secrets_during_a_rotation(monkeypatch: pytest.MonkeyPatch):
    old, new = "old-secret-of-the-hook", "new-secret-of-the-hook"
    monkeypatch.setenv("JARVIS_RENTPROG__BRANCHES", f'[{BRANCH[:-1]}, "hook_secret": ["{old}", "{new}"]}}]')
    [branch] = load_settings().rentprog.branches
    assert [secret.get_secret_value() for secret in branch.hook_secret] == [old, new]

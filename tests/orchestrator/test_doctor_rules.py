"""What the doctor makes of the facts: the rules without a server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from core.settings import Settings, load_settings
from orchestrator.doctor import Diagnosis, examine, given_settings
from orchestrator.doctor.diagnosis import apart, skew_of
from orchestrator.doctor.disks import room_on
from orchestrator.doctor.given import ELSEWHERE, Given
from orchestrator.doctor.postgres import connections, durability, writable
from orchestrator.doctor.redis_server import eviction, persistence

POSTGRES = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "is_standby": False,
    "read_only": "off",
    "places": 100,
    "taken": 12,
}
REDIS = {"maxmemory_policy": "noeviction", "used_memory": 2_000_000, "maxmemory": 0, "aof_enabled": 1}


def test_a_server_as_it_should_be_has_nothing_to_mend() -> None:
    rules = [durability(POSTGRES), writable(POSTGRES), connections(POSTGRES), eviction(REDIS), persistence(REDIS)]
    found = [*rules, room_on("home", 100 * 10**9, 50 * 10**9), skew_of("clock", timedelta(seconds=1), "Telegram's")]
    assert [diagnosis for diagnosis in found if not diagnosis.is_well or diagnosis.mend] == []


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_postgres_that_may_lose_commits_is_named(name: str) -> None:
    found = durability(POSTGRES | {name: "off"})
    assert f"{name} is off" in found.text
    assert "postgresql.conf" in found.mend


@pytest.mark.parametrize(
    ("found", "text", "mend"),
    [
        (writable(POSTGRES | {"is_standby": True}), "standby", "database_url"),
        (writable(POSTGRES | {"read_only": "on"}), "read-only", "default_transaction_read_only"),
        (connections(POSTGRES | {"taken": 90}), "90 of 100", "max_connections"),
        (eviction(REDIS | {"maxmemory_policy": "allkeys-lru"}), "allkeys-lru", "noeviction"),
        (eviction(REDIS | {"maxmemory": 2_000_001}), "2000000 of 2000001", "maxmemory"),
        (persistence(REDIS | {"rdb_last_bgsave_status": "err"}), "rdb_last_bgsave_status", "disk space"),
        (persistence(REDIS | {"aof_last_write_status": "err"}), "aof_last_write_status", "disk space"),
        (room_on("home", 100 * 10**9, 4 * 10**9), "4.0 GB of 100.0 GB", "room"),
        (room_on("home", 10 * 10**9, 9 * 10**8), "0.9 GB", "room"),
        (skew_of("clock", timedelta(seconds=9), "Telegram's"), "9 s apart from Telegram's", "NTP"),
    ],
)
def test_what_is_wrong_is_named_with_its_mend(found: Diagnosis, text: str, mend: str) -> None:
    assert not found.is_well
    assert text in found.text
    assert mend in found.mend


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("12:00:05", 0), ("12:00:00", 4), ("12:00:04", 0), ("12:00:09", 2)],
    ids=["between", "behind", "cut to a second", "ahead"],
)
def test_the_time_that_the_question_took_is_no_skew(told: str, seconds: int) -> None:
    """Asked at 12:00:05, answered at 12:00:07 of our clock."""
    moment = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)
    hours, minutes, second = (int(part) for part in told.split(":"))
    other = moment.replace(hour=hours, minute=minutes, second=second)
    skew = apart(other, asked=moment, answered=moment + timedelta(seconds=2), precision=timedelta(seconds=1))
    assert skew == timedelta(seconds=seconds)


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """Settings from a file, from a variable, from a file of a secret, and from nowhere."""
    (tmp_path / "config.yaml").write_text(
        "work: {concurrency: 4}\n"
        "rentprog: {branches: [{code: tbilisi, name: Tbilisi, company_id: 7, company_token: invented-of-the-file}]}\n"
    )
    (tmp_path / "token").write_text("123:invented-token\n")
    monkeypatch.setenv("JARVIS_CONFIG", str(tmp_path / "config.yaml"))
    monkeypatch.setenv("JARVIS_HTTP__PORT", "9999")
    monkeypatch.setenv("JARVIS_TELEGRAM__TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("JARVIS_DATABASE_URL", "postgresql://jarvis:invented-password@db.example/jarvis?sslmode=require")
    return load_settings()


def by_name(settings: Settings) -> dict[str, Given]:
    return {given.name: given for given in given_settings(settings)}


def test_each_setting_tells_where_it_was_given(configured: Settings, tmp_path: Path) -> None:
    given = by_name(configured)
    config = str(tmp_path / "config.yaml")
    assert (given["work.concurrency"].value, given["work.concurrency"].source) == ("4", config)
    assert (given["http.port"].value, given["http.port"].source) == ("9999", "JARVIS_HTTP__PORT")
    assert given["telegram.token"].source == f"file {tmp_path / 'token'}"
    assert given["rentprog.branches.tbilisi.company_id"].source == config
    assert given["work.lease_s"].source == "default"


def test_a_value_that_no_variable_and_no_file_names_came_from_elsewhere(configured: Settings) -> None:
    changed = configured.model_copy(update={"work": configured.work.model_copy(update={"lease_s": 31.0})})
    assert by_name(changed)["work.lease_s"].source == ELSEWHERE


def test_no_setting_shows_a_secret(configured: Settings) -> None:
    lines = "\n".join(given.line() for given in given_settings(configured))
    assert "invented" not in lines
    assert "database_url = postgresql://***@db.example/jarvis  (JARVIS_DATABASE_URL)" in lines
    assert "telegram.token = set" in lines
    assert "rentprog.branches.tbilisi.company_token = set" in lines


def test_every_setting_is_told(configured: Settings) -> None:
    def names(section: BaseModel, above: str = "") -> set[str]:
        found: set[str] = set()
        for name in type(section).model_fields:
            value = getattr(section, name)
            found |= names(value, f"{above}{name}.") if isinstance(value, BaseModel) else {f"{above}{name}"}
        return found

    told = by_name(configured).keys()
    assert names(configured) - told == {"rentprog.branches"}  # each branch has names of its own


async def test_an_armed_failpoint_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JARVIS_FAILPOINT", "worker.in_think")
    found = {diagnosis.name: diagnosis for diagnosis in await examine(Settings(home=tmp_path))}
    assert "JARVIS_FAILPOINT" in found["failpoint"].mend

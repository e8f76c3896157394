"""The embedded servers start, stop, survive a kill and come back on the same data, wherever JARVIS_HOME is."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from core.settings import Settings, WrongSettings
from orchestrator.embedded import EmbeddedPostgres, EmbeddedRedis, HomeLock, running_postgres
from orchestrator.servers import given_servers, servers

NO_SERVERS = Settings(database_url=None, redis_url=None)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that every user may enter: pytest closes its own to others, and Postgres refuses to run as root."""
    with tempfile.TemporaryDirectory(prefix="jarvis-home-") as folder:
        yield Path(folder)


@contextmanager
def at_work(server: EmbeddedPostgres) -> Iterator[str]:
    try:
        yield server.start()
    finally:
        server.stop()


def run(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("place", ["home", "a home with spaces & 'quotes'", "/".join(["long" * 12] * 3)])
def test_postgres_stops_and_comes_back_on_the_same_data(home: Path, place: str):
    data = home / place / "postgres"
    with at_work(EmbeddedPostgres(data)) as url:
        run(url, "CREATE TABLE kept (n int)")
        run(url, "INSERT INTO kept VALUES (7)")
        assert running_postgres(data) == url
    assert running_postgres(data) is None
    with at_work(EmbeddedPostgres(data)) as url:
        assert run(url, "SELECT n FROM kept") == [(7,)]


def test_postgres_that_was_killed_recovers_what_was_committed(home: Path):
    data = home / "postgres"
    with at_work(EmbeddedPostgres(data)) as url:
        run(url, "CREATE TABLE kept (n int)")
        run(url, "INSERT INTO kept VALUES (7)")
        os.kill(_postmaster(data), signal.SIGKILL)
        assert run(EmbeddedPostgres(data).start(), "SELECT n FROM kept") == [(7,)]


def test_postgres_of_a_jarvis_that_was_killed_is_taken_over(home: Path):
    data = home / "postgres"
    with at_work(EmbeddedPostgres(data)) as url:
        first = _postmaster(data)
        assert EmbeddedPostgres(data).start() == url
        assert _postmaster(data) == first


def test_a_process_that_got_the_number_of_a_dead_postgres_is_not_taken_for_it(home: Path):
    data = home / "postgres"
    with at_work(EmbeddedPostgres(data)):
        pid_file = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *pid_file[1:]]) + "\n", encoding="utf-8")
    assert running_postgres(data) is None
    with at_work(EmbeddedPostgres(data)) as url:
        assert run(url, "SELECT 1") == [(1,)]


def test_a_first_start_that_was_killed_half_way_is_made_anew(home: Path):
    half_made = home / "postgres.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n", encoding="utf-8")
    with at_work(EmbeddedPostgres(home / "postgres")) as url:
        assert run(url, "SHOW max_connections") == [("200",)]
    assert not half_made.exists()


def _postmaster(data: Path) -> int:
    return int((data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])


@pytest.mark.parametrize("place", ["home", "a home with spaces", "/".join(["long" * 12] * 3)])
def test_redis_starts_answers_and_stops(home: Path, place: str):
    server = EmbeddedRedis(home / place)
    url = server.start()
    with redis.Redis.from_url(url) as client:
        assert client.ping()
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("save") == {"save": ""}
    server.stop()
    with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_a_redis_whose_jarvis_was_killed_is_ended_by_the_next(home: Path):
    orphaned = EmbeddedRedis(home)
    orphaned.start()
    assert orphaned._process is not None
    heir = EmbeddedRedis(home)
    url = heir.start()
    assert orphaned._process.wait(timeout=10) == 0
    with redis.Redis.from_url(url) as client:
        assert client.ping()
    heir.stop()


def test_a_redis_that_cannot_start_is_one_line(home: Path, monkeypatch: pytest.MonkeyPatch):
    broken = home / "redis-server"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{home}:{os.environ['PATH']}")
    with pytest.raises(WrongSettings, match="exit code 3"):
        EmbeddedRedis(home / "home").start()


def test_a_second_jarvis_on_one_home_is_refused_until_the_first_ends(home: Path):
    first = HomeLock(home)
    first.take()
    with pytest.raises(WrongSettings, match=f"another jarvis already runs on {home}"):
        HomeLock(home).take()
    first.release()
    second = HomeLock(home)
    second.take()
    second.release()


def test_the_home_of_a_jarvis_that_was_killed_is_free(home: Path):
    script = (
        "import os, signal, sys; from pathlib import Path; from orchestrator.embedded import HomeLock; "
        "HomeLock(Path(sys.argv[1])).take(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(home)], check=False)
    assert ended.returncode == -signal.SIGKILL
    heir = HomeLock(home)
    heir.take()
    heir.release()


def test_a_home_that_cannot_be_written_is_one_line_that_names_the_setting(home: Path):
    (home / "file").touch()
    with pytest.raises(WrongSettings, match=r"home \(JARVIS_HOME\)"):
        HomeLock(home / "file" / "home")


async def test_what_is_not_given_by_url_is_embedded_and_gone_afterwards(home: Path):
    settings = NO_SERVERS.model_copy(update={"home": home})
    before = set(psutil.pids())
    async with servers(settings) as found:
        assert run(found.database_url, "SELECT 1") == [(1,)]
        with redis.Redis.from_url(found.redis_url) as client:
            assert client.ping()
        assert found.storage_url == (home / "storage").as_uri()
        with pytest.raises(WrongSettings, match="another jarvis"):
            async with servers(settings):
                raise AssertionError("a second one started")
    assert running_postgres(home / "postgres") is None
    names = {_name(pid) for pid in set(psutil.pids()) - before}
    assert str(home) not in "".join(names)


def _name(pid: int) -> str:
    try:
        return " ".join(psutil.Process(pid).cmdline())
    except psutil.NoSuchProcess:
        return ""


async def test_given_urls_are_used_as_they_are_and_need_no_home(home: Path):
    settings = Settings.model_validate(
        {
            "home": home / "untouched",
            "database_url": "postgresql://db/jarvis",
            "redis_url": "redis://cache",
            "storage_url": "s3://bucket",
        }
    )
    async with servers(settings) as found:
        assert found == given_servers(settings)
    assert (found.database_url, found.redis_url, found.storage_url) == (
        *("postgresql://db/jarvis", "redis://cache", "s3://bucket"),
    )
    assert not (home / "untouched").exists()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, r"database_url \(JARVIS_DATABASE_URL\)"),
        ({"database_url": "postgresql://db/jarvis"}, r"redis_url \(JARVIS_REDIS_URL\)"),
    ],
)
def test_a_single_role_must_be_told_where_the_shared_servers_are(given: dict[str, str], named: str):
    with pytest.raises(WrongSettings, match=named):
        given_servers(Settings.model_validate(given))

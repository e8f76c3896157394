"""What every test may ask for: a migrated database of its own on a real Postgres, and a real Redis.

The databases are used as in production, by a role that owns nothing: a right that is missing fails a test.
"""

import os
import shutil
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from core.ids import new_id
from db.migrate import upgrade
from db.rights import APP_ROLE, as_role, make_roles
from db.session import Database
from orchestrator.embedded import EmbeddedPostgres, EmbeddedRedis

# A slow machine fails no test, and a change is judged by itself: the same examples every time. Whoever wants to look
# further asks for new ones: make test ARGS=--hypothesis-profile=explore
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("house", settings.get_profile("explore"), derandomize=True)
settings.load_profile("house")

APP_PASSWORD = "invented-for-tests"
IN_MEMORY = Path("/dev/shm")
ROOM_FOR_SERVERS = 2 * 1024**3
"""Bytes that must be free there: a server with the databases of one test, for each process of the run."""


@pytest.fixture(scope="session", autouse=True)
def certificates_read_once() -> Iterator[None]:
    """Nothing here speaks TLS to the world, yet each client would read all certificates: 25 ms of a processor."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


def place_of_servers() -> Path:
    """A database is made and dropped for each test that asks; where there is room, without writing to a disk."""
    has_room = os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM_FOR_SERVERS
    return IN_MEMORY if has_room else Path(tempfile.gettempdir())


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real server (JARVIS_TEST_DATABASE_URL, else the embedded one) with a migrated template.

    Its user owns everything and may make databases and roles.
    """
    given = os.environ.get("JARVIS_TEST_DATABASE_URL")
    with tempfile.TemporaryDirectory(prefix="jarvis-pg-", dir=place_of_servers()) as home:
        server = None if given else EmbeddedPostgres(Path(home) / "postgres", is_durable=False)
        url = given or server.start()
        make_roles(url, password=APP_PASSWORD)
        template = f"template_{new_id().hex}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {template}")
        upgrade(database_url(url, template))
        os.environ["JARVIS_TEST_TEMPLATE"] = template
        yield url
        if server is not None:
            server.stop()


def database_url(url: str, name: str) -> str:
    return psycopg.conninfo.make_conninfo(url, dbname=name) if "://" not in url else _replace_path(url, name)


def _replace_path(url: str, name: str) -> str:
    before, _, query = url.partition("?")
    scheme, _, rest = before.partition("://")
    host, _, _ = rest.partition("/")
    return f"{scheme}://{host}/{name}" + (f"?{query}" if query else "")


@pytest.fixture
def owner_url(postgres: str) -> Iterator[str]:
    """A fresh migrated database as the owner of its tables."""
    with fresh_database(postgres) as url:
        yield url


@contextmanager
def fresh_database(postgres: str) -> Iterator[str]:
    """A migrated database of its own, dropped afterwards; for fixtures that live longer than a test."""
    name = f"test_{new_id().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {os.environ['JARVIS_TEST_TEMPLATE']} STRATEGY FILE_COPY")
    yield database_url(postgres, name)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_url(postgres: str) -> Iterator[str]:
    """A database with nothing in it."""
    name = f"empty_{new_id().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield database_url(postgres, name)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def db_url(owner_url: str) -> str:
    """The same database as the application, which every process of Jarvis works as."""
    return as_role(owner_url, APP_ROLE, password=APP_PASSWORD)


@pytest.fixture
async def db(db_url: str) -> AsyncIterator[Database]:
    database = Database(db_url, pool_size=5)
    yield database
    await database.close()


@pytest.fixture
def as_owner(owner_url: str) -> Callable[[str], None]:
    """Runs a statement that the application may not: changing tables, or history."""

    def execute(statement: str) -> None:
        with psycopg.connect(owner_url, autocommit=True) as connection:
            connection.execute(statement.encode())

    return execute


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The address of a real Redis (JARVIS_TEST_REDIS_URL, else the embedded one)."""
    given = os.environ.get("JARVIS_TEST_REDIS_URL")
    with tempfile.TemporaryDirectory(prefix="jarvis-redis-") as home:
        server = None if given else EmbeddedRedis(Path(home))
        yield given or server.start()
        if server is not None:
            server.stop()


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The server, emptied."""
    import redis

    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server

"""The application works as a role that owns nothing, and that can add to the audit but never rewrite it."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from core.ids import new_id
from core.settings import WrongSettings
from db import rights
from db.migrate import upgrade
from db.session import Database
from tests.conftest import APP_PASSWORD

HISTORY = "INSERT INTO audit (at, actor, action, subject, previous_hash, hash) VALUES (now(), 'a', 'b', 'c', '0', '1')"


@pytest.fixture
def app(db_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(db_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def reader(owner_url: str) -> Iterator[psycopg.Connection]:
    url = rights.as_role(owner_url, rights.READ_ROLE, password=APP_PASSWORD)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


async def faults(url: str) -> tuple[str, ...]:
    db = Database(url)
    try:
        async with db.transaction() as tx:
            return (await rights.faults_of_user(tx))[1]
    finally:
        await db.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'staff:2'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "ALTER TABLE audit ADD COLUMN more text",
        "DROP TABLE audit",
        "DROP TABLE events CASCADE",
        "TRUNCATE events CASCADE",
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "ALTER TABLE runs OWNER TO CURRENT_USER",
        "CREATE TABLE mine (n int)",
        "CREATE INDEX ON events (trust)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "UPDATE alembic_version SET version_num = '0000'",
        "DELETE FROM alembic_version",
        "CREATE ROLE another",
    ],
)
def test_the_application_cannot_change_tables_or_rewrite_history(app: psycopg.Connection, statement: str):
    app.execute(HISTORY)
    with pytest.raises(InsufficientPrivilege):
        app.execute(statement.encode())


def test_the_application_adds_to_the_audit_and_reads_it(app: psycopg.Connection):
    app.execute(HISTORY)
    assert app.execute("SELECT actor FROM audit").fetchall() == [("a",)]


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
def test_not_even_the_owner_rewrites_history_by_mistake(as_owner: Callable[[str], None], statement: str):
    with pytest.raises(InsufficientPrivilege, match="the audit is only appended to"):
        as_owner(statement)


def test_the_application_works_with_every_other_table(app: psycopg.Connection):
    names = [name for (name,) in app.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    assert len(names) > 20
    lacking = [
        (name, verb)
        for name in names
        for verb in sorted(rights.wanted(rights.APP_ROLE, name))
        if app.execute("SELECT has_table_privilege(%s, %s)", (name, verb)).fetchone() != (True,)
    ]
    assert lacking == []


def test_a_reader_reads_everything_and_writes_nothing(reader: psycopg.Connection):
    assert reader.execute("SELECT count(*) FROM people").fetchone() == (0,)
    with pytest.raises(InsufficientPrivilege):
        reader.execute("DELETE FROM people")


async def test_the_user_of_the_application_has_no_fault(db_url: str):
    assert await faults(db_url) == ()


async def test_a_superuser_is_told_from_the_application(owner_url: str):
    assert await faults(owner_url) == ("is a superuser",)


async def test_an_owner_and_whoever_may_become_one_are_told_from_the_application(
    db_url: str, as_owner: Callable[[str], None]
):
    owner = f"owner_{new_id().hex}"
    as_owner(f"CREATE ROLE {owner} NOLOGIN")
    as_owner(f"ALTER TABLE runs OWNER TO {owner}")
    as_owner(f"GRANT {owner} TO jarvis_app WITH INHERIT FALSE, SET TRUE")
    found = await faults(db_url)
    as_owner(f"ALTER TABLE runs OWNER TO CURRENT_USER; DROP ROLE {owner}")
    assert found == ("owns tables",)


async def test_rights_that_were_given_or_taken_by_hand_are_told(db_url: str, as_owner: Callable[[str], None]):
    as_owner("GRANT UPDATE ON audit TO jarvis_app")
    as_owner("REVOKE DELETE ON events FROM jarvis_app")
    assert await faults(db_url) == ("may UPDATE audit", "may not DELETE events")


async def test_an_upgrade_mends_rights_also_where_no_migration_is_missing(
    owner_url: str, db_url: str, as_owner: Callable[[str], None]
):
    as_owner("GRANT ALL ON audit TO jarvis_app")
    as_owner("REVOKE ALL ON runs FROM jarvis_app")
    as_owner("GRANT CREATE ON SCHEMA public TO PUBLIC")
    upgrade(owner_url)
    assert await faults(db_url) == ()


async def test_a_table_of_a_later_migration_is_open_to_the_application(
    owner_url: str, db_url: str, as_owner: Callable[[str], None]
):
    as_owner("CREATE TABLE later (n int)")
    assert "may not INSERT later" in await faults(db_url)
    upgrade(owner_url)
    assert await faults(db_url) == ()


def test_the_application_may_ask_for_an_upgrade_when_nothing_is_missing(db_url: str):
    upgrade(db_url)


def test_an_upgrade_by_somebody_else_than_the_owner_names_the_setting(empty_url: str):
    with pytest.raises(WrongSettings, match="database_owner_url \\(JARVIS_DATABASE_OWNER_URL\\)"):
        upgrade(rights.as_role(empty_url, rights.APP_ROLE, password=APP_PASSWORD))


def test_an_upgrade_without_a_database_is_one_line():
    with pytest.raises(WrongSettings) as told:
        upgrade("postgresql://nobody:canary@127.0.0.1:1/none")
    assert "canary" not in str(told.value)
    assert "\n" not in str(told.value)

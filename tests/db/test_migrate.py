"""Migrations lay exactly the tables that the models describe, from nothing, by any number of processes at once."""

import subprocess
import sys
from typing import Any

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, create_engine, inspect

from db.migrate import current_revision, newest_revision, upgrade, upgrade_async
from db.models import METADATA
from db.session import Database, sqlalchemy_url


def differences(url: str) -> list[Any]:
    engine = create_engine(sqlalchemy_url(url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found = compare_metadata(context, METADATA)
    engine.dispose()
    return found


def constraints(url: str) -> dict[str, set[str]]:
    """Names of the checks and partial indexes, which a comparison of the metadata does not look into."""
    engine = create_engine(sqlalchemy_url(url))
    looking = inspect(engine)
    found = {table: {str(check["name"]) for check in looking.get_check_constraints(table)} for table in METADATA.tables}
    engine.dispose()
    return found


async def revision(url: str) -> str | None:
    db = Database(url)
    try:
        return await current_revision(db)
    finally:
        await db.close()


async def test_from_nothing_to_the_newest_revision(empty_url: str):
    assert await revision(empty_url) is None
    await upgrade_async(empty_url)
    assert await revision(empty_url) == newest_revision()


def test_the_migrated_tables_are_those_of_the_models(empty_url: str):
    upgrade(empty_url)
    assert differences(empty_url) == []


def test_the_checks_of_the_models_are_in_the_database(empty_url: str):
    upgrade(empty_url)
    wanted = {
        table.name: {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
        for table in METADATA.sorted_tables
    }
    assert constraints(empty_url) == wanted


def test_a_comparison_would_see_a_missing_column(empty_url: str):
    upgrade(empty_url)
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE events DROP COLUMN trust")
    assert [found[0] for found in differences(empty_url)] == ["add_column"]


def test_processes_that_start_together_migrate_once(empty_url: str):
    script = "import sys; from db.migrate import upgrade; upgrade(sys.argv[1])"
    starts = [subprocess.Popen([sys.executable, "-c", script, empty_url]) for _ in range(3)]
    assert [start.wait(timeout=60) for start in starts] == [0, 0, 0]
    assert differences(empty_url) == []


def test_a_migrated_database_is_left_as_it_is(db_url: str):
    upgrade(db_url)
    assert differences(db_url) == []

"""Jarvis works as a database user that owns no table, embedded or not; only migrations know the owner."""

import pytest

from core.settings import Settings
from db.migrate import newest_revision, upgrade_async
from db.rights import APP_ROLE, as_role, faults_of_user
from db.session import Database
from orchestrator.servers import servers
from tests.conftest import APP_PASSWORD
from tests.orchestrator.commands import jarvis, own_home


async def test_the_embedded_server_is_used_as_a_user_that_owns_no_table(redis_url: str):
    with own_home() as home:
        async with servers(Settings.model_validate({"home": home, "redis_url": redis_url})) as found:
            assert found.owner_url is not None
            await upgrade_async(found.owner_url)
            db = Database(found.database_url)
            async with db.transaction() as tx:
                assert await faults_of_user(tx) == (APP_ROLE, ())
            await db.close()


@pytest.fixture
def settings(empty_url: str) -> dict[str, str]:
    """Of an installation whose tables are not there yet."""
    app = as_role(empty_url, APP_ROLE, password=APP_PASSWORD)
    return {"JARVIS_DATABASE_URL": app, "JARVIS_DATABASE_OWNER_URL": empty_url}


def test_the_owner_lays_the_tables_and_the_application_looks_into_them(settings: dict[str, str]):
    said = jarvis("db", "upgrade", settings=settings)
    assert (said.code, said.err) == (0, "")
    assert said.out == f"the database stands at revision {newest_revision()}\n"
    assert jarvis("events", "list", settings=settings).code == 0


def test_the_application_cannot_lay_tables_and_says_which_setting_is_missing(settings: dict[str, str]):
    said = jarvis("db", "upgrade", settings={"JARVIS_DATABASE_URL": settings["JARVIS_DATABASE_URL"]})
    assert (said.code, said.out) == (2, "")
    [line] = said.err.splitlines()
    assert line.startswith("jarvis: database_owner_url (JARVIS_DATABASE_OWNER_URL): ")
    assert APP_PASSWORD not in line

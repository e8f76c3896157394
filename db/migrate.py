"""Bringing a database to this version's schema, and telling whether it is there."""

import asyncio
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg.errors import InsufficientPrivilege
from sqlalchemy.exc import DBAPIError

from core.settings import WrongSettings
from db.session import TRANSACTION_S, Database

_SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade(url: str) -> None:
    """Apply every migration that is missing, then the rights (db/rights.py), as the owner of the tables.

    Safe to call from several processes at once. Another user may call it too: it does nothing where nothing is missing.
    """
    try:
        command.upgrade(_config(url), "head")
    except DBAPIError as error:
        raise WrongSettings(_why_not(error.orig)) from None


async def upgrade_async(url: str) -> None:
    await asyncio.to_thread(upgrade, url)


@cache
def newest_revision() -> str:
    """The revision of this version, read from the scripts once."""
    revision = ScriptDirectory.from_config(_config("")).get_current_head()
    assert revision is not None
    return revision


def is_behind(revision: str | None) -> bool:
    """Whether a database at this revision lacks tables of this version; one of a newer version does not."""
    scripts = ScriptDirectory.from_config(_config(""))
    return revision is None or (
        revision != newest_revision() and revision in {script.revision for script in scripts.walk_revisions()}
    )


async def current_revision(database: Database, *, within_s: float = TRANSACTION_S) -> str | None:
    """The revision the database stands at; None when it was never migrated."""
    async with database.transaction(within_s=within_s) as tx:
        table = await tx.row("SELECT to_regclass('alembic_version') AS name")
        if table is None or table["name"] is None:
            return None
        row = await tx.row("SELECT version_num FROM alembic_version")
        return None if row is None else row["version_num"]


def _why_not(error: BaseException | None) -> str:
    reason = (str(error).splitlines() or [""])[0]
    if isinstance(error, InsufficientPrivilege):
        return f"database_owner_url (JARVIS_DATABASE_OWNER_URL): the tables are changed by their owner: {reason}"
    return f"the database cannot be brought to this version: {reason}"


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["url"] = url
    return config

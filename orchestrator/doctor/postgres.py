"""Postgres: whether it answers, keeps what it commits, has our tables, our rights and our time."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from core.settings import Settings
from db.migrate import current_revision, newest_revision
from db.queries import chats
from db.rights import APP_ROLE, as_role, faults_of_user
from db.session import Database
from orchestrator.doctor.diagnosis import Diagnosis, apart, ill, skew_of, well
from orchestrator.embedded import running_postgres

EMBEDDED = "embedded, starts and stops with `jarvis up`"
FULL = 0.8
"""Of max_connections: the next process would find no place."""

_SERVER = """
SELECT clock_timestamp() AS now, current_setting('server_version') AS version,
       pg_size_pretty(pg_database_size(current_database())) AS size,
       current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
       current_setting('synchronous_commit') AS synchronous_commit, pg_is_in_recovery() AS is_standby,
       current_setting('default_transaction_read_only') AS read_only,
       current_setting('max_connections')::int AS places,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS taken
"""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Database | None]:
    """The given database, or the embedded one when it runs; None when there is none to look at."""
    given, embedded = settings.database_url, running_postgres(settings.home / "postgres")
    url = given.get_secret_value() if given is not None else embedded and as_role(embedded, APP_ROLE)
    db = None if url is None else Database(url, pool_size=2, application_name="jarvis-doctor")
    try:
        yield db
    finally:
        if db is not None:
            await db.close()


async def look(db: Database | None) -> list[Diagnosis]:
    if db is None:
        return [well("database", f"{EMBEDDED}, which does not run now")]
    async with db.transaction() as tx:
        asked = datetime.now(UTC)
        row = await tx.row(_SERVER)
        answered = datetime.now(UTC)
    assert row is not None
    return [
        well("database", f"PostgreSQL {row['version'].split()[0]} answers, {row['size']}"),
        durability(row),
        writable(row),
        connections(row),
        await _revision(db),
        await _user(db),
        skew_of("clock", apart(row["now"], asked=asked, answered=answered), "the database's"),
    ]


def durability(row: Mapping[str, Any]) -> Diagnosis:
    """What is committed must survive a power cut; any of these switched off breaks promises G1 and G2."""
    off = [f"{name} is off" for name in ("fsync", "full_page_writes", "synchronous_commit") if row[name] == "off"]
    if off:
        mend = "set it to on in postgresql.conf (synchronous_commit: also of the role and the database) and reload"
        return ill("durability", f"{', '.join(off)}: a power cut loses what was answered with 2xx", mend)
    return well("durability", f"fsync, full_page_writes, synchronous_commit {row['synchronous_commit']}")


def writable(row: Mapping[str, Any]) -> Diagnosis:
    if row["is_standby"]:
        return ill("primary", "this is a standby: nothing can be written", "name the primary in database_url")
    if row["read_only"] == "on":
        mend = "ALTER DATABASE … SET default_transaction_read_only = off"
        return ill("primary", "transactions are read-only by default", mend)
    return well("primary", "can be written")


def connections(row: Mapping[str, Any]) -> Diagnosis:
    text = f"{row['taken']} of {row['places']} are taken"
    if row["taken"] > FULL * row["places"]:
        return ill("connections", text, "raise max_connections, lower work.database_pool, or put a pooler before it")
    return well("connections", text)


async def _revision(db: Database) -> Diagnosis:
    revision = await current_revision(db)
    if revision == newest_revision():
        return well("schema", f"stands at revision {revision}")
    return ill("schema", f"stands at revision {revision}, this version wants {newest_revision()}", "jarvis db upgrade")


async def _user(db: Database) -> Diagnosis:
    async with db.transaction() as tx:
        user, faults = await faults_of_user(tx)
    if not faults:
        return well("database user", f"{user} owns no table and can only add to the audit")
    first, *others = faults
    more = f" and {len(others)} more" if others else ""
    mend = f"connect as a member of {APP_ROLE}, name the owner in database_owner_url, then jarvis db upgrade"
    return ill("database user", f"{user} {first}{more}", mend)


async def forums(settings: Settings, db: Database | None) -> list[int]:
    """Chats of the forums that are bound to branches; none when the database cannot tell."""
    if db is None or await current_revision(db) is None:
        return []
    async with db.transaction() as tx:
        found = [await chats.forum_of(tx, branch.code) for branch in settings.rentprog.branches]
    return [forum.chat_id for forum in found if forum is not None]

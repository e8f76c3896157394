"""The database and its transactions: the only commit in Jarvis.

Return commits, raise rolls back. A transaction offers SQLAlchemy for the domain (``tx.execute``) and psycopg itself
for the circle's set-based statements (``tx.pg``); both speak on one connection, in one transaction.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import Executable, exc
from sqlalchemy.engine import CursorResult, Result, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from core.errors import Temporary
from db.storable import storable_json

STATEMENT_TIMEOUT_MS = 15_000
IDLE_IN_TRANSACTION_MS = 15_000
LOCK_TIMEOUT_MS = 10_000
TCP_USER_TIMEOUT_MS = 4_000
"""A black-holed connection is given up after this long; asyncio.timeout alone would wait for the socket."""

_RETRY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.AdminShutdown,
)


class Tx:
    """One open transaction. It never outlives its ``async with`` block, and no network call happens inside it."""

    def __init__(self, connection: AsyncConnection, pg: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection
        self.pg = pg

    async def execute(self, statement: Executable, parameters: Any = None) -> Result[Any]:
        return await self._connection.execute(statement, parameters)

    async def change(self, statement: Executable, parameters: Any = None) -> int:
        """Execute an insert, update or delete; returns the number of rows it touched."""
        result = await self._connection.execute(statement, parameters)
        return result.rowcount if isinstance(result, CursorResult) else 0

    async def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[dict[str, Any]]:
        """Rows of a hand-written statement (psycopg placeholders) as dicts."""
        async with self.pg.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(sql.encode(), parameters)
            return await cursor.fetchall() if cursor.description is not None else []

    async def row(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> dict[str, Any] | None:
        found = await self.rows(sql, parameters)
        return found[0] if found else None

    async def run(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        """Execute a hand-written statement; returns the number of rows it touched."""
        async with self.pg.cursor() as cursor:
            await cursor.execute(sql.encode(), parameters)
            return cursor.rowcount


class Database:
    """A pool of connections to one Postgres. Connection trouble leaves as ``Temporary``."""

    def __init__(self, url: str, *, pool_size: int = 10, application_name: str = "jarvis") -> None:
        self.url = url
        self._engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_pre_ping=False,
            json_serializer=storable_json,
            connect_args={
                "application_name": application_name,
                "connect_timeout": 5,
                "keepalives_idle": 5,
                "keepalives_interval": 2,
                "keepalives_count": 2,
                "tcp_user_timeout": TCP_USER_TIMEOUT_MS,
                "options": (
                    f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} "
                    f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS} -c timezone=UTC"
                ),
            },
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Commit at the end of the block, roll back when it raises."""
        try:
            async with self._engine.begin() as connection:
                raw = await connection.get_raw_connection()
                driver = raw.driver_connection
                assert isinstance(driver, psycopg.AsyncConnection)
                yield Tx(connection, driver)
        except exc.DBAPIError as error:
            if isinstance(error.orig, _RETRY) or error.connection_invalidated:
                raise Temporary(f"database: {_short(error.orig)}") from error
            raise
        except exc.TimeoutError as error:
            raise Temporary("database: every connection of the pool is busy") from error
        except _RETRY as error:
            raise Temporary(f"database: {_short(error)}") from error

    async def ping(self) -> None:
        async with self.transaction() as tx:
            await tx.rows("SELECT 1 AS one")

    async def close(self) -> None:
        await self._engine.dispose()


def sqlalchemy_url(url: str) -> str:
    """``postgresql://…`` (as people and providers write it) in SQLAlchemy's form with the psycopg driver."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _short(error: BaseException | None) -> str:
    return (str(error).splitlines() or [""])[0] or type(error).__name__

"""The database and its transactions: the only commit in Jarvis.

Return commits, raise rolls back. Statements are written by hand, set-based, and prepared by psycopg; SQLAlchemy only
describes the tables (db/models) and lets Alembic compare them with the migrations.
"""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy.engine import make_url

from core.errors import Temporary
from core.log import get_logger

log = get_logger(__name__)

STATEMENT_TIMEOUT_MS = 15_000
IDLE_IN_TRANSACTION_MS = 8_000
"""Shorter than LOCK_TIMEOUT_MS: who waits for a process that stands still gets its turn before giving up."""
LOCK_TIMEOUT_MS = 10_000
TCP_USER_TIMEOUT_MS = 4_000
"""A black-holed connection is given up after this long; asyncio.timeout alone would wait for the socket."""
NOTICE_A_DEAD_HOST = (
    "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2 -c tcp_user_timeout=9000"
)
"""For the server's end of a connection: what a host held that was cut off without a word is free after nine seconds,
not after two hours (an idle connection) or a quarter of an hour (one whose last answer is on its way)."""
POOL_TIMEOUT_S = 4.0
"""A caller learns within this time that Postgres is away; the fault matrix allows five seconds."""
RECONNECT_S = 4.0
"""For how long the pool tries to replace one lost connection, with jitter and ever longer pauses. The next use of the
pool begins anew with short ones, so that Jarvis is back soon after Postgres was away for long."""
TRANSACTION_S = 20.0
"""A transaction that is not over by then is given up. It is longer than STATEMENT_TIMEOUT_MS, by which a server that is
only slow ends it; whoever has promised an answer earlier gives ``within_s``."""

_LOST = (psycopg.OperationalError, psycopg.InterfaceError)
_RETRY = (
    *_LOST,
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.AdminShutdown,
    psycopg.errors.IdleInTransactionSessionTimeout,  # we were cut off, or stood still, for too long
    psycopg.errors.TransactionTimeout,
)
_SAID_BY_A_HEALTHY_CONNECTION = ("40", "53", "55")
"""Classes of errors that say nothing against the connection: rolled back, out of room, locked."""


class Tx:
    """One open transaction. It never outlives its ``async with`` block, and no network call happens inside it."""

    def __init__(self, pg: psycopg.AsyncConnection[Any]) -> None:
        self.pg = pg

    async def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[dict[str, Any]]:
        """Rows of a statement (psycopg placeholders) as dicts."""
        async with self.pg.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(sql.encode(), parameters)
            return await cursor.fetchall() if cursor.description is not None else []

    async def row(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> dict[str, Any] | None:
        found = await self.rows(sql, parameters)
        return found[0] if found else None

    async def run(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        """Execute a statement; returns the number of rows it touched."""
        async with self.pg.cursor() as cursor:
            await cursor.execute(sql.encode(), parameters)
            return cursor.rowcount


class Database:
    """A pool of connections to one Postgres, opened at its first use. Connection trouble leaves as ``Temporary``."""

    def __init__(self, url: str, *, pool_size: int = 10, application_name: str = "jarvis") -> None:
        self.url = libpq_url(url)
        self._opening = asyncio.Lock()
        self._forgot_at = float("-inf")
        self._pool: AsyncConnectionPool[psycopg.AsyncConnection[Any]] = AsyncConnectionPool(
            self.url,
            min_size=1,
            max_size=pool_size,
            open=False,
            timeout=POOL_TIMEOUT_S,
            max_idle=120,
            reconnect_timeout=RECONNECT_S,
            name=application_name,
            kwargs={
                "application_name": application_name,
                "connect_timeout": 5,
                "keepalives_idle": 5,
                "keepalives_interval": 2,
                "keepalives_count": 2,
                "tcp_user_timeout": TCP_USER_TIMEOUT_MS,
                "options": (
                    f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} "
                    f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS} -c timezone=UTC -c jit=off "
                    f"{NOTICE_A_DEAD_HOST}"
                ),
            },
        )

    @asynccontextmanager
    async def transaction(
        self, *, within_s: float = TRANSACTION_S, is_single: bool = False
    ) -> AsyncGenerator[Tx, None]:
        """Commit at the end of the block, roll back when it raises; after ``within_s`` it is over in any case.

        ``is_single`` is for a block of one statement: it commits by itself, which saves two steps to the server.
        """
        began = asyncio.get_running_loop().time()
        deadline = Deadline(within_s)
        try:
            await self._open()
            with deadline:
                async with self._connection(deadline, timeout_s=min(POOL_TIMEOUT_S, within_s)) as connection:
                    # Set anew for each block: one that failed leaves the connection as it was set for itself.
                    await connection.set_autocommit(is_single)
                    yield Tx(connection)
        except PoolTimeout as error:
            raise Temporary(
                f"database: no connection within {POOL_TIMEOUT_S:.0f} s: Postgres is away, or every connection is busy"
            ) from error
        except _RETRY as error:
            if isinstance(error, _LOST) and (error.sqlstate or "")[:2] not in _SAID_BY_A_HEALTHY_CONNECTION:
                await self._forget_connections(of_before=began)
            text = f"no answer within {within_s:.0f} s" if deadline.is_over else _short(error)
            raise Temporary(f"database: {text}") from error

    @asynccontextmanager
    async def _connection(
        self, deadline: "Deadline", *, timeout_s: float
    ) -> AsyncGenerator[psycopg.AsyncConnection[Any], None]:
        """One of the pool, which gets it back unless the deadline has cut it: its last answer may still have come."""
        connection = await self._pool.getconn(timeout=timeout_s)
        try:
            deadline.guard(connection)
            async with connection:
                yield connection
        finally:
            if deadline.is_over:
                await connection.close()
            await self._pool.putconn(connection)

    async def _open(self) -> None:
        if self._pool.closed:
            async with self._opening:
                await self._pool.open()

    async def _forget_connections(self, *, of_before: float) -> None:
        """One failure is enough to replace all connections, once for all who failed together.

        After a restart of Postgres every one is dead, and in a network that swallows everything none could say so.
        """
        if self._forgot_at < of_before:
            self._forgot_at = asyncio.get_running_loop().time()
            await self._pool.drain()

    async def ping(self) -> None:
        async with self.transaction() as tx:
            await tx.rows("SELECT 1 AS one")

    def pool_figures(self) -> dict[str, int]:
        """The pool's own counts (psycopg_pool, "pool stats"): connections open and idle, callers that waited."""
        return self._pool.get_stats()

    async def close(self) -> None:
        await self._pool.close()


class Deadline:
    """Ends a connection that is still in use after a time, by closing its socket under it.

    Cancelling alone would not do: psycopg then asks the server to end the statement, and waits for the answer.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.is_over = False

    def guard(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection
        if self.is_over:  # it came too late
            self._end()

    def check(self) -> None:
        """Raise when it is over: the connection is cut, also where its last answer still came."""
        if self.is_over:
            raise psycopg.OperationalError(f"no answer within {self._seconds:.0f} s")

    def __enter__(self) -> Self:
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._end)
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        if self._connection is None:
            return
        with suppress(psycopg.Error, OSError), socket.socket(fileno=os.dup(self._connection.fileno())) as its:
            its.shutdown(socket.SHUT_RDWR)


def libpq_url(url: str) -> str:
    """A URL as psycopg takes it, also when it names SQLAlchemy's driver."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def sqlalchemy_url(url: str) -> str:
    """``postgresql://…`` (as people and providers write it) in SQLAlchemy's form with the psycopg driver."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _short(error: BaseException | None) -> str:
    return (str(error).splitlines() or [""])[0] or type(error).__name__

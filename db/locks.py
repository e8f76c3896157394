"""A lock that one process of all holds as long as its connection lives: one poller, one sender per bot token."""

from hashlib import sha256

import psycopg

from core.errors import Temporary
from core.log import get_logger
from db.session import NOTICE_A_DEAD_HOST, TCP_USER_TIMEOUT_MS, Deadline

log = get_logger(__name__)

ANSWER_S = 5.0
"""A Postgres that takes the connection and says nothing is given up after this long."""


class SingletonLock:
    """A session-level advisory lock of Postgres on a connection of its own; a crash frees it."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._key = int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
        self._connection: psycopg.AsyncConnection[tuple[object, ...]] | None = None

    async def is_held(self) -> bool:
        """Take the lock if it is free, or make sure that it is still ours; False while another process has it."""
        try:
            with Deadline(ANSWER_S) as deadline:
                is_ours = await self._look(deadline)
                deadline.check()
                return is_ours
        except (psycopg.Error, OSError) as error:
            await self._close()
            raise Temporary(f"database: {error}") from error

    async def _look(self, deadline: Deadline) -> bool:
        if self._connection is not None:
            deadline.guard(self._connection)
            await self._connection.execute("SELECT 1")
            return True
        connection = await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            connect_timeout=5,
            tcp_user_timeout=TCP_USER_TIMEOUT_MS,
            options=NOTICE_A_DEAD_HOST,
        )
        self._connection = connection  # from here on `release` closes it, whatever happens
        deadline.guard(connection)
        cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (self._key,))
        if await cursor.fetchone() == (True,):
            return True
        await self.release()
        return False

    async def release(self) -> None:
        """Let go at once: the backend of a connection that is only closed holds the lock until it has noticed."""
        if self._connection is not None and not self._connection.broken:
            try:
                with Deadline(ANSWER_S) as deadline:
                    deadline.guard(self._connection)
                    await self._connection.execute("SELECT pg_advisory_unlock_all()")
            except (psycopg.Error, OSError) as error:
                log.warning("lock not given back, Postgres frees it with the connection", error=error)
        await self._close()

    async def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

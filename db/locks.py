"""A lock that one process of all holds as long as its connection lives: one poller, one sender per bot token."""

from hashlib import sha256

import psycopg

from core.errors import Temporary
from core.log import get_logger
from db.session import TCP_USER_TIMEOUT_MS

log = get_logger(__name__)


class SingletonLock:
    """A session-level advisory lock of Postgres on a connection of its own; a crash frees it."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._key = int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
        self._connection: psycopg.AsyncConnection[tuple[object, ...]] | None = None

    async def is_held(self) -> bool:
        """Take the lock if it is free, or make sure that it is still ours; False while another process has it."""
        try:
            return await self._look()
        except psycopg.Error as error:
            await self.release()
            raise Temporary(f"database: {error}") from error

    async def _look(self) -> bool:
        if self._connection is not None:
            await self._connection.execute("SELECT 1")
            return True
        connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=5, tcp_user_timeout=TCP_USER_TIMEOUT_MS
        )
        self._connection = connection  # from here on `release` closes it, whatever happens
        cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (self._key,))
        if await cursor.fetchone() == (True,):
            return True
        await self.release()
        return False

    async def release(self) -> None:
        """Let go at once: the backend of a connection that is only closed holds the lock until it has noticed."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if not connection.broken:
                await connection.execute("SELECT pg_advisory_unlock_all()")
        except psycopg.Error:
            log.warning("lock not given back, Postgres frees it with the connection")
        finally:
            await connection.close()

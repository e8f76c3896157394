"""Presence: an advisory lock by which everybody sees that a process lives; Postgres frees it when the process dies.

A lease alone must be long enough for a process that is slow or cut off for a moment, so a dead one would be noticed
late. The operating system closes a dead process' connections at once, and Postgres its locks with them.
"""

import secrets

import psycopg

from core.errors import Temporary
from core.log import get_logger
from db.session import NOTICE_A_DEAD_HOST, TCP_USER_TIMEOUT_MS, Deadline, libpq_url

log = get_logger(__name__)

ANSWER_S = 5.0
"""A Postgres that takes the connection and says nothing is given up after this long."""
NAMESPACE = 0x4A525653
"""The first half of every presence's lock; the second is the holder's number."""

PRESENT = f"""
    SELECT objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND classid = {NAMESPACE} AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""  # noqa: S608 - a constant of this module
"""Numbers of the holders that live now. A restart of Postgres takes every presence away and proves nothing: what was
taken before it is judged by its lease alone."""
STILL = f"(SELECT given.holder FROM (SELECT %(holder)s::bigint AS holder) AS given WHERE given.holder IN ({PRESENT}))"  # noqa: S608 - a constant
"""The parameter ``holder`` while it is present, else null: a process learns later that it lost its presence."""


class Presence:
    """One per process that holds leases. ``holder`` is None while its connection is lost: then only leases count."""

    def __init__(self, url: str) -> None:
        self._url = libpq_url(url)
        self._connection: psycopg.AsyncConnection[tuple[object, ...]] | None = None
        self.holder: int | None = None

    async def keep(self) -> None:
        """Be present, or make sure that we still are; raises ``Temporary`` when Postgres is away."""
        try:
            with Deadline(ANSWER_S) as deadline:
                if self._connection is None:
                    await self._appear(deadline)
                else:
                    deadline.guard(self._connection)
                    await self._connection.execute("SELECT 1")
                deadline.check()
        except (psycopg.Error, OSError) as error:
            await self.leave()
            raise Temporary(f"database: {error}") from error

    async def _appear(self, deadline: Deadline) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            application_name="jarvis-presence",
            connect_timeout=5,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=2,
            tcp_user_timeout=TCP_USER_TIMEOUT_MS,
            options=NOTICE_A_DEAD_HOST,  # or the runs of a host that was cut off wait for their leases
        )
        self._connection = connection  # from here on `leave` closes it, whatever happens
        deadline.guard(connection)
        number = secrets.randbelow(2**31)
        await connection.execute("SELECT pg_advisory_lock(%s::int4, %s::int4)", (NAMESPACE, number))
        self.holder = number

    async def leave(self) -> None:
        connection, self._connection, self.holder = self._connection, None, None
        if connection is not None:
            await connection.close()

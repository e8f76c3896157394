"""The results of ``jarvis bench``: one row for each event, and when the transaction that wrote it was committed.

The time is Postgres's own commit timestamp, so a transaction that goes on after its result pays for all it does.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from db.session import Tx, libpq_url

_INSERT_ONE = "INSERT INTO bench_results (number) VALUES (%s)"
_INSERT_MANY = "INSERT INTO bench_results (number) SELECT unnest(%s::bigint[])"


def keep_commit_times(url: str) -> None:
    """The server writes down when each transaction was committed, from its next start on."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")


def server_version(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW server_version").fetchone()
        assert row is not None
        return str(row[0])


def make_results(url: str) -> None:
    """``number`` is not unique, so that what is done twice shows."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE bench_results (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number bigint NOT NULL)"
        )


def make_database(url: str, name: str, *, template: str) -> None:
    """An empty copy of ``template``, on a server that has nothing left to write from before."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        connection.execute("CHECKPOINT")


def drop_database(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@dataclass(frozen=True, slots=True)
class Committed:
    """One result: whose it is, and when its transaction was committed."""

    number: int
    at: datetime


class Results:
    """What the bench itself reads, over one connection of its own."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(libpq_url(url), autocommit=True)

    def begun(self) -> int:
        """How many rows were begun, committed or not; costs the server nothing, so it may be asked often."""
        row = self._connection.execute(
            "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM bench_results_id_seq"
        ).fetchone()
        assert row is not None
        return int(row[0])

    def different_from(self, first: int) -> int:
        """How many tasks numbered ``first`` or more have a committed result."""
        row = self._connection.execute(
            "SELECT count(DISTINCT number) FROM bench_results WHERE number >= %s", (first,)
        ).fetchone()
        assert row is not None
        return int(row[0])

    def committed(self) -> list[Committed]:
        """In the order of the commits."""
        rows = self._connection.execute(
            "SELECT number, pg_xact_commit_timestamp(xmin) AS at FROM bench_results ORDER BY at, number"
        ).fetchall()
        return [Committed(number, at) for number, at in rows]

    def close(self) -> None:
        self._connection.close()


async def insert_results(tx: Tx, numbers: Sequence[int]) -> None:
    """As part of a transaction of ours."""
    await tx.run(_INSERT_MANY, (list(numbers),))


class AsyncWriter:
    """The work of a peer that runs coroutines: one row, committed, over a pool of connections."""

    def __init__(self, url: str, connections: int) -> None:
        self._pool = AsyncConnectionPool(
            libpq_url(url), min_size=1, max_size=connections, open=False, kwargs={"autocommit": True}
        )

    async def write(self, number: int) -> None:
        if self._pool.closed:
            await self._pool.open()
        async with self._pool.connection() as connection:
            await connection.execute(_INSERT_ONE, (number,))


class ThreadWriter:
    """The same for a peer that runs threads: each has a connection of its own."""

    def __init__(self, url: str) -> None:
        self._url = libpq_url(url)
        self._own = threading.local()

    def write(self, number: int) -> None:
        connection: psycopg.Connection[tuple[object, ...]] | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = psycopg.connect(self._url, autocommit=True)
        connection.execute(_INSERT_ONE, (number,))


class LoopWriter:
    """What a hand-tuned loop writes: everything of a batch in one transaction, one statement for each table."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(libpq_url(url))

    def write_results(self, numbers: Sequence[int]) -> None:
        self._connection.execute(_INSERT_MANY, (list(numbers),))
        self._connection.commit()

    def write_rows_of_ours(self, numbers: Sequence[int]) -> None:
        """The rows that Jarvis leaves behind: the event, its finished run, the result."""
        self._connection.execute(_INSERT_EVENTS_AND_RUNS, {"numbers": list(numbers)})
        self.write_results(numbers)

    def mark_runs(self, runs: Sequence[int], numbers: Sequence[int]) -> None:
        """The rows that Jarvis writes for what is recorded already: the end of the run, the result."""
        self._connection.execute(
            """UPDATE runs SET state = 'done', attempt = 1, started_at = now(), finished_at = now()
               WHERE id = ANY(%s::bigint[])""",
            (list(runs),),
        )
        self.write_results(numbers)


_INSERT_EVENTS_AND_RUNS = """
WITH given AS (SELECT unnest(%(numbers)s::bigint[]) AS number), recorded AS (
    INSERT INTO events (kind, subject, source, external_id, payload, trust, branch, occurred_at)
    SELECT 'rentprog.delivered', 'booking:' || number, 'rentprog', number::text,
           jsonb_build_object('event_name', 'booking_update', 'entity', 'booking', 'operation', 'update',
                              'entity_id', number, 'is_ambiguous', false), 'outside', 'bench', now()
    FROM given
    RETURNING id, subject
)
INSERT INTO runs (event_id, agent, stage, subject, state, attempt, started_at, finished_at)
SELECT id, 'rental_sync', 0, subject, 'done', 1, now(), now() FROM recorded
"""

"""The rows of benches: a table of their own, in a database of their own."""

import psycopg

from db.session import Tx


def make_table(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE bench_rows (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, raw bytea NOT NULL, "
            "received_at timestamptz NOT NULL DEFAULT now())"
        )


async def insert_row(tx: Tx, raw: bytes) -> None:
    await tx.run("INSERT INTO bench_rows (raw) VALUES (%s)", (raw,))


def count_events(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM events").fetchone()
        assert row is not None
        return int(row[0])

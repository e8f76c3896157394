"""A transaction commits at the end and rolls back when it raises."""

import asyncio
import time
from contextlib import suppress

import psycopg
import pytest

from core.errors import Temporary
from db.session import Database


async def test_a_block_that_raises_leaves_nothing(db: Database):
    async def fail_halfway() -> None:
        async with db.transaction() as tx:
            await tx.run("INSERT INTO pauses (scope, name, reason) VALUES ('agent', 'x', 'y')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_halfway()
    async with db.transaction() as tx:
        assert await tx.rows("SELECT * FROM pauses") == []


async def test_a_block_that_returns_is_committed(db: Database):
    async with db.transaction() as tx:
        await tx.run("INSERT INTO pauses (scope, name, reason) VALUES ('agent', 'x', 'y')")
    async with db.transaction() as tx:
        row = await tx.row("SELECT name FROM pauses")
    assert row == {"name": "x"}


async def test_a_block_after_a_single_statement_that_failed_is_whole_all_the_same(db_url: str):
    alone = Database(db_url, pool_size=1)

    async def fail_in_one_statement() -> None:
        async with alone.transaction(is_single=True) as tx:
            await tx.run("SELECT FROM no_such_table")

    async def fail_halfway() -> None:
        async with alone.transaction() as tx:
            await tx.run("INSERT INTO pauses (scope, name, reason) VALUES ('agent', 'x', 'y')")
            raise ZeroDivisionError

    with pytest.raises(psycopg.errors.UndefinedTable):
        await fail_in_one_statement()
    with pytest.raises(ZeroDivisionError):
        await fail_halfway()
    async with alone.transaction() as tx:
        assert await tx.rows("SELECT * FROM pauses") == []
    await alone.close()


@pytest.mark.parametrize("is_single", [True, False])
async def test_an_answer_that_comes_together_with_the_deadline_leaves_no_cut_connection_to_others(
    db_url: str, is_single: bool
):
    """A process that had no time to look finds both at once: the answer is read, though the socket was just shut."""
    alone = Database(db_url, pool_size=1)
    await alone.ping()

    async def slow() -> None:
        async with alone.transaction(within_s=0.4, is_single=is_single) as tx:
            await tx.rows("SELECT pg_sleep(0.2)")

    try:
        asking = asyncio.ensure_future(slow())
        await asyncio.sleep(0.1)
        time.sleep(0.5)  # noqa: ASYNC251 - the whole process stands still
        with suppress(Temporary):  # a block that has yet to commit is too late
            await asking
        await alone.ping()
    finally:
        await alone.close()

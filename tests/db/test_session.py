"""A transaction commits at the end and rolls back when it raises."""

import psycopg
import pytest

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

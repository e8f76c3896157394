"""A transaction commits at the end and rolls back when it raises."""

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

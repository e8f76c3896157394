"""The audit is a chain: what is changed, removed or put in between shows."""

import asyncio
from datetime import UTC, datetime

import pytest

from db.queries import audit

NOW = datetime(2026, 11, 21, 6, 0, 0, 123456, tzinfo=UTC)


def tamper(as_owner, sql):
    """An intruder with the rights of a superuser, who goes around the triggers too."""
    as_owner(f"SET session_replication_role = replica; {sql}")


async def append(db, action="access.approved", **details):
    async with db.transaction() as tx:
        await audit.append(
            tx, actor="staff:1", action=action, subject="person:tg:1", at=NOW, details=details, run_id=None
        )


async def verify(db):
    async with db.transaction() as tx:
        return await audit.verify(tx)


async def test_an_empty_chain_holds(db):
    assert await verify(db) == audit.Chain(rows=0, broken_at=None, head=audit.GENESIS)


async def test_a_chain_of_any_details_holds(db):
    await append(db, text="строка \" ' \\ \n", number=12.5, big=10**20, nothing=None, nested={"b": 1, "a": [1, 2]})
    await append(db)
    chain = await verify(db)
    assert (chain.rows, chain.broken_at) == (2, None)


async def test_rows_added_at_once_still_make_one_chain(db):
    await asyncio.gather(*(append(db, number=number) for number in range(5)))
    chain = await verify(db)
    assert (chain.rows, chain.broken_at) == (5, None)


@pytest.mark.parametrize(
    ("sql", "broken_at"),
    [
        ("UPDATE audit SET actor = 'staff:2' WHERE id = 2", 2),
        ("UPDATE audit SET details = '{\"x\": 1}' WHERE id = 1", 1),
        ("UPDATE audit SET at = at + interval '1 microsecond' WHERE id = 3", 3),
        ("DELETE FROM audit WHERE id = 2", 3),
        ("DELETE FROM audit WHERE id = 1", 2),
    ],
)
async def test_a_changed_or_removed_row_breaks_it(db, as_owner, sql, broken_at):
    for _ in range(3):
        await append(db)
    tamper(as_owner, sql)
    assert (await verify(db)).broken_at == broken_at


async def test_a_cut_tail_shows_against_a_noted_head(db, as_owner):
    await append(db)
    noted = (await verify(db)).head
    await append(db)
    tamper(as_owner, "DELETE FROM audit WHERE id = 2")
    assert (await verify(db)).head == noted
    tamper(as_owner, "DELETE FROM audit WHERE id = 1")
    assert (await verify(db)).head != noted

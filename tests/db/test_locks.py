"""A lock that only one process of all holds, and that a crash frees."""

import asyncio
import time

import psycopg
import pytest

from core.errors import Temporary
from db import locks as locks_module
from db import presence as presence_module
from db.locks import SingletonLock
from db.presence import Presence
from db.session import Database
from tests.wait import wait_until


async def cut_connections(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.rows(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"""
        )


async def test_one_holder_of_a_name_keeps_the_others_out_until_it_lets_go(db_url: str):
    first, second = SingletonLock(db_url, "sender:1"), SingletonLock(db_url, "sender:1")
    assert await first.is_held()
    assert await first.is_held()
    assert not await second.is_held()
    await first.release()
    assert await second.is_held()
    assert not await first.is_held()
    await second.release()


async def test_two_names_are_two_locks(db_url: str):
    one, other = SingletonLock(db_url, "sender:1"), SingletonLock(db_url, "sender:2")
    assert await one.is_held()
    assert await other.is_held()
    await one.release()
    await other.release()


async def test_of_many_that_ask_at_once_one_gets_it(db_url: str):
    locks = [SingletonLock(db_url, "sender:1") for _ in range(8)]
    assert sum(await asyncio.gather(*(lock.is_held() for lock in locks))) == 1
    for lock in locks:
        await lock.release()


async def test_a_holder_whose_connection_was_cut_learns_it_and_another_gets_the_lock(db: Database, db_url: str):
    first, second = SingletonLock(db_url, "sender:1"), SingletonLock(db_url, "sender:1")
    assert await first.is_held()
    await cut_connections(db)
    assert await wait_until(second.is_held)
    with pytest.raises(Temporary):
        await first.is_held()
    assert not await first.is_held()
    await second.release()


@pytest.mark.parametrize("watcher", ["lock", "presence"])
async def test_an_answer_that_comes_together_with_the_deadline_proves_nothing(
    db_url: str, monkeypatch: pytest.MonkeyPatch, watcher: str
):
    """The connection is cut then, and with it goes what it held."""
    lock, presence = SingletonLock(db_url, "sender:1"), Presence(db_url)
    look = {"lock": lock.is_held, "presence": presence.keep}[watcher]
    await look()
    monkeypatch.setattr(locks_module, "ANSWER_S", 0.2)
    monkeypatch.setattr(presence_module, "ANSWER_S", 0.2)
    looking = asyncio.ensure_future(look())
    await asyncio.sleep(0)
    time.sleep(0.3)  # noqa: ASYNC251 - the whole process stands still
    with pytest.raises(Temporary, match="no answer within"):
        await looking
    await lock.release()
    await presence.leave()


async def test_without_postgres_nobody_holds_it_and_the_trouble_is_temporary():
    lock = SingletonLock("postgresql://nobody@127.0.0.1:1/none", "sender:1")
    with pytest.raises(Temporary):
        await lock.is_held()


async def test_who_was_refused_keeps_no_connection_open(db_url: str):
    first, second = SingletonLock(db_url, "sender:1"), SingletonLock(db_url, "sender:1")
    assert await first.is_held()
    assert not await second.is_held()

    async def count() -> bool:
        async with await psycopg.AsyncConnection.connect(db_url) as look:
            cursor = await look.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return await cursor.fetchone() == (2,)  # the holder's and this one

    assert await wait_until(count)
    await first.release()

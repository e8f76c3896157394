"""Whoever settles a command waits for the lines of its events, and whoever holds a line waits for nothing of his."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core.commands import chat_destination
from db import commands
from db.commands import ClaimedCommand
from db.events import lock_subjects, record
from db.session import Database, Tx
from tests import make
from tests.wait import wait_until

ROUTE = make.route_to("reader")
LINE = "inspection:1"
Order = Callable[[Tx], Awaitable[object]]


async def another_message(tx: Tx) -> object:
    return await commands.order(tx, [make.message(effect_key="another")])


async def a_card_that_merges(tx: Tx) -> object:
    return await commands.order(tx, [make.message(effect_key="card", merge_key="card")])


async def the_same_again(tx: Tx) -> object:
    return await commands.order(tx, [make.message(effect_key="photo")])


async def the_chat_takes_messages_again(tx: Tx) -> object:
    return await commands.unpark(tx, chat_destination(1))


@pytest.mark.parametrize(
    "under_the_line", [another_message, a_card_that_merges, the_same_again, the_chat_takes_messages_again]
)
async def test_a_run_and_a_delivery_of_one_line_and_one_chat_never_wait_for_each_other(
    db: Database, under_the_line: Order
):
    claimed = await _photo_is_fetched(db)

    async def settle() -> None:
        async with db.transaction() as tx:
            assert await commands.mark(tx, claimed, state="sent", result={})
            await record(tx, [make.event(LINE)], ROUTE)
            await commands.free(tx, claimed)

    async with asyncio.TaskGroup() as group, db.transaction() as tx, asyncio.timeout(5):
        await lock_subjects(tx, [LINE])
        group.create_task(settle())
        await wait_until(lambda: _is_waited_for(db))
        await under_the_line(tx)
    async with db.transaction() as tx:
        [photo] = await tx.rows("SELECT state FROM commands WHERE effect_key = 'photo'")
        [place] = await tx.rows("SELECT lease_token FROM destinations")
    assert (photo["state"], place["lease_token"]) == ("sent", None)


async def _photo_is_fetched(db: Database) -> ClaimedCommand:
    async with db.transaction() as tx:
        await commands.order(tx, [make.message(effect_key="photo")])
    async with db.transaction() as tx:
        [claimed] = await commands.claim(tx, systems=["telegram"], limit=1, lease=timedelta(minutes=1))
    async with db.transaction() as tx:
        await commands.park(tx, claimed.destination, "the chat takes nothing")
    return claimed


async def _is_waited_for(db: Database) -> bool:
    async with db.transaction() as tx:
        return bool(await tx.rows("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))

"""Many commands are ordered at once as if each had been ordered after the one before it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from core.commands import NewCommand, Priority
from db import commands
from db.orders import order_many
from db.session import Database, Tx
from tests import make
from tests.wait import wait_until

Orders = Sequence[tuple[int | None, int | None, Sequence[NewCommand]]]

messages = st.builds(
    make.message,
    st.sampled_from([2, 1]),
    effect_key=st.sampled_from("abcdef"),
    merge_key=st.sampled_from([None, "card", "list"]),
    priority=st.sampled_from([Priority.LINE, Priority.CARD, Priority.ANSWER]),
)


class CountingTx(Tx):
    """Counts its statements."""

    statements = 0

    async def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[dict[str, Any]]:
        self.statements += 1
        return await super().rows(sql, parameters)

    async def run(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        self.statements += 1
        return await super().run(sql, parameters)


async def one_by_one(tx: Tx, orders: Orders) -> int:
    return sum(
        [
            await commands.order(tx, [command], run_id=run_id, event_id=event_id)
            for run_id, event_id, ordered in orders
            for command in ordered
        ]
    )


async def stored(tx: Tx) -> list[dict[str, Any]]:
    """All there is of commands, in their order; only the numbers of the rows are nobody's business."""
    rows = await tx.rows("SELECT * FROM commands JOIN destinations USING (destination) ORDER BY id")
    return [{column: value for column, value in row.items() if column != "id"} for row in rows]


@pytest.fixture
def runner(db_url: str) -> Iterator[tuple[asyncio.Runner, Database]]:
    """A loop and a database of its own, for a test that is no coroutine."""
    with asyncio.Runner() as runner:
        db = Database(db_url)
        yield runner, db
        runner.run(db.close())


@trying(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(messages, max_size=4),
    sent=st.sets(st.sampled_from("abcdef"), max_size=2),
    ordered=st.lists(st.lists(messages, max_size=4), max_size=4),
)
def test_what_many_runs_order_at_once_is_what_they_order_one_after_the_other(
    runner: tuple[asyncio.Runner, Database], before: list[NewCommand], sent: set[str], ordered: list[list[NewCommand]]
) -> None:
    orders = [(number, 100 + number, commands_of_run) for number, commands_of_run in enumerate(ordered)]

    async def outcome(tx: Tx, work: Callable[[Tx, Orders], Awaitable[int]]) -> tuple[int, list[dict[str, Any]]]:
        async with tx.pg.transaction(force_rollback=True):
            await one_by_one(tx, [(None, None, before)])
            await tx.run("UPDATE commands SET state = 'sent' WHERE effect_key = ANY(%s)", (list(sent),))
            return await work(tx, orders), await stored(tx)

    async def both() -> None:
        async with db.transaction() as tx:
            await tx.rows("SELECT now()")  # the transaction begins here, and its time is that of both
            assert await outcome(tx, order_many) == await outcome(tx, one_by_one)

    loop, db = runner
    loop.run(both())


async def test_a_batch_of_runs_with_a_card_each_takes_the_same_few_statements_as_one(db: Database):
    def batch(count: int) -> Orders:
        cards = [(make.message(n), make.message(n, merge_key=f"{count}-{n % 8}")) for n in range(count)]
        return [(None, None, cards_of_run) for cards_of_run in cards]

    async with db.transaction() as tx:
        counting = CountingTx(tx.pg)
        assert await order_many(counting, batch(1)) == 2
        of_one, counting.statements = counting.statements, 0
        assert await order_many(counting, batch(256)) == 512
    assert counting.statements == of_one


async def test_nothing_ordered_asks_the_database_nothing(db: Database):
    async with db.transaction() as tx:
        counting = CountingTx(tx.pg)
        assert await order_many(counting, [(1, 1, []), (2, 2, [])]) == 0
    assert counting.statements == 0


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        (("a", "card"), ("b", "card"), [("a", 1)]),  # taken in by the one that was not there when it looked
        (("a", "card"), ("a", "list"), [("a", 0)]),
        (("a", None), ("a", "list"), [("a", 0)]),
        (("a", None), ("a", None), [("a", 0)]),
    ],
)
async def test_two_who_order_the_same_at_the_same_time_order_it_once(
    db: Database, first: tuple[str, str | None], second: tuple[str, str | None], left: list[tuple[str, int]]
):
    async def order(tx: Tx, effect_key: str, merge_key: str | None) -> None:
        await order_many(tx, [(None, None, [make.message(effect_key=effect_key, merge_key=merge_key)])])

    async def order_too() -> None:
        async with db.transaction() as tx:
            await order(tx, *second)

    async def is_waiting() -> bool:
        async with db.transaction() as tx:
            waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            return bool(await tx.rows(waiting))

    async with db.transaction() as tx:
        await order(tx, "the chat is known", None)
    async with asyncio.TaskGroup() as group, db.transaction() as tx:
        await order(tx, *first)
        group.create_task(order_too())
        await wait_until(is_waiting)
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT effect_key, merged FROM commands ORDER BY id OFFSET 1")
    assert [(row["effect_key"], row["merged"]) for row in rows] == left

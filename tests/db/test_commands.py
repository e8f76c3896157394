"""Commands: ordered once, one at a time for each destination, and judged by class when an answer was lost."""

from datetime import timedelta

from core.commands import NewCommand, Priority
from db import commands
from db.commands import ClaimedCommand
from db.session import Database
from tests import make

LEASE = timedelta(seconds=30)


async def order(db: Database, *given: NewCommand) -> int:
    async with db.transaction() as tx:
        return await commands.order(tx, given)


async def claim(db: Database, *, lease: timedelta = LEASE) -> list[ClaimedCommand]:
    async with db.transaction() as tx:
        return await commands.claim(tx, systems=["telegram"], limit=10, lease=lease)


async def sent(db: Database, claimed: ClaimedCommand) -> None:
    async with db.transaction() as tx:
        await commands.settle(tx, claimed, state="sent", result={"message_id": 7})


async def keys(db: Database, state: str) -> list[str]:
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT effect_key FROM commands WHERE state = %s ORDER BY id", (state,))
    return [row["effect_key"] for row in rows]


async def test_the_same_effect_is_ordered_once(db: Database):
    assert await order(db, make.message(effect_key="hello")) == 1
    assert await order(db, make.message(effect_key="hello")) == 0


async def test_a_destination_is_served_one_command_at_a_time_in_order(db: Database):
    await order(db, make.message(1, effect_key="a"), make.message(1, effect_key="b"), make.message(2, effect_key="c"))
    first = await claim(db)
    assert sorted(c.command.effect_key for c in first if c.command) == ["a", "c"]
    assert await claim(db) == []
    for claimed in first:
        await sent(db, claimed)
    assert [c.command.effect_key for c in await claim(db) if c.command] == ["b"]


async def test_an_answer_to_a_person_goes_before_a_card(db: Database):
    await order(db, make.message(effect_key="card", priority=Priority.CARD))
    await order(db, make.message(effect_key="answer", priority=Priority.ANSWER))
    assert [c.command.effect_key for c in await claim(db) if c.command] == ["answer"]


async def test_a_command_that_waits_for_its_retry_does_not_hold_up_other_priorities(db: Database):
    await order(db, make.message(effect_key="line"), make.message(effect_key="card", priority=Priority.CARD))
    [line] = await claim(db)
    async with db.transaction() as tx:
        await commands.retry_later(tx, line, delay=timedelta(hours=1), error="away")
    assert [c.command.effect_key for c in await claim(db) if c.command] == ["card"]


async def test_a_retry_after_holds_the_whole_destination_and_no_other(db: Database):
    await order(db, make.message(1, effect_key="a"), make.message(1, effect_key="b", priority=Priority.ANSWER))
    [claimed] = await claim(db)
    async with db.transaction() as tx:
        await commands.retry_later(tx, claimed, delay=timedelta(hours=1), error="429", hold_destination=True)
    await order(db, make.message(2, effect_key="c"))
    assert [c.command.effect_key for c in await claim(db) if c.command] == ["c"]


async def test_pending_commands_with_one_merge_key_become_one(db: Database):
    added = await order(
        db, make.message(effect_key="a", merge_key="card"), make.message(effect_key="b", merge_key="card")
    )
    assert added == 2
    assert await keys(db, "pending") == ["a"]


async def test_a_merged_command_is_ordered_anew_once_the_first_is_being_sent(db: Database):
    await order(db, make.message(effect_key="a", merge_key="card"))
    await claim(db)
    await order(db, make.message(effect_key="b", merge_key="card"))
    assert await keys(db, "pending") == ["b"]


async def test_a_chat_text_whose_deliverer_died_is_sent_again_and_known_as_a_repeat(db: Database):
    await order(db, make.message(effect_key="a"))
    await claim(db, lease=timedelta(seconds=-1))
    async with db.transaction() as tx:
        assert [row["state"] for row in await commands.judge_lost(tx, max_attempts=5)] == ["pending"]
    [again] = await claim(db)
    assert again.command is not None
    assert again.command.is_repeat


async def test_a_parked_destination_waits_until_it_is_woken(db: Database):
    await order(db, make.message(1, effect_key="a"))
    async with db.transaction() as tx:
        await commands.park(tx, "telegram:1", "kicked")
    assert await claim(db) == []
    async with db.transaction() as tx:
        assert await commands.unpark(tx, "telegram:1")
    assert len(await claim(db)) == 1


async def test_a_paused_system_waits(db: Database):
    await order(db, make.message())
    async with db.transaction() as tx:
        await commands.pause_system(tx, "telegram", "token revoked")
    assert await claim(db) == []


async def test_the_destination_that_was_served_longest_ago_goes_first(db: Database):
    await order(db, *(make.message(chat, effect_key=f"{chat}{n}") for n in "abc" for chat in (1, 2, 3)))
    turns: list[str] = []
    for _ in range(9):
        async with db.transaction() as tx:
            [claimed] = await commands.claim(tx, systems=["telegram"], limit=1, lease=LEASE)
        turns.append(claimed.destination)
        await sent(db, claimed)
    assert [len(set(turns[start : start + 3])) for start in (0, 3, 6)] == [3, 3, 3]
    assert turns[:3] == turns[3:6] == turns[6:]


async def test_a_system_gets_no_more_than_its_room_and_leaves_the_rest_to_the_others(db: Database):
    await order(db, *(make.message(chat) for chat in range(8)))
    async with db.transaction() as tx:
        await tx.run("UPDATE destinations SET system = 'post' WHERE destination IN ('telegram:6', 'telegram:7')")
        found = await commands.claim(
            tx, systems=["telegram", "post"], limit=4, lease=LEASE, rooms={"telegram": 2, "post": 9}
        )
    assert len(found) == 4
    assert {"telegram:6", "telegram:7"} < {claimed.destination for claimed in found}

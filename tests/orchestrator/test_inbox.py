"""Deliveries without an id: a repeat is told from a change by what came in between (rule 8, failures F1, G1, G2)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import Temporary
from core.events import NewEvent, RentprogDelivered
from core.plans import Plan
from db.session import Database
from orchestrator.inbox import Arrival, Inbox
from orchestrator.streams import Bell

WINDOW = timedelta(minutes=15)


def build(subject: str) -> Callable[[bool], NewEvent[RentprogDelivered]]:
    def make_event(is_ambiguous: bool) -> NewEvent[RentprogDelivered]:
        body = RentprogDelivered(
            event_name="car_update", entity="car", operation="update", entity_id=1, is_ambiguous=is_ambiguous
        )
        return NewEvent(body=body, subject=subject)

    return make_event


def arrival(text: str, subject: str = "car:1") -> Arrival:
    return Arrival(subject=subject, content_hash=text.ljust(32, "."), build=build(subject))


@pytest.fixture
async def inbox(db: Database, redis_url: str) -> AsyncIterator[Inbox]:
    bell = Bell(redis_url)
    inbox = Inbox("rentprog", db, lambda _kind: Plan(), bell, window=WINDOW)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(inbox.run(stop))
        yield inbox
        stop.set()
    await bell.close()


async def ambiguities(db: Database) -> list[bool]:
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT (payload->>'is_ambiguous')::bool AS told FROM events ORDER BY id")
    return [row["told"] for row in rows]


async def test_f1_three_different_updates_of_one_entity_are_three_events(inbox: Inbox, db: Database):
    assert [await inbox.accept(arrival(text)) for text in ("one", "two", "three")] == [True, True, True]
    assert await ambiguities(db) == [False, False, False]


async def test_row_21_the_same_text_straight_again_is_a_repeat(inbox: Inbox, db: Database):
    assert [await inbox.accept(arrival("one")) for _ in range(3)] == [True, False, False]
    assert len(await ambiguities(db)) == 1


async def test_g1_a_toggle_inside_the_window_is_kept_and_marked_as_ambiguous(inbox: Inbox, db: Database):
    assert [await inbox.accept(arrival(text)) for text in ("a>b", "b>a", "a>b")] == [True, True, True]
    assert await ambiguities(db) == [False, False, True]


async def test_row_21_the_same_text_after_the_window_is_a_new_event(inbox: Inbox, db: Database):
    await inbox.accept(arrival("one"))
    async with db.transaction() as tx:
        await tx.run("UPDATE events SET received_at = received_at - interval '16 minutes'")
    assert await inbox.accept(arrival("one"))
    assert await ambiguities(db) == [False, False]


async def test_five_at_once_become_one(inbox: Inbox, db: Database):
    answers = await asyncio.gather(*(inbox.accept(arrival("one")) for _ in range(5)))
    assert sorted(answers) == [False, False, False, False, True]
    assert len(await ambiguities(db)) == 1


async def test_a_toggle_that_arrives_in_one_batch_is_told_apart(inbox: Inbox, db: Database):
    answers = await asyncio.gather(*(inbox.accept(arrival(text)) for text in ("a>b", "b>a", "a>b", "a>b")))
    assert answers == [True, True, True, False]
    assert await ambiguities(db) == [False, False, True]


async def test_equal_texts_of_two_entities_are_two_events(inbox: Inbox, db: Database):
    await inbox.accept(arrival("one", "car:1"))
    assert await inbox.accept(arrival("one", "car:2"))
    assert len(await ambiguities(db)) == 2


async def test_g2_a_delivery_that_was_not_stored_is_no_repeat_later(redis_url: str, db: Database, inbox: Inbox):
    bell = Bell(redis_url)
    broken = Inbox("rentprog", Database("postgresql://nobody@127.0.0.1:1/none"), lambda _k: Plan(), bell, window=WINDOW)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(broken.run(stop))
        with pytest.raises(Temporary):
            await broken.accept(arrival("one"))
        stop.set()
    await bell.close()
    assert await inbox.accept(arrival("one"))


async def test_a_delivery_with_an_id_of_its_own_is_stored_once_whatever_came_between(inbox: Inbox, db: Database):
    named = [replace(arrival("one"), external_id="m1"), arrival("two"), replace(arrival("one"), external_id="m1")]
    assert [await inbox.accept(one) for one in named] == [True, True, False]
    answers = await asyncio.gather(*(inbox.accept(replace(arrival("x"), external_id="m2")) for _ in range(4)))
    assert sorted(answers) == [False, False, False, True]

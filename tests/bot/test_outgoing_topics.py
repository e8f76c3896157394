"""Topics heal once, are opened once and slowly, and never spill into the main chat."""

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core.commands import CloseTopic, SendMessage, ShowCarCard, Text
from core.errors import Broken, NeedsAttention, Rejected
from db.commands import Delivery, Postponed
from db.queries import topics
from db.session import Database
from tests.bot.outgoing_at_work import Outgoing, outgoing_at_work
from tests.wait import wait_until

LINE = Text(key="car-left-fleet")


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        await at_work.branch("tbilisi")
        await at_work.branch("batumi")
        yield at_work


@pytest.fixture
async def forum(out: Outgoing) -> int:
    return await out.forum("tbilisi")


@pytest.fixture
async def car_id(out: Outgoing) -> UUID:
    return await out.car(61000, "tbilisi", mileage=1)


async def _rows(out: Outgoing) -> list[tuple[int, str]]:
    return [
        (row["version"], row["state"]) for row in await out.sql("SELECT version, state FROM topics ORDER BY version")
    ]


async def test_a_line_opens_the_topic_of_its_car(out: Outgoing, forum: int, car_id: UUID):
    delivery = await out.perform(SendMessage(chat_id=forum, text=LINE, entity=f"car:{car_id}"))
    assert isinstance(delivery, Delivery)
    (thread,) = await out.threads(forum)
    assert delivery.result["thread_id"] == thread
    assert len(await out.said(forum, thread)) == 1


async def test_row_32_a_topic_deleted_by_hand_heals_once(out: Outgoing, forum: int, car_id: UUID):
    await out.show(forum, car_id)
    (thread,) = await out.threads(forum)
    await out.telegram.act("/topics/delete", chat_id=forum, message_thread_id=thread)
    await out.change("cars", car_id, mileage=2)
    assert (await out.show(forum, car_id))["card"] == "sent"
    (healed,) = await out.threads(forum)
    assert healed != thread
    assert await _rows(out) == [(1, "dead"), (2, "live")]
    assert [message["pinned"] for message in await out.said(forum, healed)] == [True]


async def test_row_32_a_topic_that_is_lost_again_at_once_is_an_alarm_and_not_a_loop(
    out: Outgoing, forum: int, car_id: UUID
):
    await out.show(forum, car_id)
    gone = {"error_code": 400, "description": "Bad Request: message thread not found"}
    await out.fault("sendMessage", times=10, **gone)
    line = SendMessage(chat_id=forum, text=LINE, entity=f"car:{car_id}")
    with pytest.raises(Broken, match="lost again"):
        await out.perform(line)
    with pytest.raises(Broken, match="lost again"):
        await out.perform(line)
    assert await out.calls("createForumTopic") == ["createForumTopic"] * 2
    out.clock.advance(timedelta(minutes=6))
    await out.telegram.http.delete("/_sandbox/telegram/faults")
    assert isinstance(await out.perform(line), Delivery)


@pytest.mark.parametrize("text", ["Bad Request: TOPIC_DELETED", "Bad Request: TOPIC_ID_INVALID"])
async def test_row_32_every_text_that_means_a_lost_topic_heals(out: Outgoing, forum: int, car_id: UUID, text: str):
    await out.show(forum, car_id)
    await out.fault("sendMessage", error_code=400, description=text)
    await out.perform(SendMessage(chat_id=forum, text=LINE, entity=f"car:{car_id}"))
    assert await _rows(out) == [(1, "dead"), (2, "live")]


async def test_row_32_a_topic_closed_by_hand_is_reopened_and_the_line_said(out: Outgoing, forum: int, car_id: UUID):
    await out.show(forum, car_id)
    await out.fault("sendMessage", error_code=400, description="Bad Request: TOPIC_CLOSED")
    (thread,) = await out.threads(forum)
    await out.telegram.act("/topics/close", chat_id=forum, message_thread_id=thread, person=out.telegram.owner)
    await out.perform(SendMessage(chat_id=forum, text=LINE, entity=f"car:{car_id}"))
    assert [topic["closed"] for topic in await out.topics(forum)] == [False]
    assert len(await out.said(forum, thread)) == 2


async def test_row_32_a_topic_that_stays_closed_names_the_missing_right(out: Outgoing, forum: int, car_id: UUID):
    await out.show(forum, car_id)
    await out.fault("sendMessage", times=2, error_code=400, description="Bad Request: TOPIC_CLOSED")
    with pytest.raises(NeedsAttention, match="can_manage_topics") as raised:
        await out.perform(SendMessage(chat_id=forum, text=LINE, entity=f"car:{car_id}"))
    assert raised.value.scope == "destination"


async def test_reopening_an_open_topic_counts_as_done(out: Outgoing, forum: int, car_id: UUID):
    await out.show(forum, car_id)
    await out.sql("UPDATE topics SET is_closed = true")
    await out.perform(SendMessage(chat_id=forum, text=LINE, entity=f"car:{car_id}"))
    assert (await out.sql("SELECT is_closed FROM topics"))[0]["is_closed"] is False


async def test_two_first_messages_at_once_open_one_topic(out: Outgoing, forum: int, car_id: UUID):
    """As when a deliverer lost its lease to another one while both are at work."""
    await out.order(SendMessage(chat_id=forum, text=LINE, entity=f"car:{car_id}"))
    claimed = await _next(out)
    assert claimed.command is not None
    await asyncio.gather(*(out.performer.perform(claimed.command) for _ in range(5)))
    assert await out.calls("createForumTopic") == ["createForumTopic"]
    assert len(await out.threads(forum)) == 1


async def test_the_intent_is_written_before_the_call(out: Outgoing, forum: int, car_id: UUID):
    await out.fault("createForumTopic", latency_s=0.5)
    async with asyncio.TaskGroup() as group:
        group.create_task(out.perform(ShowCarCard(chat_id=forum, car_id=car_id)))
        assert await wait_until(lambda: _rows(out)) == [(1, "intended")]
    assert await _rows(out) == [(1, "live")]


async def test_a_lost_answer_is_adopted_from_the_bots_own_update(out: Outgoing, forum: int, car_id: UUID):
    await out.telegram.forget_updates()
    await out.fault("createForumTopic", drop=True, effect=True)
    show = ShowCarCard(chat_id=forum, car_id=car_id)
    assert isinstance(await out.perform(show), Postponed)
    await out.hurry()
    assert all(isinstance(result, Postponed) for result in [await out.deliver(await _next(out))])
    created = next(
        update["message"] for update in await out.telegram.updates() if "forum_topic_created" in update["message"]
    )
    async with out.db.transaction() as tx:
        is_adopted = await topics.adopt_topic(
            tx, forum, created["message_id"], created["forum_topic_created"]["name"], now=out.clock.now()
        )
    await out.hurry()
    await out.deliver_all()
    assert is_adopted
    assert await out.threads(forum) == [created["message_id"]]
    assert await out.calls("createForumTopic") == ["createForumTopic"]
    assert len(await out.said(forum, created["message_id"])) == 1


async def _next(out: Outgoing):
    claimed = await out.claim()
    assert claimed is not None
    return claimed


async def test_when_no_update_comes_the_topic_is_created_again(out: Outgoing, forum: int, car_id: UUID):
    await out.fault("createForumTopic", drop=True)
    await out.perform(ShowCarCard(chat_id=forum, car_id=car_id))
    out.clock.advance(timedelta(seconds=31))
    await out.hurry()
    await out.deliver_all()
    assert len(await out.threads(forum)) == 1
    assert await _rows(out) == [(1, "live")]


@pytest.mark.parametrize(
    ("name", "age", "thread"),
    [
        ("another name", timedelta(0), 500),
        ("AA-61000-AA Toyota Prius", timedelta(minutes=11), 500),
    ],
    ids=["other name", "too late"],
)
async def test_only_an_update_that_fits_an_open_intent_is_adopted(out: Outgoing, forum: int, car_id, name, age, thread):
    await out.fault("createForumTopic", drop=True)
    await out.perform(ShowCarCard(chat_id=forum, car_id=car_id))
    async with out.db.transaction() as tx:
        assert not await topics.adopt_topic(tx, forum, thread, name, now=out.clock.now() + age)


async def test_topics_are_opened_at_the_pace_of_the_whole_bot(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path, topic_pace_s=5) as out:
        for branch in ("tbilisi", "batumi"):
            await out.branch(branch)
        first, second = await out.forum("tbilisi"), await out.forum("batumi")
        await out.show(first, await out.car(1, "tbilisi"))
        here, there = await out.car(2, "tbilisi"), await out.car(3, "batumi")
        assert isinstance(await out.perform(ShowCarCard(chat_id=second, car_id=there)), Postponed)
        assert isinstance(await out.perform(ShowCarCard(chat_id=first, car_id=here)), Postponed)
        out.clock.advance(timedelta(seconds=5))
        await out.hurry()
        await out.deliver_all()
        assert len(await out.calls("createForumTopic")) == 2
        out.clock.advance(timedelta(seconds=5))
        await out.hurry()
        await out.deliver_all()
        assert len(await out.calls("createForumTopic")) == 3


async def test_a_refused_creation_leaves_nothing_that_has_to_be_waited_for(out: Outgoing, forum: int, car_id: UUID):
    await out.fault("createForumTopic", error_code=400, description="Bad Request: not enough rights to create a topic")
    with pytest.raises(NeedsAttention, match="not enough rights") as raised:
        await out.perform(ShowCarCard(chat_id=forum, car_id=car_id))
    assert raised.value.scope == "destination"
    assert (await out.show(forum, car_id))["card"] == "sent"


async def test_a_forum_whose_topics_were_switched_off_gets_nothing_into_its_main_chat(
    out: Outgoing, forum: int, car_id: UUID
):
    await out.show(forum, car_id)
    await out.telegram.act(f"/chats/{forum}/forum", is_forum=False)
    line = SendMessage(chat_id=forum, text=LINE, entity=f"car:{car_id}")
    before = len(await out.said(forum))
    delivery = await out.perform(line)
    assert isinstance(delivery, Delivery)
    assert "refused" in delivery.result
    with pytest.raises(Rejected, match="switched off"):
        await out.perform(line)
    assert len(await out.said(forum)) == before
    assert out.kinds() == ["alarm.raised"]
    assert out.happened[0].body.text_key == "alarm-forum-off"
    assert await out.calls("sendMessage", "deleteMessage") == ["sendMessage", "sendMessage", "deleteMessage"]


async def test_a_forum_switched_off_before_its_first_topic_raises_the_same_alarm(
    out: Outgoing, forum: int, car_id: UUID
):
    await out.telegram.act(f"/chats/{forum}/forum", is_forum=False)
    assert "refused" in await out.show(forum, car_id)
    assert [event.body.text_key for event in out.happened] == ["alarm-forum-off"]


async def test_when_topics_are_back_the_next_order_tells_it_and_goes_out(out: Outgoing, forum: int, car_id: UUID):
    await out.sql("UPDATE chats SET is_forum = false")
    assert (await out.show(forum, car_id))["card"] == "sent"
    assert out.kinds() == ["chat.changed"]
    assert out.happened[0].body.is_forum


async def test_a_farewell_links_to_the_new_topic_and_closes_the_old_one(out: Outgoing, forum: int, car_id: UUID):
    other = await out.forum("batumi")
    await out.show(forum, car_id)
    await out.change("cars", car_id, branch="batumi")
    close = CloseTopic(
        chat_id=forum,
        entity=f"car:{car_id}",
        farewell=Text(key="car-left", args={"branch": "Batumi"}),
        link_chat_id=other,
    )
    assert isinstance(await out.perform(close), Postponed)
    await out.show(other, car_id)
    await out.hurry()
    await out.deliver_all()
    (new,) = await out.threads(other)
    (thread,) = await out.threads(forum)
    farewell = (await out.said(forum, thread))[-1]
    assert f'href="https://t.me/c/{str(other).removeprefix("-100")}/{new}"' in farewell["html"]
    assert [topic["closed"] for topic in await out.topics(forum)] == [True]


async def test_a_farewell_is_said_once_although_closing_failed(out: Outgoing, forum: int, car_id: UUID):
    await out.show(forum, car_id)
    await out.change("cars", car_id, branch="batumi")
    close = CloseTopic(chat_id=forum, entity=f"car:{car_id}", farewell=LINE)
    await out.fault("closeForumTopic", error_code=500)
    with pytest.raises(Exception, match="Internal Server Error"):
        await out.perform(close)
    await out.perform(close)
    assert (await out.texts(forum)).count("🗄 The car left the fleet. This topic is closed.") == 1
    assert [topic["closed"] for topic in await out.topics(forum)] == [True]


async def test_a_second_farewell_after_the_car_came_back_is_said_again(out: Outgoing, forum: int, car_id: UUID):
    close = CloseTopic(chat_id=forum, entity=f"car:{car_id}", farewell=LINE)
    for _ in range(2):
        await out.change("cars", car_id, branch="tbilisi")
        await out.show(forum, car_id)
        await out.change("cars", car_id, branch="batumi")
        await out.perform(close)
    assert (await out.texts(forum)).count("🗄 The car left the fleet. This topic is closed.") == 2


async def test_a_late_farewell_spares_a_car_that_is_back(out: Outgoing, forum: int, car_id: UUID):
    await out.show(forum, car_id)
    delivery = await out.perform(CloseTopic(chat_id=forum, entity=f"car:{car_id}", farewell=LINE))
    assert isinstance(delivery, Delivery)
    assert delivery.result == {"skipped": "the car is here again"}


@pytest.mark.parametrize("is_deleted", [True, False], ids=["deleted", "never opened"])
async def test_closing_what_is_not_there_is_done(out: Outgoing, forum: int, car_id: UUID, is_deleted):
    for _ in range(int(is_deleted)):
        await out.show(forum, car_id)
        (thread,) = await out.threads(forum)
        await out.telegram.act("/topics/delete", chat_id=forum, message_thread_id=thread)
    await out.change("cars", car_id, branch="batumi")
    assert isinstance(await out.perform(CloseTopic(chat_id=forum, entity=f"car:{car_id}", farewell=LINE)), Delivery)
    assert await out.topics(forum) == []

"""Forums that are bound, lost and found again."""

from pathlib import Path
from uuid import UUID

import pytest

from agents.car_topics import AGENT
from agents.spec import Outcome
from core.commands import SendMessage, Text, chat_destination
from core.errors import NeedsAttention
from core.events import ChatChanged, EventBody, ForumBound
from db import commands
from db.queries import audit, chats
from db.session import Database
from tests.agents.agent_at_work import happen
from tests.bot.outgoing_at_work import Outgoing, outgoing_at_work


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        await at_work.branch("tbilisi", language="ru")
        await at_work.branch("batumi")
        yield at_work


@pytest.fixture
async def car_id(out: Outgoing) -> UUID:
    return await out.car(61000, "tbilisi", mileage=1)


async def _happen(out: Outgoing, body: EventBody) -> Outcome:
    outcome = await happen(AGENT, body, db=out.db, clock=out.clock, trust="staff:head")
    await out.deliver_all()
    return outcome


def _bound(chat_id: int, branch: str = "tbilisi") -> ForumBound:
    return ForumBound(chat_id=chat_id, title=f"Branch {branch}", branch=branch)


def _changed(chat_id: int, **now: object) -> ChatChanged:
    return ChatChanged.model_validate(
        {"chat_id": chat_id, "title": "Branch tbilisi", "is_member": True, "is_forum": True} | now
    )


async def _is_parked(out: Outgoing, chat_id: int) -> bool:
    (row,) = await out.sql(
        "SELECT parked_at FROM destinations WHERE destination = %(name)s", name=chat_destination(chat_id)
    )
    return row["parked_at"] is not None


async def test_a_bound_forum_is_welcomed_and_filled_with_the_cars_of_its_branch(out: Outgoing, car_id: UUID):
    forum = await out.telegram.group()
    await out.car(61001, "tbilisi")
    await out.car(61002, "batumi")
    await _happen(out, _bound(forum))
    (welcome,) = await out.texts(forum, 0)
    assert welcome == "👋 Это форум филиала Tbilisi. Открою темы для 2 машин, не спеша."
    assert len(await out.topics(forum)) == 2


async def test_binding_is_written_into_the_audit(out: Outgoing):
    forum = await out.telegram.group()
    await _happen(out, _bound(forum))
    (row,) = await out.sql("SELECT actor, action, subject, details FROM audit")
    assert row == {
        "actor": "staff:head",
        "action": "forum.bound",
        "subject": f"chat:{forum}",
        "details": {"branch": "tbilisi", "title": "Branch tbilisi"},
    }
    async with out.db.transaction() as tx:
        assert (await audit.verify(tx)).broken_at is None


async def test_a_branch_that_gets_another_forum_moves_there_with_links(out: Outgoing, car_id: UUID):
    old = await out.forum("tbilisi")
    await out.show(old, car_id)
    new = await out.telegram.group()
    await _happen(out, _bound(new))
    await out.hurry()
    await out.deliver_all()
    (topic,) = await out.topics(new)
    assert [known["closed"] for known in await out.topics(old)] == [True]
    assert f"/{topic['message_thread_id']}" in (await out.said(old))[-1]["html"]
    async with out.db.transaction() as tx:
        before = await chats.find(tx, old)
    assert before is not None
    assert (before.purpose, before.branch) == ("unbound", None)


async def test_a_forum_that_gets_another_branch_closes_the_topics_of_strangers(out: Outgoing, car_id: UUID):
    forum = await out.forum("tbilisi")
    await out.show(forum, car_id)
    await out.car(61002, "batumi", plate="BB-002-BB")
    await _happen(out, _bound(forum, "batumi"))
    assert [(topic["name"][:9], topic["closed"]) for topic in await out.topics(forum)] == [
        ("AA-61000-", True),
        ("BB-002-BB", False),
    ]


async def test_a_forum_that_threw_the_bot_out_is_parked_and_wakes_when_the_bot_is_back(out: Outgoing, car_id: UUID):
    forum = await out.forum("tbilisi")
    await out.show(forum, car_id)
    kicked = await _happen(out, _changed(forum, is_member=False))
    assert [event.body.text_key for event in kicked.events] == ["alarm-chat-lost"]
    assert await _is_parked(out, forum)
    await out.order(SendMessage(chat_id=forum, text=Text(key="car-left-fleet")))
    assert await out.deliver_all() == []
    back = await _happen(out, _changed(forum))
    assert not await _is_parked(out, forum)
    assert f"chat-lost:{forum}" in {event.body.key for event in back.events}
    assert len(await out.texts(forum, 0)) == 1


async def test_row_33_a_queue_that_a_403_parked_wakes_on_the_same_word_and_its_alarm_ends(out: Outgoing, car_id: UUID):
    forum = await out.forum("tbilisi")
    bot_id = out.telegram.bot.id
    await out.telegram.act("/members/kick", chat_id=forum, user_id=bot_id)
    with pytest.raises(NeedsAttention):
        await out.perform(SendMessage(chat_id=forum, text=Text(key="car-left-fleet")))
    async with out.db.transaction() as tx:
        await commands.park(tx, chat_destination(forum), "Forbidden: bot was kicked")
    await out.telegram.act("/members/promote", chat_id=forum, user_id=bot_id)
    outcome = await _happen(out, _changed(forum))
    assert [event.body.key for event in outcome.events] == [f"needs-attention:{chat_destination(forum)}"]
    assert len(await out.topics(forum)) == 1


async def test_without_the_right_to_manage_topics_the_forum_sleeps(out: Outgoing, car_id: UUID):
    forum = await out.forum("tbilisi")
    await out.show(forum, car_id)
    lost = await _happen(out, _changed(forum, missing_rights=("can_manage_topics",)))
    assert [event.body.args["rights"] for event in lost.events] == ["can_manage_topics"]
    assert await _is_parked(out, forum)
    await _happen(out, _changed(forum))
    assert not await _is_parked(out, forum)


async def test_a_smaller_right_is_told_once_and_its_return_pins_what_was_not_pinned(out: Outgoing, car_id: UUID):
    forum = await out.forum("tbilisi", rights=["can_manage_topics", "can_delete_messages"])
    first = await _happen(out, _changed(forum, missing_rights=("can_pin_messages",)))
    again = await _happen(out, _changed(forum, missing_rights=("can_pin_messages",)))
    assert (len(first.events), len(again.events)) == (1, 0)
    assert not await _is_parked_at_all(out)
    await out.show(forum, car_id)
    await out.telegram.act("/members/promote", chat_id=forum, user_id=out.telegram.bot.id)
    await _happen(out, _changed(forum))
    assert [message["pinned"] for message in await out.said(forum)] == [True]


async def _is_parked_at_all(out: Outgoing) -> bool:
    return bool(await out.sql("SELECT 1 FROM destinations WHERE parked_at IS NOT NULL"))


async def test_topics_switched_off_are_an_alarm_and_back_on_fill_the_forum(out: Outgoing, car_id: UUID):
    forum = await out.forum("tbilisi")
    off = await _happen(out, _changed(forum, is_forum=False))
    assert [event.body.text_key for event in off.events] == ["alarm-forum-off"]
    on = await _happen(out, _changed(forum))
    assert [event.body.key for event in on.events] == [f"forum-off:{forum}"]
    assert len(await out.topics(forum)) == 1


@pytest.mark.parametrize("chat_id", [777, -1005], ids=["a person", "a group nobody bound"])
async def test_losing_a_chat_that_serves_nothing_is_no_alarm(out: Outgoing, chat_id: int):
    await _happen(out, _changed(chat_id))
    outcome = await _happen(out, _changed(chat_id, is_member=False))
    assert outcome.events == ()


async def test_a_change_that_changes_nothing_orders_nothing(out: Outgoing, car_id: UUID):
    forum = await out.forum("tbilisi")
    outcome = await _happen(out, _changed(forum))
    assert (outcome.events, outcome.commands) == ((), ())

"""A group that was upgraded: its new id stands everywhere, and nothing that waited is lost or doubled."""

from pathlib import Path

import pytest

from core.commands import CloseTopic, SendMessage, ShowCarCard, Text, chat_destination
from db.commands import Delivery
from db.queries import chats
from db.session import Database
from tests.bot.outgoing_at_work import Outgoing, outgoing_at_work

LINE = Text(key="car-left-fleet")


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        await at_work.branch("tbilisi")
        await at_work.branch("batumi")
        yield at_work


async def _migrate(out: Outgoing, chat_id: int) -> int:
    return (await out.telegram.act(f"/chats/{chat_id}/migrate"))["id"]


async def test_row_34_the_command_that_meets_the_change_is_replayed_for_the_new_chat(out: Outgoing):
    old = await out.telegram.group(type="group", is_forum=False)
    new = await _migrate(out, old)
    first, second = Text(key="car-card-free"), Text(key="car-card-nothing-next")
    await out.order(SendMessage(chat_id=old, text=first))
    await out.order(SendMessage(chat_id=old, text=second))
    claimed = await out.claim()
    assert claimed is not None
    assert isinstance(await out.deliver(claimed), Delivery)
    assert await out.deliver_all() == []
    await out.hurry()
    assert [type(result) for result in await out.deliver_all()] == [Delivery]
    assert await out.texts(new) == ["🅿️ Сейчас свободна", "📅 Дальше броней нет"]
    assert await out.sql("SELECT 1 FROM commands WHERE state <> 'sent'") == []


async def test_row_34_the_id_is_rewritten_everywhere(out: Outgoing):
    old, other = await out.forum("tbilisi"), await out.forum("batumi")
    car_id = await out.car(1, "tbilisi", mileage=1)
    await out.show(old, car_id)
    await out.sql(
        """INSERT INTO buttons (token, group_key, chat_id, event_kind, subject, min_role, expires_at)
           VALUES ('t', 'g', %(chat)s, 'x', 'y', 'employee', now())""",
        chat=old,
    )
    await out.order(CloseTopic(chat_id=other, entity=f"car:{car_id}", farewell=LINE, link_chat_id=old))
    await out.sql(
        "UPDATE destinations SET parked_at = now() WHERE destination = %(name)s", name=chat_destination(other)
    )
    await out.change("cars", car_id, mileage=2)
    new = await _migrate(out, old)
    await out.order(ShowCarCard(chat_id=old, car_id=car_id))
    results = await out.deliver_all()
    assert [result.result["card"] for result in results if isinstance(result, Delivery)] == ["edited"]
    for table in ("chats", "topics", "posts", "buttons"):
        ids = {row["chat_id"] for row in await out.sql(f"SELECT chat_id FROM {table}")}
        assert old not in ids, table
        assert new in ids, table
    (close,) = await out.sql("SELECT payload FROM commands WHERE kind = 'telegram.close_topic'")
    assert close["payload"]["link_chat_id"] == new
    async with out.db.transaction() as tx:
        forum = await chats.forum_of(tx, "tbilisi")
    assert forum is not None
    assert forum.chat_id == new


async def test_row_34_an_order_that_still_names_the_old_id_is_sent_to_the_new_one(out: Outgoing):
    """The settings name chats too, and nobody rewrites a file."""
    old = await out.telegram.group(type="group", is_forum=False)
    new = await _migrate(out, old)
    async with out.db.transaction() as tx:
        await chats.migrate_chat(tx, old, new)
        await chats.migrate_chat(tx, old, new)
    assert isinstance(await out.perform(SendMessage(chat_id=old, text=LINE)), Delivery)
    assert len(await out.said(new)) == 1
    assert len(await out.calls("sendMessage")) == 1


async def test_the_row_with_a_purpose_wins_over_one_that_an_update_made_meanwhile(out: Outgoing):
    old, new = await out.forum("tbilisi"), -1009
    async with out.db.transaction() as tx:
        await chats.note(tx, new, title="Upgraded", is_member=True, is_forum=True, missing_rights=())
        await chats.migrate_chat(tx, old, new)
        found = await chats.find(tx, new)
    assert found is not None
    assert found.purpose == "branch_forum"


async def test_the_new_queue_waits_a_moment_for_the_command_in_flight(out: Outgoing):
    async with out.db.transaction() as tx:
        await chats.migrate_chat(tx, -1, -1002)
    (row,) = await out.sql(
        "SELECT held_until > now() AS is_held FROM destinations WHERE destination = %(name)s",
        name=chat_destination(-1002),
    )
    assert row["is_held"]

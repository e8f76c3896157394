"""What happens to cars and bookings, as staff see it in the forums of their branches."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from agents.car_topics import AGENT
from agents.spec import Outcome
from core.commands import Priority
from core.events import (
    BookingCancelled,
    BookingCreated,
    BookingIssued,
    BookingReturned,
    BookingUpdated,
    CarAdded,
    CarMoved,
    CarRemoved,
    CarUpdated,
    EventBody,
    SyncFinished,
)
from db.session import Database
from tests.agents.agent_at_work import happen
from tests.bot.outgoing_at_work import NOW, Outgoing, outgoing_at_work

FOUND: dict[str, Any] = {"found_by": "webhook"}


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
    return await out.car(61000, "tbilisi", mileage=45230)


async def _happen(out: Outgoing, body: EventBody) -> Outcome:
    outcome = await happen(AGENT, body, db=out.db, clock=out.clock)
    await out.deliver_all()
    return outcome


async def _deliver_the_rest(out: Outgoing) -> None:
    await out.hurry()
    await out.deliver_all()


async def test_a_new_car_gets_its_topic_and_card(out: Outgoing, forum: int, car_id: UUID):
    await _happen(out, CarAdded(car_id=car_id, branch="tbilisi", **FOUND))
    assert [topic["name"] for topic in await out.topics(forum)] == ["AA-61000-AA Toyota Prius"]
    assert [message["pinned"] for message in await out.said(forum)] == [True]


async def test_a_branch_without_a_forum_is_no_trouble(out: Outgoing, car_id: UUID):
    outcome = await _happen(out, CarAdded(car_id=car_id, branch="tbilisi", **FOUND))
    assert outcome.commands == ()


async def test_a_changed_car_changes_its_card_and_says_nothing_else(out: Outgoing, forum: int, car_id: UUID):
    await _happen(out, CarUpdated(car_id=car_id, changed=("state",), **FOUND))
    await out.change("cars", car_id, state=2)
    await _happen(out, CarUpdated(car_id=car_id, changed=("state",), **FOUND))
    (card,) = await out.texts(forum)
    assert "🔧 In repair" in card


async def test_many_changes_that_wait_are_one_edit(out: Outgoing, forum: int, car_id: UUID):
    for _ in range(5):
        await happen(AGENT, CarUpdated(car_id=car_id, changed=("mileage",), **FOUND), db=out.db, clock=out.clock)
    assert len(await out.sql("SELECT 1 FROM commands WHERE state = 'pending'")) == 1


async def test_a_car_that_moves_says_good_bye_with_a_link_and_arrives_with_card_and_line(
    out: Outgoing, forum: int, car_id: UUID
):
    other = await out.forum("batumi")
    await out.show(forum, car_id)
    await out.change("cars", car_id, branch="batumi")
    await _happen(out, CarMoved(car_id=car_id, from_branch="tbilisi", to_branch="batumi", **FOUND))
    await _deliver_the_rest(out)
    (old,), (new,) = await out.topics(forum), await out.topics(other)
    farewell = (await out.said(forum))[-1]
    assert old["closed"]
    assert "Batumi" in farewell["text"]
    assert f"/{new['message_thread_id']}" in farewell["html"]
    card, line = await out.said(other, new["message_thread_id"])
    assert card["pinned"]
    assert line["text"] == "➡️ The car came here from the branch Tbilisi"


async def test_a_car_that_moves_into_a_branch_without_forum_says_good_bye_without_a_link(
    out: Outgoing, forum: int, car_id: UUID
):
    await out.show(forum, car_id)
    await out.change("cars", car_id, branch="batumi")
    await _happen(out, CarMoved(car_id=car_id, from_branch="tbilisi", to_branch="batumi", **FOUND))
    assert [topic["closed"] for topic in await out.topics(forum)] == [True]
    assert "href" not in (await out.said(forum))[-1]["html"]


async def test_a_car_that_comes_back_finds_its_old_topic(out: Outgoing, forum: int, car_id: UUID):
    other = await out.forum("batumi")
    await out.show(forum, car_id)
    for here, there in (("tbilisi", "batumi"), ("batumi", "tbilisi")):
        await out.change("cars", car_id, branch=there)
        await _happen(out, CarMoved(car_id=car_id, from_branch=here, to_branch=there, **FOUND))
        await _deliver_the_rest(out)
    assert [topic["closed"] for topic in await out.topics(forum)] == [False]
    assert [topic["closed"] for topic in await out.topics(other)] == [True]


async def test_two_moves_at_once_end_where_the_car_is(out: Outgoing, forum: int, car_id: UUID):
    await out.forum("batumi")
    await out.show(forum, car_id)
    for here, there in (("tbilisi", "batumi"), ("batumi", "tbilisi")):
        body = CarMoved(car_id=car_id, from_branch=here, to_branch=there, **FOUND)
        await happen(AGENT, body, db=out.db, clock=out.clock)
    await out.deliver_all()
    out.clock.advance(timedelta(minutes=4))
    await _deliver_the_rest(out)
    assert [topic["closed"] for topic in await out.topics(forum)] == [False]


async def test_a_car_that_leaves_the_fleet_is_archived(out: Outgoing, forum: int, car_id: UUID):
    await out.show(forum, car_id)
    await out.change("cars", car_id, deleted_at=NOW)
    await _happen(out, CarRemoved(car_id=car_id, branch="tbilisi", **FOUND))
    assert [topic["closed"] for topic in await out.topics(forum)] == [True]
    assert "left the fleet" in (await out.texts(forum))[-1]


async def test_a_booking_issued_and_returned_is_a_short_line_each_and_an_up_to_date_card(
    out: Outgoing, forum: int, car_id: UUID
):
    booking_id = await out.booking(
        1105,
        car_id,
        "tbilisi",
        in_rent=True,
        start_at=NOW,
        end_at=NOW + timedelta(days=2),
        start_mileage=45230,
        location_start="Tbilisi <Airport>",
    )
    await _happen(out, BookingIssued(booking_id=booking_id, car_id=car_id, **FOUND))
    await out.change("bookings", booking_id, in_rent=False, state="finished", end_mileage=45800)
    await _happen(out, BookingReturned(booking_id=booking_id, car_id=car_id, **FOUND))
    issued, card, returned = await out.texts(forum)
    assert issued.splitlines() == [
        "🔑 Issued №1105: Anna Sample, back 04.03 12:00",
        "Mileage: 45,230 km",
        "Place: Tbilisi <Airport>",
    ]
    assert "🅿️ Free now" in card
    assert returned.splitlines() == ["🏁 Returned №1105: Anna Sample", "Mileage: 45,800 km"]


@pytest.mark.parametrize(
    ("body", "words"),
    [(BookingIssued, "Technical booking begun"), (BookingReturned, "Technical booking ended")],
)
async def test_technical_bookings_are_marked_in_lines(out: Outgoing, forum: int, car_id: UUID, body, words):
    booking_id = await out.booking(7, car_id, "tbilisi", technical=True, end_at=NOW)
    await _happen(out, body(booking_id=booking_id, car_id=car_id, **FOUND))
    assert words in (await out.texts(forum))[0]


async def test_lines_make_no_sound(out: Outgoing, forum: int, car_id: UUID):
    booking_id = await out.booking(8, car_id, "tbilisi")
    await _happen(out, BookingIssued(booking_id=booking_id, car_id=car_id, **FOUND))
    journal = (await out.telegram.look("/journal"))["calls"]
    assert all(call["params"]["disable_notification"] for call in journal if call["method"] == "sendMessage")


@pytest.mark.parametrize("body", [BookingCreated, BookingCancelled])
async def test_a_booking_made_or_cancelled_changes_the_card_only(out: Outgoing, forum: int, car_id: UUID, body):
    booking_id = await out.booking(9, car_id, "tbilisi", start_at=NOW, end_at=NOW + timedelta(days=1))
    await _happen(out, body(booking_id=booking_id, car_id=car_id, **FOUND))
    (card,) = await out.said(forum)
    assert card["pinned"]


async def test_a_booking_that_goes_to_another_car_refreshes_both(out: Outgoing, forum: int, car_id: UUID):
    other = await out.car(61001, "tbilisi")
    booking_id = await out.booking(10, other, "tbilisi", start_at=NOW, end_at=NOW + timedelta(days=1))
    body = BookingUpdated(
        booking_id=booking_id, car_id=other, previous_car_id=car_id, changed=("car_id",), found_by="fetch"
    )
    await _happen(out, body)
    assert len(await out.topics(forum)) == 2


async def test_a_booking_without_a_car_touches_no_topic(out: Outgoing, forum: int):
    booking_id = await out.booking(11, None, "tbilisi")
    outcome = await _happen(out, BookingIssued(booking_id=booking_id, car_id=None, **FOUND))
    assert outcome.commands == ()
    assert await out.said(forum) == []


async def test_a_line_goes_where_the_car_is_and_not_where_the_booking_was_made(out: Outgoing, car_id: UUID):
    forum, other = await out.forum("tbilisi"), await out.forum("batumi")
    booking_id = await out.booking(12, car_id, "batumi")
    await _happen(out, BookingIssued(booking_id=booking_id, car_id=car_id, **FOUND))
    assert len(await out.said(forum)) == 2
    assert await out.said(other) == []


async def test_the_same_event_orders_nothing_twice(out: Outgoing, forum: int, car_id: UUID):
    booking_id = await out.booking(13, car_id, "tbilisi")
    body = BookingIssued(booking_id=booking_id, car_id=car_id, **FOUND)
    outcome = await _happen(out, body)
    await out.order_all(outcome.commands)
    await out.deliver_all()
    assert len(await out.said(forum)) == 2


def _finished(*, is_first: bool) -> SyncFinished:
    return SyncFinished(
        sync_id=1, branch="tbilisi", is_first=is_first, read=2, added=2, updated=0, unchanged=0, quarantined=0, drift=0
    )


async def test_the_first_sync_fills_a_forum_that_was_bound_before_it(out: Outgoing, forum: int, car_id: UUID):
    await out.car(61001, "tbilisi")
    await out.car(61002, "batumi")
    outcome = await _happen(out, _finished(is_first=True))
    assert {command.priority for command in outcome.commands} == {Priority.SEED}
    assert sorted(topic["name"] for topic in await out.topics(forum)) == [
        "AA-61000-AA Toyota Prius",
        "AA-61001-AA Toyota Prius",
    ]


async def test_later_syncs_fill_nothing(out: Outgoing, forum: int, car_id: UUID):
    assert (await _happen(out, _finished(is_first=False))).commands == ()

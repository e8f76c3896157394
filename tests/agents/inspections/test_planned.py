"""What is planned is remembered in time, once; what is missing is told, once; history is left alone."""

from datetime import timedelta
from typing import Any

import pytest

from core.commands import SendMessage
from core.events import IssuePlanned
from core.inspection.views import Occasion
from tests.agents.inspections.yard import CAR, FORUM, NOW, PEOPLE, Yard, said, told_of

MINUTE = timedelta(minutes=1)


async def recorded(yard: Yard, kind: str) -> int:
    [row] = await yard.sql("SELECT count(*) AS n FROM events WHERE kind = %s", kind)
    return row["n"]


async def test_a_hand_over_is_remembered_two_hours_and_half_an_hour_before(yard: Yard):
    await yard.booking(1, start_at=NOW + timedelta(minutes=121))
    assert told_of(await yard.tick()) == []
    for minutes in (1, 1, 60, 28, 1, 1):
        yard.clock.advance(minutes * MINUTE)
        await yard.tick()
    assert await recorded(yard, "booking.issue.planned") == 2


async def test_a_booking_that_comes_late_is_told_of_once(yard: Yard):
    await yard.booking(1, start_at=NOW + 20 * MINUTE)
    [event] = (await yard.tick()).events
    assert isinstance(event.body, IssuePlanned)
    assert event.body.minutes_before == 30


async def test_a_return_of_a_car_that_is_out_is_remembered(yard: Yard):
    await yard.booking(1, start_at=NOW - timedelta(days=2), end_at=NOW + 20 * MINUTE, in_rent=True)
    assert told_of(await yard.tick()) == ["booking.return.planned"]


@pytest.mark.parametrize(
    "columns", [{"technical": True}, {"state": "cancelled"}, {"deleted_at": NOW}, {"in_rent": True}]
)
async def test_what_is_no_hand_over_is_not_remembered(yard: Yard, columns: dict[str, Any]):
    await yard.booking(1, start_at=NOW + 20 * MINUTE, **columns)
    assert told_of(await yard.tick()) == []


async def test_the_reminder_stands_in_the_cars_topic_with_its_button(yard: Yard):
    booking = await yard.booking(1, start_at=NOW + 20 * MINUTE)
    [event] = (await yard.tick()).events
    [order] = (await yard.happen(event.body, event.subject, None)).commands
    assert isinstance(order.body, SendMessage)
    assert (order.body.chat_id, order.body.entity) == (FORUM, f"car:{CAR}")
    [[button]] = order.body.buttons
    assert (button.event["booking_id"], button.event["occasion"]) == (str(booking), "hand_over")


async def test_a_plan_that_changed_is_not_remembered(yard: Yard):
    await yard.booking(1, start_at=NOW + 20 * MINUTE)
    [event] = (await yard.tick()).events
    await yard.sql("UPDATE bookings SET start_at = start_at + interval '1 hour'")
    assert (await yard.happen(event.body, event.subject, None)).commands == ()


async def test_a_missing_inspection_is_told_once(yard: Yard):
    await yard.booking(1, start_at=NOW)
    yard.clock.advance(14 * MINUTE)
    assert "inspection.overdue" not in told_of(await yard.tick())
    yard.clock.advance(MINUTE)
    assert told_of(await yard.tick()) == ["inspection.overdue"]
    await yard.tick()
    assert await recorded(yard, "inspection.overdue") == 1


async def test_a_car_that_left_early_without_a_look_is_missed_from_then(yard: Yard):
    await yard.booking(1, start_at=NOW + timedelta(hours=5), in_rent=True, issued_event_at=NOW)
    yard.clock.advance(15 * MINUTE)
    assert told_of(await yard.tick()) == ["inspection.overdue"]


async def test_an_inspection_that_was_made_is_not_missed(yard: Yard):
    await yard.booking(1, start_at=NOW)
    await yard.want()
    await yard.walk()
    await yard.steer("submit")
    yard.clock.advance(timedelta(hours=2))
    assert told_of(await yard.tick()) == []


@pytest.mark.parametrize(
    "columns",
    [
        {"start_at": NOW - timedelta(days=2)},
        {"start_at": NOW - timedelta(hours=5), "created_at": NOW - timedelta(hours=1)},
        {"start_at": NOW - timedelta(hours=3), "in_rent": True, "issued_event_at": NOW, "created_at": NOW},
        {"start_at": NOW - timedelta(hours=3), "technical": True},
    ],
    ids=["days ago", "known later", "first sync", "technical"],
)
async def test_history_floods_nobody(yard: Yard, columns: dict[str, Any]):
    await yard.booking(1, **columns)
    assert told_of(await yard.tick()) == []


async def test_what_is_waited_for_and_owed_no_more_is_settled(yard: Yard):
    booking = await yard.booking(1, start_at=NOW - timedelta(hours=1))
    await yard.sql(
        "INSERT INTO waits (id, kind, subject, since, level) VALUES (gen_random_uuid(), 'inspection', %s, %s, 0)",
        f"operation:{booking}:{Occasion.HAND_OVER}",
        NOW,
    )
    await yard.sql("UPDATE bookings SET state = 'cancelled'")
    assert told_of(await yard.tick()) == ["inspection.settled"]


async def test_a_form_that_nobody_goes_on_with_is_asked_about_once(yard: Yard):
    await yard.want()
    yard.clock.advance(timedelta(minutes=61))
    assert said(await yard.tick()) == [(PEOPLE["nino"], "inspection-left-alone")]
    await yard.tick()
    [row] = await yard.sql(
        "SELECT count(*) AS n FROM commands WHERE payload ->> 'chat_id' = '11' AND kind = %s", SendMessage.kind
    )
    assert row["n"] == 1

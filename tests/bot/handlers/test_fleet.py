"""/car, /today, /free: what staff ask about the fleet."""

from datetime import UTC, datetime, timedelta

import pytest

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


def at(hour, minute=0, *, days=0):
    """A local time of the branch, today or so many days from it."""
    return datetime(2026, 11, 21, hour, minute, tzinfo=UTC) - timedelta(hours=4) + timedelta(days=days)


async def test_a_car_is_found_by_its_plate_however_it_is_written(stage, cast):
    await stage.hire(cast.employee)
    await stage.car("AA-123-BB", mileage=61000, clean=False, tank_full=True, year=2018)
    for wanted in ("AA-123-BB", "aa123bb", "АА 123 ВВ", "123"):
        told = await stage.ask(cast.employee.telegram_id, f"/car {wanted}")
        assert "AA-123-BB · Toyota Prius" in told
    assert "61,000 km" in told
    assert "needs a wash" in told
    assert "full tank" in told
    assert "Free now" in told


async def test_a_car_shows_the_booking_now_and_the_next(stage, cast):
    await stage.hire(cast.employee)
    car = await stage.car("AA-123-BB")
    await stage.booking(
        car, at(9, days=-2), at(18), in_rent=True, state="active", client_name="<i>Now</i>", number=4001
    )
    await stage.booking(car, at(9, days=3), at(18, days=5), client_name="Later", number=4002)
    await stage.booking(car, at(9, days=1), at(18, days=2), client_name="Gone", state="cancelled")
    told = await stage.ask(cast.employee.telegram_id, "/car AA-123-BB")
    assert "Now: <i>Now</i>, until 21.11 18:00 (no. 4001, Ivan)" in told
    assert "Next: Later, 24.11 09:00 → 26.11 18:00" in told
    assert "Gone" not in told


async def test_several_matches_become_buttons(stage, cast):
    await stage.hire(cast.employee)
    await stage.car("AA-123-BB")
    await stage.car("AA-124-BB", "batumi", model="Mazda CX-5")
    assert "Cars found: 2" in await stage.ask(cast.employee.telegram_id, "/car AA12")
    message = await stage.last(cast.employee.telegram_id)
    await stage.press(cast.employee.telegram_id, message, "Mazda")
    assert "AA-124-BB · Mazda CX-5" in (await stage.last(cast.employee.telegram_id))["text"]


async def test_a_whole_plate_wins_over_plates_that_contain_it(stage, cast):
    await stage.hire(cast.employee)
    await stage.car("AB-12")
    await stage.car("AB-123")
    assert "AB-12 ·" in await stage.ask(cast.employee.telegram_id, "/car ab12")


async def test_a_car_nobody_has_is_said_so(stage, cast):
    await stage.hire(cast.employee)
    assert "no car “%_\\”" in await stage.ask(cast.employee.telegram_id, "/car %_\\")


async def test_car_without_a_plate_explains_itself(stage, cast):
    await stage.hire(cast.employee)
    assert "Write the plate" in await stage.ask(cast.employee.telegram_id, "/car")


async def test_inside_a_cars_topic_the_car_need_not_be_named(stage, cast):
    await stage.hire(cast.employee)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    car = await stage.car("AA-123-BB")
    thread_id = await stage.topic(cast.tbilisi_forum, car, cast.head.telegram_id)
    told = await stage.ask(cast.employee.telegram_id, "/car", chat_id=cast.tbilisi_forum, thread_id=thread_id)
    assert "AA-123-BB · Toyota Prius" in told
    assert "The car's topic" in told
    assert (await stage.last(cast.tbilisi_forum))["message_thread_id"] == thread_id


async def test_a_reply_in_general_is_no_topic(stage, cast):
    await stage.hire(cast.employee)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    me = cast.employee.telegram_id
    root = await stage.say(me, "first words", chat_id=cast.tbilisi_forum)
    body = {"as": me, "chat_id": cast.tbilisi_forum, "text": "/car", "reply_to_message_id": root}
    await stage.post("/send", **body)
    await stage.turn()
    answer = await stage.last(cast.tbilisi_forum)
    assert "Write the plate" in answer["text"]
    assert "message_thread_id" not in answer


async def test_the_day_tells_hand_overs_and_returns_with_the_late_ones_first(stage, cast):
    await stage.hire(cast.employee)
    one, two, three, four = [await stage.car(f"AA-00{n}-BB") for n in range(4)]
    await stage.booking(one, at(12), at(12, days=3), location_start="Airport", client_name="Twelve")
    await stage.booking(two, at(9, days=-3), at(11), in_rent=True, start_worker_id=1, location_end="Hotel")
    await stage.booking(three, at(9, days=-5), at(9, days=-1), in_rent=True, start_worker_id=1, client_name="Late")
    await stage.booking(four, at(9), at(9, days=2), client_name="Waiting")
    told = await stage.ask(cast.employee.telegram_id, "/today")
    lines = told.split("\n")
    assert lines[0] == "📋 Tbilisi, 21.11"
    assert lines[1] == "⚠️ return late since 20.11 09:00: AA-002-BB Toyota Prius, Late · Ivan · —"
    assert lines[2] == "⚠️ hand-over late since 21.11 09:00: AA-003-BB Toyota Prius, Waiting · Ivan · —"
    assert lines[3] == "🏁 11:00 return: AA-001-BB Toyota Prius, Client Example · Ivan · Hotel"
    assert lines[4] == "🔑 12:00 hand-over: AA-000-BB Toyota Prius, Twelve · Ivan · Airport"
    assert lines[5] == "✅ Done today: 0"


async def test_what_is_cancelled_deleted_or_of_another_branch_is_not_in_the_day(stage, cast):
    await stage.hire(cast.employee)
    car = await stage.car("AA-123-BB")
    await stage.booking(car, at(12), at(12, days=1), state="cancelled")
    await stage.booking(car, at(12), at(12, days=1), state="refused")
    await stage.booking(car, at(12), at(12, days=1), deleted_at=NOW)
    await stage.booking(car, at(12), at(12, days=1), branch="batumi")
    await stage.booking(car, at(12, days=1), at(12, days=2))
    assert "Nothing for today" in await stage.ask(cast.employee.telegram_id, "/today")


async def test_what_was_done_today_is_only_counted(stage, cast):
    await stage.hire(cast.employee)
    car = await stage.car("AA-123-BB")
    await stage.booking(car, at(9), at(12, days=4), in_rent=True, start_worker_id=1, state="active")
    await stage.booking(car, at(9, days=-2), at(9), start_worker_id=1, end_worker_id=1, state="finished", archive=True)
    assert "Done today: 2" in await stage.ask(cast.employee.telegram_id, "/today")


async def test_a_long_day_comes_in_pages(stage, cast):
    await stage.hire(cast.employee)
    for number in range(17):
        car = await stage.car(f"AA-{number:03}-BB")
        await stage.booking(car, at(11, number), at(12, days=1))
    told = await stage.ask(cast.employee.telegram_id, "/today")
    assert "(1 of 2)" in told
    assert "AA-016-BB" not in told
    await stage.press(cast.employee.telegram_id, await stage.last(cast.employee.telegram_id), "More")
    assert "AA-016-BB" in (await stage.last(cast.employee.telegram_id))["text"]


async def test_in_a_forum_the_day_is_that_of_the_forums_branch(stage, cast):
    await stage.hire(cast.director)
    await stage.bind(cast.batumi_forum, "batumi")
    assert "Batumi" in await stage.ask(cast.director.telegram_id, "/today", chat_id=cast.batumi_forum)


async def test_who_has_no_branch_is_asked_which(stage, cast):
    await stage.hire(cast.director)
    assert "of which branch?" in await stage.ask(cast.director.telegram_id, "/today")
    await stage.press(cast.director.telegram_id, await stage.last(cast.director.telegram_id), "Kutaisi")
    assert "Kutaisi" in (await stage.last(cast.director.telegram_id))["text"]


async def test_a_manager_may_look_at_another_branch_by_argument(stage, cast):
    await stage.hire(cast.head)
    assert "Batumi" in await stage.ask(cast.head.telegram_id, "/today batumi")


async def test_free_cars_are_ready_active_and_held_by_nobody(stage, cast):
    await stage.hire(cast.employee)
    await stage.car("FREE-1")
    await stage.car("REPAIR", state=2)
    await stage.car("SLEEPS", active=False)
    await stage.car("GONE", deleted_at=NOW)
    out = await stage.car("OUT-LATE")
    await stage.booking(out, at(9, days=-4), at(9, days=-1), in_rent=True, state="active")
    technical = await stage.car("TECHNICAL")
    await stage.booking(technical, at(8), at(20), technical=True, repair=True)
    soon = await stage.car("SOON", "batumi")
    await stage.booking(soon, at(15), at(20))
    told = await stage.ask(cast.employee.telegram_id, "/free")
    assert told.split("\n") == [
        "🅿️ Free now: 2",
        "Batumi",
        "• SOON · Toyota Prius — until 21.11 15:00",
        "Tbilisi",
        "• FREE-1 · Toyota Prius",
    ]


@pytest.mark.parametrize(
    ("booked", "is_free"),
    [
        ((at(10, days=2), at(10, days=3)), True),
        ((at(10, days=6), at(10, days=8)), True),
        ((at(10, days=2), at(11, days=3)), False),
        ((at(9, days=6), at(10, days=8)), False),
        ((at(10, days=4), at(12, days=4)), False),
        ((at(10, days=1), at(12, days=9)), False),
    ],
)
async def test_touching_ends_do_not_overlap(stage, cast, booked, is_free):
    await stage.hire(cast.employee)
    car = await stage.car("AA-123-BB")
    await stage.booking(car, *booked)
    told = await stage.ask(cast.employee.telegram_id, "/free 24.11 10:00 - 27.11 10:00")
    assert ("AA-123-BB" in told) is is_free


@pytest.mark.parametrize("state", ["cancelled", "refused", "finished"])
async def test_bookings_that_ended_hold_no_car(stage, cast, state):
    await stage.hire(cast.employee)
    car = await stage.car("AA-123-BB")
    await stage.booking(car, at(8), at(20), state=state)
    assert "AA-123-BB" in await stage.ask(cast.employee.telegram_id, "/free")


async def test_a_state_nobody_knows_holds_the_car(stage, cast):
    await stage.hire(cast.employee)
    car = await stage.car("AA-123-BB")
    await stage.booking(car, at(8), at(20), state="unknown")
    assert "AA-123-BB" not in await stage.ask(cast.employee.telegram_id, "/free")


async def test_dates_that_make_no_sense_are_explained(stage, cast):
    await stage.hire(cast.employee)
    assert "Write dates like this" in await stage.ask(cast.employee.telegram_id, "/free 31.02")


async def test_many_free_cars_come_in_pages(stage, cast):
    await stage.hire(cast.employee)
    for number in range(31):
        await stage.car(f"AA-{number:03}-BB")
    assert "AA-030-BB" not in await stage.ask(cast.employee.telegram_id, "/free")
    await stage.press(cast.employee.telegram_id, await stage.last(cast.employee.telegram_id), "More")
    assert "AA-030-BB" in (await stage.last(cast.employee.telegram_id))["text"]

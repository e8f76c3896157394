"""A car's card: opened lazily, edited rather than sent anew, pinned, in the forum's language."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.cards import GREEN, RED
from core.commands import CloseTopic, ShowCarCard, Text
from db.session import Database
from tests.bot.outgoing_at_work import NOW, Outgoing, outgoing_at_work


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        await at_work.branch("tbilisi")
        yield at_work


@pytest.fixture
async def forum(out: Outgoing) -> int:
    return await out.forum("tbilisi")


async def test_the_first_card_opens_the_topic_and_is_pinned(out: Outgoing, forum: int):
    car_id = await out.car(61000, "tbilisi", mileage=45230)
    result = await out.show(forum, car_id)
    (topic,) = await out.topics(forum)
    (card,) = await out.said(forum, topic["message_thread_id"])
    assert topic["name"] == "AA-61000-AA Toyota Prius"
    assert card["message_id"] == result["message_id"]
    assert card["pinned"]


async def test_the_card_says_all_that_is_known_in_local_time(out: Outgoing, forum: int):
    car_id = await out.car(
        1,
        "tbilisi",
        plate="BB-001-BB",
        mileage=45230,
        clean=False,
        tank_full=True,
        tank_liters=Decimal(60),
        fuel="Бензин 95",
        last_inspection=date(2026, 1, 15),
    )
    client_id = await out.client(7, first_name="Giorgi", last_name="Example", debtor=True)
    await out.booking(
        10, car_id, "tbilisi", client_id=client_id, in_rent=True, start_at=NOW, end_at=NOW + timedelta(days=2)
    )
    await out.booking(11, car_id, "tbilisi", start_at=NOW + timedelta(days=3), end_at=NOW + timedelta(days=5))
    await out.show(forum, car_id)
    assert (await out.texts(forum))[0].splitlines() == [
        "BB-001-BB Toyota Prius",
        "🟢 Ready to issue",
        "👤 Now: Giorgi Example, until 04.03 12:00",
        "⚠️ The client is on the list of debtors",
        "📅 Next: Anna Sample, 05.03 12:00 → 07.03 12:00",
        "🧭 Mileage: 45,230 km",
        "🧽 Needs a wash",
        "⛽️ Full tank (60 l)",
        "🛢 Fuel: Бензин 95",
        "📋 Last inspection: 15.01.2026",
    ]


async def test_a_car_of_which_little_is_known_shows_no_guesses(out: Outgoing, forum: int):
    car_id = await out.car(2, "tbilisi", plate=None, model=None, state=None, active=None)
    await out.show(forum, car_id)
    (topic,) = await out.topics(forum)
    assert topic["name"] == "Car 2"
    assert (await out.texts(forum))[0].splitlines() == [
        "№2",
        "⚪️ State unknown",
        "🅿️ No booking now",
        "📅 No further bookings",
    ]


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        ({"in_rent": True}, "🔩 Now: technical booking (Anna Sample), until 04.03 12:00"),
        ({}, "📅 Next: technical booking (Anna Sample), 02.03 12:00 → 04.03 12:00"),
    ],
    ids=["now", "next"],
)
async def test_technical_bookings_are_marked_as_such(out: Outgoing, forum: int, columns, line):
    car_id = await out.car(3, "tbilisi")
    await out.booking(12, car_id, "tbilisi", technical=True, start_at=NOW, end_at=NOW + timedelta(days=2), **columns)
    await out.show(forum, car_id)
    assert line in (await out.texts(forum))[0].splitlines()


@pytest.mark.parametrize("ended", [{"state": "cancelled"}, {"archive": True}, {"deleted_at": NOW}])
async def test_bookings_that_no_longer_count_are_not_shown(out: Outgoing, forum: int, ended):
    car_id = await out.car(4, "tbilisi")
    await out.booking(13, car_id, "tbilisi", start_at=NOW, end_at=NOW + timedelta(days=2), **ended)
    await out.show(forum, car_id)
    assert "📅 No further bookings" in (await out.texts(forum))[0]


@pytest.mark.parametrize(("language", "word"), [("ru", "Можно выдавать"), ("ka", "შეიძლება გაცემა")])
async def test_the_card_speaks_the_language_of_its_forum(out: Outgoing, language, word):
    await out.branch("batumi", language=language)
    forum = await out.forum("batumi")
    await out.show(forum, await out.car(5, "batumi"))
    assert word in (await out.texts(forum))[0]


async def test_g23_html_in_a_clients_name_stays_text(out: Outgoing, forum: int):
    car_id = await out.car(6, "tbilisi", model="<i>Prius</i> & Co")
    client_id = await out.client(8, first_name='<b>Bob</b> "quoted"', last_name="</b><a href='tg://x'>")
    await out.booking(14, car_id, "tbilisi", client_id=client_id, in_rent=True, end_at=NOW)
    await out.show(forum, car_id)
    (card,) = await out.said(forum)
    assert "<b>Bob</b> \"quoted\" </b><a href='tg://x'>" in card["text"]
    assert "<i>Prius</i> & Co" in card["text"]
    assert card["html"].count("<b>") == 1
    assert (await out.topics(forum))[0]["name"] == "AA-6-AA <i>Prius</i> & Co"


async def test_a_change_edits_the_card_and_sends_nothing(out: Outgoing, forum: int):
    car_id = await out.car(7, "tbilisi", mileage=100)
    first = await out.show(forum, car_id)
    await out.change("cars", car_id, mileage=250)
    second = await out.show(forum, car_id)
    (card,) = await out.said(forum)
    assert (first["card"], second["card"]) == ("sent", "edited")
    assert "250 km" in card["text"]
    assert card["pinned"]


async def test_an_unchanged_card_costs_no_call(out: Outgoing, forum: int):
    car_id = await out.car(8, "tbilisi")
    await out.show(forum, car_id)
    before = await out.calls()
    assert (await out.show(forum, car_id))["card"] == "unchanged"
    assert await out.calls() == before


async def test_a_card_deleted_by_hand_is_sent_and_pinned_anew(out: Outgoing, forum: int):
    car_id = await out.car(9, "tbilisi", mileage=1)
    first = await out.show(forum, car_id)
    await out.telegram.bot.delete_message(forum, first["message_id"])
    await out.change("cars", car_id, mileage=2)
    second = await out.show(forum, car_id)
    (card,) = await out.said(forum)
    assert second["card"] == "sent"
    assert card["message_id"] == second["message_id"]
    assert card["pinned"]


async def test_a_new_plate_renames_the_topic(out: Outgoing, forum: int):
    car_id = await out.car(10, "tbilisi")
    await out.show(forum, car_id)
    await out.change("cars", car_id, plate="CC-777-CC")
    await out.show(forum, car_id)
    assert [topic["name"] for topic in await out.topics(forum)] == ["CC-777-CC Toyota Prius"]


async def test_a_long_name_is_cut_to_what_a_topic_takes(out: Outgoing, forum: int):
    await out.show(forum, await out.car(11, "tbilisi", model="Вездеход " * 40))
    name = (await out.topics(forum))[0]["name"]
    assert len(name) == 128
    assert name.endswith("…")


@pytest.mark.parametrize(("state", "colour"), [(1, GREEN), (3, RED)])
async def test_a_topic_is_opened_in_the_colour_of_the_state(out: Outgoing, forum: int, state, colour):
    await out.show(forum, await out.car(12, "tbilisi", state=state))
    assert (await out.topics(forum))[0]["icon_color"] == colour


@pytest.mark.parametrize("gone", [{"branch": "batumi"}, {"deleted_at": datetime(2026, 1, 1, tzinfo=UTC)}])
async def test_a_car_that_is_not_here_any_more_gets_no_card(out: Outgoing, forum: int, gone):
    await out.branch("batumi")
    car_id = await out.car(13, "tbilisi")
    await out.change("cars", car_id, **gone)
    assert "skipped" in await out.show(forum, car_id)
    assert await out.calls("createForumTopic", "sendMessage") == []


async def test_a_closed_topic_reopens_when_the_car_comes_back_and_its_card_goes_on(out: Outgoing, forum: int):
    await out.branch("batumi")
    car_id = await out.car(14, "tbilisi", mileage=1)
    first = await out.show(forum, car_id)
    await out.change("cars", car_id, branch="batumi")
    farewell = Text(key="car-left", args={"branch": "Batumi"})
    await out.perform(CloseTopic(chat_id=forum, entity=f"car:{car_id}", farewell=farewell))
    assert [topic["closed"] for topic in await out.topics(forum)] == [True]
    await out.change("cars", car_id, branch="tbilisi", mileage=2)
    second = await out.show(forum, car_id)
    assert [topic["closed"] for topic in await out.topics(forum)] == [False]
    assert (second["card"], second["message_id"]) == ("edited", first["message_id"])


async def test_without_the_right_to_pin_the_card_stands_unpinned_and_staff_hear_of_it_once(out: Outgoing):
    forum = await out.forum("tbilisi", rights=["can_manage_topics", "can_delete_messages"])
    car_id = await out.car(15, "tbilisi", mileage=1)
    assert (await out.show(forum, car_id))["card"] == "sent"
    await out.change("cars", car_id, mileage=2)
    assert (await out.show(forum, car_id))["card"] == "edited"
    assert out.kinds() == ["alarm.raised"]
    assert out.happened[0].body.args["rights"] == "can_pin_messages"
    assert await out.calls("pinChatMessage") == ["pinChatMessage"]


async def test_a_crash_between_sending_and_pinning_is_mended_by_pinning_only(out: Outgoing, forum: int):
    car_id = await out.car(16, "tbilisi")
    await out.fault("pinChatMessage", error_code=500)
    with pytest.raises(Exception, match="Internal Server Error"):
        await out.perform(ShowCarCard(chat_id=forum, car_id=car_id))
    assert (await out.show(forum, car_id))["card"] == "unchanged"
    (card,) = await out.said(forum)
    assert card["pinned"]

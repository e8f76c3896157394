"""The pinned card of a conversation: all that matters in one look, and a topic that lives as the conversation does."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from core.commands import ShowCarCard
from core.events import ConversationSteered, read_body
from db.session import Database
from tests.bot.outgoing_at_work import NOW, Outgoing, outgoing_at_work
from tests.bot.talk_at_work import Talk, button, labels, talk_at_work


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        yield at_work


@pytest.fixture
async def talk(out: Outgoing, tmp_path: Path) -> Talk:
    return await talk_at_work(out, str(tmp_path))


async def rents(talk: Talk, *, debtor: bool = False, deposit: str = "1500.00") -> UUID:
    """Dana is a client with a car of the branch; returns the car."""
    out = talk.out
    car_id = await out.car(61000, "tbilisi")
    client_id = await out.client(7, first_name="Dana", last_name="Example", debtor=debtor)
    booking_id = await out.booking(
        1234,
        car_id,
        "tbilisi",
        client_id=client_id,
        start_at=NOW,
        end_at=NOW + timedelta(days=2),
        deposit=Decimal(deposit),
        in_rent=True,
    )
    await talk.change(client_id=client_id, booking_id=booking_id)
    return car_id


async def test_a_booking_without_a_deposit_says_so(talk: Talk):
    await rents(talk, deposit="0.00")
    await talk.show_card()
    assert "💰 No deposit" in await talk.lines()


async def test_the_card_holds_all_that_is_known_in_local_time(talk: Talk):
    await rents(talk, debtor=True)
    await talk.change(
        language="he",
        last_outgoing_at=NOW,
        session_expires_at=NOW + timedelta(hours=1),
        contact_name="Dana 🌸",
    )
    await talk.show_card()
    shown = await talk.last()
    assert shown["pinned"]
    assert shown["text"].splitlines() == [
        "👤 Dana Example",
        "💬 WhatsApp",
        "📞 +995555000111",
        "🏷 Writes as Dana 🌸",
        "🌐 Hebrew",
        "📄 Booking 1234",
        "🚗 AA-61000-AA Toyota Prius",
        "📅 02.03 12:00 → 04.03 12:00",
        "💰 Deposit: 1 500 (RentProg tells no currency)",
        "⚠️ On the list of debtors (RentProg tells no amount)",
        "🙋 Answers: Nino",
        "🟢 Last answer: 02.03 12:00",
        "⏱ Session until 02.03 13:00",
    ]
    assert (await talk.out.topics(talk.chat_id))[0]["name"] == "Dana Example | AA-61000-AA Toyota Prius"


async def test_of_a_stranger_only_what_is_known_is_said(talk: Talk):
    await talk.change(contact_name=None, phone=None, login="dana_x", holder_id=None, channel="instagram")
    await talk.show_card()
    assert await talk.lines() == ["👤 dana_x", "💬 Instagram", "🙋 Nobody answers yet"]
    assert (await talk.out.topics(talk.chat_id))[0]["name"] == "dana_x"


async def test_the_first_words_that_nobody_answered_are_told(talk: Talk):
    await talk.change(last_outgoing_at=NOW)
    await talk.wrote("old", sent_at=NOW - timedelta(hours=3))
    await talk.wrote("hello?", sent_at=NOW + timedelta(minutes=5))
    await talk.wrote("hello??", sent_at=NOW + timedelta(minutes=9))
    await talk.show_card()
    assert "🔴 Waits for an answer since 02.03 12:05" in await talk.lines()


@pytest.mark.parametrize(
    ("language", "line"), [("ru", "🙋 Отвечает: Nino"), ("ka", "🙋 პასუხობს: Nino"), ("en", "🙋 Answers: Nino")]
)
async def test_the_card_speaks_the_language_of_whose_group_it_is(
    out: Outgoing, tmp_path: Path, language: str, line: str
):
    talk = await talk_at_work(out, str(tmp_path), language=language)
    await talk.show_card()
    assert line in await talk.lines()


async def test_the_holder_is_offered_everything_but_to_take_it(talk: Talk):
    await talk.show_card()
    shown = await talk.last()
    assert labels(shown) == ["👉 Assign", "⏱ +1 hour", "🤫 Consult", "🔒 Close", "Open Umnico"]
    assert button(shown, "Umnico")["url"] == "https://umnico.com/app/inbox/deals/inbox/details/4100"
    behind = await talk.events_behind(shown)
    assert behind["👉 Assign"]["event_kind"] == "screen.assign"
    assert behind["👉 Assign"]["payload"] == {"conversation_id": str(talk.id)}
    acts = [read_body(one["event_kind"], one["payload"]) for one in list(behind.values())[1:]]
    assert [body.act for body in acts if isinstance(body, ConversationSteered)] == ["prolong", "consult", "close"]
    assert {one["subject"] for one in list(behind.values())[1:]} == {talk.conversation.entity}


async def test_whoever_does_not_hold_it_may_take_it(talk: Talk):
    await talk.change(holder_id=None)
    await talk.show_card()
    assert labels(await talk.last())[0] == "🙋 Take"


async def test_consulting_is_said_and_can_be_ended(talk: Talk):
    await talk.change(is_consult=True)
    await talk.show_card()
    shown = await talk.last()
    assert "🤫 Consulting: nothing written here goes to the client" in shown["text"]
    assert "🔊 With client" in labels(shown)


async def test_a_change_edits_the_card_and_an_unchanged_one_costs_no_call(talk: Talk):
    first = await talk.show_card()
    await talk.change(language="ar")
    second = await talk.show_card()
    before = await talk.out.calls()
    third = await talk.show_card()
    assert [one["card"] for one in (first, second, third)] == ["sent", "edited", "unchanged"]
    assert await talk.out.calls() == before
    assert len(await talk.said()) == 1


async def test_a_button_that_was_pressed_works_again_when_the_card_is_shown_again(talk: Talk):
    await talk.show_card()
    before = button(await talk.last(), "+1")["callback_data"]
    await talk.press("+1")
    assert (await talk.show_card())["card"] == "edited"
    assert button(await talk.last(), "+1")["callback_data"] != before
    assert (await talk.show_card())["card"] == "unchanged"


async def test_a_new_car_renames_the_topic(talk: Talk):
    await talk.show_card()
    await rents(talk)
    await talk.show_card()
    assert [topic["name"] for topic in await talk.out.topics(talk.chat_id)] == [
        "Dana Example | AA-61000-AA Toyota Prius"
    ]


async def test_a_long_name_leaves_room_for_the_car(talk: Talk):
    await talk.change(contact_name="Длинное имя " * 40)
    await rents(talk)
    await talk.out.sql("UPDATE clients SET first_name = NULL, last_name = NULL RETURNING 1")
    await talk.show_card()
    name = (await talk.out.topics(talk.chat_id))[0]["name"]
    assert len(name) <= 128
    assert name.endswith("… | AA-61000-AA Toyota Prius")


async def test_a_closed_conversation_closes_its_topic_and_a_reopened_one_opens_it(talk: Talk):
    first = await talk.show_card()
    await talk.change(state="closed")
    await talk.show_card()
    assert [topic["closed"] for topic in await talk.out.topics(talk.chat_id)] == [True]
    assert (await talk.lines())[-1] == "🔒 The conversation is closed"
    assert labels(await talk.last()) == ["🔓 Reopen", "Open Umnico"]
    await talk.change(state="open")
    second = await talk.show_card()
    assert [topic["closed"] for topic in await talk.out.topics(talk.chat_id)] == [False]
    assert second["message_id"] == first["message_id"]


async def test_a_conversation_that_is_closed_twice_is_closed_once(talk: Talk):
    await talk.show_card()
    await talk.change(state="closed")
    await talk.show_card()
    await talk.show_card()
    assert await talk.out.calls("closeForumTopic", "reopenForumTopic") == ["closeForumTopic"]


async def test_a_closed_conversation_gets_no_topic(talk: Talk):
    await talk.change(state="closed")
    assert "skipped" in await talk.show_card()
    assert await talk.out.topics(talk.chat_id) == []


async def test_a_topic_that_was_deleted_comes_back_with_its_card_pinned(talk: Talk):
    await talk.show_card()
    (thread,) = await talk.out.threads(talk.chat_id)
    await talk.out.telegram.act(
        "/topics/delete", person=talk.out.telegram.owner, chat_id=talk.chat_id, message_thread_id=thread
    )
    await talk.change(language="ar")
    await talk.show_card()
    (card,) = await talk.said()
    assert card["pinned"]
    assert card["message_thread_id"] != thread


async def test_car_and_client_lead_to_each_other(talk: Talk):
    car_id = await rents(talk)
    forum = await talk.out.forum("tbilisi")
    await talk.out.perform(ShowCarCard(chat_id=forum, car_id=car_id))
    await talk.show_card()
    (car_thread,) = await talk.out.threads(forum)
    assert f'href="https://t.me/c/{str(forum)[4:]}/{car_thread}"' in (await talk.last())["html"]
    await talk.out.perform(ShowCarCard(chat_id=forum, car_id=car_id))
    (thread,) = await talk.out.threads(talk.chat_id)
    (card,) = await talk.out.said(forum)
    assert f'href="https://t.me/c/{str(talk.chat_id)[4:]}/{thread}"' in card["html"]


async def test_a_closed_conversation_is_no_way_from_the_car_any_more(talk: Talk):
    car_id = await rents(talk)
    forum = await talk.out.forum("tbilisi")
    await talk.show_card()
    await talk.change(state="closed")
    await talk.out.perform(ShowCarCard(chat_id=forum, car_id=car_id))
    assert "conversation with the client" not in (await talk.out.said(forum))[0]["text"]


async def test_markup_in_names_stays_text(talk: Talk):
    await talk.change(contact_name="<b>Dana</b>")
    await talk.show_card()
    assert (await talk.lines())[0] == "👤 <b>Dana</b>"


async def test_a_group_that_is_nobodys_own_gets_no_card(talk: Talk):
    await talk.out.sql("UPDATE chats SET purpose = 'unbound' WHERE chat_id = %(id)s RETURNING 1", id=talk.chat_id)
    assert "skipped" in await talk.show_card()
    assert await talk.out.topics(talk.chat_id) == []

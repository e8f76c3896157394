"""The pure rules: what deserves a draft, what is held, what may leave at night by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agents.reading_tools import Fact
from agents.reply_drafter.answer import DraftAnswer
from agents.reply_drafter.context import Context
from agents.reply_drafter.decide import (
    MAX_CHARS,
    Languages,
    Night,
    NightCase,
    stop_words,
    why_held,
    why_not,
    why_not_by_itself,
)
from core.ids import new_id
from core.settings import NightSettings
from db.queries.conversations import Conversation
from db.queries.messages import Message

NOW = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
TBILISI = ZoneInfo("Asia/Tbilisi")
TALK = Conversation(id=new_id(), account_id=1, lead_id=1, channel="whatsapp", language="en")
LANGUAGES = Languages("ru", "en")
FREE = Fact("availability-1", "availability", "free from 10 March 2026 10:00 to 14 March 2026 10:00, 4 days: 2 cars")
PRICE = Fact("price-2", "price", "4 days; total 420.00 USD")
ANSWER = DraftAnswer(
    kind="answer",
    intent="availability",
    staff_text="Да, с 10 марта 10:00 до 14 марта 10:00 есть машины.",
    client_text="Yes, from 10 March, 10:00, to 14 March, 10:00, there are cars.",
    used=("availability-1",),
    score=0.9,
)


def said(text="Is a car free?", minutes=0, direction="incoming", **told) -> Message:
    message = Message(
        id=new_id(),
        conversation_id=TALK.id,
        account_id=1,
        direction=direction,
        author="client" if direction == "incoming" else "staff",
        sent_at=NOW + timedelta(minutes=minutes),
        original=text,
        delivery="received",
    )
    return replace(message, **told)


def context(question=None, *others, conversation=TALK, is_drafted=False) -> Context:
    asked = question or said()
    return Context(conversation, asked, sorted((asked, *others), key=lambda one: one.sent_at), is_drafted)


def test_a_question_that_nobody_answered_is_worth_a_draft():
    assert why_not(context(said(), said("Hello", -5, "outgoing")), is_late=False) is None


@pytest.mark.parametrize(
    ("situation", "why"),
    [
        (context(said("👍 ?")), "no words"),
        (context(said(direction="outgoing")), "not a client's message"),
        (context(conversation=replace(TALK, state="closed")), "closed"),
        (context(conversation=replace(TALK, is_consult=True)), "consult mode"),
        (context(said(), said("Yes", 1, "outgoing")), "answered already"),
        (context(said(), said("And a child seat?", 1)), "the client wrote more"),
    ],
)
def test_what_is_not_worth_a_draft_says_why(situation, why):
    assert why_not(situation, is_late=False) == why


def test_a_sticker_after_the_question_does_not_take_its_draft_away():
    assert why_not(context(said(), said("👍", 1)), is_late=False) is None


def test_an_answer_that_did_not_leave_is_none():
    assert why_not(context(said(), said("Yes", 1, "outgoing", delivery="failed")), is_late=False) is None


def test_a_late_translation_drafts_only_what_has_no_draft():
    assert why_not(context(is_drafted=True), is_late=True) == "drafted already"
    assert why_not(context(is_drafted=True), is_late=False) is None


def test_a_draft_whose_figures_are_a_named_tools_is_not_held():
    assert why_held(ANSWER, [FREE], LANGUAGES) is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"client_text": "Yes, for 400 USD.", "staff_text": "Да, за 400 USD."}, '"400"'),
        ({"client_text": "For 420 USD.", "staff_text": "За 420 USD."}, '"420"'),
        ({"used": ("availability-1", "price-9")}, '"price-9"'),
        ({"client_text": "See https://evil.example/pay", "staff_text": "См. https://evil.example/pay"}, "evil.example"),
        ({"staff_text": "Есть машины с 10 марта 10:00."}, "the two texts differ"),
        ({"staff_text": ""}, "empty"),
        ({"client_text": "a" * (MAX_CHARS + 1)}, "longer"),
    ],
)
def test_a_draft_is_held_and_says_why(change, named):
    assert named in why_held(ANSWER.model_copy(update=change), [FREE, PRICE], LANGUAGES)


LISTED = Fact("price-3", "price", "4 days; rent 300.00 USD (high season); delivery 20.00 USD (city); total 320.00 USD")


@pytest.mark.parametrize(
    ("rent", "delivery", "why"),
    [(300, 20, None), (20, 300, "amounts in another order")],
)
def test_amounts_of_one_fact_that_changed_places_are_held(rent, delivery, why):
    answer = ANSWER.model_copy(
        update={
            "client_text": f"The rent is {rent} USD, the delivery {delivery} USD, 320 USD in all.",
            "staff_text": f"Аренда {rent} USD, доставка {delivery} USD, всего 320 USD.",
            "used": ("price-3",),
        }
    )
    held = why_held(answer, [LISTED], LANGUAGES)
    assert (held or "None").startswith(why or "None")


@pytest.mark.parametrize(
    ("clock", "begun"),
    [
        ("2026-03-02T19:59", None),
        ("2026-03-02T20:00", "2026-03-02T20:00"),
        ("2026-03-03T03:00", "2026-03-02T20:00"),
        ("2026-03-03T08:59", "2026-03-02T20:00"),
        ("2026-03-03T09:00", None),
    ],
)
def test_the_night_is_one_from_evening_to_morning(clock, begun):
    moment = datetime.fromisoformat(clock).replace(tzinfo=TBILISI)
    found = Night.at(moment.astimezone(UTC), NightSettings(), TBILISI)
    assert found.begun == (begun and datetime.fromisoformat(begun).replace(tzinfo=TBILISI))


LIVE = NightSettings(mode="live")
CALM = NightCase(asked="Do you have cars from 10 March?", has_booking=False, replies=0, last_reply_at=None, now=NOW)


def test_free_cars_may_be_told_at_night():
    assert why_not_by_itself(ANSWER, [FREE], CALM, LIVE) is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"settings": NightSettings(mode="shadow")}, "mode shadow"),
        ({"settings": NightSettings(mode="off")}, "mode off"),
        ({"case": {"has_booking": True}}, "the client has a booking"),
        ({"case": {"replies": 5}}, "5 replies this night"),
        ({"case": {"last_reply_at": NOW - timedelta(seconds=179)}}, "too soon"),
        ({"case": {"asked": "Какая скидка?"}}, "stop word"),
        ({"case": {"asked": "Is it 50 euros?"}}, "money"),
        ({"answer": {"intent": "price"}}, "intent price"),
        ({"answer": {"score": 0.74}}, "score 0.74 below 0.75"),
        ({"answer": {"client_text": "It is $20."}}, "money"),
        ({"answer": {"client_text": "The deposit is low."}}, "stop word deposit"),
        ({"answer": {"client_text": "Yes, we shall keep a car for you."}}, "it names no fact"),
        ({"used": [FREE, PRICE]}, "made of more"),
        ({"used": []}, "no source"),
    ],
)
def test_everything_else_of_the_night_waits_for_a_person(changed, why):
    answer = ANSWER.model_copy(update=changed.get("answer", {}))
    case = replace(CALM, **changed.get("case", {}))
    found = why_not_by_itself(answer, changed.get("used", [FREE]), case, changed.get("settings", LIVE))
    assert why in str(found)


def test_after_the_gap_the_next_reply_may_leave():
    case = replace(CALM, replies=4, last_reply_at=NOW - timedelta(minutes=3))
    assert why_not_by_itself(ANSWER, [FREE], case, LIVE) is None


@pytest.mark.parametrize(
    "text", ["Сколько? Какая цену", "со скидкой", "ავარიის შემდეგ", "وما هي الشكوى؟", "PRICES", "Mietpreis"]
)
def test_a_stop_word_is_known_with_other_endings_and_inside_longer_words(text):
    assert stop_words(text, NightSettings().stop_words)


def test_ordinary_words_are_no_stop_words():
    assert stop_words("Of course, the car is free from 10 March", NightSettings().stop_words) == []

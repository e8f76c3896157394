"""What code tells from words alone: plates, small talk, plain breakdowns, and a title that adds nothing."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from agents.triage.decide import due_at, title_of
from agents.triage.plates import cars_in
from core.hours import WorkingHours
from core.slang import Urgency, guess, says_nothing

A, B = UUID(int=1), UUID(int=2)
FLEET = [(A, "AB-123-CD"), (B, "EF-456-GH")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AB-123-CD не заводится", (A,)),
        ("ab 123 cd", (A,)),
        ("АВ123СD", (A,)),
        ("AB-123-CD и EF456GH", (A, B)),
        ("машина 456 стучит", (B,)),
        ("номер: 456", (B,)),
        ("за 456 лари", ()),
        ("машина 4567", ()),
        ("XAB-123-CDX", ()),
        ("ничего", ()),
        ("", ()),
    ],
)
def test_cars_are_found_by_their_plates_only(text: str, found: tuple[UUID, ...]):
    assert cars_in(text, FLEET) == found


@pytest.mark.parametrize("text", ["", "+", "++", "ок", "Ок, спасибо!", "👍", "Доброе утро всем", "Thank you", "12 45"])
def test_small_talk_says_nothing(text: str):
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["стучит", "где ключи?", "помыть", "спасибо, но колодки скрипят"])
def test_anything_else_says_something(text: str):
    assert not says_nothing(text)


@pytest.mark.parametrize(
    ("text", "nature", "part", "urgency"),
    [
        ("стучит подвеска слева", "breakdown", "suspension", "normal"),
        ("тормоза скрипят", "breakdown", "brakes", "high"),
        ("горит чек", "breakdown", "engine", "normal"),
        ("пробили колесо, прокол", "breakdown", "wheels", "normal"),
        ("попали в ДТП на трассе", "incident", "other", "high"),
        ("срочно! угнали машину", "incident", "other", "urgent"),
        ("нужно помыть до вечера", "task", "other", "normal"),
        ("battery is dead", "breakdown", "electrics", "normal"),
    ],
)
def test_plain_words_are_enough_without_a_model(text: str, nature: str, part: str, urgency: str):
    found = guess(text)
    assert found is not None
    assert (found.nature, found.part, found.urgency) == (nature, part, urgency)


@pytest.mark.parametrize("text", ["колодки меняли?", "вчера ездили на море", "спасибо", "клиент доволен"])
def test_words_that_do_not_say_it_plainly_are_left_to_a_reader(text: str):
    assert guess(text) is None


@pytest.mark.parametrize(
    ("proposed", "words", "title"),
    [
        ("Заменить  колодки", "надо менять колодки", "Заменить колодки"),
        ("", "стучит\nслева", "стучит слева"),
        ("Заплатить 500", "заплатить", "заплатить"),
        ("Пробег 123", "пробег 123", "Пробег 123"),
        ("Смотри https://evil.example", "смотри", "смотри"),
        ("Напиши @evilbot", "смотри https://evil.example/x тут", "смотри … тут"),
        ("", "а" * 200, "а" * 119 + "…"),
    ],
)
def test_a_title_adds_no_figure_and_no_link(proposed: str, words: str, title: str):
    assert title_of(proposed, words) == title


@pytest.mark.parametrize(
    ("urgency", "now", "due"),
    [
        ("urgent", "20 19:30", "21 09:30"),
        ("high", "20 12:00", "20 20:00"),
        ("high", "20 21:00", "21 20:00"),
        ("normal", "20 12:00", "21 18:00"),
    ],
)
def test_what_is_more_urgent_is_due_earlier_in_working_time(urgency: Urgency, now: str, due: str):
    zone = ZoneInfo("Asia/Tbilisi")
    moments = [datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=zone) for text in (now, due)]
    assert due_at(urgency, WorkingHours(zone), now=moments[0]) == moments[1]


def test_what_can_wait_for_ever_is_not_due():
    zone = ZoneInfo("Asia/Tbilisi")
    assert due_at("low", WorkingHours(zone), now=datetime(2026, 11, 20, 12, tzinfo=zone)) is None

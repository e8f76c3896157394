"""What code tells from words alone: plates, small talk, plain breakdowns, and a title that adds nothing."""

from uuid import UUID

import pytest

from agents.triage.decide import title_of
from agents.triage.plates import cars_in
from core.slang import guess, says_nothing

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

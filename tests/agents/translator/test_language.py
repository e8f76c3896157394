"""The language of short messages, among the configured ones only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.translator.language import detect_language, wrong_language

LANGUAGES = ("en", "ru", "ka", "he", "ar", "tr", "de")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Hi, can I pick up the car at the airport?"),
        ("en", "Good morning my friend"),
        ("ru", "Здравствуйте, машина свободна?"),
        ("ru", "Нужна Toyota Camry на завтра"),
        ("ka", "გამარჯობა, მანქანა თავისუფალია?"),
        ("he", "שלום, האם הרכב פנוי?"),
        ("ar", "مرحبا هل السيارة متاحة؟"),
        ("tr", "Teşekkür ederim kardeşim"),
        ("tr", "yarin havalimanindan alabilir miyim"),
        ("de", "Wann kann ich den Wagen abholen"),
        ("de", "Vielen Dank, bis morgen!"),
    ],
)
def test_a_short_message_is_recognised(language, text):
    assert detect_language(text, LANGUAGES) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "Привет",
        "😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
        "https://site.example/a/long/address",
        "+995 555 12 34 56 77 88",
        "⟦phone-1⟧ ⟦phone-2⟧ ⟦email-1⟧",
        "hahahahahaha",
        "Bonjour, la voiture est disponible ?",
        "Доброго дня, чи є вільні авто?",
        "سلام، ماشین موجود است؟ چقدر",
        "привет hello привет hello",
    ],
)
def test_nobody_guesses_where_nobody_can_be_sure(text):
    assert detect_language(text, LANGUAGES) is None


def test_only_configured_languages_are_named():
    assert detect_language("Здравствуйте, машина свободна?", ("en", "de")) is None
    assert detect_language("Wann kann ich den Wagen abholen", ("ru",)) is None


def test_the_shortest_length_is_a_setting():
    assert detect_language("Привет", LANGUAGES, min_chars=5) == "ru"


@given(st.text(max_size=200))
def test_any_text_has_a_configured_language_or_none(text):
    assert detect_language(text, LANGUAGES) in {None, *LANGUAGES}


@pytest.mark.parametrize(
    ("target", "text", "instead"),
    [
        ("ru", "Good morning, is the car free for three days?", "latin"),
        ("en", "Здравствуйте, машина стоит у отеля", "ru"),
        ("he", "Доброе утро, машина свободна на три дня?", "ru"),
        ("en", "Guten Morgen, ist das Auto für drei Tage frei, bitte?", "de"),
    ],
)
def test_a_translation_in_another_language_is_told(target, text, instead):
    assert wrong_language(text, target, LANGUAGES) == instead


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("ru", "Доброе утро, машина свободна на три дня?"),
        ("en", "Good morning, the car stands at the hotel"),
        ("de", "Guten Morgen, ist das Auto für drei Tage frei, bitte?"),
        ("tr", "Günaydın, araba üç gün için müsait mi acaba?"),
        ("ru", "Toyota Land Cruiser Prado, Hyundai Santa Fe, Mercedes Sprinter"),
        ("en", "OK, ⟦phone-1⟧"),
        ("ru", "see you then"),
        ("ru", "Адрес: Rustaveli Avenue, рядом с Tbilisi Concert Hall and the big square"),
        ("uk", "Доброго ранку, машина вільна на три дні?"),
    ],
)
def test_a_translation_that_may_be_right_is_not_held(target, text):
    assert wrong_language(text, target, LANGUAGES) is None


def test_names_are_of_no_language():
    assert (
        wrong_language("wilhelmina von hohenzollern, да", "ru", LANGUAGES, names=["wilhelmina von hohenzollern"])
        is None
    )

"""A date and the time behind it: the word for the hour stands between them in three of the languages."""

import pytest

from core.locked import Kind, compare, find


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "هل يمكن توصيل السيارة يوم 24.11 الساعة 9:30؟"),
        ("he", "אפשר להאריך עד 24.11 בשעה 9:30?"),
        ("tr", "24.11 saat 9:30'da gelebilir misiniz?"),
    ],
)
def test_the_word_for_the_hour_belongs_to_the_time_and_leaves_the_date_a_date(language: str, text: str):
    assert [(one.kind, one.text) for one in find(text, (), language)] == [(Kind.DATE, "24.11"), (Kind.TIME, "9:30")]
    russian = "24.11 в 9:30?"
    assert compare(text, russian, original_language=language, translated_language="ru") == []
    swapped = compare(text, "24.10 в 9:30?", original_language=language, translated_language="ru")
    assert swapped != []


def test_hours_and_minutes_of_a_ride_stay_a_length():
    [hours, minutes] = find("5 saat 30 dakika", (), "tr")
    assert (hours.unit, minutes.unit) == ("hour", "minute")

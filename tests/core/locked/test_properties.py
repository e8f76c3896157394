"""What holds of locked entities in any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.locked import compare
from core.locked.figures import read_figure

FACTS = st.sampled_from(
    [
        ("AA-123-BB", "CC-456-DD"),
        ("24 ноября", "25 ноября"),
        ("17:30", "18:30"),
        ("5 PM", "6 PM"),
        ("300 GEL", "350 GEL"),
        ("€75", "€57"),
        ("15%", "51%"),
        ("+995 555 00 11 22", "+995 555 00 11 23"),
        ("guest@example.com", "quest@example.com"),
        ("https://site.example/car/7", "https://site.example/car/8"),
        ("42 km", "24 km"),
        ("seven days", "eight days"),
        ("Prius", "Camry"),
    ],
)
NAMES = ["Prius", "Camry"]
ONE_OF_A_KIND = ["AA-123-BB", "24 ноября", "17:30", "€75", "15%", "guest@example.com", "42 km", "seven days", "Prius"]
MESSAGES = st.lists(FACTS, min_size=1, max_size=6)


def message(facts: list[str]) -> str:
    return "; ".join(facts)


@given(st.text(max_size=300), st.sampled_from([None, "en", "ru", "ka", "he", "ar", "tr", "de"]))
def test_a_text_equals_itself(text, language):
    assert compare(text, text, NAMES, original_language=language, translated_language=language) == []


@given(st.text(max_size=300), st.text(max_size=300), st.lists(st.text(max_size=20), max_size=4))
def test_no_text_and_no_name_breaks_the_comparison(one, other, names):
    assert len(compare(one, other, names)) == len(compare(one, other, names))


@given(st.text(alphabet="0123456789.,' -:/+%$₾kкhAА٣۵²½⟦⟧@\u200f", max_size=80))
def test_figures_in_any_disorder_equal_themselves(text):
    assert compare(text, text) == []


@given(MESSAGES, st.data())
def test_a_dropped_fact_is_found(facts, data):
    gone = data.draw(st.integers(0, len(facts) - 1))
    whole = [fact for fact, _ in facts]
    assert compare(message(whole), message(whole[:gone] + whole[gone + 1 :]), NAMES)
    assert compare(message(whole[:gone] + whole[gone + 1 :]), message(whole), NAMES)


@given(MESSAGES, st.data())
def test_a_changed_fact_is_found(facts, data):
    changed = data.draw(st.integers(0, len(facts) - 1))
    whole = [fact for fact, _ in facts]
    other = [*whole[:changed], facts[changed][1], *whole[changed + 1 :]]
    assert compare(message(whole), message(other), NAMES)


@given(st.permutations(ONE_OF_A_KIND))
def test_order_of_different_kinds_and_invisible_marks_do_not_matter(moved):
    assert compare(message(ONE_OF_A_KIND), "\u200f" + "; \u200e".join(moved), NAMES) == []


@given(st.lists(FACTS, max_size=4), FACTS.filter(lambda pair: pair[0] not in NAMES))
def test_two_facts_of_one_kind_that_changed_places_are_found(between, fact):
    one, other = fact
    middle = [first for first, _ in between if first not in fact]
    assert compare(message([one, *middle, other]), message([other, *middle, one]), NAMES)


@given(st.integers(1000, 999_999_999), st.integers(0, 99))
def test_a_figure_is_the_same_in_every_way_of_grouping(whole, cents):
    english = f"{whole:,}.{cents:02}"
    german = english.translate(str.maketrans(",.", ".,"))
    spaced = english.replace(",", " ")
    assert read_figure(english, None) == read_figure(german, None) == read_figure(spaced, None)


@pytest.mark.parametrize(
    "piece",
    ["a", "1", "1.", "1 ", "24-", "@", "a.", "A1-", "+9", "⟦", "http://a ", "two ", "5 pm ", "$5 ", "ו", "и 5 "],
)
def test_work_grows_as_the_text_does(piece, work_of):
    short, long = piece * (5_000 // len(piece)), piece * (20_000 // len(piece))
    assert work_of(lambda: compare(long, long, NAMES)) <= 8 * work_of(lambda: compare(short, short, NAMES))

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.umnico import phone_digits, pieces


def test_a_short_text_is_one_piece_and_blanks_are_none():
    assert pieces(" Hello ") == ("Hello",)
    assert pieces(" \n ") == ()


def test_a_long_text_is_cut_between_words():
    assert pieces("one two three four", 9) == ("one two", "three", "four")
    assert pieces("abcd efgh", 4) == ("abcd", "efgh")


def test_a_word_longer_than_a_piece_is_cut_and_joined_signs_stay_whole():
    assert pieces("abcdefgh", 3) == ("abc", "def", "gh")
    family = "\U0001f468\u200d\U0001f469"
    assert pieces("ab" + family, 4) == ("ab", family)


@given(st.text(max_size=200), st.integers(min_value=1, max_value=30))
def test_pieces_fit_and_lose_no_word(text, longest):
    cut = pieces(text, longest)
    assert all(0 < len(piece) <= longest for piece in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("+1 (000) 000-00-01", "10000000001"),
        ("0010000000001", "10000000001"),
        ("10000000001@c.us", "10000000001"),
        ("10000000001", "10000000001"),
        ("lena1990", None),
        ("lena_1990000", None),
        ("10000000001-1600000000@g.us", None),
        ("112", None),
        ("1" * 16, None),
        ("", None),
        (None, None),
    ],
)
def test_a_phone_is_its_digits_and_a_user_name_is_none(told, expected):
    assert phone_digits(told) == expected

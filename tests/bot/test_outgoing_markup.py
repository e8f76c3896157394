"""Lengths are counted after parsing; a cut splits neither a tag nor a character."""

import pytest

from bot.markup import cut, cut_plain, length, plain, units


def test_tags_and_references_do_not_count():
    assert length('<b>a&amp;b</b> <a href="https://x">c</a>') == 5


def test_an_emoji_beyond_the_basic_plane_counts_two():
    assert units("🚗") == 2


def test_what_fits_is_left_alone():
    assert cut("<b>abc</b>", 3) == "<b>abc</b>"


def test_a_cut_closes_the_tags_it_leaves_open():
    assert cut("<b>ab<i>cdef</i></b>", 4) == "<b>ab<i>c…</i></b>"


def test_a_cut_never_splits_a_reference():
    assert cut("a&amp;&amp;b", 3) == "a&amp;…"


@pytest.mark.parametrize(
    "character",
    ["🚗", "👨\u200d👩\u200d👧", "e\u0301", "👍🏽", "🇬🇪", "⛽\ufe0f"],
    ids=["emoji", "family", "accent", "skin", "flag", "variation"],
)
def test_a_cut_never_splits_a_character(character):
    for limit in range(2, 2 * units(character) + 2):
        shown = plain(cut("a" + character * 3, limit))
        assert units(shown) <= limit
        assert shown in {"a" + character * count + "…" for count in range(4)} | {"a" + character * 3}


def test_a_plain_name_is_cut_to_the_limit():
    assert cut_plain("AB-123-CD " + "x" * 200, 128) == "AB-123-CD " + "x" * 117 + "…"


def test_a_long_text_keeps_as_much_as_telegram_takes():
    assert length(cut("<code>" + "я" * 5000 + "</code>", 4096)) == 4096

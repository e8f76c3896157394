"""HTML markup into text and entities and back into HTML for the page."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.telegram.entities import parse, utf16_length
from sandbox.telegram.errors import ApiError
from sandbox.telegram.markup import render

PAGE_TAG = r"</?(?:b|i|a|u|s|br|code|pre)(?: [^<>]*)?>"


def entities_of(markup: str) -> list[tuple[str, int, int]]:
    return [(one["type"], one["offset"], one["length"]) for one in parse(markup, "HTML", None)[1]]


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        ("<b>a</b><i>b</i>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("🚗<u>x</u>", "🚗x", [("underline", 2, 1)]),
        ("<s>a</s><del>b</del><strike>c</strike>", "abc", [("strikethrough", n, 1) for n in range(3)]),
        ('<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>', "ab", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("&lt;b&gt; &amp;&#33;&quot;&#x41; &nbsp;", '<b> &!"A &nbsp;', []),
        ("  <b> padded </b> ", "padded", [("bold", 0, 6)]),
        ("<B>upper</B>", "upper", [("bold", 0, 5)]),
        ("<b></b>x", "x", []),
        ("<a href='nowhere'>x</a>", "x", []),
    ],
)
def test_markup_becomes_text_and_entities(markup: str, text: str, entities: list[tuple[str, int, int]]):
    assert parse(markup, "HTML", None)[0] == text
    assert entities_of(markup) == entities


def test_links_and_languages_keep_what_they_carry():
    assert parse('<a href="https://example.com/?a=1&amp;b=2">x</a>', "HTML", None)[1][0]["url"] == (
        "https://example.com/?a=1&b=2"
    )
    assert parse('<pre><code class="language-py">x</code></pre>', "HTML", None)[1][0]["language"] == "py"
    assert "language" not in parse('<code class="language-py">x</code>', "HTML", None)[1][0]


@pytest.mark.parametrize(
    "markup",
    [
        "<b",
        "<b>",
        "</b>",
        "<b></i>",
        "<script>x</script>",
        "a < b",
        "<span>x</span>",
        '<a href="x>y</a>',
        "<b></b",
        "<>",
    ],
)
def test_broken_markup_is_refused(markup: str):
    with pytest.raises(ApiError, match="can't parse entities: "):
        parse(markup, "HTML", None)


def test_another_markup_is_refused():
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        parse("*x*", "MarkdownV2", None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start branch", [("bot_command", 0, 6)]),
        ("ask @nino_example or a@example.com", [("mention", 4, 13), ("email", 21, 13)]),
        ("🚗 https://example.com/a.", [("url", 3, 21)]),
        ("#wash 50% and/or", [("hashtag", 0, 5)]),
    ],
)
def test_what_nobody_marked_is_found(text: str, found: list[tuple[str, int, int]]):
    assert [(one["type"], one["offset"], one["length"]) for one in parse(text, None, None)[1]] == found


def test_an_entity_beyond_the_text_is_refused():
    with pytest.raises(ApiError, match="entity is out of the text"):
        parse("abc", None, [{"type": "bold", "offset": 1, "length": 9}])


@given(st.text(max_size=60))
def test_escaped_text_always_comes_back_as_it_was(text: str):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    parsed, entities = parse(f"<b>{escaped}</b>", "HTML", None)
    assert parsed == text.strip()
    assert [one["length"] for one in entities if one["type"] == "bold"] == [utf16_length(parsed)] * bool(parsed)


@given(st.text(alphabet="<>/ab ei=\"'&;x🚗", max_size=40))
def test_any_markup_is_either_parsed_or_refused(markup: str):
    with suppress(ApiError):
        text, entities = parse(markup, "HTML", None)
        assert all(one["offset"] + one["length"] <= utf16_length(text) for one in entities)
        assert re.sub(PAGE_TAG, "", render(text, entities)).count("<") == 0


@pytest.mark.parametrize(
    ("markup", "html"),
    [
        ("<b>a<i>b</i></b> &lt;x&gt;", "<b>a<i>b</i></b> &lt;x&gt;"),
        ("🚗 <code>A&amp;B</code>\nnext", "🚗 <code>A&amp;B</code><br>next"),
        ("<tg-spoiler>s</tg-spoiler>", '<span class="spoiler">s</span>'),
        (
            "<a href='https://example.com/?q=\"'>x</a>",
            '<a href="https://example.com/?q=&quot;" rel="noreferrer noopener" target="_blank">x</a>',
        ),
        ("<a href='javascript:alert(1).x'>x</a>", "x"),
    ],
)
def test_the_page_gets_safe_html(markup: str, html: str):
    assert render(*parse(markup, "HTML", None)) == html


def test_entities_that_cross_are_cut_for_the_page():
    crossing = [{"type": "bold", "offset": 0, "length": 3}, {"type": "italic", "offset": 2, "length": 3}]
    assert render("abcdef", crossing) == "<b>ab<i>c</i></b>def"

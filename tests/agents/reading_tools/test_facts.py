"""A text may hold what the tools said, in any language and form, and not one figure more."""

import pytest

from agents.reading_tools import Fact, unfounded

PRICE = Fact(
    "price-1",
    "price",
    "Nissan Rogue 2018 year from Tuesday 24 November 2026 10:00 to Saturday 28 November 2026 10:00, 4 days;"
    " rent 420.00 USD (4 days at 105.00 USD); total 440.00 USD; valid until Saturday 21 November 2026 23:30",
)
PLACE = Fact("branch-2", "branch_hours_and_address", "Batumi, map https://maps.example/batumi, address 12 Sea Street")


@pytest.mark.parametrize(
    "text",
    [
        "Nissan Rogue 2018 года свободен с 24 по 28 ноября, 4 дня, всего 440 долларов.",
        "Yes! From 24 November, 10:00, to 28 November: $440 in all, 105 USD a day.",
        "السعر 440 دولار لمدة 4 أيام",
        "One more thing: we are at 12 Sea Street, https://maps.example/batumi",
        "Да, машина свободна.",
    ],
)
def test_what_the_tools_said_is_founded(text):
    assert unfounded(text, [PRICE, PLACE]) == []


@pytest.mark.parametrize(
    ("text", "stranger"),
    [
        ("Всего 400 долларов", "400"),
        ("440 GEL in all", "440"),
        ("440 days", "440"),
        ("from 25 November", "25"),
        ("at 11:00", "11:00"),
        ("with 10 % off", "10"),
        ("call +995 555 12 34 56", "+995 555 12 34 56"),
        ("see https://evil.example/pay", "https://evil.example/pay"),
        ("car 61000", "61000"),
        ("write to a@evil.example", "a@evil.example"),
        ("the plate is AA-123-BB", "AA-123-BB"),
    ],
)
def test_what_no_tool_said_is_found(text, stranger):
    assert [entity.text for entity in unfounded(text, [PRICE, PLACE])] == [stranger]


def test_without_facts_every_figure_is_unfounded():
    assert len(unfounded("4 days for 440 USD", [])) == 2

"""The words behind ``/task create``."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.task_words import Wish, read_due, read_wish

ZONE = ZoneInfo("Asia/Tbilisi")
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
"""Noon of a Saturday."""


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ('"Wash" car:61000 due:today 18:00', Wish("Wash", (("car", "61000"),), "today 18:00")),
        ("Wash the car", Wish("Wash the car")),
        ("Wash due:tomorrow the car", Wish("Wash the car", (), "tomorrow")),
        ("«Помыть» booking:12 client:7", Wish("Помыть", (("booking", "12"), ("client", "7")))),
        ('car:AB-123-CD "due:never stays text"', Wish("due:never stays text", (("car", "AB-123-CD"),))),
        ("due:18:00 Call", Wish("Call", (), "18:00")),
        ("Call due: 24.11 10:00", Wish("Call", (), "24.11 10:00")),
        ("", Wish("")),
        ('""', Wish('""')),
    ],
)
def test_options_may_stand_anywhere_outside_the_quotes(words: str, wish: Wish):
    assert read_wish(words) == wish


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("today 18:00", "2026-11-21 18:00"),
        ("сегодня", "2026-11-21 18:00"),
        ("Tomorrow", "2026-11-22 09:00"),
        ("ხვალ 10:30", "2026-11-22 10:30"),
        ("9:05", "2026-11-21 09:05"),
        ("24.11", "2026-11-24 09:00"),
        ("24.11 10:00", "2026-11-24 10:00"),
        ("1.2", "2027-02-01 09:00"),
        ("01.12.2028", "2028-12-01 09:00"),
        ("2026-12-31 23:59", "2026-12-31 23:59"),
    ],
)
def test_times_are_read_by_the_clock_of_the_branch(words: str, moment: str):
    meant = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    assert read_due(words, now=NOW, zone=ZONE) == meant


@pytest.mark.parametrize("words", ["soon", "31.02", "29.02", "today 25:00", "99:99", "24.11 noon", "0.1", "today 1x"])
def test_what_is_no_time_is_not_guessed(words: str):
    assert read_due(words, now=NOW, zone=ZONE) is None

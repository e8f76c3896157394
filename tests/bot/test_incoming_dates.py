"""Days and windows as staff write them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.dates import Window, local_day, parse_window
from core.clock import LOCAL_ZONE

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


def local(day, hour, minute=0, month=11, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL_ZONE)


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("24.11", local(24, 9), local(24, 20)),
        ("24.11-27.11", local(24, 9), local(27, 20)),
        ("24.11 - 27.11", local(24, 9), local(27, 20)),
        ("24.11 27.11", local(24, 9), local(27, 20)),
        ("24.11 10:00 – 27.11 18:30", local(24, 10), local(27, 18, 30)),
        ("24.11 9:00 24.11 12:00", local(24, 9), local(24, 12)),
        ("2026-11-24", local(24, 9), local(24, 20)),
        ("05.12.26", local(5, 9, month=12), local(5, 20, month=12)),
        ("30.12-02.01", local(30, 9, month=12), local(2, 20, month=1, year=2027)),
        ("20.11", local(20, 9, year=2027), local(20, 20, year=2027)),
        ("today", local(21, 10), local(21, 20)),
        ("21.11", local(21, 10), local(21, 20)),
        ("Завтра", local(22, 9), local(22, 20)),
        ("ხვალ", local(22, 9), local(22, 20)),
    ],
)
def test_a_window_is_read_as_it_is_meant(text, starts, ends):
    assert parse_window(text, now=NOW) == Window(starts, ends)


@pytest.mark.parametrize(
    "text", ["31.02", "13.13", "27.11.2026-24.11.2026", "24.11 25:00", "soon", "24", "1.1.1.1", "24.11-27.11-28.11"]
)
def test_what_is_unclear_is_never_guessed(text):
    assert parse_window(text, now=NOW) is None


def test_the_day_stands_before_the_month():
    """Failure G18."""
    window = parse_window("05.04.2027", now=NOW)
    assert window is not None
    assert window.starts == local(5, 9, month=4, year=2027)


def test_nothing_means_now():
    assert parse_window("", now=NOW) == Window(NOW, NOW + timedelta(minutes=1), is_now=True)


def test_today_is_over_after_closing():
    assert parse_window("today", now=local(21, 21).astimezone(UTC)) is None


def test_the_local_day_begins_at_local_midnight():
    late = local(21, 23, 30).astimezone(UTC)
    assert local_day(late) == Window(local(21, 0), local(22, 0))

"""Windows: touching ends, days that began, calendar days."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quote.window import Window, calendar_days

TBILISI = ZoneInfo("Asia/Tbilisi")
MOMENTS = st.integers(0, 30_000).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
WINDOWS = st.builds(
    lambda start, minutes: Window(start, start + timedelta(minutes=minutes)), MOMENTS, st.integers(1, 20_000)
)


def window(start_hour: int, end_hour: int) -> Window:
    midnight = datetime(2026, 5, 1, tzinfo=UTC)
    return Window(midnight + timedelta(hours=start_hour), midnight + timedelta(hours=end_hour))


@pytest.mark.parametrize(
    ("other", "is_overlap"),
    [
        (window(0, 10), False),
        (window(20, 30), False),
        (window(0, 11), True),
        (window(19, 30), True),
        (window(12, 13), True),
        (window(0, 40), True),
        (window(10, 20), True),
    ],
)
def test_windows_overlap_only_when_they_share_time(other, is_overlap):
    assert window(10, 20).overlaps(other) is is_overlap


@given(WINDOWS, WINDOWS)
def test_overlap_is_symmetric(one, other):
    assert one.overlaps(other) is other.overlaps(one)


@given(WINDOWS, st.integers(1, 20_000))
def test_a_window_never_overlaps_what_begins_at_its_end(one, minutes):
    assert not one.overlaps(Window(one.end, one.end + timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    ("length", "days"),
    [
        (timedelta(minutes=1), 1),
        (timedelta(hours=24), 1),
        (timedelta(hours=24, minutes=1), 2),
        (timedelta(days=7), 7),
        (timedelta(days=30), 30),
        (timedelta(days=30, hours=3), 31),
    ],
)
def test_every_day_that_began_is_a_day_of_rent(length, days):
    start = datetime(2026, 5, 1, 6, tzinfo=UTC)
    assert Window(start, start + length).rental_days == days


@pytest.mark.parametrize("hours", [(10, 10), (10, 9)])
def test_a_window_without_length_is_refused(hours):
    with pytest.raises(ValueError, match="ends after it starts"):
        window(*hours)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        Window(datetime(2026, 5, 1, tzinfo=UTC).replace(tzinfo=None), datetime(2026, 5, 2, tzinfo=UTC))


def test_calendar_days_are_those_of_the_local_wall():
    # 23:59 and 00:01 in Tbilisi, the same day in UTC.
    late, early = datetime(2026, 5, 1, 19, 59, tzinfo=UTC), datetime(2026, 5, 1, 20, 1, tzinfo=UTC)
    assert calendar_days(late, early, TBILISI) == 1
    assert calendar_days(late, early, ZoneInfo("UTC")) == 0


def test_hours_do_not_add_to_calendar_days():
    assert calendar_days(
        datetime(2026, 5, 1, 5, tzinfo=UTC), datetime(2026, 5, 8, 19, tzinfo=UTC), TBILISI
    ) == calendar_days(datetime(2026, 5, 1, 19, tzinfo=UTC), datetime(2026, 5, 8, 5, tzinfo=UTC), TBILISI)

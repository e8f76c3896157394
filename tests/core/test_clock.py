"""Time is UTC inside and local at the edge."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from core.clock import FixedClock, SystemClock, local_text

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_the_machines_clock_tells_utc():
    assert SystemClock().now().tzinfo is UTC


def test_a_fixed_clock_stands_still_until_it_is_moved():
    clock = FixedClock(NOON.astimezone(timezone(timedelta(hours=4))))
    assert clock.now() == clock.now() == NOON
    clock.advance(timedelta(minutes=5))
    assert clock.now() == NOON + timedelta(minutes=5)
    assert clock.now().tzinfo is UTC


def test_f5_staff_read_the_time_of_their_own_zone():
    assert local_text(NOON) == "21.11 16:00"
    assert local_text(NOON, ZoneInfo("Europe/Berlin")) == "21.11 13:00"

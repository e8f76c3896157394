"""Working hours belong to the local wall, limits included."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from core.quote.hours import WorkingHours

TBILISI = ZoneInfo("Asia/Tbilisi")


@pytest.mark.parametrize(
    ("wall", "is_inside"),
    [
        (time(9), True),
        (time(20), True),
        (time(8, 59, 59), False),
        (time(20, 0, 1), False),
        (time(13, 30), True),
        (time(0), False),
        (time(23, 59), False),
    ],
)
def test_nine_and_twenty_sharp_are_working_time(wall, is_inside):
    moment = datetime.combine(date(2026, 5, 1), wall, tzinfo=TBILISI)
    assert WorkingHours().include(moment, TBILISI) is is_inside


def test_the_zone_of_the_branch_decides():
    nine_in_tbilisi = datetime(2026, 5, 1, 5, tzinfo=ZoneInfo("UTC"))
    assert WorkingHours().include(nine_in_tbilisi, TBILISI)
    assert not WorkingHours().include(nine_in_tbilisi, ZoneInfo("UTC"))


def test_other_hours_of_the_owner_hold():
    assert WorkingHours(time(8), time(22)).include(datetime(2026, 5, 1, 8, tzinfo=TBILISI), TBILISI)


def test_hours_that_end_before_they_begin_are_refused():
    with pytest.raises(ValueError, match="end after they begin"):
        WorkingHours(time(20), time(9))


def test_they_read_as_two_times():
    assert str(WorkingHours()) == "09:00-20:00"

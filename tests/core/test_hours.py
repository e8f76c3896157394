"""The clock of a branch stands still while nobody works, in every zone and over every change of the clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.hours import QuietHours, WorkingHours

TBILISI = ZoneInfo("Asia/Tbilisi")
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
BRANCH = WorkingHours(TBILISI)
WEEKDAYS = WorkingHours(TBILISI, days=frozenset(range(5)))
NIGHT_DESK = WorkingHours(BERLIN, opens=time(22), closes=time(6))
ROUND_THE_CLOCK = WorkingHours(BERLIN, opens=time(0), closes=time(0))


def local(text: str, zone: ZoneInfo = TBILISI) -> datetime:
    """``11-20 19:58`` of the year 2026 in the zone. 2026-11-20 is a Friday."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("11-20 12:00", 10, "11-20 12:10"),
        ("11-20 19:58", 5, "11-21 09:03"),
        ("11-20 19:58", 2, "11-20 20:00"),
        ("11-20 20:00", 0, "11-20 20:00"),
        ("11-20 20:00", 1, "11-21 09:01"),
        ("11-20 08:50", 5, "11-20 09:05"),
        ("11-20 08:50", 0, "11-20 09:00"),
        ("11-20 03:00", 40, "11-20 09:40"),
        ("11-20 23:59", 40, "11-21 09:40"),
        ("11-20 09:00", 11 * 60, "11-20 20:00"),
        ("11-20 09:00", 11 * 60 + 1, "11-21 09:01"),
        ("11-20 18:00", 1440, "11-22 20:00"),
    ],
)
def test_the_clock_stops_outside_working_hours_and_goes_on_at_nine(start, minutes, due):
    assert BRANCH.after_working(local(start), minutes * MINUTE) == local(due)
    assert BRANCH.working_time_between(local(start), local(due)) == minutes * MINUTE


def test_where_the_branch_rests_on_weekends_friday_evening_goes_on_on_monday():
    assert WEEKDAYS.after_working(local("11-20 19:58"), 5 * MINUTE) == local("11-23 09:03")
    assert not WEEKDAYS.is_working(local("11-21 12:00"))


@pytest.mark.parametrize(
    ("moment", "is_working"),
    [("08:59:59", False), ("09:00", True), ("14:00", True), ("20:00", True), ("20:00:01", False), ("02:00", False)],
)
def test_both_limits_belong_to_working_time(moment, is_working):
    assert BRANCH.is_working(local(f"11-20 {moment}")) is is_working


def test_a_branch_that_works_over_midnight_is_open_on_both_days():
    assert NIGHT_DESK.is_working(local("11-20 23:00", BERLIN))
    assert NIGHT_DESK.is_working(local("11-21 05:00", BERLIN))
    assert not NIGHT_DESK.is_working(local("11-21 12:00", BERLIN))
    assert NIGHT_DESK.after_working(local("11-21 05:58", BERLIN), 5 * MINUTE) == local("11-21 22:03", BERLIN)


@pytest.mark.parametrize(
    ("hours", "start", "end", "worked"),
    [
        (NIGHT_DESK, "03-28 22:00", "03-29 06:00", 7),  # 02:00 becomes 03:00
        (NIGHT_DESK, "10-24 22:00", "10-25 06:00", 9),  # 03:00 becomes 02:00
        (NIGHT_DESK, "10-23 22:00", "10-24 06:00", 8),
        (ROUND_THE_CLOCK, "03-29 00:00", "03-30 00:00", 23),
        (ROUND_THE_CLOCK, "10-25 00:00", "10-26 00:00", 25),
        (WorkingHours(BERLIN), "03-28 12:00", "03-29 12:00", 11),
        (WorkingHours(BERLIN), "10-24 12:00", "10-25 12:00", 11),
    ],
)
def test_hours_that_a_change_of_the_clocks_takes_or_gives_are_counted_as_they_pass(hours, start, end, worked):
    assert hours.working_time_between(local(start, BERLIN), local(end, BERLIN)) == timedelta(hours=worked)


def test_on_the_days_of_change_a_branch_in_berlin_still_opens_at_nine_on_its_wall():
    hours = WorkingHours(BERLIN)
    assert hours.after_working(local("03-28 19:58", BERLIN), 5 * MINUTE) == datetime(2026, 3, 29, 7, 3, tzinfo=UTC)
    assert hours.after_working(local("10-24 19:58", BERLIN), 5 * MINUTE) == datetime(2026, 10, 25, 8, 3, tzinfo=UTC)


def test_an_opening_that_the_clock_jumps_over_is_the_jump_itself():
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    hours = WorkingHours(BERLIN, opens=time(2, 30), closes=time(3, 15))
    assert hours.next_working(local("03-29 00:00", BERLIN)) == jump
    assert hours.working_time_between(jump, jump + timedelta(hours=12)) == 15 * MINUTE


def test_a_day_that_a_zone_never_had_has_no_working_time():
    apia = ZoneInfo("Pacific/Apia")  # went from the 29th to the 31st of December 2011
    start, end = datetime(2011, 12, 29, 12, tzinfo=apia), datetime(2011, 12, 31, 12, tzinfo=apia)
    assert WorkingHours(apia).working_time_between(start, end) == timedelta(hours=8 + 3)


def test_no_working_time_passes_backwards():
    assert BRANCH.working_time_between(local("11-20 15:00"), local("11-20 12:00")) == timedelta(0)


def test_moments_of_any_zone_are_taken_and_utc_comes_back():
    due = BRANCH.after_working(local("11-20 19:58").astimezone(BERLIN), 5 * MINUTE)
    assert due == local("11-21 09:03")
    assert due.tzinfo is UTC
    assert QuietHours(TBILISI).next_allowed(local("11-20 12:00").astimezone(BERLIN)).tzinfo is UTC


@pytest.mark.parametrize("days", [frozenset(), frozenset({7})])
def test_a_branch_that_never_works_is_refused(days):
    with pytest.raises(ValueError, match="at least one day"):
        WorkingHours(TBILISI, days=days)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("11-20 21:59:59", "11-20 21:59:59"),
        ("11-20 22:00", "11-21 08:00"),
        ("11-21 00:00", "11-21 08:00"),
        ("11-21 07:59:59", "11-21 08:00"),
        ("11-21 08:00", "11-21 08:00"),
        ("11-21 14:00", "11-21 14:00"),
    ],
)
def test_in_quiet_hours_only_critical_messages_pass(moment, allowed):
    quiet = QuietHours(TBILISI)
    assert quiet.next_allowed(local(moment)) == local(allowed)
    assert quiet.next_allowed(local(moment), is_critical=True) == local(moment)


def test_a_quiet_night_ends_at_eight_on_the_wall_also_when_the_clocks_change():
    quiet = QuietHours(BERLIN)
    assert quiet.next_allowed(local("03-28 23:00", BERLIN)) == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert quiet.next_allowed(local("10-24 23:00", BERLIN)) == datetime(2026, 10, 25, 7, tzinfo=UTC)


def test_quiet_hours_within_one_day_and_none_at_all():
    siesta = QuietHours(TBILISI, time(13), time(15))
    assert siesta.next_allowed(local("11-20 14:00")) == local("11-20 15:00")
    assert siesta.next_allowed(local("11-20 23:00")) == local("11-20 23:00")
    assert QuietHours(TBILISI, time(0), time(0)).next_allowed(local("11-20 23:00")) == local("11-20 23:00")


ZONES = st.sampled_from(["Asia/Tbilisi", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "UTC"])
WALL_TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
HOURS = st.builds(
    WorkingHours,
    zone=ZONES.map(ZoneInfo),
    opens=WALL_TIMES,
    closes=WALL_TIMES,
    days=st.frozensets(st.integers(0, 6), min_size=1),
)
MOMENTS = st.one_of(
    st.datetimes(datetime(2026, 3, 25), datetime(2026, 4, 8), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants naive bounds
    st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 5), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants naive bounds
)
AMOUNTS = st.timedeltas(timedelta(0), timedelta(hours=20))
JUMPED_OVER = WorkingHours(BERLIN, opens=time(3, 15), closes=time(2, 30))
"""Its window of the 28th of March 2026 closes in the hour that the clock leaves out, right where the next one opens."""


@given(hours=HOURS, moments=st.tuples(MOMENTS, MOMENTS, MOMENTS))
@example(hours=JUMPED_OVER, moments=tuple(local(f"03-{day} 12:00", BERLIN) for day in (28, 29, 30)))
def test_working_time_is_additive(hours, moments):
    first, second, third = sorted(moments)
    parts = hours.working_time_between(first, second) + hours.working_time_between(second, third)
    assert hours.working_time_between(first, third) == parts


@given(hours=HOURS, start=MOMENTS, amount=AMOUNTS)
@example(hours=JUMPED_OVER, start=local("03-28 12:00", BERLIN), amount=timedelta(hours=20))
def test_after_working_inverts_working_time_between(hours, start, amount):
    due = hours.after_working(start, amount)
    assert hours.working_time_between(start, due) == amount
    assert hours.is_working(due)
    assert due >= start


@given(hours=HOURS, moments=st.tuples(MOMENTS, MOMENTS))
def test_no_earlier_moment_has_the_same_working_time(hours, moments):
    start, end = sorted(moments)
    end = hours.next_working(end)
    due = hours.after_working(start, hours.working_time_between(start, end))
    assert due <= end
    assert hours.working_time_between(due, end) == timedelta(0)


@given(hours=HOURS, moments=st.tuples(MOMENTS, MOMENTS))
def test_working_time_never_exceeds_the_time_that_passed(hours, moments):
    start, end = sorted(moments)
    assert timedelta(0) <= hours.working_time_between(start, end) <= end - start


@given(zone=ZONES.map(ZoneInfo), begins=st.times(), ends=st.times(), moment=MOMENTS)
def test_what_is_allowed_once_is_allowed_and_never_earlier(zone, begins, ends, moment):
    quiet = QuietHours(zone, begins, ends)
    allowed = quiet.next_allowed(moment)
    assert allowed >= moment
    assert quiet.next_allowed(allowed) == allowed


@pytest.mark.parametrize(
    ("hours", "now", "closing", "evening"),
    [
        (BRANCH, "11-20 12:00", "11-20 20:00", "11-21 18:00"),
        (BRANCH, "11-20 20:00", "11-21 20:00", "11-21 18:00"),
        (BRANCH, "11-20 23:30", "11-21 20:00", "11-21 18:00"),
        (BRANCH, "11-20 03:00", "11-20 20:00", "11-21 18:00"),
        (WEEKDAYS, "11-20 12:00", "11-20 20:00", "11-23 18:00"),
        (WEEKDAYS, "11-21 12:00", "11-23 20:00", "11-23 18:00"),
        (WorkingHours(TBILISI, closes=time(15)), "11-20 12:00", "11-20 15:00", "11-21 15:00"),
    ],
)
def test_a_working_day_has_an_end_and_an_evening(hours, now, closing, evening):
    assert hours.closing(local(now)) == local(closing)
    assert hours.next_evening(local(now)) == local(evening)


@pytest.mark.parametrize("hours", [NIGHT_DESK, ROUND_THE_CLOCK])
def test_whoever_works_at_night_has_a_later_end_and_evening_too(hours):
    now = local("11-20 23:30", BERLIN)
    assert now < hours.closing(now) <= now + timedelta(days=1)
    assert now < hours.next_evening(now) <= now + timedelta(days=2)

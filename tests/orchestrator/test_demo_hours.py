"""The clients' scene is played at any hour: its branch is closed when it begins and opens a moment later."""

from datetime import datetime, timedelta

import pytest

from core.hours import WorkingHours
from core.settings import HoursSettings
from orchestrator.demo.scenes.a_client_writes.night import hours_of
from orchestrator.demo.scenes.a_client_writes.staff import ZONE, in_working_hours

SOON = timedelta(seconds=40)


def at(time: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-10T{time}").replace(tzinfo=ZONE)


def hours_at(now: datetime) -> WorkingHours:
    told = hours_of(now, now + SOON)
    return HoursSettings(
        work_from=told["JARVIS_HOURS__WORK_FROM"], work_until=told["JARVIS_HOURS__WORK_UNTIL"]
    ).working(ZONE)


@pytest.mark.parametrize("time", ["00:00:05", "04:10:00", "08:50:00", "18:13:20", "23:40:00", "23:59:30"])
def test_the_branch_is_closed_at_first_and_opens_when_the_scene_says(time: str) -> None:
    now = at(time)
    hours = hours_at(now)
    assert not hours.is_working(now)
    assert hours.next_working(now) == now + SOON
    assert hours.opens < hours.closes


@pytest.mark.parametrize("time", ["00:00:05", "08:50:00", "18:13:20", "22:10:00", "23:20:00"])
def test_the_price_is_asked_for_an_hour_at_which_the_branch_works(time: str) -> None:
    now = at(time)
    assert hours_at(now).is_working(in_working_hours(now))

"""A planned hand-over comes near: the car's topic is told once, with the button that begins the inspection."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.clock import LOCAL_ZONE, SystemClock
from core.events import InspectionsDue, NewEvent
from core.ids import new_id
from core.settings import OperationsSettings
from db.events import record
from orchestrator.router import route
from tests.flows.company import ADMIN, CLERK, FREE, TBILISI, Company, text_of
from tests.flows.conftest import start_working
from tests.flows.opening import company_at_work
from tests.flows.test_bookings import book


@pytest.fixture
async def company(db_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Company]:
    """A working day on which reminders are on, as they are for everybody but the other stories."""
    async with company_at_work(db_url, redis_url, tmp_path, operations=OperationsSettings()) as company:
        await company.director.start(company.people[ADMIN])
        await company.synced()
        await start_working(company)
        yield company


def a_stay_in(minutes: int) -> dict[str, Any]:
    begins = SystemClock().now().astimezone(LOCAL_ZONE) + timedelta(minutes=minutes)
    return {"start_date": _told(begins), "end_date": _told(begins + timedelta(days=2))}


def _told(moment: datetime) -> str:
    """In RentProg's own notation."""
    return f"{moment:%d-%m-%Y} {moment.hour}:{moment:%M}"


async def look_at_the_clock(company: Company) -> None:
    """As its tick makes every agent look, twice: the second has nothing to add."""
    for _ in range(2):
        due = NewEvent(body=InspectionsDue(), subject="check:inspections", external_id=f"flow:{new_id()}")
        async with company.db.transaction() as tx:
            await record(tx, [due], route)
        await company.quiet()


async def reminders(company: Company) -> list[dict[str, Any]]:
    return await company.lines(TBILISI, FREE, "⏰")


async def test_a_hand_over_that_comes_near_is_told_once_and_its_button_opens_the_form(company: Company) -> None:
    await book(company, fields=a_stay_in(minutes=100))
    await company.quiet()
    await look_at_the_clock(company)
    [told] = await reminders(company)
    assert "Выдача" in text_of(told)
    assert "120 мин" in text_of(told)
    assert "Muster" in text_of(told)
    person = company.people[CLERK]
    await company.director.press(person, company.forums[TBILISI], told, "📸 Выдать")
    await company.reads(person, "1 из")


async def test_a_hand_over_that_is_called_off_or_far_away_is_not_told(company: Company) -> None:
    cancelled = await book(company, fields=a_stay_in(minutes=20))
    await company.director.act(f"bookings/{cancelled}/cancel")
    await company.quiet()
    await look_at_the_clock(company)
    assert await reminders(company) == []


async def test_a_hand_over_that_was_moved_is_told_for_its_new_time(company: Company) -> None:
    booking = await book(company, fields=a_stay_in(minutes=100))
    await company.quiet()
    await look_at_the_clock(company)
    sooner = a_stay_in(minutes=20)
    await company.director.act(f"bookings/{booking}/dates", **sooner)
    await company.quiet()
    await look_at_the_clock(company)
    first, second = await reminders(company)
    assert "120 мин" in text_of(first)
    assert "30 мин" in text_of(second)

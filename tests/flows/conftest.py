"""Two beginnings of a story: the first day, when Jarvis has only just started, and any working day."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.company import ADMIN, BATUMI, CLERK, TBILISI, Company
from tests.flows.opening import company_at_work


@pytest.fixture
async def first_day(db_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Company]:
    """Jarvis has read the company from RentProg; only the administrator is known to it, and no forum."""
    async with company_at_work(db_url, redis_url, tmp_path) as company:
        await company.director.start(company.people[ADMIN])
        await company.synced()
        yield company


@pytest.fixture
async def company(first_day: Company) -> Company:
    """Both forums are bound, every car has its topic, and a clerk works in Tbilisi."""
    await start_working(first_day)
    return first_day


async def start_working(company: Company) -> None:
    await asyncio.gather(company.let_in(CLERK), company.bind(TBILISI, ADMIN), company.bind(BATUMI, ADMIN))
    await company.quiet()

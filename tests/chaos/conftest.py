"""What the tests of faults share: the picture of a working day on which nothing went wrong."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from tests.chaos.day import Picture, a_car_is_handed_out, day_without, picture
from tests.conftest import fresh_database
from tests.flows.company import Company

DayWithout = Callable[..., AbstractAsyncContextManager[Company]]


@pytest.fixture
def day(db_url: str, redis_url: str, tmp_path: Path) -> DayWithout:
    """``day("worker")``: a working day on which this role, or several, have just ended."""
    return partial(day_without, db_url=db_url, redis_url=redis_url, home=tmp_path)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def undisturbed(postgres: str, redis_server: str, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """What a day leaves behind on which a car is handed out and nobody dies."""
    with fresh_database(postgres) as url:
        home = tmp_path_factory.mktemp("undisturbed")
        async with day_without(db_url=url, redis_url=redis_server, home=home) as company:
            await a_car_is_handed_out(company)
            await company.quiet()
            return await picture(company)

"""Reading tools on a real mirror; prices over HTTP from the twin of RentProg."""

from collections.abc import AsyncIterator, Callable

import pytest

from agents.reading_tools import ReadingTools
from db.session import Database
from tests.agents.reading_tools.company import NOW, Mirror, rentprog_at_work, settings

MakeTools = Callable[..., ReadingTools]


@pytest.fixture
async def mirror(db: Database) -> Mirror:
    made = Mirror(db)
    await made.open()
    return made


@pytest.fixture
async def make_tools(db: Database, mirror: Mirror) -> AsyncIterator[MakeTools]:
    """The tools of one event in Tbilisi; whose they are is told by ``client_id``."""
    del mirror
    async with rentprog_at_work() as rentprog:

        def make(client_id=None, branch="tbilisi", apis=rentprog):
            return ReadingTools(db, settings(), apis, NOW, client_id, branch)

        yield make

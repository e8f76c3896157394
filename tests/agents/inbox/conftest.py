"""The inbox at work, for every test of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.session import Database
from tests.agents.inbox.at_work import InboxAtWork, inbox_at_work


@pytest.fixture
async def inbox(db: Database, tmp_path: Path) -> AsyncIterator[InboxAtWork]:
    async with inbox_at_work(db, tmp_path) as at_work:
        yield at_work

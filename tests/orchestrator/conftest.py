"""What tests of the circle share."""

from collections.abc import AsyncIterator

import pytest

from orchestrator.streams import Bell


@pytest.fixture
async def bell(redis_url: str) -> AsyncIterator[Bell]:
    bell = Bell(redis_url)
    await bell.wait_runs(count=1, wait_s=0.01)  # makes the group
    yield bell
    await bell.close()

"""A yard for every test; with eyes, where a test asks for them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.clock import FixedClock
from core.settings import VisionSettings
from cv.vision import open_vision
from db.session import Database
from storage.location import open_storage
from tests.agents.inspections.yard import FEW, NOW, Yard


@pytest.fixture
async def yard(db: Database, tmp_path: Path) -> AsyncIterator[Yard]:
    clock = FixedClock(NOW)
    storage = open_storage(f"file://{tmp_path}", clock=clock)
    made = Yard(db, storage, clock)
    await made.open()
    yield made
    await storage.aclose()


@pytest.fixture
async def seeing(yard: Yard) -> AsyncIterator[Yard]:
    """The same, looked at by real vision."""
    yard.vision = open_vision(VisionSettings(), FEW)
    yield yard
    await yard.vision.aclose()

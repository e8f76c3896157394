"""A rental for every test of the narrow agents."""

from pathlib import Path

import pytest

from db.session import Database
from tests.agents.dashboard.rental import Rental


@pytest.fixture
async def rental(db: Database, tmp_path: Path) -> Rental:
    made = Rental(db, tmp_path / "objects")
    await made.found()
    return made

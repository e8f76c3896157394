"""The garage of these stories."""

import pytest

from db.session import Database
from tests.agents.damage.garage import Garage, garage_of


@pytest.fixture
async def garage(db: Database) -> Garage:
    return await garage_of(db)

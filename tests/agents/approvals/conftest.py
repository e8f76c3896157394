"""The company of these stories."""

import pytest

from db.session import Database
from tests.agents.approvals.company import Company, company_of


@pytest.fixture
async def company(db: Database) -> Company:
    return await company_of(db)

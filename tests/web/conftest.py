"""The panel over real HTTP on a real Postgres, with a clock that the tests move."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from core.clock import FixedClock
from core.settings import BranchSettings, HttpSettings, RentprogSettings, Settings, WebSettings
from db.queries.branches import put_branches
from db.session import Database
from sandbox.serve import serving
from web.panel import panel_router

TOKEN = "invented-panel-token-0001"
BRANCHES = (
    BranchSettings(code="tbilisi", name="Tbilisi", company_id=101),
    BranchSettings(code="batumi", name="Batumi", company_id=102),
)


@dataclass
class Panel:
    """``owner`` holds a session, ``stranger`` holds nothing."""

    url: str
    db: Database
    clock: FixedClock
    settings: Settings
    owner: httpx.AsyncClient
    stranger: httpx.AsyncClient

    async def log_in(self) -> None:
        answer = await self.owner.get("/login", params={"token": TOKEN})
        assert answer.status_code == 303

    async def page(self, address: str) -> str:
        answer = await self.owner.get(address)
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path,
        http=HttpSettings(public_url="https://panel.example"),
        web=WebSettings(token=SecretStr(TOKEN)),
        rentprog=RentprogSettings(branches=BRANCHES),
    )


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime.now(UTC))


@pytest.fixture
async def panel(db: Database, settings: Settings, clock: FixedClock) -> AsyncIterator[Panel]:
    async with db.transaction() as tx:
        await put_branches(tx, BRANCHES)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(panel_router(db, settings, clock=clock))
    async with (
        serving(app) as url,
        httpx.AsyncClient(base_url=url) as owner,
        httpx.AsyncClient(base_url=url) as stranger,
    ):
        shown = Panel(url, db, clock, settings, owner, stranger)
        await shown.log_in()
        yield shown

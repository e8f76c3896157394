"""A circle for each test: a database with the branches, and the real client against the twin over HTTP."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from agents.spec import Deps
from core.clock import SystemClock
from core.settings import BranchSettings, RentprogSettings, Settings
from db.session import Database
from integrations.http import Patience, RateBudget, open_http
from integrations.rentprog import RentprogClient, RentprogCredentials
from sandbox.clock import VirtualClock
from sandbox.company import BRANCHES, World, company
from sandbox.faults import FaultQueue
from sandbox.journal import Journal
from sandbox.rentprog.app import INTERNAL_BASE, PUBLIC_BASE, rentprog_routers
from sandbox.rentprog.office import Office
from sandbox.serve import serving
from tests.agents.rental_sync.circle import Circle

CONTROL = "/_sandbox/rentprog"


def company_settings() -> Settings:
    branches = tuple(
        BranchSettings(code=branch.code, name=branch.title, company_id=branch.company_id) for branch in BRANCHES
    )
    return Settings(rentprog=RentprogSettings(branches=branches))


@pytest.fixture
def world() -> World:
    return company(clock=VirtualClock())


@pytest.fixture
async def twin(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """The twin's address with its limits off; faults are ordered through it."""
    app = FastAPI()
    clock = VirtualClock()
    for router in rentprog_routers(world, FaultQueue(), Journal(clock), clock=clock):
        app.include_router(router)
    async with serving(app) as url, httpx.AsyncClient(base_url=url) as http:
        await http.post(f"{CONTROL}/limits", json={"enabled": False})
        yield http


@pytest.fixture
async def circle(db: Database, world: World, twin: httpx.AsyncClient) -> AsyncIterator[Circle]:
    keys = {keys["code"]: keys for keys in (await twin.get(f"{CONTROL}/credentials")).json()}
    async with db.transaction() as tx:
        for branch in BRANCHES:
            await tx.run(
                "INSERT INTO branches (code, name, company_id) VALUES (%s, %s, %s)",
                (branch.code, branch.title, branch.company_id),
            )
    async with open_http() as http:
        apis = {
            branch.code: RentprogClient(
                RentprogCredentials(
                    branch.code, branch.company_id, branch.company_token, keys[branch.code]["web_token"]
                ),
                public_base_url=str(twin.base_url) + PUBLIC_BASE,
                internal_base_url=str(twin.base_url) + INTERNAL_BASE,
                budget=RateBudget({}),
                http=http,
                clock=SystemClock(),
                patience=Patience(attempts=1, attempt_s=5),
            )
            for branch in BRANCHES
        }
        deps = Deps(db=db, clock=SystemClock(), settings=company_settings(), rentprog=apis)
        yield Circle(db, deps, world, Office(world))

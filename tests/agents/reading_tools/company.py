"""A small fleet in the mirror and the twin of RentProg that knows its prices, both over their real doors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from core.clock import SystemClock
from core.ids import new_id, rentprog_id
from core.settings import BranchSettings, RentprogSettings, Settings
from db.session import Database
from integrations.http import Patience, RateBudget, open_http
from integrations.rentprog import RentprogClient, RentprogCredentials
from sandbox.clock import VirtualClock
from sandbox.company import BRANCHES, company
from sandbox.faults import FaultQueue
from sandbox.journal import Journal
from sandbox.rentprog.app import INTERNAL_BASE, PUBLIC_BASE, rentprog_routers
from sandbox.serve import serving

NOW = datetime(2026, 3, 2, 8, 50, tzinfo=UTC)
ROGUE, PRIUS, CX5 = 61000, 61001, 61005
"""Cars of the sandbox's fleet: its prices are theirs."""


def settings(**sections: Any) -> Settings:
    branches = tuple(
        BranchSettings(
            code=branch.code,
            name=branch.title,
            company_id=branch.company_id,
            address=f"{branch.title}, Sea Street 12",
            map_url=f"https://maps.example/{branch.code}",
        )
        for branch in BRANCHES
    )
    return Settings(rentprog=RentprogSettings(branches=branches), **sections)


@asynccontextmanager
async def rentprog_at_work() -> AsyncIterator[dict[str, RentprogClient]]:
    """One client per branch, as in production; the twin's limits are off."""
    world, clock, app = company(clock=VirtualClock()), VirtualClock(), FastAPI()
    for router in rentprog_routers(world, FaultQueue(), Journal(clock), clock=clock):
        app.include_router(router)
    async with serving(app) as url, httpx.AsyncClient(base_url=url) as control, open_http() as http:
        await control.post("/_sandbox/rentprog/limits", json={"enabled": False})
        keys = {one["code"]: one for one in (await control.get("/_sandbox/rentprog/credentials")).json()}
        yield {
            branch.code: RentprogClient(
                RentprogCredentials(
                    branch.code, branch.company_id, branch.company_token, keys[branch.code]["web_token"]
                ),
                public_base_url=url + PUBLIC_BASE,
                internal_base_url=url + INTERNAL_BASE,
                budget=RateBudget({}),
                http=http,
                clock=SystemClock(),
                patience=Patience(attempts=1, attempt_s=5),
            )
            for branch in BRANCHES
        }


class Mirror:
    """Rows as a reconcile would have left them."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def open(self) -> None:
        for branch in BRANCHES:
            await self.sql(
                "INSERT INTO branches (code, name, company_id) VALUES (%s, %s, %s) RETURNING code",
                branch.code,
                branch.title,
                branch.company_id,
            )
        await self.car(ROGUE, "Nissan Rogue", "Средний")
        await self.car(PRIUS, "Toyota Prius", "Эконом")
        await self.car(CX5, "Mazda CX-5", "Бизнес", branch="batumi")

    async def car(self, number: int, model: str, car_class: str, *, branch: str = "tbilisi", state: int = 1) -> UUID:
        (row,) = await self.sql(
            """INSERT INTO cars (id, rentprog_id, branch, company_id, model, car_class, transmission, year, state,
                                 active, plate, raw, updated_by)
               VALUES (%s, %s, %s, 1, %s, %s, 'Автомат', 2018, %s, true, 'AA-001-BB', '{}', 'fetch') RETURNING id""",
            rentprog_id("car", number),
            number,
            branch,
            model,
            car_class,
            state,
        )
        return row["id"]

    async def client(self, number: int) -> UUID:
        client_id = rentprog_id("client", number)
        await self.sql(
            "INSERT INTO clients (id, rentprog_id, raw, updated_by) VALUES (%s, %s, '{}', 'fetch') RETURNING id",
            client_id,
            number,
        )
        return client_id

    async def booking(self, car: int, start: datetime, end: datetime, **told: Any) -> int:
        number = told.pop("number", 4000)
        row = {
            "id": new_id(),
            "rentprog_id": 500_000 + number,
            "branch": "tbilisi",
            "number": number,
            "car_id": rentprog_id("car", car),
            "start_at": start,
            "end_at": end,
            "state": "confirmed",
            "raw": "{}",
            "updated_by": "fetch",
        } | told
        await self.sql(
            f"INSERT INTO bookings ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))}) RETURNING id",
            *row.values(),
        )
        return number

    async def sql(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        async with self.db.transaction() as tx:
            return await tx.rows(statement, values)

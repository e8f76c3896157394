"""The ingress on a real port, served as Jarvis serves it, with an inbox over a real database."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from core.plans import Plan
from core.settings import BranchSettings, HttpSettings, RentprogSettings, Settings
from db.session import Database
from orchestrator.connections import Limits
from orchestrator.http_server import listen, serve
from orchestrator.inbox import Inbox
from orchestrator.ingress import RentprogDoor, hook_router
from orchestrator.streams import Bell

OLD_SECRET = "old-secret-of-the-hook-of-north"
SECRET = "new-secret-of-the-hook-of-north"
OTHER_SECRET = "secret-of-the-hook-of-the-south"
NORTH = f"/hooks/rentprog/north/{SECRET}"


def settings(
    *, per_second: int = 1000, deadline_s: float = 10.0, north: tuple[str, ...] = (OLD_SECRET, SECRET)
) -> Settings:
    branches = (
        BranchSettings(code="north", name="North", company_id=1, hook_secret=tuple(SecretStr(one) for one in north)),
        BranchSettings(code="south", name="South", company_id=2, hook_secret=(SecretStr(OTHER_SECRET),)),
        BranchSettings(code="mute", name="Without a hook", company_id=3),
    )
    return Settings(
        rentprog=RentprogSettings(branches=branches, webhook_rps_per_address=per_second),
        http=HttpSettings(request_deadline_s=deadline_s),
    )


@dataclass
class DoorAtWork:
    http: httpx.AsyncClient
    port: int
    counts: Counter[str]
    rentprog: RentprogDoor

    async def post(self, body: bytes | str, path: str = NORTH) -> httpx.Response:
        return await self.http.post(path, content=body)

    async def speak(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A bare connection, for what no honest client does."""
        return await asyncio.open_connection("127.0.0.1", self.port)


@asynccontextmanager
async def door_at_work(
    db: Database, given: Settings, redis_url: str, limits: Limits | None = None
) -> AsyncIterator[DoorAtWork]:
    bell = Bell(redis_url)
    inbox = Inbox("rentprog", db, lambda _kind: Plan(), bell, window=timedelta(minutes=15))
    counts: Counter[str] = Counter()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    rentprog = RentprogDoor(given, inbox, counts)
    app.include_router(hook_router(rentprog))
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    stop, ended = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(inbox.run(ended))
        serving = group.create_task(serve(app, listening, stop, grace_s=1, limits=limits))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as http:
            yield DoorAtWork(http, port, counts, rentprog)
        stop.set()
        await serving
        ended.set()
    await bell.close()


def refused_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]

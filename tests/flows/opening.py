"""How a small company opens for a test: the simulated world, the settings, and a real Jarvis in the same loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from core.settings import (
    BranchSettings,
    EscalationSettings,
    HoursSettings,
    HttpSettings,
    LlmSettings,
    OperationsSettings,
    RentprogSettings,
    Settings,
    SpeechSettings,
    TelegramSettings,
    TranslationSettings,
    UmnicoSettings,
    WorkSettings,
)
from db.session import Database
from orchestrator.roles import Role, bot, clock, deliver, ingress, relay, worker
from orchestrator.servers import Servers
from orchestrator.up import run_roles
from sandbox.app import SandboxSettings, create_app
from sandbox.company import World
from sandbox.company import company as whole_company
from sandbox.company.telegram import ALERTS_CHAT_ID, BOT_TOKEN
from sandbox.scenes.director import Director
from sandbox.serve import serving
from tests.flows.company import BATUMI, FREE, FREE_IN_BATUMI, OUT, PLANNED, TBILISI, Company

ROLES: tuple[Role, ...] = (ingress, relay, worker, deliver, clock, bot)
"""All of Jarvis but the panel, which has no part in these stories."""


def small_world(born: datetime | None = None) -> World:
    """Four cars in two branches with the bookings and clients that belong to them; everything else has left."""
    world = whole_company(born=born)
    cars = {PLANNED, FREE, OUT, FREE_IN_BATUMI}
    for table, is_kept in (
        (world.cars, lambda row: row["id"] in cars),
        (world.bookings, lambda row: row["car_id"] in {PLANNED, OUT}),
        (world.clients, lambda row: row["company_id"] in {1001, 1003}),
    ):
        for row in [row for row in table.rows.values() if not is_kept(row)]:
            table.drop(row["id"])
    world.operations = {company: table for company, table in world.operations.items() if company in {1001, 1003}}
    return world


async def settings_for(
    http: httpx.AsyncClient, sandbox_url: str, home: Path, *, talks: bool = False, **sections: Any
) -> Settings:
    """The settings of a real installation, only quick: what waits for seconds there waits for moments here.

    ``talks``: with the inbox of clients, a scripted model and an ear; nobody sleeps. ``sections`` win over all.
    """
    branches = tuple(
        BranchSettings(
            code=told["code"],
            name=told["code"].title(),
            company_id=told["company_id"],
            company_token=told["company_token"],
            internal_token=told["web_token"],
            hook_secret=(told["hook_secret"],),
        )
        for told in (await http.get("rentprog/credentials")).json()
        if told["code"] in {TBILISI, BATUMI}
    )
    admins = (await http.get("telegram/credentials")).json()["admins"]
    port = free_port()
    if talks:
        sections = await talking(http, sandbox_url) | sections
    given = Settings(
        home=home,
        http=HttpSettings(port=port),
        telegram=TelegramSettings(
            token=SecretStr(BOT_TOKEN),
            api_url=f"{sandbox_url}/telegram",
            admins=admins,
            alerts_chat=ALERTS_CHAT_ID,
            topic_pace_s=0,
            per_chat_per_s=1000,
            per_group_per_min=100_000,
            overall_per_s=1000,
        ),
        rentprog=RentprogSettings(
            base_url=f"{sandbox_url}/rentprog/api/v1",
            branches=branches,
            rate_share=1.0,
            is_rate_limited=False,
            timeout_s=0.5,
        ),
        # The planned hand-over is near: at some minutes its reminder, or the call for its inspection, would come into
        # every story.
        operations=OperationsSettings(remind_before_minutes=(), post_overdue_minutes=(2880, 2895, 2925, 2985)),
        work=WorkSettings(
            poll_s=0.05, lease_s=3.0, backoff_first_s=0.05, backoff_max_s=0.5, max_attempts=50, stop_grace_s=4.0
        ),
    )
    public = {"http": given.http.model_copy(update={"public_url": f"http://127.0.0.1:{port}"})} if talks else {}
    return given.model_copy(update=public | sections)


async def talking(http: httpx.AsyncClient, sandbox_url: str) -> dict[str, Any]:
    """The sections of an installation that talks with clients; the steps of an escalation are hours away."""
    told = (await http.get("settings")).raise_for_status().json()
    return {
        "umnico": UmnicoSettings(base_url=f"{sandbox_url}/umnico/v1.3", inbox_minutes=1, **told["umnico"]),
        "llm": LlmSettings(**told["llm"], down_s=0.5),
        "speech": SpeechSettings(**told["speech"]),
        # The scripted model marks what it was given and leaves it in its language.
        "translation": TranslationSettings(check_language=False),
        "hours": HoursSettings(work_from="00:00", work_until="00:00", quiet_from="00:00", quiet_until="00:00"),
        "escalation": EscalationSettings(look_every_s=1),
    }


@asynccontextmanager
async def company_at_work(
    db_url: str,
    redis_url: str,
    home: Path,
    *,
    roles: Sequence[Role] = ROLES,
    born: datetime | None = None,
    talks: bool = False,
    **sections: Any,
) -> AsyncIterator[Company]:
    """The outside world, a real Jarvis with these roles, and its database to look into.

    Bookings lie around the moment at which the world is ``born``: now, unless two worlds are to be the same.
    """
    async with AsyncExitStack() as stack:
        sandbox_url = await stack.enter_async_context(serving(create_app(SandboxSettings(), small_world(born))))
        # Nothing here is encrypted: reading the machine's certificates would only cost time.
        http = httpx.AsyncClient(base_url=f"{sandbox_url}/_sandbox/", timeout=30, verify=False)
        stack.push_async_callback(http.aclose)
        await http.post("rentprog/limits", json={"enabled": False})
        settings = await settings_for(http, sandbox_url, home, talks=talks, **sections)
        db = Database(db_url, pool_size=3)
        stack.push_async_callback(db.close)
        servers = Servers(db_url, redis_url, (home / "storage").as_uri())
        company = Company(Director(sandbox_url), http, servers, settings, db)
        stack.push_async_callback(company.director.close)
        await company.meet()
        await company.director.aim_webhooks(company.jarvis_url)
        await stack.enter_async_context(jarvis_running(company, roles))
        yield company


@asynccontextmanager
async def jarvis_running(company: Company, roles: Sequence[Role] = ROLES) -> AsyncIterator[None]:
    """A real Jarvis with these roles, stopped at the end as SIGTERM would."""
    stop, is_up = asyncio.Event(), asyncio.Event()
    work = run_roles(company.settings, company.servers, roles, stop, on_ready=lambda _jarvis: is_up.set())
    running = asyncio.ensure_future(work)
    await asyncio.wait({running, asyncio.ensure_future(is_up.wait())}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield
    finally:
        stop.set()
        await running


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

"""The simulated outside world as one web app: Telegram, RentProg, Umnico, a scripted model, and pages to play."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from sandbox.clock import VirtualClock
from sandbox.company import World, company, telegram_seed
from sandbox.company.telegram import BOT_TOKEN
from sandbox.correspondents import correspondents_router
from sandbox.credentials import credentials_router, settings_router
from sandbox.faults import FaultQueue
from sandbox.journal import Journal
from sandbox.llm.app import LlmOptions, llm_routers
from sandbox.llm.script import Script
from sandbox.llm.scripts import script_named
from sandbox.page import page_router
from sandbox.rentprog.app import rentprog_routers
from sandbox.telegram.app import Telegram, TelegramOptions
from sandbox.telegram.errors import ApiError
from sandbox.umnico.app import umnico_routers


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """How the sandbox is set up. `seed` throws its dice; `jarvis_url` is where webhooks go."""

    telegram_token: str = BOT_TOKEN
    seed: int = 1
    strict_limits: bool = False
    jarvis_url: str | None = None
    # The first pause of a Telegram webhook after a failure; it doubles from there.
    webhook_pause_s: float = 1.0
    # Without its people Telegram begins empty: no users, no groups.
    with_people: bool = True
    # What the scripted model says, and which keys open it.
    llm: LlmOptions = field(default_factory=lambda: LlmOptions(script=Script.model_validate(script_named("everyday"))))


def create_app(settings: SandboxSettings | None = None, world: World | None = None) -> FastAPI:
    """The whole sandbox; a world of one's own takes the place of the usual company."""
    chosen = settings or SandboxSettings()
    clock = VirtualClock()
    told = world or company(chosen.seed, clock)
    faults, journal = FaultQueue(), Journal(clock)
    telegram = Telegram(
        clock,
        faults,
        journal,
        TelegramOptions(
            token=chosen.telegram_token,
            seed=telegram_seed(told.people),
            titles={person.telegram_id: person.role.value.replace("_", " ") for person in told.people},
            dice_seed=chosen.seed,
            is_strict=chosen.strict_limits,
            webhook_pause_s=chosen.webhook_pause_s,
            with_people=chosen.with_people,
        ),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with telegram.sending_webhooks():
            yield

    app = FastAPI(title="Jarvis sandbox", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(ApiError, _refuse)
    app.state.let_go = (telegram.let_go,)
    twins = [
        *telegram.routers(),
        *rentprog_routers(told, faults, journal, jarvis_url=chosen.jarvis_url, clock=clock),
        *umnico_routers(faults, journal, clock=clock),
        *llm_routers(faults, journal, chosen.llm),
    ]
    beside = [
        credentials_router(told, chosen.telegram_token),
        settings_router(chosen.llm, chosen.jarvis_url),
        correspondents_router(told),
        page_router(),
    ]
    for router in [*twins, *beside]:
        app.include_router(router)
    return app


async def _refuse(_request: Request, error: Exception) -> JSONResponse:
    """A refusal of the control API."""
    assert isinstance(error, ApiError)
    return JSONResponse({"error": error.description}, error.code)

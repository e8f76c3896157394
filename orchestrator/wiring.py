"""The only place where objects are made: ``wired`` builds one process's Jarvis from its settings."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import httpx

from agents.spec import Deps
from core.clock import SystemClock
from core.settings import BranchSettings, Settings, WrongSettings
from cv.vision import Vision, open_vision
from db.session import Database
from integrations.http import Patience, RateBudget, open_http
from integrations.rentprog import RentprogApi, RentprogClient, RentprogCredentials, budget_for
from integrations.speech import SpeechApi, SpeechClient
from integrations.umnico import UmnicoApi, UmnicoClient
from integrations.umnico import budget_for as umnico_budget
from orchestrator.inbox import Inbox
from orchestrator.progress import Progress
from orchestrator.rotation import Reread, Rotation
from orchestrator.router import route
from orchestrator.servers import Servers
from orchestrator.streams import Bell
from orchestrator.thinking import thinker
from storage.api import Storage
from storage.links import Links, kept_secret
from storage.location import open_storage

if TYPE_CHECKING:
    from bot.app import Bot


UMNICO_PATIENCE_S = 40.0
"""All tries of one call together: a deliverer gives a command a minute, and a wait that is cut leaves it in doubt."""


@dataclass(frozen=True)
class Jarvis:
    """What the roles of one process share."""

    settings: Settings
    database_url: str
    db: Database
    bell: Bell
    deps: Deps
    storage: Storage
    links: Links
    rentprog_inbox: Inbox
    umnico_inbox: Inbox
    rotation: Rotation
    progress: Progress = field(default_factory=Progress)
    hook_counts: Counter[str] = field(default_factory=Counter[str])

    @cached_property
    def bot(self) -> "Bot | None":
        """None without a token: the rest of Jarvis goes on. Made where it is first asked for."""
        if self.settings.telegram.token is None:
            return None
        from bot.app import build_bot

        return build_bot(self.settings)

    async def close_bot(self) -> None:
        made: Bot | None = self.__dict__.get("bot")
        if made is not None:
            await made.session.close()


@asynccontextmanager
async def wired(settings: Settings, servers: Servers, reread: Reread | None = None) -> AsyncGenerator[Jarvis]:
    """Build everything, and close it in the opposite order. Without ``reread`` the settings never change."""
    async with AsyncExitStack() as stack:
        db = Database(servers.database_url, pool_size=settings.work.database_pool)
        stack.push_async_callback(db.close)
        bell = Bell(servers.redis_url)
        stack.push_async_callback(bell.close)
        http = await stack.enter_async_context(open_http(settings.rentprog.timeout_s))
        umnico_http = await stack.enter_async_context(open_http(settings.umnico.timeout_s))
        speech_http = await stack.enter_async_context(open_http(settings.speech.timeout_s))
        clock = SystemClock()
        window = timedelta(minutes=settings.rentprog.dedup_window_minutes)
        links = file_links(settings)
        storage = open_storage(servers.storage_url, clock=clock, links=links)
        deps = Deps(
            db=db,
            clock=clock,
            settings=settings,
            rentprog=rentprog_clients(settings, http),
            umnico=umnico_client(settings, umnico_http),
            storage=storage,
            speech=speech_client(settings, speech_http),
            vision=await stack.enter_async_context(_eyes(settings)),
            thinker=await stack.enter_async_context(thinker(settings.llm, db, clock)),
        )
        jarvis = Jarvis(
            settings=settings,
            database_url=servers.database_url,
            db=db,
            bell=bell,
            deps=deps,
            storage=storage,
            links=links,
            rentprog_inbox=Inbox("rentprog", db, route, bell, window=window),
            umnico_inbox=Inbox("umnico", db, route, bell, window=window),
            rotation=Rotation(settings, reread or (lambda: settings)),
        )
        stack.push_async_callback(jarvis.close_bot)
        yield jarvis


@asynccontextmanager
async def _eyes(settings: Settings) -> AsyncGenerator[Vision | None]:
    """Nothing starts before the first photo; what has started ends with the process."""
    if not settings.vision.is_on:
        yield None
        return
    vision = open_vision(settings.vision, settings.photos)
    try:
        yield vision
    finally:
        await vision.aclose()


def file_links(settings: Settings) -> Links:
    """Where files on a disk are served. Without a public address links open on this machine only."""
    http, given = settings.http, settings.storage_link_secret
    path = settings.home / "link-secret"
    try:
        secret = kept_secret(path) if given is None else given.get_secret_value().encode()
    except OSError as error:
        told = f"storage_link_secret (JARVIS_STORAGE_LINK_SECRET) is not set and {path} cannot be used: {error}"
        raise WrongSettings(told) from None
    base = http.public_url or f"http://{http.host}:{http.port}"
    return Links(base.rstrip("/") + "/files", secret)


def umnico_client(settings: Settings, http: httpx.AsyncClient) -> UmnicoApi | None:
    """None without a token and an account: then no client is heard and none is answered."""
    umnico = settings.umnico
    if umnico.token is None or umnico.account_id is None:
        return None
    return UmnicoClient(
        umnico.token.get_secret_value(),
        umnico.account_id,
        base_url=umnico.base_url,
        budget=umnico_budget(round(umnico.calls_per_s * 60)),
        http=http,
        clock=SystemClock(),
        patience=Patience(attempt_s=umnico.timeout_s, total_s=UMNICO_PATIENCE_S),
    )


def speech_client(settings: Settings, http: httpx.AsyncClient) -> SpeechApi | None:
    """None without a server: a voice message stays a file."""
    speech = settings.speech
    if speech.base_url is None:
        return None
    key = None if speech.api_key is None else speech.api_key.get_secret_value()
    return SpeechClient(speech.base_url, model=speech.model, http=http, clock=SystemClock(), api_key=key)


def rentprog_clients(settings: Settings, http: httpx.AsyncClient) -> dict[str, RentprogApi]:
    """One client, token cache and budget for each branch that has a company token."""
    return {
        branch.code: _rentprog_client(settings, branch, http)
        for branch in settings.rentprog.branches
        if branch.company_token is not None
    }


def _rentprog_client(settings: Settings, branch: BranchSettings, http: httpx.AsyncClient) -> RentprogApi:
    assert branch.company_token is not None
    base = settings.rentprog.base_url.rstrip("/")
    return RentprogClient(
        RentprogCredentials(
            branch=branch.code,
            company_id=branch.company_id,
            company_token=branch.company_token.get_secret_value(),
            internal_token=branch.internal_token.get_secret_value() if branch.internal_token else None,
        ),
        public_base_url=f"{base}/public",
        internal_base_url=base,
        budget=budget_for(settings.rentprog.rate_share) if settings.rentprog.is_rate_limited else RateBudget({}),
        http=http,
        clock=SystemClock(),
    )

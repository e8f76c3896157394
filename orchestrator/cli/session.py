"""What every command begins with: settings, log, and a database to look into."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from core.errors import Temporary
from core.log import hide_secrets, set_up_log
from core.settings import Settings, WrongSettings, load_settings
from db.rights import APP_ROLE, as_role
from db.session import Database
from integrations.secret_stores import open_stores
from orchestrator.embedded import running_postgres
from orchestrator.failpoints import VARIABLE, arm
from orchestrator.sandbox_credentials import with_sandbox_credentials

T = TypeVar("T")


def start(*, quiet: bool = False, needs_world: bool = True) -> Settings:
    """Settings from every source, with the log set up as they say.

    ``quiet`` is for commands that print results: they log nothing. ``needs_world`` False is for those that only look
    into the database: they need no credentials of outside systems.
    """
    settings = load_settings(open_stores)
    settings = with_sandbox_credentials(settings) if needs_world else settings
    arm(os.environ.get(VARIABLE, ""))
    hide_secrets(settings)
    set_up_log(level="error" if quiet else settings.log_level, is_json=settings.log_format == "json")
    return settings


def reread_settings() -> Settings:
    """As every source has them now. A store is asked once: a running process asks again soon, and may be stopping."""
    settings = load_settings(lambda where: open_stores(where.model_copy(update={"patience_s": 0.0})))
    settings = with_sandbox_credentials(settings)
    hide_secrets(settings)
    return settings


def run(work: Coroutine[Any, Any, T]) -> T:
    """On uvloop where it is installed; it makes the circle's many small waits cheaper."""
    if sys.platform == "win32":
        return asyncio.run(work)
    import uvloop

    return uvloop.run(work)


def database_url(settings: Settings) -> str:
    """The given one, or the embedded server of a running ``jarvis up`` on this JARVIS_HOME."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return as_role(_embedded_url(settings), APP_ROLE)


def owner_url(settings: Settings) -> str:
    """The same database as whoever may change its tables."""
    given = settings.database_owner_url or settings.database_url
    return _embedded_url(settings) if given is None else given.get_secret_value()


def _embedded_url(settings: Settings) -> str:
    url = running_postgres(settings.home / "postgres")
    if url is None:
        raise WrongSettings(
            f"no database: JARVIS_DATABASE_URL is not set and no `jarvis up` runs on {settings.home.absolute()}"
        )
    return url


@asynccontextmanager
async def looking(settings: Settings) -> AsyncGenerator[Database]:
    db = Database(database_url(settings), pool_size=2, application_name="jarvis-cli")
    try:
        yield db
    finally:
        await db.close()


def look(work: Callable[[Database], Awaitable[T]]) -> T:
    """Run a short command against the database; trouble is one line and exit code 1."""
    settings = start(quiet=True, needs_world=False)

    async def inside() -> T:
        async with looking(settings) as db:
            return await work(db)

    try:
        return run(inside())
    except Temporary as error:
        print(f"jarvis: {error}", file=sys.stderr)  # noqa: T201 - the one line a person must read
        raise SystemExit(1) from None

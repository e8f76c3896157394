"""Where Postgres and Redis are: the given URLs, or embedded servers that start and stop with this process."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from core.settings import Settings, WrongSettings
from db.rights import APP_ROLE, as_role, make_roles
from orchestrator.embedded import EmbeddedPostgres, EmbeddedRedis, HomeLock


@dataclass(frozen=True, slots=True)
class Servers:
    database_url: str
    redis_url: str
    storage_url: str
    owner_url: str | None = None
    """The database as the owner of its tables, who migrates; None where that is the user of ``database_url``."""


@asynccontextmanager
async def servers(settings: Settings) -> AsyncGenerator[Servers]:
    """Start what is not given by URL; stop it at the end, keeping its data below JARVIS_HOME."""
    home = settings.home.absolute()
    async with AsyncExitStack() as stack:
        database_url = settings.database_url.get_secret_value() if settings.database_url else None
        redis_url = settings.redis_url.get_secret_value() if settings.redis_url else None
        if database_url is None or redis_url is None:
            lock = HomeLock(home)
            lock.take()
            stack.callback(lock.release)
        owner_url = settings.database_owner_url.get_secret_value() if settings.database_owner_url else None
        if database_url is None:
            postgres = EmbeddedPostgres(home / "postgres")
            owner_url = await asyncio.to_thread(postgres.start)
            stack.push_async_callback(asyncio.to_thread, postgres.stop)
            await asyncio.to_thread(make_roles, owner_url)
            database_url = as_role(owner_url, APP_ROLE)
        if redis_url is None:
            redis = EmbeddedRedis(home / "redis")
            redis_url = await asyncio.to_thread(redis.start)
            stack.push_async_callback(asyncio.to_thread, redis.stop)
        yield Servers(database_url, redis_url, settings.storage_url or (home / "storage").as_uri(), owner_url)


def given_servers(settings: Settings) -> Servers:
    """For a single role on a host of its own: the shared servers must be named."""
    if settings.database_url is None:
        raise WrongSettings(
            "database_url (JARVIS_DATABASE_URL) is missing: a single role shares Postgres with the others; "
            "`jarvis up` starts an embedded one"
        )
    if settings.redis_url is None:
        raise WrongSettings("redis_url (JARVIS_REDIS_URL) is missing: a single role shares Redis with the others")
    return Servers(
        settings.database_url.get_secret_value(),
        settings.redis_url.get_secret_value(),
        settings.storage_url or (settings.home.absolute() / "storage").as_uri(),
    )

"""What the storm hits: every role as a process of its own, and servers that can be restarted under them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis

from core.settings import Settings
from db.migrate import upgrade
from db.rights import APP_ROLE, as_role, make_roles
from orchestrator.embedded import EmbeddedPostgres, EmbeddedRedis
from orchestrator.servers import Servers
from tests.chaos.processes import Process, installation, running

ROLE_OF_PROCESS = {
    "ingress": "ingress",
    "relay": "relay",
    "worker-1": "worker",
    "worker-2": "worker",
    "deliver": "deliver",
    "clock-1": "clock",
    "clock-2": "clock",
    "bot": "bot",
}
"""As on two small hosts: what may be there twice is."""
LOOK_S = 0.25


@dataclass
class Member:
    process: Process
    end: Callable[[], None]


class Fleet:
    """The processes by name. Whoever ends, by a fault or by itself, is started again, as systemd would."""

    def __init__(self, settings: Settings, servers: Servers) -> None:
        self._settings = settings
        self._servers = servers
        self._members: dict[str, Member] = {}
        self._starts: Counter[str] = Counter()
        self._away: set[str] = set()
        self.fallen: list[str] = []
        """Who ended without a fault of ours, with the end of what it said."""

    def start(self, name: str) -> None:
        self._starts[name] += 1
        log = self._settings.home / f"{name}-{self._starts[name]}.log"
        stack = ExitStack()
        variables = installation(self._settings, self._servers)
        process = stack.enter_context(running(ROLE_OF_PROCESS[name], settings=variables, log=log))
        self._members[name] = Member(process, stack.close)

    def start_all(self) -> None:
        for name in ROLE_OF_PROCESS:
            self.start(name)

    def end_all(self) -> None:
        for member in self._members.values():
            member.end()

    @property
    def names(self) -> list[str]:
        return [name for name in self._members if name not in self._away]

    @property
    def starts(self) -> int:
        return sum(self._starts.values())

    def process(self, name: str) -> Process:
        return self._members[name].process

    async def without(self, name: str, *, seconds: float, is_asked: bool = False) -> None:
        """Kill it, or ask it to finish; start it again after a while."""
        self._away.add(name)
        member = self._members[name]
        if is_asked and member.process.code is None:
            member.process.terminate()
            await member.process.ended()
        await asyncio.to_thread(member.end)
        await asyncio.sleep(seconds)
        self.start(name)
        self._away.discard(name)

    async def frozen(self, name: str, *, seconds: float) -> None:
        """Stand still for a while, and go on as if nothing had happened."""
        process = self._members[name].process
        if process.code is not None:
            return
        process.stop()
        await asyncio.sleep(seconds)
        if process.code is None:
            process.go_on()

    @asynccontextmanager
    async def kept_up(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(self._keep_up())
            yield
            keeping.cancel()

    def last_words(self) -> list[str]:
        """What each process said last, for whoever has to find out why it does not go on."""
        return [f"{name}: {line}" for name in self._members for line in _last_lines(self.process(name).said, 8)]

    async def _keep_up(self) -> None:
        """Start again whoever ended by itself, as systemd would; none should."""
        while True:
            for name in self.names:
                member = self._members[name]
                if member.process.code is not None:
                    self.fallen.append(
                        f"{name} ended with {member.process.code}: {_last_lines(member.process.said, 1)}"
                    )
                    member.end()
                    self.start(name)
            await asyncio.sleep(LOOK_S)


def _last_lines(said: str, count: int) -> list[str]:
    return [line[:300] for line in said.strip().splitlines()[-count:]]


@dataclass
class Ground:
    """Postgres (durable, as in production) and Redis of this storm alone."""

    home: Path
    postgres: EmbeddedPostgres
    redis: EmbeddedRedis
    owner_url: str = ""
    servers: Servers = field(default_factory=lambda: Servers("", "", ""))
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def begin(self) -> None:
        self.owner_url = self.postgres.start()
        make_roles(self.owner_url)
        upgrade(self.owner_url)
        storage = (self.home / "storage").as_uri()
        self.servers = Servers(as_role(self.owner_url, APP_ROLE), self.redis.start(), storage)

    def end(self) -> None:
        self.redis.stop()
        self.postgres.stop()

    async def restart_postgres(self, *, seconds: float) -> None:
        async with self._turn:
            await asyncio.to_thread(self.postgres.stop)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self.postgres.start)

    async def restart_redis(self, *, seconds: float) -> None:
        async with self._turn:
            await asyncio.to_thread(self.redis.stop)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self.redis.start)

    async def flush_redis(self) -> None:
        async with self._turn:
            await asyncio.to_thread(self._flush)

    def _flush(self) -> None:
        with redis.Redis.from_url(self.servers.redis_url) as client:
            client.flushall()

    async def cut_backends(self, *, most: int) -> None:
        async with self._turn:
            await asyncio.to_thread(self._cut, most)

    def _cut(self, most: int) -> None:
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            connection.execute(
                """SELECT pg_terminate_backend(pid) FROM (
                       SELECT pid FROM pg_stat_activity WHERE usename = %s AND pid <> pg_backend_pid()
                       ORDER BY random() LIMIT %s) AS chosen""",
                (APP_ROLE, most),
            )


@asynccontextmanager
async def ground(home: Path) -> AsyncIterator[Ground]:
    laid = Ground(home, EmbeddedPostgres(home / "postgres"), EmbeddedRedis(home / "redis"))
    await asyncio.to_thread(laid.begin)
    try:
        yield laid
    finally:
        await asyncio.to_thread(laid.end)

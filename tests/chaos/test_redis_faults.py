"""Rows 8 to 13 of the fault matrix: whatever Redis does, it is only the doorbell."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import redis

from orchestrator.embedded import EmbeddedRedis
from tests.chaos.proxy import FaultProxy, address_of, through
from tests.chaos.trial_circle import Circle, Ways, circle_at_work
from tests.wait import wait_until

CARS = range(1, 11)
LATER_CARS = range(11, 21)
SOON_S = 10.0
"""What a webhook may wait for its answer while Redis is in trouble: it does not need Redis."""


class RedisOfOurOwn:
    """A server without persistence that a test may stop, kill and starve."""

    def __init__(self, home: Path) -> None:
        self._server = EmbeddedRedis(home)
        self.url = self._server.start()

    def restart(self) -> None:
        """It comes back empty."""
        self.stop()
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def kill(self) -> None:
        assert self._server._process is not None
        self._server._process.kill()

    def ask(self, *command: str | int) -> object:
        with redis.Redis.from_url(self.url) as client:
            return client.execute_command(*command)

    def blocked(self) -> int:
        with redis.Redis.from_url(self.url) as client:
            return client.info("clients")["blocked_clients"]


@pytest.fixture(scope="module")
def homes() -> Iterator[Callable[[], RedisOfOurOwn]]:
    started: list[RedisOfOurOwn] = []
    with tempfile.TemporaryDirectory(prefix="jarvis-redis-") as folder:

        def start() -> RedisOfOurOwn:
            started.append(RedisOfOurOwn(Path(folder) / str(len(started))))
            return started[-1]

        yield start
        for server in started:
            server.stop()


@pytest.fixture
def server(homes: Callable[[], RedisOfOurOwn]) -> RedisOfOurOwn:
    return homes()


@pytest.fixture
async def proxy(server: RedisOfOurOwn) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(address_of(server.url)) as proxy:
        yield proxy


@pytest.fixture
async def circle(proxy: FaultProxy, server: RedisOfOurOwn, db_url: str) -> AsyncIterator[Circle]:
    ways = Ways(db_url, through(proxy, server.url))
    async with circle_at_work(ways, truth_url=db_url) as circle:
        yield circle


async def test_row_8_redis_restarts_without_persistence(circle: Circle, server: RedisOfOurOwn):
    async with asyncio.TaskGroup() as group:
        group.create_task(circle.sender.stream(CARS, each=3))
        await asyncio.to_thread(server.restart)
    await circle.sender.stream(LATER_CARS)
    await circle.assert_all_done_once()
    assert set(circle.sender.answers) == {200}


async def test_row_9_redis_loses_its_power_and_stays_away_for_a_while(circle: Circle, server: RedisOfOurOwn):
    await circle.sender.stream(CARS)
    server.kill()
    await circle.sender.stream(LATER_CARS, each=2)
    assert "redis" in str((await circle.readyz())["notes"])
    await circle.quiet()
    server.restart()
    await circle.sender.stream(CARS, each=2)
    await circle.assert_all_done_once()
    assert set(circle.sender.answers) == {200}


@pytest.mark.parametrize("command", [("FLUSHALL",), ("DEL", "jarvis:runs", "jarvis:commands")])
async def test_row_10_what_readers_wait_for_is_deleted_under_them(
    circle: Circle, server: RedisOfOurOwn, command: tuple[str, ...]
):
    await circle.sender.stream(CARS)
    await circle.quiet()

    async def both_wait() -> bool:
        return server.blocked() >= 2

    await wait_until(both_wait)
    server.ask(*command)
    await circle.sender.stream(LATER_CARS)
    server.ask(*command)
    await circle.assert_all_done_once()
    await wait_until(both_wait)


async def test_row_11_a_failover_loses_what_was_rung(
    circle: Circle, proxy: FaultProxy, homes: Callable[[], RedisOfOurOwn]
):
    heir = homes()
    async with asyncio.TaskGroup() as group:
        group.create_task(circle.sender.stream(CARS, each=3))
        proxy.upstream = address_of(heir.url)
        proxy.cut_all()
    await circle.assert_all_done_once()
    assert set(circle.sender.answers) == {200}
    assert heir.ask("EXISTS", "jarvis:runs") == 1


TROUBLES = {
    "full": (("CONFIG", "SET", "maxmemory", 1), ("CONFIG", "SET", "maxmemory", 0)),
    "read_only": (("REPLICAOF", "127.0.0.1", 1), ("REPLICAOF", "NO", "ONE")),
}


@pytest.mark.parametrize("trouble", sorted(TROUBLES))
async def test_row_12_redis_takes_no_writes(circle: Circle, server: RedisOfOurOwn, trouble: str):
    begin, end = TROUBLES[trouble]
    server.ask(*begin)
    await circle.sender.stream(CARS)
    assert "redis" in str((await circle.readyz())["notes"])
    await circle.quiet()
    server.ask(*end)
    await circle.sender.stream(LATER_CARS)
    assert "redis" not in str((await circle.readyz())["notes"])
    await circle.assert_all_done_once()
    assert set(circle.sender.answers) == {200}
    assert circle.sender.slowest_s < SOON_S


async def test_row_13_redis_hangs(circle: Circle, proxy: FaultProxy):
    await circle.sender.stream(CARS)
    proxy.black_hole()
    for round_ in range(3):
        await circle.sender.stream(range(100 + round_ * 10, 110 + round_ * 10))
    assert "redis" in str((await circle.readyz())["notes"])
    await circle.quiet()
    proxy.heal()
    await circle.sender.stream(LATER_CARS)
    assert "redis" not in str((await circle.readyz())["notes"])
    await circle.assert_all_done_once()
    assert set(circle.sender.answers) == {200}
    assert circle.sender.slowest_s < SOON_S
    assert proxy.hits > 0

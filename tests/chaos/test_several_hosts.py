"""Two hosts against one Postgres and one Redis; one of them is cut off while webhooks flow, and comes back."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestrator.servers import Servers
from tests.chaos import host
from tests.chaos.processes import Process, installation, running
from tests.chaos.proxy import FaultProxy, address_of, through
from tests.chaos.trial_circle import Chats, Circle, looking_at, settings
from tests.wait import wait_until

LEASE_S = 2.0
SOON_S = 40.0
"""After the lease: the relay's look, the work itself, and a machine that is busy with other tests."""
PROCESSES = {
    "a": {"door": ("ingress",), "work": ("relay", "worker", "deliver")},
    "b": {"work": ("relay", "worker", "deliver")},
}
"""As two servers may share the roles; the first has the door."""


@dataclass
class Host:
    """Its roles are processes that know Postgres and Redis only by the network of this host."""

    thoughts: Path
    network: tuple[FaultProxy, FaultProxy]
    processes: dict[str, Process]

    def cut_off(self) -> None:
        for proxy in self.network:
            proxy.black_hole()

    def bring_back(self) -> None:
        for proxy in self.network:
            proxy.heal()

    def thinks_of(self) -> Sequence[str]:
        """The events whose runs were begun here."""
        return self.thoughts.read_text(encoding="utf-8").splitlines()

    def hold_thoughts(self) -> None:
        host.hold_of(self.thoughts).touch()

    def let_thoughts_end(self) -> None:
        host.hold_of(self.thoughts).unlink()

    async def is_thinking(self) -> None:
        """Until it has begun with another run."""
        before = len(self.thinks_of())

        async def has_begun() -> bool:
            return len(self.thinks_of()) > before

        await wait_until(has_begun)


@dataclass
class TwoHosts:
    a: Host
    b: Host
    circle: Circle


@pytest.fixture
async def hosts(db_url: str, owner_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[TwoHosts]:
    given, chats = settings(), tmp_path / "chats"
    chats.touch()
    async with AsyncExitStack() as stack:
        started: dict[str, Host] = {}
        for name, wanted in PROCESSES.items():
            postgres = await stack.enter_async_context(FaultProxy(address_of(db_url)))
            redis = await stack.enter_async_context(FaultProxy(address_of(redis_url)))
            home = tmp_path / name
            home.mkdir()
            servers = Servers(through(postgres, db_url), through(redis, redis_url), home.as_uri())
            variables = installation(given.model_copy(update={"home": home}), servers)
            thoughts = home / "thoughts"
            thoughts.touch()
            variables |= {host.CHATS: str(chats), host.THOUGHTS: str(thoughts)}
            processes = {
                process: stack.enter_context(
                    running(*roles, settings=variables, log=home / f"{process}.log", main=host.main)
                )
                for process, roles in wanted.items()
            }
            started[name] = Host(thoughts, (postgres, redis), processes)
        circle = await stack.enter_async_context(looking_at(given, Chats(chats), truth_url=owner_url))
        await circle.is_open()
        await circle.has_workers(len(started))
        yield TwoHosts(started["a"], started["b"], circle)


async def test_whichever_host_is_cut_off_the_other_does_its_work_and_nothing_is_lost_or_doubled(hosts: TwoHosts):
    circle = hosts.circle
    async with asyncio.TaskGroup() as group:
        await both_think(hosts, group, cars=range(1, 11))
        hosts.b.cut_off()
        hosts.a.let_thoughts_end()
    await circle.quiet(timeout_s=LEASE_S + SOON_S)
    assert set(circle.sender.answers) == {200}
    hosts.b.bring_back()
    hosts.b.let_thoughts_end()
    await hosts.b.processes["work"].says("outcome thrown away")
    await circle.assert_all_done_once(said_at_most=2)

    async with asyncio.TaskGroup() as group:  # now the host with the door
        await both_think(hosts, group, cars=range(11, 21))
        hosts.a.cut_off()
        hosts.b.let_thoughts_end()
        group.create_task(circle.sender.stream(range(21, 31)))
        await circle.answers(503)
        await circle.quiet(timeout_s=LEASE_S + SOON_S)
        hosts.a.bring_back()
        hosts.a.let_thoughts_end()
    await hosts.a.processes["work"].says("outcome thrown away")
    await circle.assert_all_done_once(said_at_most=2)
    assert circle.sender.without_retry_after == 0


async def both_think(hosts: TwoHosts, group: asyncio.TaskGroup, *, cars: range) -> None:
    """More cars than one worker has places for this agent, and no thought ends: each host has some of them."""
    hosts.a.hold_thoughts()
    hosts.b.hold_thoughts()
    waiting = asyncio.gather(hosts.a.is_thinking(), hosts.b.is_thinking())
    group.create_task(hosts.circle.sender.stream(cars, each=2))
    await waiting

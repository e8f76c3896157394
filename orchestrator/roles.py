"""The roles: what one process can be. ``jarvis up`` is all of them in one, several hosts run one each.

Each loads only what it needs: Telegram's library alone takes seconds, and a worker that died must be back at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from core.settings import WrongSettings
from orchestrator.wiring import Jarvis

Role = Callable[[Jarvis, asyncio.Event], Awaitable[None]]


async def worker(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Claim runs, let agents think, save what they found."""
    from orchestrator.dispatcher import Dispatcher
    from orchestrator.registry import AGENTS
    from orchestrator.router import route

    dispatcher = Dispatcher(AGENTS, jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress)
    await dispatcher.run(stop)


async def relay(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Ring for what nobody heard, take back what the dead held, forget what is old."""
    from orchestrator.janitor import Janitor
    from orchestrator.relay import Relay
    from orchestrator.router import route

    async with asyncio.TaskGroup() as group:
        group.create_task(Janitor(jarvis.deps).run(stop))
        await Relay(jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress).run(stop)


async def clock(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Record what is due."""
    from orchestrator.clock import ClockWork
    from orchestrator.router import route

    work = ClockWork(jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress)
    await work.run(stop)


async def heart(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Write down that this process makes progress."""
    from orchestrator.health import Heart

    await Heart(jarvis.db, jarvis.progress).run(stop)


async def deliver(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Perform commands: of Telegram one process at a time, of Umnico any."""
    from orchestrator import telegram_roles, umnico_role

    async with asyncio.TaskGroup() as group:
        group.create_task(telegram_roles.deliver(jarvis, stop))
        if jarvis.settings.umnico.is_on:
            group.create_task(umnico_role.deliver(jarvis, stop))


async def bot(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Listen to people."""
    from orchestrator import telegram_roles

    await telegram_roles.bot(jarvis, stop)


async def ingress(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Take webhooks."""
    from orchestrator import http_roles

    await http_roles.ingress(jarvis, stop)


async def web(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Show the panel."""
    from orchestrator import http_roles

    await http_roles.web(jarvis, stop)


async def ingress_and_web(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Both on one port, as ``jarvis up`` shows them."""
    from orchestrator import http_roles

    await http_roles.ingress_and_web(jarvis, stop)


ROLES: dict[str, Role] = {
    "ingress": ingress,
    "relay": relay,
    "worker": worker,
    "deliver": deliver,
    "clock": clock,
    "bot": bot,
    "web": web,
}
"""One command for each; ``jarvis up`` runs ``TOGETHER``."""

TOGETHER: tuple[Role, ...] = (ingress_and_web, relay, worker, deliver, clock, bot)


def check(jarvis: Jarvis, roles: Sequence[Role]) -> None:
    """What a role cannot start without, said in one line before anything runs."""
    telegram = jarvis.settings.telegram
    if bot in roles and telegram.token is not None and not telegram.admins:
        raise WrongSettings("telegram.admins (JARVIS_TELEGRAM__ADMINS) is empty: nobody could approve the first person")

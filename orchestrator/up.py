"""Starting and stopping a process of Jarvis: servers, schema, what the settings say, then its roles until a signal."""

import asyncio
import gc
import signal
from collections.abc import Callable, Sequence

from core.errors import Temporary
from core.log import get_logger
from core.settings import Settings
from db import migrate
from db.queries.branches import put_branches
from db.queries.people import seed_admins
from orchestrator.clock import ClockWork
from orchestrator.progress import this_process
from orchestrator.roles import Role, check, heart, relay
from orchestrator.rotation import Reread
from orchestrator.router import route
from orchestrator.servers import Servers, given_servers, servers
from orchestrator.signals.errors_report import error_reports
from orchestrator.signals.pings import pings
from orchestrator.signals.tracing import tracing
from orchestrator.signals.vital_signs import vital_signs
from orchestrator.stopping import sleep_or_stop
from orchestrator.wiring import Jarvis, wired

log = get_logger(__name__)


async def up(
    settings: Settings, roles: Sequence[Role], *, on_ready: Callable[[Jarvis], None], reread: Reread | None = None
) -> None:
    """Everything in one process, with embedded servers where no URL is given, until SIGTERM or Ctrl-C."""
    stop = stop_on_signals()
    async with servers(settings) as found:
        await migrate.upgrade_async(found.owner_url or found.database_url)
        await run_roles(settings, found, roles, stop, on_ready=on_ready, reread=reread)


async def one_role(settings: Settings, role: Role, *, reread: Reread | None = None) -> None:
    """A single role on a host of its own; ``jarvis db upgrade`` has brought the schema before."""
    servers_of_all, stop = given_servers(settings), stop_on_signals()
    await run_roles(settings, servers_of_all, [role], stop, on_ready=lambda _jarvis: None, reread=reread)


async def run_roles(
    settings: Settings,
    found: Servers,
    roles: Sequence[Role],
    stop: asyncio.Event,
    *,
    on_ready: Callable[[Jarvis], None],
    reread: Reread | None = None,
) -> None:
    async with error_reports(settings.monitoring, process=this_process()), wired(settings, found, reread) as jarvis:
        check(jarvis, roles)
        await _set_up(jarvis, stop)
        _settle_memory()
        async with (
            tracing(settings.monitoring, jarvis.db, process=jarvis.progress.process),
            asyncio.TaskGroup() as group,
        ):
            for role in [*roles, heart, vital_signs, *([pings] if relay in roles else [])]:
                group.create_task(_until_stop(role, jarvis, stop))
            on_ready(jarvis)
    log.info("stopped")


def _settle_memory() -> None:
    """What was loaded at the start stays: a full collection that looks at all of it stops the work for 50 ms."""
    gc.collect()
    gc.freeze()


async def _until_stop(role: Role, jarvis: Jarvis, stop: asyncio.Event) -> None:
    """A role that ends early ends the process: half a Jarvis would look alive and not be."""
    try:
        await role(jarvis, stop)
    finally:
        stop.set()


async def _set_up(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Do it as soon as Postgres is there: hosts that start together wait for each other."""
    while not stop.is_set():
        try:
            await _follow_settings(jarvis)
        except Temporary as error:
            log.warning("cannot start yet", error=error)
            await sleep_or_stop(stop, jarvis.settings.work.poll_s)
        else:
            return


async def _follow_settings(jarvis: Jarvis) -> None:
    """Bring branches, admins and schedules to what the settings say."""
    async with jarvis.db.transaction() as tx:
        await put_branches(tx, jarvis.settings.rentprog.branches)
        await seed_admins(tx, jarvis.settings.telegram.admins, now=jarvis.deps.clock.now())
    await ClockWork(jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress).set_up()


def stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop

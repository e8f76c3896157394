"""The roles: what one process can be. ``jarvis up`` is all of them in one, several hosts run one each."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.app import build_dispatcher
from bot.commands_menu import set_commands
from bot.desk import Office
from bot.intake import Intake
from bot.polling import Poller, poller_lock_name
from bot.send import TelegramPerformer
from bot.webhook import register_webhook
from core.errors import JarvisError, NeedsAttention, Temporary
from core.log import get_logger
from core.settings import WrongSettings
from db.locks import SingletonLock
from orchestrator.clock import ClockWork
from orchestrator.connections import Limits
from orchestrator.deliverer import Deliverer
from orchestrator.dispatcher import Dispatcher
from orchestrator.exposition import Exporter
from orchestrator.health import Heart, readiness
from orchestrator.http_server import listen, serve
from orchestrator.ingress import RentprogDoor, TelegramDoor, hook_router
from orchestrator.registry import AGENTS
from orchestrator.relay import Relay
from orchestrator.router import route
from orchestrator.wiring import Jarvis
from web.panel import panel_router

log = get_logger(__name__)

Role = Callable[[Jarvis, asyncio.Event], Awaitable[None]]

LOCK_PAUSE_S = 1.0


async def worker(jarvis: Jarvis, stop: asyncio.Event) -> None:
    dispatcher = Dispatcher(AGENTS, jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress)
    await dispatcher.run(stop)


async def relay(jarvis: Jarvis, stop: asyncio.Event) -> None:
    await Relay(jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress).run(stop)


async def clock(jarvis: Jarvis, stop: asyncio.Event) -> None:
    work = ClockWork(jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress)
    await work.run(stop)


async def deliver(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Perform commands. The limits of Telegram belong to the bot, so one process sends at a time; another may wait."""
    bot = jarvis.bot
    if bot is None:
        await _stand_by(jarvis, stop, "deliver")
        return
    lock = SingletonLock(jarvis.database_url, f"telegram-sender:{bot.id}")
    try:
        while not stop.is_set():
            if not await _owns(lock):
                jarvis.progress.beat("deliver", waits="another process sends")
                await _pause(stop, LOCK_PAUSE_S)
                continue
            await _deliver_while_owned(jarvis, lock, stop)
    finally:
        await lock.release()


async def _deliver_while_owned(jarvis: Jarvis, lock: SingletonLock, stop: asyncio.Event) -> None:
    assert jarvis.bot is not None
    performer = TelegramPerformer(
        jarvis.bot, jarvis.db, jarvis.storage, settings=jarvis.settings.telegram, clock=jarvis.deps.clock
    )
    deliverer = Deliverer({"telegram": performer}, jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress)
    lost = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(_watch_lock(lock, stop, lost))
        await deliverer.run(lost)
        watching.cancel()


async def _watch_lock(lock: SingletonLock, stop: asyncio.Event, lost: asyncio.Event) -> None:
    """End the deliverer when it is told to stop or when the lock went to somebody else."""
    while not stop.is_set() and await _owns(lock):
        await _pause(stop, LOCK_PAUSE_S)
    lost.set()


async def _owns(lock: SingletonLock) -> bool:
    try:
        return await lock.is_held()
    except Temporary as error:
        log.warning("lock not known", error=str(error))
        return False


async def bot(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Listen to people by long polling; in mode ``webhook`` the ingress listens and this role registers it."""
    if jarvis.bot is None:
        await _stand_by(jarvis, stop, "bot")
        return
    while not stop.is_set():
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(_listen(jarvis, stop))
            stopping = group.create_task(stop.wait())
            await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
            listening.cancel()
            stopping.cancel()
        await _pause(stop, jarvis.settings.work.backoff_max_s)


async def _listen(jarvis: Jarvis, stop: asyncio.Event) -> None:
    assert jarvis.bot is not None
    lock = SingletonLock(jarvis.database_url, poller_lock_name(jarvis.bot))
    try:
        await _show_menu(jarvis)
        if jarvis.settings.telegram.mode == "webhook":
            await _register(jarvis)
            await _stand_by(jarvis, stop, "bot")
        else:
            await Poller(jarvis.bot, intake(jarvis), lock, beat=lambda: jarvis.progress.beat("bot")).run()
    except (NeedsAttention, Temporary) as error:
        log.error("the bot does not listen, it tries again later", error=str(error))  # noqa: TRY400 - the text says it all


async def _show_menu(jarvis: Jarvis) -> None:
    """The menu of commands is a comfort: without it the bot listens all the same."""
    assert jarvis.bot is not None
    try:
        await set_commands(jarvis.bot)
    except JarvisError as error:
        log.warning("the menu of commands is not set", error=str(error))


async def _register(jarvis: Jarvis) -> None:
    assert jarvis.bot is not None
    telegram, public_url = jarvis.settings.telegram, jarvis.settings.http.public_url
    if public_url is None or telegram.webhook_secret is None:
        raise WrongSettings("telegram.mode webhook needs http.public_url and telegram.webhook_secret")
    await register_webhook(jarvis.bot, public_url, telegram.webhook_secret.get_secret_value())


def intake(jarvis: Jarvis) -> Intake:
    """Where updates go, however they come."""
    assert jarvis.bot is not None
    office = Office(jarvis.db, route, jarvis.settings, jarvis.deps.clock, ring(jarvis))
    return Intake(jarvis.bot, build_dispatcher(office), office)


def ring(jarvis: Jarvis) -> Callable[[Sequence[int], bool], Awaitable[None]]:
    async def ring_both(run_ids: Sequence[int], has_commands: bool) -> None:
        await jarvis.bell.ring_runs(run_ids)
        if has_commands:
            await jarvis.bell.ring_commands()

    return ring_both


async def heart(jarvis: Jarvis, stop: asyncio.Event) -> None:
    await Heart(jarvis.db, jarvis.progress).run(stop)


async def ingress(jarvis: Jarvis, stop: asyncio.Event) -> None:
    await _serve(jarvis, with_hooks(jarvis, _app(jarvis, shows_circle=False)), stop)


async def web(jarvis: Jarvis, stop: asyncio.Event) -> None:
    await _serve(jarvis, _with_panel(jarvis), stop)


async def ingress_and_web(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Both on one port, as ``jarvis up`` shows them."""
    await _serve(jarvis, with_hooks(jarvis, _with_panel(jarvis)), stop)


def with_hooks(jarvis: Jarvis, app: FastAPI) -> Starlette:
    """The doors of the webhooks before everything else: the busiest path passes through no layer it does not need."""
    rentprog = RentprogDoor(jarvis.settings, jarvis.rentprog_inbox, jarvis.hook_counts)
    telegram = None
    if jarvis.bot is not None and jarvis.settings.telegram.mode == "webhook":
        telegram = TelegramDoor(jarvis.settings, intake(jarvis).feed, jarvis.hook_counts)
    return Starlette(routes=[*hook_router(rentprog, telegram).routes, Mount("/", app=app)])


def _with_panel(jarvis: Jarvis) -> FastAPI:
    app = _app(jarvis, shows_circle=True)
    app.include_router(panel_router(jarvis.db, jarvis.settings))
    return app


def _app(jarvis: Jarvis, *, shows_circle: bool) -> FastAPI:
    """What every HTTP role answers: alive, ready, metrics; one role's metrics tell of the whole circle."""
    app = FastAPI(title="Jarvis", docs_url=None, redoc_url=None, openapi_url=None)
    exporter = Exporter(jarvis, shows_circle=shows_circle)

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        look = await readiness(jarvis.db, jarvis.bell, stall_s=jarvis.settings.monitoring.stall_s)
        content: dict[str, Any] = {"ready": look.is_ready, "reasons": look.reasons, "notes": look.notes}
        return JSONResponse(content, status_code=200 if look.is_ready else 503)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(await exporter.text(), media_type=CONTENT_TYPE_LATEST)

    return app


async def _serve(jarvis: Jarvis, app: Starlette, stop: asyncio.Event) -> None:
    listening = listen(jarvis.settings.http.host, jarvis.settings.http.port)
    async with asyncio.TaskGroup() as group:
        ended = asyncio.Event()
        group.create_task(jarvis.rentprog_inbox.run(ended))
        limits = Limits(body_s=jarvis.settings.http.request_deadline_s + 5)  # a door says 408 before
        await serve(app, listening, stop, grace_s=jarvis.settings.work.stop_grace_s * 0.5, limits=limits)
        ended.set()


async def _stand_by(jarvis: Jarvis, stop: asyncio.Event, role: str) -> None:
    while not stop.is_set():
        jarvis.progress.beat(role, stands_by=True)
        await _pause(stop, LOCK_PAUSE_S)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


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

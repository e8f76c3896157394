"""The roles that answer HTTP: the doors of the webhooks, and the panel."""

import asyncio
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.applications import Starlette
from starlette.routing import Mount

from orchestrator.connections import Limits
from orchestrator.health import readiness
from orchestrator.http_server import listen, serve
from orchestrator.ingress import RentprogDoor, TelegramDoor, hook_router
from orchestrator.signals.exposition import CONTENT_TYPE, Exporter
from orchestrator.umnico_door import UmnicoDoor
from orchestrator.wiring import Jarvis
from web.files import files_router
from web.panel import panel_router


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
    jarvis.rotation.tell(rentprog)
    telegram = None
    if jarvis.settings.telegram.mode == "webhook" and jarvis.bot is not None:
        from orchestrator.telegram_roles import intake

        telegram = TelegramDoor(jarvis.settings, intake(jarvis).feed, jarvis.hook_counts)
        jarvis.rotation.tell(telegram)
    umnico = None
    if jarvis.settings.umnico.is_on:
        umnico = UmnicoDoor(jarvis.settings, jarvis.umnico_inbox, jarvis.hook_counts)
        jarvis.rotation.tell(umnico)
    return Starlette(routes=[*hook_router(rentprog, telegram, umnico).routes, Mount("/", app=app)])


def _with_panel(jarvis: Jarvis) -> FastAPI:
    app = _app(jarvis, shows_circle=True)
    app.include_router(files_router(jarvis.storage, jarvis.links.secret, jarvis.deps.clock))
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
        return Response(await exporter.text(), media_type=CONTENT_TYPE)

    return app


async def _serve(jarvis: Jarvis, app: Starlette, stop: asyncio.Event) -> None:
    listening = listen(jarvis.settings.http.host, jarvis.settings.http.port)
    async with asyncio.TaskGroup() as group:
        ended = asyncio.Event()
        group.create_task(jarvis.rentprog_inbox.run(ended))
        group.create_task(jarvis.umnico_inbox.run(ended))
        following = group.create_task(jarvis.rotation.run(ended))
        limits = Limits(body_s=jarvis.settings.http.request_deadline_s + 5)  # a door says 408 before
        await serve(app, listening, stop, grace_s=jarvis.settings.work.stop_grace_s * 0.5, limits=limits)
        ended.set()
        following.cancel()  # it may wait for a store

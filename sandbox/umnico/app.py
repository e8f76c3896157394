"""The routers of the twin, ready to be mounted: the API, the files, and the control API under /_sandbox/umnico."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sandbox.clock import VirtualClock
from sandbox.faults import FaultQueue, suffer_latency
from sandbox.journal import Journal
from sandbox.umnico.acts import Acts
from sandbox.umnico.api import Api, Behaviour
from sandbox.umnico.control import Control
from sandbox.umnico.desk import SYSTEM, Desk
from sandbox.umnico.files import PATH, FileStore
from sandbox.umnico.hooks import Courier
from sandbox.umnico.inbox import Inbox

API_BASE = "/umnico/v1.3"


def umnico_routers(faults: FaultQueue, journal: Journal, *, clock: VirtualClock) -> list[APIRouter]:
    """Include all of them in one app; Jarvis registers its webhook itself, as at the real one."""
    desk, courier = Desk(faults, journal), Courier(clock)
    api = Api(Inbox(clock), FileStore(), courier, Behaviour())
    acts = Acts(api).router()
    acts.lifespan_context = courier.lifespan
    return [_wire(desk, api), _files(desk, api), acts, Control(api, desk, clock).router()]


def _wire(desk: Desk, api: Api) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    sign_in = desk.endpoint("login", api.sign_in, is_open=True)
    router.add_route(f"{API_BASE}/auth/login", sign_in, methods=["POST"])
    for method, path, name, answer in api.routes():
        router.add_route(f"{API_BASE}{path}", desk.endpoint(name, answer), methods=[method])
    return router


def _files(desk: Desk, api: Api) -> APIRouter:
    """Open to anybody who has the link, as the real ones are."""
    router = APIRouter(include_in_schema=False)

    async def serve(request: Request) -> Response:
        fault = desk.faults.take(SYSTEM, "file")
        await suffer_latency(fault)
        stored = api.files.get(request.path_params["key"])
        if fault is not None and fault.refuses:
            return Response(status_code=fault.error_code or 500)
        if stored is None or stored.is_dead:
            return Response("Not found", 404)
        return Response(stored.content, media_type=stored.mime)

    router.add_route(f"{PATH}/{{key}}/{{name:path}}", serve, methods=["GET"])
    return router

"""The routers of the twin, ready to be mounted: both planes of RentProg, and the control API under /_sandbox."""

from fastapi import APIRouter

from core.clock import Clock
from sandbox.company import World
from sandbox.faults import FaultQueue
from sandbox.journal import Journal
from sandbox.rentprog.acts import Acts
from sandbox.rentprog.control import Control
from sandbox.rentprog.desk import Desk
from sandbox.rentprog.internal import InternalPlane
from sandbox.rentprog.limits import RateLimits
from sandbox.rentprog.public import PublicPlane, Route
from sandbox.rentprog.tokens import Plane, Tokens
from sandbox.rentprog.webhooks import Courier

PUBLIC_BASE = "/rentprog/api/v1/public"
INTERNAL_BASE = "/rentprog/api/v1"


def rentprog_routers(
    world: World, faults: FaultQueue, journal: Journal, *, jarvis_url: str | None = None, clock: Clock | None = None
) -> list[APIRouter]:
    """Include all of them in one app.

    ``jarvis_url`` is where webhooks go (``{jarvis_url}/hooks/rentprog/{branch}/{secret}``); it may be set later through
    ``POST /_sandbox/rentprog/webhooks/target``.
    """
    told = clock or world.clock
    desk = Desk(world, faults, journal, Tokens(told), RateLimits(told))
    courier = Courier(told, jarvis_url)
    public = PublicPlane(world, desk.tokens)
    internal = InternalPlane(world, public.search_cars)
    posting = Acts(world, courier).router()
    posting.lifespan_context = courier.lifespan
    return [
        _plane(desk, Plane.PUBLIC, PUBLIC_BASE, [*public.routes()]),
        _plane(desk, Plane.INTERNAL, INTERNAL_BASE, [*internal.routes()]),
        posting,
        Control(desk, courier).router(),
    ]


def _plane(desk: Desk, plane: Plane, base: str, routes: list[Route]) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    for method, path, kind, answer in routes:
        name = path.strip("/").partition("/")[0]
        router.add_route(f"{base}{path}", desk.endpoint(plane, kind, name, answer), methods=[method])
    return router

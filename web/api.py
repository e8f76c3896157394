"""The REST interface under ``/api/v1``, its OpenAPI description, and a page that lists it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.openapi.utils import get_openapi

from db.queries import panel, panel_cars, people, traces
from web import api_models as models
from web.api_listing import operations
from web.desk import Desk
from web.forms import BIGGEST_ID, EventId, RowId, ShortText, genuine_call
from web.pages.troubles import ACTOR
from web.standing import standing

VERSION = "1"
REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"description": "No session and no bearer token"},
    503: {"description": "The database does not answer; try again"},
}
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such thing"}}
Limit = Annotated[int, Query(ge=1, le=500)]
Before = Annotated[int | None, Query(ge=1, le=BIGGEST_ID, description="Only events older than this one.")]


def routes(desk: Desk) -> APIRouter:
    calls = desk.api(prefix="/api/v1", responses=REFUSALS)
    _reads(calls, desk)
    _circle(calls, desk)
    router = APIRouter()
    router.include_router(calls)
    router.include_router(_description(calls, desk))
    return router


def _reads(calls: APIRouter, desk: Desk) -> None:
    @calls.get("/status", tags=["Jarvis"])
    async def status() -> models.Status:
        """Ready or not, with reasons; queues, pauses, passes over RentProg, heartbeats."""
        look = await standing(desk.db, stall_s=desk.settings.monitoring.stall_s)
        return models.Status.model_validate(
            {**look.facts, "is_ready": look.is_ready, "reasons": look.reasons, "notes": look.notes}
        )

    @calls.get("/branches", tags=["Fleet"])
    async def branches() -> list[models.Branch]:
        """Branches with their fleet in numbers."""
        async with desk.db.transaction() as tx:
            return [models.Branch.model_validate(row) for row in await panel.branches(tx)]

    @calls.get("/cars", tags=["Fleet"])
    async def cars(branch: ShortText = "", q: ShortText = "") -> list[models.Car]:
        """Cars with the booking that holds them and the next one; “q” is part of a plate or model."""
        async with desk.db.transaction() as tx:
            found = await panel_cars.cars(tx, now=desk.clock.now(), branch=branch or None, text=q.strip() or None)
        return [models.Car.model_validate(row) for row in found]

    @calls.get("/cars/{car_id}", tags=["Fleet"], responses=NOT_FOUND)
    async def car(car_id: UUID) -> models.Car:
        """One car, also one that left the fleet."""
        async with desk.db.transaction() as tx:
            found = await panel_cars.car(tx, car_id, now=desk.clock.now())
        if found is None:
            raise HTTPException(404, "there is no such car")
        return models.Car.model_validate(found)

    @calls.get("/cars/{car_id}/bookings", tags=["Fleet"])
    async def bookings(car_id: UUID, limit: Limit = 50) -> list[models.Booking]:
        """Bookings of a car, the newest first."""
        async with desk.db.transaction() as tx:
            found = await panel_cars.bookings_of(tx, car_id, limit=limit)
        return [models.Booking.model_validate(row) for row in found]

    @calls.get("/people", tags=["People"])
    async def staff() -> list[models.Person]:
        """Everybody who works with Jarvis now."""
        async with desk.db.transaction() as tx:
            return [models.Person.model_validate(person) for person in await people.working(tx)]


def _circle(calls: APIRouter, desk: Desk) -> None:
    @calls.get("/events", tags=["Circle"])
    async def events(
        kind: ShortText = "",
        subject: ShortText = "",
        branch: ShortText = "",
        before: Before = None,
        limit: Limit = 50,
    ) -> list[models.EventLine]:
        """The newest events first."""
        async with desk.db.transaction() as tx:
            found = await panel.events(
                tx, kind=kind or None, subject=subject or None, branch=branch or None, before=before, limit=limit
            )
        return [models.EventLine.model_validate(row) for row in found]

    @calls.get("/events/{event_id}", tags=["Circle"], responses=NOT_FOUND)
    async def event(event_id: EventId) -> list[models.TraceStep]:
        """One event with everything it caused, in time: runs, commands, further events."""
        async with desk.db.transaction() as tx:
            rows = await traces.trace(tx, event_id)
        if not rows:
            raise HTTPException(404, "there is no such event")
        return [models.TraceStep.model_validate(row) for row in rows]

    @calls.get("/dead", tags=["Circle"])
    async def dead(limit: Limit = 100) -> list[models.Dead]:
        """Runs and commands that will not be tried again by themselves."""
        async with desk.db.transaction() as tx:
            return [models.Dead.model_validate(row) for row in await panel.dead(tx, limit=limit)]

    @calls.post(
        "/dead/{what}/{number}/retry",
        tags=["Circle"],
        dependencies=[Depends(genuine_call)],
        responses={403: {"description": "The CSRF word is missing"}, 404: {"description": "It is not dead"}},
    )
    async def retry(what: panel.DeadKind, number: RowId) -> models.Retried:
        """Give a dead run, or a dead or unknown command, its tries back."""
        async with desk.db.transaction() as tx:
            is_retried = await panel.retry(tx, what, number, by=ACTOR, at=desk.clock.now())
        if not is_retried:
            raise HTTPException(404, f"{what} {number} is not dead")
        return models.Retried(is_retried=True)


def _description(calls: APIRouter, desk: Desk) -> APIRouter:
    schema = get_openapi(
        title="Jarvis",
        version=VERSION,
        description="Read what Jarvis knows, and give dead work its tries back.",
        routes=calls.routes,
    )
    schema["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "The access token of the panel."},
        "session": {"type": "apiKey", "in": "cookie", "name": "jarvis", "description": "`__Host-jarvis` over https."},
    }
    schema["security"] = [{"bearer": []}, {"session": []}]
    router = APIRouter()
    documents, pages = desk.api(include_in_schema=False), desk.pages()

    @documents.get("/api/openapi.json")
    async def openapi() -> dict[str, Any]:
        return schema

    @pages.get("/api/docs")
    async def docs(request: Request) -> Response:
        return desk.page(request, "api.html", groups=operations(schema), description=schema["info"]["description"])

    router.include_router(documents)
    router.include_router(pages)
    return router

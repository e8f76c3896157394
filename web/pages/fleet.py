"""The fleet by branch, and the page of one car."""

from itertools import groupby
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response

from db.queries import panel, panel_cars
from web.desk import Desk
from web.forms import ShortText

BOOKINGS_SHOWN = 40
EVENTS_SHOWN = 40


def routes(desk: Desk) -> APIRouter:
    router = desk.pages()

    @router.get("/fleet")
    async def fleet(request: Request, branch: ShortText = "", q: ShortText = "") -> Response:
        async with desk.db.transaction() as tx:
            branches = await panel.branches(tx)
            cars = await panel_cars.cars(tx, now=desk.clock.now(), branch=branch or None, text=q.strip() or None)
        groups = [(name, list(group)) for name, group in groupby(cars, key=lambda car: car.branch_name)]
        return desk.page(request, "fleet.html", branches=branches, branch=branch, q=q, groups=groups, count=len(cars))

    @router.get("/cars/{car_id}")
    async def car(request: Request, car_id: UUID) -> Response:
        async with desk.db.transaction() as tx:
            found = await panel_cars.car(tx, car_id, now=desk.clock.now())
            if found is None:
                raise HTTPException(404)
            bookings = await panel_cars.bookings_of(tx, car_id, limit=BOOKINGS_SHOWN)
            topics = await panel_cars.topics_of(tx, car_id)
            events = await panel.timeline(tx, car_id, limit=EVENTS_SHOWN)
            names = await panel.names(tx, [event.subject for event in events])
        return desk.page(request, "car.html", car=found, bookings=bookings, topics=topics, events=events, names=names)

    return router

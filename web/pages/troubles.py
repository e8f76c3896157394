"""What needs a person: dead runs and commands with their retry, and records in quarantine."""

from typing import Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from db.queries import panel, status
from web.desk import Desk
from web.forms import RowId, genuine_form

SHOWN = 100
ACTOR = "panel"
"""Whoever holds the token; the audit knows no more until people have accounts here."""


def routes(desk: Desk) -> APIRouter:
    router = desk.pages()

    @router.get("/dead")
    async def dead(request: Request, said: Literal["", "retried", "gone"] = "") -> Response:
        async with desk.db.transaction() as tx:
            counts = await status.troubles(tx)
            found = await panel.dead(tx, limit=SHOWN)
            names = await panel.names(tx, [row.subject for row in found])
            held = await panel.quarantined(tx, limit=SHOWN)
        return desk.page(request, "dead.html", counts=counts, dead=found, names=names, quarantined=held, said=said)

    @router.post("/dead/{what}/{number}/retry", dependencies=[Depends(genuine_form)])
    async def retry(what: panel.DeadKind, number: RowId) -> Response:
        async with desk.db.transaction() as tx:
            is_retried = await panel.retry(tx, what, number, by=ACTOR, at=desk.clock.now())
        return RedirectResponse(f"/dead?said={'retried' if is_retried else 'gone'}", status_code=303)

    return router

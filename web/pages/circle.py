"""What happened: the list of events, and the whole trace of one."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from core.events import BODY_OF_KIND
from db.queries import panel, traces
from web.desk import Desk
from web.forms import BIGGEST_ID, EventId, ShortText
from web.trace_tree import SHOWN, tree

PAGE = 60


def routes(desk: Desk) -> APIRouter:
    router = desk.pages()

    @router.get("/events")
    async def events(
        request: Request,
        kind: ShortText = "",
        subject: ShortText = "",
        branch: ShortText = "",
        before: Annotated[int | None, Query(ge=1, le=BIGGEST_ID)] = None,
    ) -> Response:
        """``subject`` may also be the number of an event: people type what they have at hand."""
        subject = subject.strip()
        if subject.isdecimal() and len(subject) < 19:
            return RedirectResponse(f"/events/{int(subject)}", status_code=303)
        async with desk.db.transaction() as tx:
            branches = await panel.branches(tx)
            lines = await panel.events(
                tx, kind=kind or None, subject=subject or None, branch=branch or None, before=before, limit=PAGE + 1
            )
            names = await panel.names(tx, [line.subject for line in lines])
        shown = lines[:PAGE]
        return desk.page(
            request,
            "events.html",
            lines=shown,
            names=names,
            older=shown[-1].id if len(lines) > PAGE else None,
            kinds=sorted(BODY_OF_KIND),
            branches=branches,
            chosen={"kind": kind, "subject": subject, "branch": branch},
            before=before,
        )

    @router.get("/events/{event_id}")
    async def event(request: Request, event_id: EventId) -> Response:
        async with desk.db.transaction() as tx:
            rows = await traces.trace(tx, event_id)
            names = await panel.names(tx, [row["subject"] for row in rows])
        if not rows:
            raise HTTPException(404)
        return desk.page(request, "event.html", trace=tree(rows), names=names, shown=SHOWN)

    return router

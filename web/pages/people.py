"""Who works with Jarvis, in which role, and who waits to be let in. Changes are made in Telegram."""

from itertools import groupby

from fastapi import APIRouter, Request, Response

from db.queries import panel
from db.queries.people import working
from web.desk import Desk


def routes(desk: Desk) -> APIRouter:
    router = desk.pages()

    @router.get("/people")
    async def people(request: Request) -> Response:
        async with desk.db.transaction() as tx:
            staff = await working(tx)
            requests = await panel.waiting_requests(tx)
            names = {branch.code: branch.name for branch in await panel.branches(tx)}
        groups = [
            (names.get(code, code) if code else "Whole company", list(group))
            for code, group in groupby(staff, key=lambda person: person.branch)
        ]
        return desk.page(request, "people.html", groups=groups, requests=requests, count=len(staff))

    return router

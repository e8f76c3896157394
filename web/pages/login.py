"""Coming in with the token, and going out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from web.desk import Desk
from web.forms import ShortText, genuine_form


def routes(desk: Desk) -> APIRouter:
    strangers, staff = desk.open_pages(), desk.pages()

    @strangers.get("/login")
    async def follow_link(request: Request, token: ShortText = "") -> Response:
        return _enter(desk, request, token)

    @strangers.post("/login")
    async def send_token(request: Request, token: Annotated[str, Form()] = "") -> Response:
        return _enter(desk, request, token.strip())

    @staff.post("/logout", dependencies=[Depends(genuine_form)])
    async def leave(request: Request) -> Response:
        answer = RedirectResponse("/", status_code=303)
        _set_cookie(desk, request, answer, "", seconds=0)
        return answer

    router = APIRouter()
    router.include_router(strangers)
    router.include_router(staff)
    return router


def _enter(desk: Desk, request: Request, token: str) -> Response:
    """Leave the token behind: the address that stays in the browser is a clean one."""
    if not desk.gate.admits(token):
        return desk.page(request, "locked.html", status=401, asks_again=False, is_wrong=bool(token))
    # After a link on another site a redirect would go without the new cookie (SameSite=Strict); a page's own does not.
    if request.headers.get("sec-fetch-site") == "cross-site":
        answer: Response = desk.page(request, "entering.html")
    else:
        answer = RedirectResponse("/", status_code=303)
    _set_cookie(desk, request, answer, desk.gate.new_session(), seconds=int(desk.gate.lifetime.total_seconds()))
    return answer


def _set_cookie(desk: Desk, request: Request, answer: Response, value: str, *, seconds: int) -> None:
    answer.set_cookie(
        desk.door.cookie_name(request),
        value,
        max_age=seconds,
        path="/",
        secure=desk.door.is_secure(request),
        httponly=True,
        samesite="strict",
    )

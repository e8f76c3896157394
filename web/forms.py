"""What comes in with a request: texts and numbers that Postgres takes, and the word against forged requests."""

from typing import Annotated

from fastapi import Form, Header, HTTPException, Path, Query, Request

from web.auth import is_genuine

BIGGEST_ID = 2**63 - 1

_Text = Query(max_length=200, pattern=r"^[^\x00]*$")
ShortText = Annotated[str, _Text]
EventId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]
RowId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]


async def genuine_form(request: Request, csrf: Annotated[str, Form()] = "") -> None:
    """Refuse a form that this session's own page did not send."""
    _refuse_forged(request, csrf)


async def genuine_call(
    request: Request, x_csrf_token: Annotated[str, Header(description="Needed with a session cookie only.")] = ""
) -> None:
    """The same for a call of the REST interface: bearers need no word, sessions send it as a header."""
    _refuse_forged(request, x_csrf_token)


def _refuse_forged(request: Request, csrf: str) -> None:
    if not is_genuine(request.state.session, csrf):
        raise HTTPException(403, "the page was open for too long or the request is not its own: load it anew")

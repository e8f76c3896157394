"""What stands before every route: the session, the size of a body, and the headers of every answer."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from urllib.parse import urlsplit

from fastapi import HTTPException, Request, Response
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from core.errors import Temporary
from core.settings import Settings
from web.auth import Gate, Session

MAX_BODY_BYTES = 16_384
"""The longest form of the panel is a token; whatever is longer is not read."""

POLICY = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Trouble = Callable[[Request, HTTPException], Awaitable[Response]]
"""Says a refusal or a failure in the form of the place: a page or JSON."""


class Door:
    """Finds the session of a request: the cookie of a browser, or the bearer token of a program."""

    def __init__(self, gate: Gate, settings: Settings) -> None:
        self._gate = gate
        self._public = urlsplit(settings.http.public_url or "")

    def session(self, request: Request) -> Session:
        """Raises 401 for everybody who is not admitted."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._gate.admits(token.strip()):
            return Session(csrf=None)
        found = self._gate.session(request.cookies.get(self.cookie_name(request), ""))
        if found is None:
            raise HTTPException(401, "a session or a bearer token is needed", {"WWW-Authenticate": "Bearer"})
        return found

    def is_secure(self, request: Request) -> bool:
        """Whether the browser speaks https, with us or with the proxy that ``http.public_url`` names."""
        if request.url.scheme == "https":
            return True
        return self._public.scheme == "https" and request.headers.get("host") == self._public.netloc

    def cookie_name(self, request: Request) -> str:
        return "__Host-jarvis" if self.is_secure(request) else "jarvis"


def guarded(door: Door | None, trouble: Trouble) -> type[APIRoute]:
    """A class of routes behind the door (None: open to everybody), whose every answer carries the headers."""

    class Guarded(APIRoute):
        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()

            async def answer(request: Request) -> Response:
                response = await _answer(request, handle, door, trouble)
                for name, value in HEADERS.items():
                    response.headers[name] = value
                response.headers.setdefault("Cache-Control", "no-store")
                return response

            return answer

    return Guarded


async def _answer(request: Request, handle: Handler, door: Door | None, trouble: Trouble) -> Response:
    try:
        # Before anything of the body is read.
        if door is not None:
            request.state.session = door.session(request)
        _limit_body(request)
        return await handle(request)
    except RequestValidationError as error:
        if request.url.path.startswith("/api/"):
            return await request_validation_exception_handler(request, error)
        return await trouble(request, HTTPException(404))
    except HTTPException as error:
        return await trouble(request, error)
    except Temporary as error:
        return await trouble(request, HTTPException(503, str(error), {"Retry-After": "5"}))


def _limit_body(request: Request) -> None:
    if request.method in {"GET", "HEAD"}:
        return
    length = request.headers.get("content-length")
    if "transfer-encoding" in request.headers or (length is not None and int(length) > MAX_BODY_BYTES):
        raise HTTPException(413, "the body is too long")


async def tell_as_json(request: Request, error: HTTPException) -> Response:
    return await http_exception_handler(request, error)

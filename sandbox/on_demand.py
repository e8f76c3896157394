"""Routes whose form is worked out when somebody first asks for them."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Route
from starlette.types import Receive, Scope, Send


def add_on_demand(router: APIRouter, path: str, answer: Callable[..., Any], *, methods: list[str]) -> None:
    """As ``router.add_api_route``.

    A sandbox has a hundred of them, and who opens one asks for a few: to work out all at the start takes 0.1 s.
    """
    whole = f"{router.prefix}{path}"
    router.routes.append(Route(whole, _OnDemand(whole, answer, methods), methods=methods))


class _OnDemand:
    def __init__(self, path: str, answer: Callable[..., Any], methods: list[str]) -> None:
        self._path = path
        self._answer = answer
        self._methods = methods
        self._route: APIRoute | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._route is None:
            self._route = APIRoute(self._path, self._answer, methods=self._methods)
        await self._route.app(scope, receive, send)

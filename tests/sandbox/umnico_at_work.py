"""Umnico's twin on a real port, its orders, and the client of ours that calls it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from integrations.http import Patience, RateBudget, open_http
from integrations.umnico import UmnicoClient
from sandbox.clock import VirtualClock
from sandbox.faults import FaultQueue
from sandbox.journal import Journal
from sandbox.umnico.account import ACCOUNT_ID, TOKEN
from sandbox.umnico.app import API_BASE, umnico_routers
from tests.sandbox.twin_at_work import at_port, wait_until


class UmnicoAtWork:
    def __init__(self, url: str, clock: VirtualClock, http: httpx.Client) -> None:
        self.url = url
        self.clock = clock
        self.http = http

    def order(self, path: str, **told: Any) -> Any:
        """A call of the control API that must succeed."""
        answer = self.http.post(f"/_sandbox/umnico/{path}", json=told).raise_for_status()
        return answer.json() if answer.content else None

    def read(self, path: str) -> Any:
        return self.http.get(f"/_sandbox/umnico/{path}").raise_for_status().json()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """A call of the API with the token."""
        told = {"Authorization": f"bearer {TOKEN}"} | headers
        return self.http.request(method, f"{API_BASE}{path}", json=body, headers=told)

    def writes(self, text: str = "Hello", *, login: str = "10000000007", channel: str = "whatsapp", **told: Any) -> Any:
        """A client writes: who they are is told only when they are new."""
        return self.order("write", channel=channel, login=login, text=text, **told)

    def saw(self, lead_id: int) -> list[dict[str, Any]]:
        return next(screen["saw"] for screen in self.read("clients") if screen["lead_id"] == lead_id)

    def hook(self, url: str, name: str = "jarvis") -> int:
        return self.call("POST", "/webhooks", {"url": url, "name": name}).raise_for_status().json()["id"]

    def settle(self) -> list[dict[str, Any]]:
        """Every delivery, once nothing waits any more."""
        wait_until(lambda: not self.read("webhooks")["is_posting"], seconds=30)
        return self.read("webhooks")["deliveries"]


@contextmanager
def umnico_at_work() -> Iterator[UmnicoAtWork]:
    clock = VirtualClock()
    app = FastAPI()
    for router in umnico_routers(FaultQueue(), Journal(clock), clock=clock):
        app.include_router(router)
    with at_port(app) as url, httpx.Client(base_url=url, timeout=30) as http:
        twin = UmnicoAtWork(url, clock, http)
        twin.order("behaviour", hook_pause_s=0.01)
        yield twin


@asynccontextmanager
async def calling(twin: UmnicoAtWork, token: str = TOKEN) -> AsyncIterator[UmnicoClient]:
    async with open_http(30) as http:
        yield UmnicoClient(
            token,
            ACCOUNT_ID,
            base_url=f"{twin.url}{API_BASE}",
            budget=RateBudget({}),
            http=http,
            clock=twin.clock,
            patience=Patience(attempt_s=30, backoff_s=0.01, jitter_s=0),
        )

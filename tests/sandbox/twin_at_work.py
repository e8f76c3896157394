"""RentProg's twin on a real port in a thread of its own, and a mailbox that receives what it posts."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from time import monotonic, sleep
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response

from sandbox.clock import VirtualClock
from sandbox.company import World, company
from sandbox.company.branches import Branch
from sandbox.faults import FaultQueue
from sandbox.journal import Journal
from sandbox.rentprog.app import INTERNAL_BASE, PUBLIC_BASE, rentprog_routers

BROWSER = {
    "Accept": "application/json",
    "Origin": "https://web.rentprog.ru",
    "Referer": "https://web.rentprog.ru/",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)",
}


@dataclass
class Mailbox:
    """Stands where Jarvis stands: keeps every body with its path, and answers with ``status``."""

    status: int = 200
    letters: list[tuple[str, bytes]] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/{path:path}")
        async def receive(path: str, request: Request) -> Response:
            self.letters.append((path, await request.body()))
            return Response(status_code=self.status)

        return app


def wait_until(is_so: Callable[[], bool], seconds: float = 5.0) -> None:
    """Poll with a deadline; a twin in another thread tells nobody when it is ready."""
    deadline = monotonic() + seconds
    while not is_so():
        assert monotonic() < deadline, "it did not become so in time"
        sleep(0.01)


class TwinAtWork:
    """Shorthands for what tests ask of the twin."""

    def __init__(self, url: str, world: World, clock: VirtualClock, http: httpx.Client) -> None:
        self.url = url
        self.world = world
        self.clock = clock
        self.http = http

    def order(self, path: str, **told: Any) -> Any:
        """A call of the control API that must succeed."""
        answer = self.http.post(f"/_sandbox/rentprog/{path}", json=told)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def read(self, path: str) -> Any:
        return self.http.get(f"/_sandbox/rentprog/{path}").raise_for_status().json()

    def credentials(self, branch: Branch) -> dict[str, Any]:
        return next(keys for keys in self.read("credentials") if keys["code"] == branch.code)

    def token(self, branch: Branch) -> str:
        answer = self.http.get(f"{PUBLIC_BASE}/get_token", params={"company_token": branch.company_token})
        return answer.raise_for_status().json()["token"]

    def public(self, branch: Branch, path: str, **query: Any) -> httpx.Response:
        headers = {"Authorization": self.token(branch)}
        return self.http.get(f"{PUBLIC_BASE}/{path}", params=query, headers=headers)

    def internal(self, branch: Branch, path: str, body: Any = None, **query: Any) -> httpx.Response:
        headers = BROWSER | {"Authorization": f"Bearer {self.credentials(branch)['web_token']}"}
        method = "GET" if body is None else "POST"
        return self.http.request(method, f"{INTERNAL_BASE}/{path}", params=query, json=body, headers=headers)


@contextmanager
def at_port(app: FastAPI) -> Iterator[str]:
    """The socket listens before the server runs, so the first call may come at once."""
    # With the protocol named asyncio sends small answers at once; otherwise each would wait 40 ms.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="critical", timeout_keep_alive=75, timeout_graceful_shutdown=1)
    )
    thread = Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def twin_at_work(world: World | None = None, jarvis_url: str | None = None) -> Iterator[TwinAtWork]:
    clock = VirtualClock()
    told = world or company(clock=clock)
    app = FastAPI()
    for router in rentprog_routers(told, FaultQueue(), Journal(clock), jarvis_url=jarvis_url, clock=clock):
        app.include_router(router)
    with at_port(app) as url, httpx.Client(base_url=url, timeout=10) as http:
        yield TwinAtWork(url, told, clock, http)

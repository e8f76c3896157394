"""A scripted HTTP server on the loopback, and a timer whose seconds cost nothing."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from integrations.http import open_http


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """``fault``: ``cut`` closes in the middle of the body, ``hang`` never answers, ``drip`` sends byte after byte."""

    status: int = 200
    json: Any = None
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""

    def content(self) -> bytes:
        return json.dumps(self.json).encode() if self.body is None else self.body

    def head(self) -> bytes:
        headers = {
            "content-type": "application/json",
            "content-length": str(len(self.content())),
            "connection": "close",
        }
        lines = [f"HTTP/1.1 {self.status} Scripted", *(f"{k}: {v}" for k, v in (headers | self.headers).items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


class ScriptedServer:
    """Answers each path with its replies in order (the last one stays), or with a function of the request."""

    def __init__(self) -> None:
        self.calls: list[Request] = []
        self._replies: dict[str, deque[Reply]] = defaultdict(deque)
        self._functions: dict[str, Callable[[Request], Reply]] = {}
        self._closing = asyncio.Event()
        self.url = ""

    def on(self, path: str, *replies: Reply) -> None:
        self._replies[path] = deque(replies)

    def answer(self, path: str, function: Callable[[Request], Reply]) -> None:
        self._functions[path] = function

    def paths(self) -> list[str]:
        return [call.path for call in self.calls]

    async def run(self) -> AsyncIterator["ScriptedServer"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield self
        self._closing.set()
        server.close()
        await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            self.calls.append(request)
            await self._send(writer, self._reply_to(request))
        except ConnectionError:
            pass  # the client went away first, as a time-out makes it
        finally:
            writer.close()

    async def _send(self, writer: asyncio.StreamWriter, reply: Reply) -> None:
        if reply.fault == "hang":
            await self._closing.wait()
            return
        writer.write(reply.head())
        if reply.fault == "drip":
            while not self._closing.is_set():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.02)
            return
        content = reply.content()
        writer.write(content[: len(content) // 2] if reply.fault == "cut" else content)
        await writer.drain()

    def _reply_to(self, request: Request) -> Reply:
        if request.path in self._functions:
            return self._functions[request.path](request)
        replies = self._replies[request.path]
        if not replies:
            return Reply(404, {"error": "no such path"})
        return replies.popleft() if len(replies) > 1 else replies[0]


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    address = urlsplit(target)
    query = {name: values[-1] for name, values in parse_qs(address.query).items()}
    return Request(method, address.path, query, headers, body)


class FastTimer:
    """Sleeping moves the time at once and is remembered."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async for running in ScriptedServer().run():
        yield running


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with open_http() as client:
        yield client


@pytest.fixture
def timer() -> FastTimer:
    return FastTimer()

"""A TCP proxy that fails on order: it stands between a client and Postgres, Redis or any other server."""

import asyncio
import socket
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.chaos.wire import Request, Talk, talk_of

CHUNK = 65_536
Upstream = tuple[str, int] | str
"""Host and port, or the path of a Unix socket."""


@dataclass(slots=True)
class _Trap:
    pattern: bytes
    action: Literal["cut", "swallow"]
    times: int | None


class FaultProxy:
    """Passes everything on until it is told otherwise; ``heal`` ends every fault.

    ``hits`` counts how often a fault bit: a connection cut, hung or swallowed, an answer lost. A refused connection
    is not counted, because nobody here sees it.
    """

    def __init__(self, upstream: Upstream, *, host: str = "127.0.0.1") -> None:
        self.upstream = upstream
        self.host = host
        self.port = 0
        self.hits = 0
        self.delay_s = 0.0
        self.flows = asyncio.Event()
        self.admits = asyncio.Event()
        self._traps: list[_Trap] = []
        self._links: set[asyncio.Task[None]] = set()
        self._listening: socket.socket | None = None
        self._reserved = _socket()

    async def __aenter__(self) -> Self:
        self._reserved.bind((self.host, 0))  # bound and never listening: the port stays ours while it refuses
        self.port = self._reserved.getsockname()[1]
        self.heal()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.refuse()
        await asyncio.gather(*self._links, return_exceptions=True)
        self._reserved.close()

    def refuse(self) -> None:
        """As if the server's process were gone: what was open is cut, and nobody listens."""
        if self._listening is not None:
            asyncio.get_running_loop().remove_reader(self._listening)
            self._listening.close()
            self._listening = None
        self.cut_all()

    def black_hole(self) -> None:
        """As if the network were gone: connections stay open, are even accepted, and not one byte passes.

        After ``heal`` what was sent in the meantime arrives late, as TCP would bring it, unless its sender gave up.
        """
        self.flows.clear()
        self.hits += len(self._links)

    def hang_new(self) -> None:
        """Whoever connects now is accepted and gets no answer; what is open works on."""
        self.admits.clear()

    def delay(self, seconds: float) -> None:
        """Every chunk of every direction comes this much later."""
        self.delay_s = seconds

    def cut_all(self) -> None:
        """Every open connection ends; a new one is welcome."""
        for link in list(self._links):
            self.hits += 1
            link.cancel()

    def cut_before(self, pattern: bytes, *, times: int | None = 1) -> None:
        """End the connection that is about to send this: the server never sees it. ``times`` None: until ``heal``."""
        self._traps.append(_Trap(pattern, "cut", times))

    def swallow_reply_to(self, pattern: bytes, *, times: int | None = 1) -> None:
        """Let the server do it, then end the connection before the client learns of it."""
        self._traps.append(_Trap(pattern, "swallow", times))

    def heal(self) -> None:
        self._traps.clear()
        self.delay_s = 0.0
        self.flows.set()
        self.admits.set()
        if self._listening is None:
            self._listening = _socket()
            self._listening.bind((self.host, self.port))
            self._listening.listen(512)
            asyncio.get_running_loop().add_reader(self._listening, self._accept)

    def sprung_by(self, request: Request) -> Literal["cut", "swallow"] | None:
        """What an armed fault does to this request, if one waits for it."""
        trap = next((trap for trap in self._traps if request.holds(trap.pattern)), None)
        if trap is None:
            return None
        self.hits += 1
        if trap.times is not None:
            trap.times -= 1
            if trap.times == 0:
                self._traps.remove(trap)
        return trap.action

    def _accept(self) -> None:
        assert self._listening is not None
        with suppress(BlockingIOError, ConnectionError):
            client, _address = self._listening.accept()
            client.settimeout(0.0)
            self.hits += not (self.flows.is_set() and self.admits.is_set())
            link = asyncio.ensure_future(_Link(self).run(client))
            self._links.add(link)
            link.add_done_callback(self._links.discard)


class _Link:
    """One client's connection and its counterpart at the server. Cancelled, it ends without a word to either."""

    def __init__(self, proxy: FaultProxy) -> None:
        self._proxy = proxy
        self._talk: Talk | None = None
        self._round_lost: int | None = None

    async def run(self, client: socket.socket) -> None:
        ends: list[asyncio.StreamWriter] = []
        try:
            from_client, to_client = await asyncio.open_connection(sock=client)
            ends.append(to_client)
            await self._proxy.admits.wait()
            from_server, to_server = await _connect(self._proxy.upstream)
            ends.append(to_server)
            await _until_the_first(self._ask(from_client, to_server), self._answer(from_server, to_client))
        except OSError:  # also a server whose socket is gone
            _abort(ends)
        except asyncio.CancelledError:
            _abort(ends)
            raise
        for end in ends:
            end.close()

    async def _ask(self, client: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        while chunk := await client.read(CHUNK):
            await self._pass()
            self._talk = self._talk or talk_of(chunk)
            for request in self._talk.requests(chunk):
                if self._round_lost is None:
                    self._spring(request)
                server.write(request.raw)
            await server.drain()
        await self._proxy.flows.wait()

    def _spring(self, request: Request) -> None:
        match self._proxy.sprung_by(request):
            case "cut":
                raise ConnectionAbortedError
            case "swallow":
                self._round_lost = request.round
            case None:
                pass

    async def _answer(self, server: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        while chunk := await server.read(CHUNK):
            await self._pass()
            answered = self._talk.rounds_answered(chunk) if self._talk is not None else 0
            if self._round_lost is None:
                client.write(chunk)
                await client.drain()
            elif answered >= self._round_lost:
                raise ConnectionAbortedError
        await self._proxy.flows.wait()

    async def _pass(self) -> None:
        await self._proxy.flows.wait()
        if self._proxy.delay_s:
            await asyncio.sleep(self._proxy.delay_s)


def address_of(url: str) -> Upstream:
    """Where the server of this database or Redis URL listens."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return unquote(parts.path)
    folder = parse_qs(parts.query).get("host", [""])[0]
    if folder.startswith("/"):
        return f"{folder}/.s.PGSQL.{parts.port or 5432}"
    return parts.hostname or "127.0.0.1", parts.port or (6379 if parts.scheme.startswith("redis") else 5432)


def through(proxy: FaultProxy, url: str) -> str:
    """The same database or Redis by way of the proxy; without TLS, so that the proxy can read along."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"redis://{proxy.host}:{proxy.port}"
    credentials, _, _ = parts.netloc.rpartition("@")
    there = f"{parts.scheme}://{credentials + '@' if credentials else ''}{proxy.host}:{proxy.port}{parts.path}"
    return there if parts.scheme.startswith("redis") else f"{there}?sslmode=disable&gssencmode=disable"


def _socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.settimeout(0.0)
    return made


async def _connect(upstream: Upstream) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(upstream, str):
        return await asyncio.open_unix_connection(upstream)
    return await asyncio.open_connection(*upstream)


async def _until_the_first(*pumps: Coroutine[Any, Any, None]) -> None:
    """Until one direction ends; the other ends with it. An end by force is raised."""
    tasks = [asyncio.ensure_future(pump) for pump in pumps]
    try:
        done, _going = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _abort(ends: list[asyncio.StreamWriter]) -> None:
    for end in ends:
        end.transport.abort()

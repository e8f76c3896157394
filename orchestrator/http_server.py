"""Serving one app inside our own event loop, stopped by our own event instead of uvicorn's signals."""

import asyncio
import socket

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from core.settings import WrongSettings

BACKLOG = 2048
HEAD_DEADLINE_S = 10.0
"""From the connection, or from the first byte of a later request, to the end of its headers."""


class PunctualProtocol(HttpToolsProtocol):
    """uvicorn's own, which alone would wait for ever for the headers of a client that never sends them."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - as in uvicorn
        super().connection_made(transport)
        self._expect_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()

    def on_headers_complete(self) -> None:
        self._forget_head()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_head()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(HEAD_DEADLINE_S, self.transport.abort)

    def _forget_head(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that a taken port is told before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio switches Nagle off only where it knows that it is TCP.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)  # who comes before the app is up waits instead of being refused
    except OSError as error:
        listening.close()
        raise WrongSettings(
            f"http.port (JARVIS_HTTP__PORT): cannot listen on {host}:{port}: {error.strerror}"
        ) from None
    listening.set_inheritable(True)
    return listening


async def serve(app: Starlette, listening: socket.socket, stop: asyncio.Event, *, grace_s: float) -> None:
    """Answer until ``stop``; requests in hand get ``grace_s`` to finish."""
    config = uvicorn.Config(
        app,
        http=PunctualProtocol,
        ws="none",
        log_level="warning",
        log_config=None,  # its lines go through our log, which masks secrets
        access_log=False,
        backlog=BACKLOG,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=max(1, int(grace_s)),
        limit_concurrency=2_000,
        server_header=False,
    )
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(server._serve([listening]))  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - serve() would take over the signals
        waiting = group.create_task(stop.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        waiting.cancel()

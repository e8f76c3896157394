"""Serving one app inside our own event loop, stopped by our own event instead of uvicorn's signals."""

import asyncio
import socket
from functools import partial
from typing import cast

import uvicorn
from starlette.applications import Starlette

from core.settings import WrongSettings
from orchestrator.connections import Crowd, GuardedProtocol, Limits

BACKLOG = 2048


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


async def serve(
    app: Starlette, listening: socket.socket, stop: asyncio.Event, *, grace_s: float, limits: Limits | None = None
) -> None:
    """Answer until ``stop``; requests in hand get ``grace_s`` to finish."""
    crowd = Crowd(limits or Limits())
    config = uvicorn.Config(
        app,
        http=cast("type[asyncio.Protocol]", partial(GuardedProtocol, crowd)),
        ws="none",
        log_level="error",  # what strangers do wrong would fill the log
        log_config=None,  # its lines go through our log, which masks secrets
        access_log=False,
        backlog=BACKLOG,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=max(1, int(grace_s)),
        server_header=False,
    )
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(server._serve([listening]))  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - serve() would take over the signals
        sweeping = group.create_task(crowd.sweep())
        waiting = group.create_task(stop.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        waiting.cancel()
        await asyncio.wait({running})
        sweeping.cancel()

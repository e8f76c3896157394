"""Serving one app inside our own event loop, stopped by our own event instead of uvicorn's signals."""

import asyncio
import socket

import uvicorn
from fastapi import FastAPI

from core.settings import WrongSettings

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that a taken port is told before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio switches Nagle off only where it knows that it is TCP.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise WrongSettings(
            f"http.port (JARVIS_HTTP__PORT): cannot listen on {host}:{port}: {error.strerror}"
        ) from None
    listening.set_inheritable(True)
    return listening


async def serve(app: FastAPI, listening: socket.socket, stop: asyncio.Event, *, grace_s: float) -> None:
    """Answer until ``stop``; requests in hand get ``grace_s`` to finish."""
    config = uvicorn.Config(
        app,
        log_level="warning",
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

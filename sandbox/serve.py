"""Runs an app on a real port: for good from the command line, or for a while inside a test's own event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn
from fastapi import FastAPI


class _Server(uvicorn.Server):
    """Long polls and event streams end when the server stops, instead of holding it."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.is_up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        let_go(self._app)
        await super().shutdown(sockets)


def let_go(app: FastAPI) -> None:
    """Ask whatever waits inside the app to stop waiting; apps say how in `app.state.let_go`."""
    for ask in getattr(app.state, "let_go", ()):
        ask()


@asynccontextmanager
async def serving(app: FastAPI, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """The app's address on a free port of this machine; started and stopped with the block."""
    # Only with the protocol named does asyncio send small answers at once; otherwise each would wait 40 ms.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        server = _Server(_config(app, host, port), app)
        # Not in a task group, which would wrap every error of the block. serve() itself would take over the signals.
        running = asyncio.get_running_loop().create_task(server._serve([listening]))  # noqa: SLF001
        await server.is_up.wait()
        try:
            yield f"http://{host}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


def run(app: FastAPI, host: str, port: int) -> None:
    """Serve until told to stop; Ctrl-C is one way to tell."""
    with suppress(KeyboardInterrupt):
        _Server(_config(app, host, port), app).run()


def _config(app: FastAPI, host: str, port: int) -> Any:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        # Longer than any client waits between two requests: one that is just sent must not meet a closed door.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )

"""The reference of ``bench ingress``: a FastAPI handler that inserts one row and commits, through the same pool."""

import asyncio
import os
import sys

import uvloop
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from core.settings import WorkSettings
from db.queries.bench import insert_row
from db.session import Database
from orchestrator.http_server import listen, serve
from orchestrator.up import stop_on_signals


def app_of(db: Database) -> FastAPI:
    app = FastAPI()

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.post("/bare")
    async def bare(request: Request) -> JSONResponse:
        body = await request.body()
        async with db.transaction() as tx:
            await insert_row(tx, body)
        return JSONResponse({"ok": True})

    return app


async def main() -> None:
    stop: asyncio.Event = stop_on_signals()
    db = Database(os.environ["JARVIS_DATABASE_URL"], pool_size=WorkSettings().database_pool)
    await serve(app_of(db), listen("127.0.0.1", int(sys.argv[1])), stop, grace_s=2)
    await db.close()


if __name__ == "__main__":
    uvloop.run(main())

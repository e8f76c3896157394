"""The reference of ``bench conversation``: a bot that keeps nothing, one task for each client, the same model and chat.

``PORT TELEGRAM_URL MODEL_URL MODEL_KEY CHATS``. A webhook is answered before anything is done, no message is kept, no
fact is compared, nothing is tried again: what a crash or a refusal loses is lost.
"""

import asyncio
import json
import sys
import time
from collections import defaultdict
from typing import Any

import httpx
import uvloop
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from orchestrator.http_server import listen, serve
from orchestrator.up import stop_on_signals


class BareChat:
    def __init__(self, telegram_url: str, model_url: str, model_key: str, chats: list[int]) -> None:
        self._telegram = telegram_url
        self._model = model_url
        self._key = model_key
        self._chats = chats
        self._lines: defaultdict[int, asyncio.Queue[tuple[float, dict[str, Any]]]] = defaultdict(asyncio.Queue)
        self._threads: dict[int, int] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.seconds: list[float] = []
        self._http = httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=300))

    def take(self, group: asyncio.TaskGroup, body: dict[str, Any]) -> None:
        lead = body["leadId"]
        if lead not in self._lines:
            self._tasks.append(group.create_task(self._talk(lead)))
        self._lines[lead].put_nowait((time.perf_counter(), body["message"]))

    def end(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _talk(self, lead: int) -> None:
        chat = self._chats[lead % len(self._chats)]
        while True:
            came_at, message = await self._lines[lead].get()
            text = message["message"]["text"]
            translation = await self._translate(text)
            if lead not in self._threads:
                made = await self._call("createForumTopic", {"chat_id": chat, "name": f"Client {lead}"})
                self._threads[lead] = made["message_thread_id"]
            shown = {"chat_id": chat, "message_thread_id": self._threads[lead], "text": f"{translation}\n\n{text}"}
            await self._call("sendMessage", shown)
            self.seconds.append(time.perf_counter() - came_at)

    async def _translate(self, text: str) -> str:
        question = {"model": "jarvis-scripted", "messages": [{"role": "user", "content": f"Translate: {text}"}]}
        answer = await self._http.post(
            f"{self._model}/chat/completions", json=question, headers={"Authorization": f"Bearer {self._key}"}
        )
        return answer.raise_for_status().json()["choices"][0]["message"]["content"]

    async def _call(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self._http.post(f"{self._telegram}/{method}", json=body)
        return answer.raise_for_status().json()["result"]


def app_of(bare: BareChat, group: asyncio.TaskGroup) -> FastAPI:
    app = FastAPI()

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.post("/hook")
    async def hook(request: Request) -> JSONResponse:
        bare.take(group, json.loads(await request.body()))
        return JSONResponse({"ok": True})

    @app.get("/seconds")
    async def seconds() -> list[float]:
        """Of every message that was shown since the last look."""
        told, bare.seconds = bare.seconds, []
        return told

    return app


async def main() -> None:
    port, telegram_url, model_url, model_key, chats = sys.argv[1:6]
    stop = stop_on_signals()
    bare = BareChat(telegram_url, model_url, model_key, json.loads(chats))
    async with asyncio.TaskGroup() as group:
        await serve(app_of(bare, group), listen("127.0.0.1", int(port)), stop, grace_s=2)
        bare.end()


if __name__ == "__main__":
    uvloop.run(main())

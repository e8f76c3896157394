"""The simulated Telegram on a real port, aiogram's client to it, and the people of an invented branch."""

import asyncio
import json
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from fastapi import FastAPI, Request, Response

from sandbox.app import SandboxSettings, create_app
from sandbox.company.telegram import BOT_ID, BOT_TOKEN
from sandbox.serve import serving

EVERY_RIGHT = None
MANAGER_RIGHTS = (
    "can_delete_messages",
    "can_restrict_members",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


@dataclass
class TelegramAtWork:
    """Shorthands: the bot as aiogram sees it, people and their acts through the control API."""

    url: str
    bot: Bot
    http: httpx.AsyncClient
    owner: int = 0
    guest: int = 0

    async def act(self, path: str, **body: Any) -> dict[str, Any]:
        response = await self.http.post(f"/_sandbox/telegram{path}", json=_renamed(body))
        assert response.status_code == 200, response.text
        return response.json()

    async def refused(self, path: str, **body: Any) -> str:
        response = await self.http.post(f"/_sandbox/telegram{path}", json=_renamed(body))
        assert response.status_code == 400, response.text
        return response.json()["error"]

    async def look(self, path: str, **query: Any) -> dict[str, Any]:
        response = await self.http.get(f"/_sandbox/telegram{path}", params=_renamed(query))
        assert response.status_code == 200, response.text
        return response.json()

    async def raw(self, method: str, **params: Any) -> dict[str, Any]:
        """A call by hand, as a form, for what aiogram would not send."""
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
        response = await self.http.post(f"/telegram/bot{BOT_TOKEN}/{method}", data=texts)
        return response.json()

    async def person(self, first_name: str, **details: Any) -> int:
        return (await self.act("/users", first_name=first_name, **details))["id"]

    async def group(self, *, rights: list[str] | None = EVERY_RIGHT, **details: Any) -> int:
        """A forum of the owner and the guest, unless told otherwise; the bot has every right or the named ones."""
        wanted = {"title": "Branch", "members": [self.owner, self.guest], "is_forum": True, **details}
        return (await self.act("/chats", **wanted, **({} if rights is None else {"bot_rights": rights})))["id"]

    async def forget_updates(self) -> None:
        await self.bot.delete_webhook(drop_pending_updates=True)

    async def updates(self) -> list[dict[str, Any]]:
        """What waits for the bot, confirmed by reading."""
        found = (await self.raw("getUpdates"))["result"]
        await self.raw("getUpdates", offset=found[-1]["update_id"] + 1 if found else 0)
        return found


async def until(is_so: Callable[[], Awaitable[Any]], seconds: float = 10) -> Any:
    """Ask again until the answer is yes, and give it back; too late is an error."""
    async with asyncio.timeout(seconds):
        while True:
            if found := await is_so():
                return found
            await asyncio.sleep(0.01)


def _renamed(values: dict[str, Any]) -> dict[str, Any]:
    return {"as" if name == "person" else name: value for name, value in values.items()}


@asynccontextmanager
async def telegram_at_work(**settings: Any) -> AsyncIterator[TelegramAtWork]:
    """An empty Telegram with two people, both of whom have started the bot."""
    app = create_app(SandboxSettings(with_people=False, **settings))
    async with serving(app) as url, httpx.AsyncClient(base_url=url, timeout=70) as http:
        session = AiohttpSession(api=TelegramAPIServer.from_base(f"{url}/telegram"))
        telegram = TelegramAtWork(url, Bot(BOT_TOKEN, session=session), http)
        try:
            telegram.owner = await telegram.person("Nino", username="nino_example")
            telegram.guest = await telegram.person("Levan")
            await telegram.act("/start", person=telegram.owner)
            await telegram.act("/start", person=telegram.guest)
            await telegram.forget_updates()
            yield telegram
        finally:
            await session.close()


@dataclass
class Hook:
    """A bot's webhook: keeps the updates it got and answers with the statuses it was told, then 200."""

    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    got: list[tuple[dict[str, Any], str | None]] = field(default_factory=list)

    async def got_all(self, number: int) -> None:
        """Wait for so many deliveries."""

        async def are_here() -> bool:
            return len(self.got) == number

        await until(are_here)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/hooks/telegram")
        async def take(request: Request) -> Response:
            secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
            self.got.append((await request.json(), secret))
            status = self.statuses.pop(0) if self.statuses else 200
            return Response(json.dumps(self.body), status, self.headers, "application/json")

        return app


def png(width: int = 64, height: int = 48) -> bytes:
    """A real picture, drawn here."""
    rows = b"".join(b"\x00" + bytes([row % 256, 90, 160]) * width for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


BOT = BOT_ID

"""One sandbox and one browser for a file of tests; every test opens windows of its own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest_asyncio
from playwright.async_api import Browser

from sandbox.app import SandboxSettings, create_app
from sandbox.serve import serving
from tests.page.window import Bot, Window, chromium


@dataclass
class Story:
    """Nino and Oleg work in Tbilisi and see its forum."""

    url: str
    browser: Browser
    bot: Bot
    nino: int
    oleg: int
    chat: int
    windows: list[Window] = field(default_factory=list)

    async def window(self, place: str, *, size: dict[str, int] | None = None, url: str | None = None) -> Window:
        window = await Window.open(self.browser, f"{url or self.url}/{place}", size=size)
        self.windows.append(window)
        return window

    def link(self, person: int, thread: int) -> str:
        return f"#as={person}&chat={self.chat}&topic={thread}"

    async def topic(self, name: str) -> int:
        made = await self.bot.call("createForumTopic", chat_id=self.chat, name=name)
        return made["message_thread_id"]

    async def say(self, thread: int, text: str, **params: Any) -> dict[str, Any]:
        """The bot writes into a topic."""
        return await self.bot.call("sendMessage", chat_id=self.chat, message_thread_id=thread, text=text, **params)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def sandbox() -> AsyncIterator[str]:
    async with serving(create_app()) as url:
        yield url


@pytest_asyncio.fixture(loop_scope="module")
async def story(sandbox: str, browser: Browser) -> AsyncIterator[Story]:
    async with httpx.AsyncClient(base_url=sandbox, timeout=20) as http:
        state = (await http.get("/_sandbox/telegram/state")).raise_for_status().json()
        people = {user["first_name"]: user["id"] for user in state["users"]}
        chats = {chat["title"]: chat["id"] for chat in state["chats"]}
        bot = Bot(http, SandboxSettings().telegram_token)
        told = Story(sandbox, browser, bot, people["Nino"], people["Oleg"], chats["Branch Tbilisi"])
        yield told
        for window in told.windows:
            await window.page.context.close()
        await bot.control("reset")
    assert [error for window in told.windows for error in window.errors] == []

"""A person at the chat page in a real Chromium window, and the bot at the other end of the wire."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
from playwright.async_api import Browser, Locator, Page, Playwright, async_playwright, expect

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


def chromium_path() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    assert found, "these tests need Chromium: apt-get install chromium"
    return found


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    playwright: Playwright
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        yield browser
        await browser.close()


@dataclass
class Window:
    """One person's window. Errors of the page's scripts are kept, and every test ends by looking at them."""

    page: Page
    errors: list[str] = field(default_factory=list)

    @classmethod
    async def open(cls, browser: Browser, address: str, *, size: dict[str, int] | None = None) -> Self:
        context = await browser.new_context(viewport=size or DESKTOP, reduced_motion="reduce")  # type: ignore[arg-type] # a viewport is a dict
        window = cls(await context.new_page())
        window.page.on("pageerror", lambda error: window.errors.append(str(error)))
        window.page.on("dialog", lambda dialog: window.errors.append(f"a dialog of the browser: {dialog.message}"))
        await window.page.goto(address)
        return window

    def find(self, selector: str, text: str | None = None) -> Locator:
        return self.page.locator(selector, has_text=text)

    def bubble(self, text: str) -> Locator:
        return self.find("article.message", text)

    async def write(self, text: str) -> None:
        await self.page.get_by_role("textbox", name="Message").fill(text)
        await self.page.keyboard.press("Enter")

    async def sees(self, selector: str, text: str | None = None) -> None:
        await expect(self.find(selector, text).first).to_be_visible()

    async def misses(self, selector: str, text: str | None = None) -> None:
        await expect(self.find(selector, text)).to_have_count(0)


@dataclass
class Bot:
    """The bot's side, as Jarvis would call it; and the acts of people that need no window."""

    http: httpx.AsyncClient
    token: str

    async def ask(self, method: str, **params: Any) -> httpx.Response:
        return await self.http.post(f"/telegram/bot{self.token}/{method}", json=params)

    async def call(self, method: str, **params: Any) -> Any:
        """The result of a call that must succeed."""
        body = (await self.ask(method, **params)).json()
        assert body["ok"], body
        return body["result"]

    async def control(self, path: str, **body: Any) -> Any:
        answer = await self.http.post(f"/_sandbox/telegram/{path}", json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    async def next_press(self) -> dict[str, Any]:
        """The next button that a person presses."""
        offset = 0
        while True:
            updates = await self.call("getUpdates", offset=offset, timeout=5, allowed_updates=["callback_query"])
            for update in updates:
                offset = update["update_id"] + 1
                if "callback_query" in update:
                    return update["callback_query"]

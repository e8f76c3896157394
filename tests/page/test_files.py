"""The page's files over real HTTP: headers, types, and nothing outside the folder."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser

import httpx
import pytest
from fastapi import FastAPI

from sandbox.page import STATIC, page_router


class Links(HTMLParser):
    """The addresses that the page loads, and the scripts written into it."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value for name, value in attrs if name in {"src", "href"} and value]
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]


@pytest.fixture
async def page() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(page_router())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://page") as client:
        yield client


async def test_the_page_and_every_file_it_names_are_served_from_here(page):
    answer = await page.get("/")
    links = Links()
    links.feed(answer.text)
    assert [address for address in links.addresses if not address.startswith("/static/")] == []
    answers = [await page.get(address) for address in links.addresses]
    assert {answer.status_code for answer in answers} == {200}
    assert links.handlers == []


async def test_scripts_may_come_from_this_host_only_and_never_from_the_text_of_the_page(page):
    policy = (await page.get("/")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", sorted(str(file.relative_to(STATIC)) for file in STATIC.rglob("*.js")))
async def test_every_script_has_its_type_and_starts_with_what_it_is_for(page, path):
    answer = await page.get(f"/static/{path}")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text.startswith("/**")


@pytest.mark.parametrize("name", ["missing.js", "../__init__.py", "%2e%2e/__init__.py", "js", ""])
async def test_nothing_beyond_the_folder_is_served(page, name):
    assert (await page.get(f"/static/{name}")).status_code == 404


async def test_a_new_version_of_a_script_is_seen_at_the_next_visit(page):
    assert (await page.get("/static/js/app.js")).headers["cache-control"] == "no-cache"

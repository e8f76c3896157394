"""A person at the panel in a real browser."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Page, expect

from sandbox.serve import serving
from tests.page.window import DESKTOP, PHONE, chromium
from tests.web import company
from tests.web.conftest import Panel
from web.auth import login_link

pytestmark = pytest.mark.browser


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with chromium() as browser:
        yield await browser.new_page()


async def test_the_owner_logs_in_looks_around_and_retries_what_died(panel: Panel, page: Page):
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if "Security Policy" in message.text else None)
    car_id = await company.car(panel.db, plate="AA-101-AA")
    await company.booking(panel.db, car_id, start_at=panel.clock.now() - timedelta(days=1), in_rent=True)
    _, run_id, _ = await company.event_with_work(panel.db, car_id)
    await company.end(panel.db, "runs", run_id, "dead", error="Broken: invented", finished_at=panel.clock.now())

    await page.goto(login_link(panel.settings, panel.url))
    await expect(page).to_have_url(f"{panel.url}/")
    await expect(page.get_by_role("heading", name="Jarvis is not ready")).to_be_visible()

    await page.get_by_role("link", name="Fleet").click()
    await page.get_by_role("link", name="AA-101-AA").click()
    await expect(page.get_by_text("Ana Example").first).to_be_visible()

    await page.get_by_role("link", name="car.updated").click()
    await expect(page.get_by_text("telegram.send_message")).to_be_visible()

    await page.get_by_role("link", name="Troubles").click()
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("status")).to_have_text("It will be tried again in a moment.")
    await expect(page.get_by_text("Broken: invented")).to_have_count(0)

    await page.get_by_role("button", name="Log out").click()
    await expect(page.get_by_label("Access token")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_text("AA-101-AA")).to_have_count(0)
    assert complaints == []


async def test_the_overview_brings_itself_up_to_date(panel: Panel, page: Page):
    await page.clock.install()
    await page.goto(login_link(panel.settings, panel.url))
    await expect(page.get_by_role("link", name="0 cars")).to_be_visible()

    await company.car(panel.db)
    await page.clock.fast_forward(11_000)

    await expect(page.get_by_role("link", name="1 cars")).to_be_visible()


async def test_links_on_another_site_open_the_door_and_later_the_page(panel: Panel, page: Page):
    """Telegram in the browser is another site: its clicks bring no SameSite cookie with them."""
    site = FastAPI()
    links = {"in": login_link(panel.settings, panel.url), "fleet": f"{panel.url}/fleet"}

    @site.get("/", response_class=HTMLResponse)
    async def letter() -> str:
        return "".join(f'<a href="{address}">{name}</a> ' for name, address in links.items())

    async with serving(site) as elsewhere:
        other = elsewhere.replace("127.0.0.1", "localhost")
        await page.goto(other)
        await page.get_by_role("link", name="fleet").click()
        await expect(page.get_by_label("Access token")).to_be_visible()

        await page.goto(other)
        await page.get_by_role("link", name="in").click()
        await expect(page).to_have_url(f"{panel.url}/")
        await expect(page.get_by_role("heading", name="Overview")).to_be_visible()

        await page.goto(other)
        await page.get_by_role("link", name="fleet").click()
        await expect(page.get_by_role("heading", name="Fleet")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_no_page_is_wider_than_the_window(panel: Panel, page: Page, size: dict[str, int]):
    await page.set_viewport_size(size)  # type: ignore[arg-type] # a viewport is a dict
    car_id = await company.car(panel.db, model="W" * 60)
    await company.booking(panel.db, car_id, start_at=panel.clock.now(), client_name="N" * 90, location_start="P" * 90)
    event_id, run_id, command_id = await company.event_with_work(panel.db, car_id)
    await company.end(panel.db, "runs", run_id, "dead", error="E" * 300)
    await company.end(panel.db, "commands", command_id, "unknown", result={"text": "R" * 300})
    await page.goto(login_link(panel.settings, panel.url))

    for address in (
        "/",
        "/fleet",
        f"/cars/{car_id}",
        "/events",
        f"/events/{event_id}",
        "/dead",
        "/people",
        "/api/docs",
    ):
        await page.goto(panel.url + address)
        extra = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert (address, extra <= 0) == (address, True)

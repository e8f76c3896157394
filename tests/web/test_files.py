"""A signed link opens one stored file until it expires; everything else is refused in plain words."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from core.clock import FixedClock
from sandbox.serve import serving
from storage.api import Storage
from storage.links import Links, kept_secret
from storage.local import LocalStorage
from web.files import files_router

SECRET = b"invented-secret-of-links-0123456789"
DAY = timedelta(days=1)
PAGE = b"<!DOCTYPE html><title>report</title>"


@dataclass
class Files:
    store: Storage
    clock: FixedClock
    browser: httpx.AsyncClient

    async def link(self, content: bytes, content_type: str, filename: str = "report.html") -> str:
        stored = await self.store.put(content, content_type=content_type, filename=filename)
        return await self.store.presign(stored.key, DAY)


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[Files]:
    clock = FixedClock(datetime(2026, 11, 21, 9, tzinfo=UTC))
    app = FastAPI()
    async with serving(app) as address:
        store = LocalStorage(tmp_path / "objects", clock=clock, links=Links(f"{address}/files", SECRET))
        app.include_router(files_router(store, SECRET, clock))
        async with httpx.AsyncClient() as browser:
            yield Files(store, clock, browser)


async def test_a_link_opens_the_report_in_a_sandbox_that_runs_nothing(files: Files):
    answer = await files.browser.get(await files.link(PAGE, "text/html; charset=utf-8", "отчёт.html"))
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("inline; filename*=UTF-8''%D0%BE")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"


async def test_a_pdf_is_shown_and_is_not_sandboxed_because_browsers_would_show_nothing(files: Files):
    answer = await files.browser.get(await files.link(b"%PDF-1.7", "application/pdf", "a.pdf"))
    assert answer.headers["content-disposition"].startswith("inline")
    assert "sandbox" not in answer.headers["content-security-policy"]


async def test_what_a_browser_might_run_is_only_handed_out(files: Files):
    answer = await files.browser.get(await files.link(b"<svg onload='x()'/>", "image/svg+xml", "a.svg"))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_after_its_time_a_link_says_that_a_new_one_is_needed(files: Files):
    link = await files.link(PAGE, "text/html")
    files.clock.advance(DAY)
    answer = await files.browser.get(link)
    assert answer.status_code == 410
    assert "Попросите новую" in answer.text


@pytest.mark.parametrize(
    "change",
    [
        lambda link: link.replace("signature=", "signature=0"),
        lambda link: link.replace("expires=", "expires=9"),
        lambda link: link.partition("?")[0],
        lambda link: link.replace("/sha256/", "/sha256/../"),
        lambda link: link.replace("expires=", "expires=%D9%A1"),
        lambda link: link.partition("/sha256")[0] + "/",
    ],
)
async def test_a_link_that_was_changed_opens_nothing_and_tells_nothing(files: Files, change):
    answer = await files.browser.get(change(await files.link(PAGE, "text/html")))
    assert answer.status_code == 403
    assert "sha256" not in answer.text


async def test_a_file_that_is_kept_no_longer_is_told_apart(files: Files):
    stored = await files.store.put(PAGE, content_type="text/html")
    link = await files.store.presign(stored.key, DAY)
    await files.store.delete(stored.key)
    answer = await files.browser.get(link)
    assert answer.status_code == 410
    assert "no longer" in answer.text


async def test_a_look_at_the_headers_sends_no_content(files: Files):
    answer = await files.browser.head(await files.link(PAGE, "text/html"))
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", str(len(PAGE)))


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path):
    path = tmp_path / "home" / "link-secret"
    first = kept_secret(path)
    assert kept_secret(path) == first
    assert len(first) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["link-secret"]


def test_a_file_without_a_secret_in_it_is_not_believed(tmp_path: Path):
    path = tmp_path / "link-secret"
    path.write_text("short")
    with pytest.raises(OSError, match="holds no secret"):
        kept_secret(path)

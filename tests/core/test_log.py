"""No secret reaches a log line, wherever in it the secret stands."""

import io
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from core.log import get_logger, redact, set_up_log

CANARY = "canary7f3a9c2e5d8b1046canary7f3a9c2e5d8b"
BOT_TOKEN = f"123456789:{CANARY}"


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the log wrote."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", io.StringIO())
    set_up_log(level="info", is_json=True)
    yield sys.stderr
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "text",
    [
        f"https://api.telegram.org/bot{BOT_TOKEN}/getMe",
        f"token {BOT_TOKEN} is wrong",
        f"GET /public/get_token?company_token={CANARY}&page=2",
        f"GET /v1?token={CANARY}",
        f"POST /hooks/rentprog/old-town/{CANARY} 200",
        f"POST /hooks/rentprog/Unknown_Branch/{CANARY}?x=1",
        f"POST /hooks/umnico/{CANARY}",
        f"postgresql://jarvis:{CANARY}@db/jarvis refused",
        f"redis://:{CANARY}@cache:6379",
        f"Authorization: Bearer {CANARY}",
    ],
)
def test_a_secret_inside_a_text_is_masked(text: str):
    assert CANARY not in redact(text)
    assert "***" in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "12:30 until 18:45",
        "https://example.test/v1/cars?page=2",
        "at /hooks/",
        "run 17 of car:6f2b7c1e",
        "2026-11-21T00:33:41Z",
    ],
)
def test_what_is_no_secret_stays_readable(text: str):
    assert redact(text) == text


@pytest.mark.parametrize(
    "fields",
    [
        {"company_token": CANARY},
        {"password": CANARY},
        {"url": f"/hooks/rentprog/old-town/{CANARY}"},
        {"error": ValueError(f"bot{BOT_TOKEN}")},
        {"headers": {"Authorization": CANARY, "X-Telegram-Bot-Api-Secret-Token": CANARY}},
        {"urls": [f"https://host/?token={CANARY}"]},
        {"told": {"deep": [{"api_key": CANARY}]}},
    ],
)
def test_a_secret_in_a_field_of_a_line_is_masked(printed: io.StringIO, fields: dict[str, object]):
    get_logger("test").info("something happened", **fields)
    line = printed.getvalue()
    assert "something happened" in line
    assert CANARY not in line


def test_a_secret_in_a_traceback_is_masked(printed: io.StringIO):
    try:
        int(f"https://api.telegram.org/bot{BOT_TOKEN}/getMe")
    except ValueError:
        get_logger("test").exception("failed")
    line = printed.getvalue()
    assert "ValueError" in line
    assert CANARY not in line


def test_a_line_of_a_library_is_masked_like_ours(printed: io.StringIO):
    logging.getLogger("some.library").warning("calling %s", f"https://host/bot{BOT_TOKEN}/x")
    line = printed.getvalue()
    assert "calling" in line
    assert CANARY not in line


def test_libraries_that_log_addresses_are_quiet_at_info(printed: io.StringIO):
    logging.getLogger("httpx").info("HTTP Request: GET https://host/")
    assert printed.getvalue() == ""


def test_a_lease_token_is_no_secret(printed: io.StringIO):
    get_logger("test").info("claimed", lease_token="42")
    assert '"42"' in printed.getvalue()

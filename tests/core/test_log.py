"""No secret reaches a log line, wherever in it the secret stands."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from pydantic import SecretStr

from core.errors import Broken, Temporary
from core.log import get_logger, hide_secrets, redact, set_up_log
from core.settings import BranchSettings, RentprogSettings, Settings

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


def test_a_line_about_work_names_its_event_its_run_its_subject_and_its_trace(printed: io.StringIO):
    with structlog.contextvars.bound_contextvars(event_id=5, run=17, agent="damage", subject="car:1", trace="ab" * 16):
        get_logger("test").info("something happened", attempt=2)
    line = json.loads(printed.getvalue())
    del line["timestamp"]
    assert line == {
        "message": "something happened",
        "level": "info",
        "event": 5,
        "run": 17,
        "agent": "damage",
        "subject": "car:1",
        "trace": "ab" * 16,
        "attempt": 2,
    }


def test_the_text_of_an_error_that_is_not_ours_is_not_written(printed: io.StringIO):
    try:
        try:
            int("Ivan Canary")
        except ValueError as error:
            raise Temporary("RentProg answered 502") from error
    except Temporary as error:
        get_logger("test").exception("agent raised", error=KeyError("Ivan Canary"), cause=error)
    line = printed.getvalue()
    assert "Canary" not in line.replace('int(\\"Ivan Canary\\")', "")
    assert "ValueError" in line
    assert "KeyError" in line
    assert "RentProg answered 502" in line
    assert "test_log.py" in line


def test_errors_inside_a_group_are_told_without_foreign_texts_too(printed: io.StringIO):
    group = ExceptionGroup("Ivan Canary", [ValueError("Ivan Canary"), Broken("a page ended early")])
    logging.getLogger("some.library").error("stopped", exc_info=group)
    line = printed.getvalue()
    assert "Canary" not in line
    assert "a page ended early" in line


def test_what_asyncio_says_of_a_lost_task_holds_no_text_of_its_error(printed: io.StringIO):
    logging.getLogger("asyncio").error(
        "Task exception was never retrieved\n<Task exception=ValueError('Ivan (Canary)')>"
    )
    line = printed.getvalue()
    assert "Canary" not in line
    assert "exception=ValueError" in line


def test_a_secret_of_the_settings_is_masked_wherever_it_stands(printed: io.StringIO, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.log._known", [])
    branch = BranchSettings(
        code="north",
        name="North",
        company_id=1,
        company_token=SecretStr("plain-words"),
        hook_secret=(SecretStr("x" * 20),),
    )
    hide_secrets(Settings(rentprog=RentprogSettings(branches=(branch,))))
    get_logger("test").info("it said plain-words", told={"deep": ["x" * 20]})
    assert "plain-words" not in printed.getvalue()
    assert "x" * 20 not in printed.getvalue()
    assert redact("a branch north") == "a branch north"

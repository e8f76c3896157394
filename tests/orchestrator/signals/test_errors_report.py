"""Error reports against a real server: what went wrong and where is told, and nothing that anybody wrote."""

import json
import logging
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from core.errors import Broken
from core.log import get_logger, hide_secrets, set_up_log
from core.settings import MonitoringSettings, Settings, TelegramSettings, WrongSettings
from orchestrator.signals.errors_report import error_reports
from tests.sink import Sink, http_sink

CLIENT = "Ivan Canary +995599123456 passport 77CANARY31"
TOKEN = "123456789:canary7f3a9c2e5d8b1046canary7f3a9c2e5d8b"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with http_sink() as sink:
        yield sink


@pytest.fixture(autouse=True)
def log() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up_log(level="info", is_json=True)
    yield
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def settings_for(sink: Sink) -> MonitoringSettings:
    return MonitoringSettings(sentry_dsn=SecretStr(f"http://publickey@127.0.0.1:{sink.port}/42"))


def events(sink: Sink) -> list[dict[str, Any]]:
    """The events of every envelope that arrived."""
    found = []
    for taken in sink.taken:
        lines = taken.body.split(b"\n")
        found += [json.loads(body) for head, body in pairwise(lines[1:]) if b'"event"' in head]
    return found


async def test_an_error_is_reported_with_its_place_and_its_run(sink: Sink):
    async with error_reports(settings_for(sink), process="host:1"):
        structlog.contextvars.bind_contextvars(run=17, event_id=5, agent="damage", subject="car:1")
        try:
            pay_for(CLIENT)
        except ValueError:
            get_logger("test").exception("agent raised", client=CLIENT)
    [event] = events(sink)
    [error] = event["exception"]["values"]
    assert sink.paths == ["/api/42/envelope/"]
    assert event["logentry"]["message"] == "agent raised"
    assert event["tags"] == {"run": "17", "event_id": "5", "agent": "damage", "subject": "car:1"}
    assert (error["type"], error["value"]) == ("ValueError", None)
    assert error["stacktrace"]["frames"][-1]["function"] == "pay_for"
    assert "vars" not in error["stacktrace"]["frames"][-1]


def pay_for(client: str) -> None:
    amount_of = {"client": client}
    raise ValueError(f"{amount_of} has not paid, {TOKEN}")


async def test_nothing_that_anybody_wrote_leaves_the_process(sink: Sink):
    hide_secrets(Settings(telegram=TelegramSettings(token=SecretStr(TOKEN))))
    with pytest.raises(RuntimeError):
        await fail_in_every_way(sink)
    sent = b"\n".join(taken.body for taken in sink.taken)
    assert len(events(sink)) == 4
    assert [leak for leak in (b"Canary", b"CANARY", b"canary", b"599123456") if leak in sent] == []


async def fail_in_every_way(sink: Sink) -> None:
    async with error_reports(settings_for(sink), process="host:1"):
        get_logger("test").error(f"token {TOKEN} at https://api.telegram.org/bot{TOKEN}/getMe", url=CLIENT)
        logging.getLogger("some.library").error("cannot post %s for %s", TOKEN, CLIENT)
        try:
            try:
                pay_for(CLIENT)
            except ValueError as error:
                raise Broken(f"{CLIENT} is broken") from error
        except Broken:
            logging.getLogger("some.library").exception(CLIENT)
        raise RuntimeError(CLIENT)


async def test_without_an_address_nothing_is_sent_and_nothing_listens(sink: Sink):
    async with error_reports(MonitoringSettings(), process="host:1"):
        get_logger("test").error("something")
    assert sink.taken == []


async def test_a_wrong_address_stops_the_start_with_its_name():
    wrong = MonitoringSettings(sentry_dsn=SecretStr("https://no-key.example"))
    with pytest.raises(WrongSettings, match=r"monitoring\.sentry_dsn"):
        async with error_reports(wrong, process="host:1"):
            raise AssertionError("it started")

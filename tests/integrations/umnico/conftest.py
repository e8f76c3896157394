"""The client of one invented account against the scripted server, and bodies of webhooks."""

from datetime import UTC, datetime

import pytest

from core.clock import FixedClock
from integrations.http import Patience, RateBudget
from integrations.umnico import UmnicoClient

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
ACCOUNT = 100200


@pytest.fixture
def client(server, http, timer):
    return UmnicoClient(
        "umnico-secret",
        ACCOUNT,
        base_url=f"{server.url}/v1.3/",
        budget=RateBudget({}, timer),
        http=http,
        clock=FixedClock(NOW),
        patience=Patience(attempt_s=30),
    )


def message(message_id="m1", text="Is a car free?", **changed):
    """A message as webhooks and histories carry it; a value of None takes the key away."""
    body = {
        "messageId": message_id,
        "datetime": 1768046400000,
        "incoming": True,
        "message": {"text": text, "attachments": []},
        "sender": {"id": 1, "customerId": 400, "login": "10000000007", "socialId": "s7", "name": "Ada"},
        "source": {"id": "x", "realId": 31, "saId": 8, "type": "message"},
        "sa": {"id": 8, "type": "whatsapp2", "login": "10000000001"},
    } | changed
    return {key: value for key, value in body.items() if value is not None}


def webhook(kind="message.incoming", **changed):
    body = {"type": kind, "accountId": ACCOUNT, "leadId": 7001, "message": message()} | changed
    return {key: value for key, value in body.items() if value is not None}

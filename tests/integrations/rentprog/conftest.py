"""The client of one invented branch against the scripted server."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.clock import FixedClock
from integrations.http import Patience, RateBudget
from integrations.rentprog import RentprogClient, RentprogCredentials
from tests.integrations.conftest import Reply

FIXTURES = Path(__file__).parents[2] / "fixtures" / "rentprog"
NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
TOKEN = {"token": "header.payload.signature", "exp": "2026-01-10T12:04:00.000+00:00"}


def load(name):
    return json.loads((FIXTURES / name).read_text(), parse_float=Decimal)


@pytest.fixture
def clock():
    return FixedClock(NOW)


@pytest.fixture
def make_client(server, http, timer, clock):
    def make(*, internal_token="a.b.c", budget=None, branch="tbilisi"):
        return RentprogClient(
            RentprogCredentials(branch, 1001, "company-secret", internal_token),
            public_base_url=f"{server.url}/public",
            internal_base_url=server.url,
            budget=budget or RateBudget({}, timer),
            http=http,
            clock=clock,
            patience=Patience(attempt_s=30),
        )

    return make


@pytest.fixture
def client(server, make_client):
    server.on("/public/get_token", Reply(json=TOKEN))
    return make_client()


@pytest.fixture
def fixture_reply():
    def reply(name):
        return Reply(body=(FIXTURES / name).read_bytes())

    return reply

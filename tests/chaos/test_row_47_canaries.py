"""Row 47 and invariant I9: canary secrets and canary client data are found nowhere they do not belong."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, SecretStr

from core.settings import MonitoringSettings
from sandbox.company.telegram import ALERTS_CHAT_ID
from tests.chaos.processes import installation, running
from tests.flows.company import ADMIN, BATUMI, CLERK, CLIENT, TBILISI, Company, text_of
from tests.flows.opening import company_at_work
from tests.flows.test_bookings import book
from tests.sink import Sink, http_sink
from tests.wait import wait_until

CANARY_NAME, CANARY_PHONE, CANARY_PASSPORT = "Kanarienvogel", "+995 599 731 731", "77KANARI31"
CLIENT_DATA = [CANARY_NAME, CANARY_PHONE, "599731731", "731 731", CANARY_PASSPORT, "kanari@example.invalid"]
PING = "canary-of-the-ping-address"
TOOLS = (
    ("status", "--json"),
    ("doctor",),
    ("events", "list", "--limit", "500"),
    ("dead", "list"),
)


@pytest.fixture
def outside() -> Iterator[Sink]:
    """Where pings, error reports and traces arrive."""
    with http_sink() as sink:
        yield sink


@pytest.fixture
async def company(db_url: str, redis_url: str, tmp_path: Path, outside: Sink) -> AsyncIterator[Company]:
    async with company_at_work(db_url, redis_url, tmp_path, roles=()) as company:
        monitoring = MonitoringSettings(
            sentry_dsn=SecretStr(f"http://publickey@127.0.0.1:{outside.port}/42"),
            otlp_endpoint=outside.url,
            healthchecks_url=SecretStr(f"{outside.url}/ping/{PING}"),
            ping_every_s=0.5,
        )
        company.settings = company.settings.model_copy(update={"monitoring": monitoring})
        yield company


def secrets_of(settings: Any) -> Iterator[str]:
    match settings:
        case SecretStr():
            yield settings.get_secret_value()
        case BaseModel():
            for name in type(settings).model_fields:
                yield from secrets_of(getattr(settings, name))
        case tuple() | list():
            for inner in settings:
                yield from secrets_of(inner)
        case _:
            return


async def a_day_with_troubles(company: Company) -> None:
    """A client with canary data books and takes a car while about everything goes wrong once."""
    await company.director.start(company.people[ADMIN])
    await company.synced()
    await asyncio.gather(company.let_in(CLERK), company.bind(TBILISI, ADMIN))
    client = {"name": CANARY_NAME, "lastname": CANARY_NAME, "phone": CANARY_PHONE, "email": "kanari@example.invalid"}
    await company.director.act(f"clients/{CLIENT}", fields=client)
    await company.order("rentprog/faults", times=6, status=500, body=f"no {CANARY_NAME} {CANARY_PASSPORT}")
    booking = await book(company)
    await company.http.delete("rentprog/faults")
    await company.quiet()
    await company.director.act(f"bookings/{booking}/issue", mileage=150_100)
    unreadable = f'{{"event": "client_update", "payload": "{CANARY_NAME} {CANARY_PHONE} {CANARY_PASSPORT}"'
    assert await company.hook(TBILISI, unreadable) == 200
    await knock_with_a_wrong_secret(company)
    await an_event_that_does_not_fit(company)
    await company.reads(ALERTS_CHAT_ID, "car_topics")
    await company.quiet()


async def an_event_that_does_not_fit(company: Company) -> None:
    """As an older or newer version, or a hand in the database, might leave one: its run dies of it."""
    async with company.db.transaction() as tx:
        event = await tx.row(
            """INSERT INTO events (kind, subject, source, external_id, payload, trust, occurred_at)
               VALUES ('car.moved', 'car:canary', 'test', 'canary', %s, 'outside', now()) RETURNING id""",
            (f'{{"from_branch": {{"client": "{CANARY_NAME} {CANARY_PHONE} {CANARY_PASSPORT}"}}}}',),
        )
        assert event is not None
        await tx.run(
            """INSERT INTO runs (event_id, agent, stage, subject, state)
               VALUES (%s, 'car_topics', 0, 'car:canary', 'queued')""",
            (event["id"],),
        )


async def knock_with_a_wrong_secret(company: Company) -> None:
    [ours] = [branch for branch in company.settings.rentprog.branches if branch.code == BATUMI]
    wrong = ours.hook_secret[0].get_secret_value()
    async with httpx.AsyncClient(base_url=company.jarvis_url, timeout=10) as http:
        answer = await http.post(f"/hooks/rentprog/{TBILISI}/{wrong}", content=CANARY_PASSPORT)
    assert answer.status_code == 404


def tool(settings: Mapping[str, str], *arguments: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JARVIS_")}
    done = subprocess.run(
        [sys.executable, "-m", "orchestrator.cli", *arguments],
        env=inherited | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


async def messages(company: Company, chat_id: int) -> str:
    topics = await company.director.topics(chat_id) if chat_id in company.forums.values() else []
    told = await company.director.messages(chat_id)
    for topic in topics:
        told += await company.director.messages(chat_id, thread_id=topic["message_thread_id"])
    return "\n".join(text_of(message) for message in told)


async def test_row_47_canaries_stay_where_they_belong(company: Company, outside: Sink) -> None:
    settings = installation(company.settings, company.servers) | {
        "JARVIS_LOG_FORMAT": "json",
        "JARVIS_LOG_LEVEL": "debug",
    }
    with running("up", settings=settings, log=company.settings.home / "up.log") as jarvis:
        await a_day_with_troubles(company)
        async with httpx.AsyncClient(base_url=company.jarvis_url, timeout=20) as http:
            pages = (await http.get("/metrics")).text + (await http.get("/readyz")).text

        async def all_have_told() -> bool:
            kinds = {path.split("/")[1] for path in outside.paths}
            return kinds >= {"api", "v1", "ping"}

        await wait_until(all_have_told)
        outputs = "\n".join(await asyncio.gather(*(asyncio.to_thread(tool, settings, *one) for one in TOOLS)))
        log = jarvis.said
    places = {
        "log": log,
        "error reports, traces and pings": "\n".join(one.body.decode("latin-1") for one in outside.taken),
        "pages": pages,
        "outputs": outputs,
    }
    secrets = {value for value in secrets_of(company.settings) if value != PING} | {PING}
    chats = {
        "alerts": await messages(company, ALERTS_CHAT_ID),
        "the administrator": await messages(company, company.people[ADMIN]),
        "a clerk": await messages(company, company.people[CLERK]),
        "the other branch": await messages(company, company.forums[BATUMI]),
    }
    home = await messages(company, company.forums[TBILISI])
    assert '"event":' in log
    assert CANARY_NAME in home
    assert leaks(places | chats | {"the branch": home}, [*secrets, CANARY_PASSPORT]) == []
    assert leaks(places | chats, CLIENT_DATA) == []


def leaks(places: Mapping[str, str], canaries: list[str]) -> list[tuple[str, str, str]]:
    """Where a canary was found, with what stands around it."""
    found = [(place, canary, text) for place, text in places.items() for canary in canaries if canary in text]
    return [(place, canary, text[max(0, text.index(canary) - 150) :][:250]) for place, canary, text in found]

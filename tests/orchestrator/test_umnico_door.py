"""The door of Umnico: repeats add nothing, what is not understood is kept for a person, wrong secrets find no door."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from core.plans import Plan
from core.settings import HttpSettings, Settings, UmnicoSettings
from db.session import Database
from orchestrator.inbox import Inbox
from orchestrator.ingress import RentprogDoor, hook_router
from orchestrator.streams import Bell
from orchestrator.umnico_door import UmnicoDoor
from sandbox.serve import serving

SECRET = "the-secret-of-umnicos-hook"
ACCOUNT = 100001


@dataclass
class Hook:
    http: httpx.AsyncClient
    db: Database
    door: UmnicoDoor

    async def post(self, body: Any, *, secret: str = SECRET) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.http.post(f"/hooks/umnico/{secret}", content=content)

    async def events(self) -> list[dict[str, Any]]:
        async with self.db.transaction() as tx:
            return await tx.rows("SELECT kind, subject, trust, payload, raw FROM events ORDER BY id")


def settings(**umnico: Any) -> Settings:
    given = {"token": "t", "account_id": ACCOUNT, "hook_secret": SECRET, "webhook_max_bytes": 4096, **umnico}
    return Settings(http=HttpSettings(request_deadline_s=2), umnico=UmnicoSettings(**given))


@pytest.fixture
async def hook(db: Database, redis_url: str) -> AsyncIterator[Hook]:
    bell, given = Bell(redis_url), settings()
    inbox = Inbox("umnico", db, lambda _kind: Plan(), bell, window=timedelta(minutes=15))
    door = UmnicoDoor(given, inbox, Counter())
    app = FastAPI()
    app.include_router(hook_router(RentprogDoor(given, inbox, Counter()), umnico=door))
    ended = asyncio.Event()
    async with asyncio.TaskGroup() as group, serving(app) as url:
        group.create_task(inbox.run(ended))
        async with httpx.AsyncClient(base_url=url) as http:
            yield Hook(http, db, door)
        ended.set()
    await bell.close()


def incoming(text: str = "Hello", *, message_id: str = "m1", lead: int = 6000001, account: int = ACCOUNT) -> dict:
    return {
        "type": "message.incoming",
        "accountId": account,
        "leadId": lead,
        "message": {
            "messageId": message_id,
            "datetime": 1764000000000,
            "incoming": True,
            "message": {"text": text, "attachments": []},
            "sender": {"id": 1, "login": "10000000001", "type": "whatsapp2"},
            "source": {"realId": 255, "saId": 88},
        },
    }


async def test_a_message_is_stored_with_its_raw_body_and_trusts_nobody(hook: Hook) -> None:
    answer = await hook.post(incoming())

    assert answer.status_code == 200
    [event] = await hook.events()
    assert (event["kind"], event["subject"], event["trust"]) == ("umnico.delivered", "lead:100001:6000001", "outside")
    assert event["payload"]["message_id"] == "m1"
    assert json.loads(event["raw"]) == incoming()


async def test_a_repeat_is_answered_like_the_first_and_adds_nothing(hook: Hook) -> None:
    answers = await asyncio.gather(*(hook.post(incoming()) for _ in range(8)))

    assert [answer.content for answer in answers] == [b'{"ok":true}'] * 8
    assert len(await hook.events()) == 1


async def test_other_words_under_the_same_id_are_news(hook: Hook) -> None:
    await hook.post(incoming("At 10:00"))
    await hook.post(incoming("At 11:00"))

    assert len(await hook.events()) == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_body"),
        (b"{", "bad_json"),
        (b"[]", "not_an_object"),
        ({"accountId": ACCOUNT}, "no_type"),
        ({"type": "message.incoming"}, "no_account"),
        (incoming(account=7), "foreign_account"),
        ({"type": "moon.rose", "accountId": ACCOUNT, "leadId": 1}, "unknown_type"),
        ({"type": "message.incoming", "accountId": ACCOUNT}, "no_lead"),
    ],
)
async def test_what_is_not_understood_is_taken_and_kept_for_a_person(hook: Hook, body: Any, reason: str) -> None:
    answer = await hook.post(body)

    assert answer.status_code == 200
    [event] = await hook.events()
    assert (event["kind"], event["payload"]["reason"]) == ("webhook.quarantined", reason)


async def test_what_is_about_no_lead_is_history(hook: Hook) -> None:
    await hook.post({"type": "integration.deleted", "accountId": ACCOUNT})

    [event] = await hook.events()
    assert (event["kind"], event["subject"], event["payload"]["lead_id"]) == ("umnico.delivered", "umnico:100001", None)


async def test_a_wrong_secret_finds_no_door(hook: Hook) -> None:
    assert (await hook.post(incoming(), secret="guessed")).status_code == 404
    assert await hook.events() == []


async def test_only_post_opens(hook: Hook) -> None:
    assert (await hook.http.get(f"/hooks/umnico/{SECRET}")).status_code == 405


async def test_a_body_over_the_limit_is_refused(hook: Hook) -> None:
    assert (await hook.post(incoming("x" * 5000))).status_code == 413


async def test_a_changed_secret_opens_without_a_restart(hook: Hook) -> None:
    hook.door.renew(settings(hook_secret="another-secret-of-the-hook"))

    assert (await hook.post(incoming())).status_code == 404
    assert (await hook.post(incoming(), secret="another-secret-of-the-hook")).status_code == 200

"""Updates by webhook: only Telegram's own are taken, and what is answered 200 is committed."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from bot.app import build_bot, build_dispatcher
from bot.desk import Office
from bot.intake import Intake
from core.clock import SystemClock
from core.settings import HttpSettings, Settings, TelegramSettings, WrongSettings
from db.session import Database
from orchestrator.inbox import Inbox
from orchestrator.ingress import RentprogDoor, TelegramDoor, hook_router
from orchestrator.router import route
from orchestrator.streams import Bell
from sandbox.serve import serving

SECRET = "a-secret-of-the-telegram-hook"
PREVIOUS_SECRET = "the-secret-before-the-rotation"
SETTINGS = Settings(
    http=HttpSettings(max_body_bytes=4096),
    telegram=TelegramSettings(
        token="7000000001:SANDBOX-jarvis-company-bot-token-00",
        admins=(1,),
        mode="webhook",
        webhook_secret=SECRET,
        webhook_secret_previous=PREVIOUS_SECRET,
    ),
)
STRANGER = 5_300_000_007


async def ring(_runs: object, _has_commands: bool) -> None:
    """Nobody works here."""


@pytest.fixture
async def hook(db: Database, redis_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with door_over(db, redis_url) as client:
        yield client


@asynccontextmanager
async def door_over(db: Database, redis_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """An ingress with Telegram's door, and a client that knocks with the right secret."""
    bot = build_bot(SETTINGS)
    office = Office(db, route, SETTINGS, SystemClock(), ring)
    bell = Bell(redis_url)
    inbox = Inbox("rentprog", db, route, bell, window=SETTINGS.dedup_window)
    counts: Counter[str] = Counter()
    telegram = TelegramDoor(SETTINGS, Intake(bot, build_dispatcher(office), office).feed, counts)
    app = FastAPI()
    app.include_router(hook_router(RentprogDoor(SETTINGS, inbox, counts), telegram))
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with serving(app) as url, httpx.AsyncClient(base_url=url, headers=headers) as client:
        yield client
    await bell.close()
    await bot.session.close()


def start_of(user_id: int, update_id: int = 1) -> dict[str, object]:
    person = {"id": user_id, "is_bot": False, "first_name": "Somebody", "language_code": "en"}
    chat = {"id": user_id, "type": "private", "first_name": "Somebody"}
    entity = {"type": "bot_command", "offset": 0, "length": 6}
    message = {
        "message_id": 1,
        "date": 1_790_000_000,
        "chat": chat,
        "from": person,
        "text": "/start",
        "entities": [entity],
    }
    return {"update_id": update_id, "message": message}


async def asked(db: Database) -> list[int]:
    async with db.transaction() as tx:
        return [row["tg_user_id"] for row in await tx.rows("SELECT tg_user_id FROM access_requests")]


async def test_an_update_is_committed_before_it_is_answered(hook: httpx.AsyncClient, db: Database):
    answer = await hook.post("/hooks/telegram", json=start_of(STRANGER))
    assert answer.status_code == 200
    assert await asked(db) == [STRANGER]


async def test_row_21_the_same_update_again_changes_nothing(hook: httpx.AsyncClient, db: Database):
    for _ in range(2):
        assert (await hook.post("/hooks/telegram", json=start_of(STRANGER))).status_code == 200
    async with db.transaction() as tx:
        assert len(await tx.rows("SELECT 1 AS one FROM events WHERE kind = 'access.requested'")) == 1


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET.upper(), "\xff"])
async def test_row_40_whoever_does_not_know_the_secret_is_refused(hook: httpx.AsyncClient, db: Database, secret: str):
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret.encode("latin-1")}
    answer = await hook.post("/hooks/telegram", json=start_of(STRANGER), headers=headers)
    assert answer.status_code == 401
    assert await asked(db) == []


async def test_row_40_without_the_secrets_header_nobody_is_let_in(hook: httpx.AsyncClient, db: Database):
    del hook.headers["X-Telegram-Bot-Api-Secret-Token"]
    assert (await hook.post("/hooks/telegram", json=start_of(STRANGER))).status_code == 401
    assert await asked(db) == []


async def test_row_40_both_secrets_of_a_rotation_are_taken_and_the_one_before_them_is_not(
    hook: httpx.AsyncClient, db: Database
):
    statuses = []
    for number, secret in enumerate((SECRET, PREVIOUS_SECRET, "an-even-older-secret-of-the-hook"), start=1):
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        update = start_of(STRANGER + number, update_id=number)
        statuses.append((await hook.post("/hooks/telegram", json=update, headers=headers)).status_code)
    assert statuses == [200, 200, 401]
    assert sorted(await asked(db)) == [STRANGER + 1, STRANGER + 2]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff\x00", b"[" * 4000, b'{"update_id": 1, "message": "\\ud800"}']
)
async def test_row_24_a_body_that_is_no_update_is_answered_200_and_raised_or_telegram_would_send_it_for_ever(
    hook: httpx.AsyncClient, db: Database, body: bytes
):
    for _ in range(2):
        assert (await hook.post("/hooks/telegram", content=body)).status_code == 200
    async with db.transaction() as tx:
        kinds = [row["kind"] for row in await tx.rows("SELECT kind FROM events")]
    assert kinds in (["webhook.quarantined"], ["alarm.raised"])


async def test_row_24_an_update_above_the_limit_is_refused(hook: httpx.AsyncClient):
    assert (await hook.post("/hooks/telegram", content=b" " * 5000)).status_code == 413


async def test_an_update_that_cannot_be_stored_now_is_asked_for_again(redis_url: str):
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    async with door_over(away, redis_url) as hook:
        answer = await hook.post("/hooks/telegram", json=start_of(STRANGER), timeout=30)
    await away.close()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_mode_webhook_needs_a_secret():
    with pytest.raises(WrongSettings, match=r"telegram\.webhook_secret"):
        TelegramDoor(Settings(telegram=TelegramSettings(mode="webhook")), ring, Counter())

"""The doctor finds what is wrong with an installation and says in words what mends it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.app import build_bot
from bot.webhook import register_webhook
from core.settings import Settings
from db.migrate import newest_revision
from db.queries import chats
from db.session import Database
from orchestrator.doctor import Diagnosis, diagnosis, examine, telegram
from orchestrator.sandbox_credentials import with_sandbox_credentials
from sandbox.app import create_app
from sandbox.company.branches import BRANCHES
from sandbox.company.telegram import BOT_ID, forum_id
from sandbox.rentprog.app import INTERNAL_BASE
from sandbox.serve import serving

FORUM = forum_id(BRANCHES[0])
UNLIKE_TESTS = {"durability"}
"""The server of the tests trades it for speed; what a real one must have is tested without a server."""


@pytest.fixture
async def sandbox() -> AsyncIterator[str]:
    async with serving(create_app()) as url:
        yield url


@pytest.fixture
async def healthy(sandbox: str, db: Database, db_url: str, redis_url: str, tmp_path: Path) -> Settings:
    """An installation where nothing is wrong: one branch of the sandbox, its forum bound."""
    aimed = Settings.model_validate(
        {
            "home": tmp_path,
            "database_url": db_url,
            "redis_url": redis_url,
            "telegram": {"api_url": f"{sandbox}/telegram"},
            "rentprog": {"base_url": f"{sandbox}{INTERNAL_BASE}"},
        }
    )
    settings = await asyncio.to_thread(with_sandbox_credentials, aimed)
    [branch, *_] = settings.rentprog.branches
    async with db.transaction() as tx:
        await tx.run(
            "INSERT INTO branches (code, name, company_id) VALUES (%s, %s, %s)",
            (branch.code, branch.name, branch.company_id),
        )
        await chats.bind_forum(tx, FORUM, title="Cars", branch=branch.code, bound_by="a test")
    rentprog = settings.rentprog.model_copy(update={"branches": (branch,)})
    return settings.model_copy(update={"rentprog": rentprog})


def with_branch(settings: Settings, **changed: Any) -> Settings:
    [branch] = settings.rentprog.branches
    rentprog = settings.rentprog.model_copy(update={"branches": (branch.model_copy(update=changed),)})
    return settings.model_copy(update={"rentprog": rentprog})


def with_telegram(settings: Settings, **changed: Any) -> Settings:
    return settings.model_copy(update={"telegram": settings.telegram.model_copy(update=changed)})


async def bad(settings: Settings) -> dict[str, Diagnosis]:
    diagnoses = await examine(settings)
    return {one.name: one for one in diagnoses if not one.is_well and one.name not in UNLIKE_TESTS}


async def test_of_a_healthy_installation_every_finding_is_well(healthy: Settings):
    diagnoses = await examine(healthy)
    assert [one.line() for one in diagnoses if not one.is_well and one.name not in UNLIKE_TESTS] == []
    assert [diagnosis.name for diagnosis in diagnoses] == [
        *("settings", "admins"),
        *("database", "durability", "primary", "connections", "schema", "database user", "clock"),
        *("redis", "redis memory", "redis persistence", "storage", "disk of home", "disk of storage"),
        *("telegram", "telegram webhook", "telegram.alerts_chat", "telegram clock"),
        *("umnico", "models", "speech", "vision", "damage weights", "tesseract"),
        *("branch tbilisi", "branch tbilisi web token", "branch tbilisi webhook", "branch tbilisi forum"),
    ]
    assert all(bool(diagnosis.mend) != diagnosis.is_well for diagnosis in diagnoses)


async def test_no_line_tells_a_secret(healthy: Settings):
    told = "\n".join(diagnosis.line() for diagnosis in await examine(healthy))
    token = healthy.telegram.token
    [branch] = healthy.rentprog.branches
    assert token is not None
    assert branch.company_token is not None
    for secret in (token, branch.company_token, *branch.hook_secret):
        assert secret.get_secret_value() not in told


async def test_servers_that_do_not_answer_are_named_and_the_rest_is_still_looked_at(healthy: Settings):
    away = {
        "database_url": SecretStr("postgresql://nobody@127.0.0.1:1/none"),
        "redis_url": SecretStr("redis://127.0.0.1:1"),
    }
    found = await bad(healthy.model_copy(update=away))
    assert {"database", "redis"} == set(found)
    assert "database_url" in found["database"].mend
    assert "redis_url" in found["redis"].mend


async def test_a_schema_of_another_version_is_named(healthy: Settings, as_owner: Callable[[str], None]):
    as_owner("UPDATE alembic_version SET version_num = '0000'")
    found = await bad(healthy)
    assert found["schema"].mend == "jarvis db upgrade"
    assert newest_revision() in found["schema"].text


async def test_a_database_user_who_may_rewrite_history_is_named(healthy: Settings, owner_url: str):
    found = await bad(healthy.model_copy(update={"database_url": SecretStr(owner_url)}))
    assert "is a superuser" in found["database user"].text
    assert "database_owner_url" in found["database user"].mend


async def test_a_database_without_tables_is_named(healthy: Settings, as_owner: Callable[[str], None]):
    as_owner("DROP SCHEMA public CASCADE")
    assert list(await bad(healthy)) == ["schema"]


async def test_clocks_that_differ_are_named(healthy: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(diagnosis, "SKEW", timedelta(seconds=-1))
    monkeypatch.setattr(telegram, "SKEW", timedelta(seconds=-1))
    found = await bad(healthy)
    assert {"clock", "telegram clock"} == set(found)
    assert "time server" in found["clock"].mend


async def test_a_storage_that_cannot_be_written_is_named(healthy: Settings, tmp_path: Path):
    (tmp_path / "file").touch()
    found = await bad(healthy.model_copy(update={"storage_url": f"file://{tmp_path}/file/objects"}))
    assert "storage_url" in found["storage"].mend


async def test_a_token_that_telegram_does_not_know_is_named(healthy: Settings):
    found = await bad(with_telegram(healthy, token=SecretStr("123456789:" + "x" * 35)))
    assert "telegram.token" in found["telegram"].mend


async def test_no_token_and_no_admins_are_named(healthy: Settings):
    assert list(await bad(with_telegram(healthy, token=None))) == ["telegram"]
    assert list(await bad(with_telegram(healthy, admins=()))) == ["admins"]


async def test_g27_a_webhook_left_registered_is_named(healthy: Settings, sandbox: str):
    token = healthy.telegram.token
    assert token is not None
    async with httpx.AsyncClient() as http:
        await http.post(
            f"{sandbox}/telegram/bot{token.get_secret_value()}/setWebhook", json={"url": "https://example.test/hook"}
        )
    assert list(await bad(healthy)) == ["telegram webhook"]


async def test_a_webhook_that_is_not_the_one_of_the_settings_is_named_until_it_is(healthy: Settings, sandbox: str):
    by_webhook = with_telegram(healthy, mode="webhook")
    assert "http.public_url" in (await bad(by_webhook))["telegram webhook"].mend
    address = healthy.http.model_copy(update={"public_url": "https://jarvis.example"})
    known = by_webhook.model_copy(update={"http": address})
    assert "https://jarvis.example/hooks/telegram" in (await bad(known))["telegram webhook"].text
    token = healthy.telegram.token
    assert token is not None
    bot = build_bot(known)
    await register_webhook(bot, "https://jarvis.example", "an-invented-secret")
    await bot.session.close()
    assert list(await bad(known)) == []


async def test_what_telegram_says_of_a_forum_counts_although_nobody_told_us(healthy: Settings, sandbox: str):
    async with httpx.AsyncClient() as http:
        demoted = await http.post(
            f"{sandbox}/_sandbox/telegram/members/promote",
            json={"chat_id": FORUM, "user_id": BOT_ID, "rights": ["can_pin_messages"]},
        )
    assert demoted.status_code == 200, demoted.text
    forum = (await bad(healthy))["branch tbilisi forum"]
    assert "can_manage_topics" in forum.text
    assert "administrator" in forum.mend


async def test_a_chat_of_the_settings_without_the_bot_is_named(healthy: Settings):
    found = await bad(with_telegram(healthy, restricted_chat=-1009999999999))
    assert list(found) == ["telegram.restricted_chat"]


async def test_a_company_token_that_rentprog_refuses_is_named(healthy: Settings):
    found = await bad(with_branch(healthy, company_token=SecretStr("not-a-token-of-this-company")))
    assert "company_token" in found["branch tbilisi"].mend


@pytest.mark.parametrize(
    ("changed", "name"),
    [({"company_token": None}, "branch tbilisi"), ({"hook_secret": ()}, "branch tbilisi webhook")],
)
async def test_what_a_branch_lacks_is_named(healthy: Settings, changed: dict[str, Any], name: str):
    assert list(await bad(with_branch(healthy, **changed))) == [name]


async def test_an_internal_token_that_ends_soon_is_named(healthy: Settings):
    warned = healthy.model_copy(
        update={"monitoring": healthy.monitoring.model_copy(update={"token_expiry_days": 3650})}
    )
    assert "sign in" in (await bad(warned))["branch tbilisi web token"].mend


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DELETE FROM chats", "is not bound"),
        ("UPDATE chats SET is_member = false", "not in it any more"),
        ("UPDATE chats SET is_forum = false", "topics are switched off"),
        ("""UPDATE chats SET missing_rights = '["can_pin_messages"]'""", "lacks can_pin_messages"),
    ],
)
async def test_a_forum_that_cannot_work_is_named(healthy: Settings, db: Database, change: str, says: str):
    async with db.transaction() as tx:
        await tx.run(change)
    found = await bad(healthy)
    assert says in found["branch tbilisi forum"].text
    assert found["branch tbilisi forum"].mend


async def test_an_installation_without_anything_gets_its_findings_too(tmp_path: Path):
    found = await bad(Settings(home=tmp_path))
    assert list(found) == ["settings", "telegram"]


def test_a_line_tells_what_mends():
    assert Diagnosis("redis", is_well=False, text="away", mend="start it").line() == "BAD  redis: away -> start it"

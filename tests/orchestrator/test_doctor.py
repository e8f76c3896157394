"""The doctor finds what is wrong with an installation and says in words what mends it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from core.settings import Settings
from db.migrate import newest_revision
from db.queries import chats
from db.session import Database
from orchestrator import doctor
from orchestrator.doctor import Finding, examine
from orchestrator.sandbox_credentials import with_sandbox_credentials
from sandbox.app import create_app
from sandbox.rentprog.app import INTERNAL_BASE
from sandbox.serve import serving

FORUM = -1001234567890


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


async def bad(settings: Settings) -> dict[str, Finding]:
    return {finding.name: finding for finding in await examine(settings) if not finding.is_well}


async def test_of_a_healthy_installation_every_finding_is_well(healthy: Settings):
    findings = await examine(healthy)
    assert [finding.line() for finding in findings if not finding.is_well] == []
    assert [finding.name for finding in findings] == [
        *("settings", "admins", "database", "schema", "database user", "clock", "redis", "storage", "telegram"),
        *("branch tbilisi", "branch tbilisi web token", "branch tbilisi forum"),
    ]
    assert all(finding.line().startswith("ok ") and not finding.mend for finding in findings)


async def test_no_line_tells_a_secret(healthy: Settings):
    told = "\n".join(finding.line() for finding in await examine(healthy))
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
    assert {"database", "redis", "branch tbilisi forum"} == set(found)
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
    monkeypatch.setattr(doctor, "SKEW", timedelta(seconds=-1))
    assert "time server" in (await bad(healthy))["clock"].mend


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
    found = await bad(healthy)
    assert list(found) == ["webhook"]
    assert list(await bad(with_telegram(healthy, mode="webhook"))) == []


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
    assert Finding("redis", is_well=False, text="away", mend="start it").line() == "BAD  redis: away -> start it"

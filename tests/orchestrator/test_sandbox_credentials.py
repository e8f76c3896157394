"""A sandbox on this machine is asked for what nobody set; nothing else is ever asked."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from core.settings import BranchSettings, RentprogSettings, Settings, TelegramSettings, WrongSettings
from orchestrator.sandbox_credentials import with_sandbox_credentials
from sandbox.app import create_app
from sandbox.company import BRANCHES
from sandbox.company.telegram import BOT_TOKEN
from sandbox.serve import serving


@pytest.fixture
async def sandbox() -> AsyncIterator[str]:
    async with serving(create_app()) as url:
        yield url


def aimed_at(
    url: str, *, telegram: dict[str, object] | None = None, branches: tuple[BranchSettings, ...] = ()
) -> Settings:
    return Settings(
        telegram=TelegramSettings.model_validate({"api_url": f"{url}/telegram"} | (telegram or {})),
        rentprog=RentprogSettings(base_url=f"{url}/rentprog/api/v1", branches=branches),
    )


async def asked(settings: Settings) -> Settings:
    return await asyncio.to_thread(with_sandbox_credentials, settings)


async def test_a_sandbox_tells_its_token_admins_and_branches(sandbox: str):
    settings = await asked(aimed_at(sandbox))
    assert settings.telegram.token == SecretStr(BOT_TOKEN)
    assert settings.telegram.admins
    assert [branch.code for branch in settings.rentprog.branches] == [branch.code for branch in BRANCHES]
    assert all(branch.hook_secret and branch.company_token for branch in settings.rentprog.branches)


async def test_what_was_set_wins_over_what_the_sandbox_tells(sandbox: str):
    own = BranchSettings(code="own", name="Own", company_id=5)
    settings = await asked(aimed_at(sandbox, telegram={"admins": [7], "alerts_chat": -9}, branches=(own,)))
    assert settings.telegram.admins == (7,)
    assert settings.telegram.alerts_chat == -9
    assert settings.telegram.token == SecretStr(BOT_TOKEN)
    assert settings.rentprog.branches == (own,)


async def test_a_proxy_of_the_machine_is_not_asked(sandbox: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    assert (await asked(aimed_at(sandbox))).telegram.token is not None


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        aimed_at("https://example.test"),
        aimed_at("http://192.0.2.1"),
        aimed_at("http://127.0.0.1.example.test"),
    ],
)
def test_an_address_elsewhere_is_not_asked(settings: Settings):
    assert with_sandbox_credentials(settings) is settings


def test_without_a_sandbox_there_is_one_line_that_says_what_to_do():
    with pytest.raises(WrongSettings, match=r"no sandbox answers at http://127\.0\.0\.1:1/_sandbox/telegram"):
        with_sandbox_credentials(aimed_at("http://127.0.0.1:1"))

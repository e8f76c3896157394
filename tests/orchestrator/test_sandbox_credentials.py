"""A sandbox on this machine is asked for what nobody set; nothing else is ever asked."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from core.settings import (
    BranchSettings,
    LlmSettings,
    RentprogSettings,
    Settings,
    SpeechSettings,
    TelegramSettings,
    UmnicoSettings,
    WrongSettings,
)
from orchestrator.sandbox_credentials import with_sandbox_credentials
from sandbox.app import SandboxSettings, create_app
from sandbox.company import BRANCHES
from sandbox.company.telegram import BOT_TOKEN
from sandbox.serve import serving


@pytest.fixture
async def sandbox() -> AsyncIterator[str]:
    async with serving(create_app(SandboxSettings(jarvis_url="http://127.0.0.1:8080"))) as url:
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


def talking(url: str, **sections: object) -> Settings:
    """Only the inbox is of the sandbox."""
    return Settings.model_validate({"umnico": UmnicoSettings(base_url=f"{url}/umnico/v1.3")} | sections)


async def test_a_jarvis_that_talks_to_clients_gets_the_inbox_the_model_the_ear_and_its_own_address(sandbox: str):
    settings = await asked(talking(sandbox))
    assert settings.umnico.may_send
    assert settings.umnico.hook_secret
    assert settings.llm.has_models
    assert settings.llm.providers["sandbox"].base_url == f"{sandbox}/llm/openai/v1"
    assert {place.model for place in settings.llm.models} == set(settings.llm.prices)
    assert settings.speech.base_url == f"{sandbox}/llm/openai/v1"
    assert settings.http.public_url == "http://127.0.0.1:8080"
    assert settings.telegram.token is None


async def test_an_own_model_and_an_own_ear_are_kept_beside_the_inbox_of_the_sandbox(sandbox: str):
    own = LlmSettings.model_validate(
        {
            "providers": {"own": {"api": "openai", "base_url": "http://127.0.0.1:9"}},
            "models": [{"provider": "own", "model": "m"}],
        }
    )
    speech = SpeechSettings(base_url="http://127.0.0.1:9")
    settings = await asked(talking(sandbox, llm=own, speech=speech))
    assert settings.umnico.is_on
    assert settings.llm is own
    assert settings.speech is speech


async def test_a_sender_that_was_switched_off_stays_off(sandbox: str):
    umnico = UmnicoSettings(base_url=f"{sandbox}/umnico/v1.3", send_enabled=False)
    settings = await asked(Settings(umnico=umnico))
    assert settings.umnico.is_on
    assert not settings.umnico.may_send


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

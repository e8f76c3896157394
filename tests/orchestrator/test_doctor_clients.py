"""The doctor looks at what talking with clients needs, and says what mends it."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.settings import HttpSettings, LlmSettings, Settings, SpeechSettings, UmnicoSettings
from core.settings.llm import LlmModel, LlmProvider
from orchestrator.doctor import clients
from sandbox.umnico.account import ACCOUNT_ID, MANAGERS, TOKEN
from tests.agents.kit.scripted_server import Fail, Say, scripted_server
from tests.sandbox.umnico_at_work import UmnicoAtWork, calling, umnico_at_work

PUBLIC_URL = "https://jarvis.example.test"
SECRET = "an-invented-hook-secret"
ADDRESS = f"{PUBLIC_URL}/hooks/umnico/{SECRET}"
MANAGER = MANAGERS[1]["id"]


@pytest.fixture
def twin() -> Iterator[UmnicoAtWork]:
    with umnico_at_work() as twin:
        yield twin


def settings(**umnico: Any) -> Settings:
    given = {"token": TOKEN, "account_id": ACCOUNT_ID, "manager_id": MANAGER, "hook_secret": SECRET, **umnico}
    return Settings(http=HttpSettings(public_url=PUBLIC_URL), umnico=UmnicoSettings(**given))


async def ill(twin: UmnicoAtWork, given: Settings) -> list[str]:
    async with calling(twin) as api:
        return [diagnosis.name for diagnosis in await clients.umnico(given, api) if not diagnosis.is_well]


async def test_nothing_is_wrong_with_a_registered_webhook_and_a_manager(twin: UmnicoAtWork) -> None:
    twin.hook(ADDRESS)

    assert await ill(twin, settings()) == []


async def test_a_webhook_that_is_missing_is_told(twin: UmnicoAtWork) -> None:
    twin.hook("https://somebody.example.test/hook")

    assert await ill(twin, settings()) == ["umnico webhook"]


async def test_a_webhook_that_was_switched_off_is_told(twin: UmnicoAtWork) -> None:
    hook = twin.hook(ADDRESS)
    twin.call("PUT", f"/webhooks/{hook}", {"status": 0}).raise_for_status()

    async with calling(twin) as api:
        [diagnosis] = [one for one in await clients.umnico(settings(), api) if not one.is_well]
    assert "switched ours off" in diagnosis.text


@pytest.mark.parametrize("manager", [None, 99])
async def test_a_manager_in_whose_name_nothing_can_be_sent_is_told(twin: UmnicoAtWork, manager: int | None) -> None:
    twin.hook(ADDRESS)

    assert await ill(twin, settings(manager_id=manager)) == ["umnico.manager_id"]


async def test_the_token_of_another_account_is_told(twin: UmnicoAtWork) -> None:
    assert await ill(twin, settings(account_id=7)) == ["umnico"]


async def test_an_inbox_that_is_off_is_no_trouble() -> None:
    [diagnosis] = await clients.umnico(Settings(), None)

    assert diagnosis.is_well


async def test_every_model_is_asked_and_the_silent_one_named() -> None:
    with scripted_server() as first, scripted_server() as second:
        first.script.append(Say(text="ready"))
        second.script.append(Fail(401))
        llm = LlmSettings(
            providers={
                "one": LlmProvider(api="openai", base_url=first.openai_url, api_key="k"),
                "two": LlmProvider(api="anthropic", base_url=second.anthropic_url, api_key="k"),
            },
            models=(LlmModel(provider="one", model="model-a"), LlmModel(provider="two", model="model-b")),
        )
        found = await clients.models(Settings(llm=llm))

    assert [(diagnosis.name, diagnosis.is_well) for diagnosis in found] == [
        ("model model-a", True),
        ("model model-b", False),
    ]


async def test_an_installation_without_a_model_is_well() -> None:
    [diagnosis] = await clients.models(Settings())

    assert diagnosis.is_well
    assert "degraded" in diagnosis.text


def test_speech_is_told_by_its_server() -> None:
    speech = SpeechSettings(base_url="http://127.0.0.1:9/v1", model="own-ear")

    assert clients.speech(Settings(speech=speech)).text == "own-ear at http://127.0.0.1:9/v1"

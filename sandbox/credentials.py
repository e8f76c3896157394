"""What Jarvis needs to know of the simulated world: tokens, who its admins are, where alarms go, which model talks."""

from typing import Any

from fastapi import APIRouter, Request

from core.roles import Role
from sandbox.company import World
from sandbox.company.telegram import ALERTS_CHAT_ID
from sandbox.llm.app import OPENAI_BASE, SCRIPTED_EAR, SCRIPTED_MODEL, LlmOptions
from sandbox.umnico.account import ACCOUNT_ID, MANAGERS, TOKEN

PATH = "/_sandbox/telegram/credentials"
SETTINGS_PATH = "/_sandbox/settings"
UMNICO_HOOK_SECRET = "sandbox-hook-umnico"  # noqa: S105 - invented, it opens only a Jarvis that plays


def credentials_router(world: World, token: str) -> APIRouter:
    """Everything it tells is invented; Jarvis asks for it only on loopback and only for what it was not given."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def credentials() -> dict[str, Any]:
        admins = [person.telegram_id for person in world.people if person.role is Role.ADMIN]
        return {"token": token, "admins": admins, "alerts_chat": ALERTS_CHAT_ID}

    return router


def settings_router(llm: LlmOptions, jarvis_url: str | None) -> APIRouter:
    """What a Jarvis that talks to clients here sets: sections by name, in the words of its own settings."""
    router = APIRouter(include_in_schema=False)

    @router.get(SETTINGS_PATH)
    async def settings(request: Request) -> dict[str, Any]:
        model_url = f"{request.url.scheme}://{request.url.netloc}{OPENAI_BASE}"
        return {
            "umnico": {
                "token": TOKEN,
                "account_id": ACCOUNT_ID,
                "manager_id": MANAGERS[1]["id"],
                "hook_secret": UMNICO_HOOK_SECRET,
            },
            "llm": {
                "providers": {"sandbox": {"api": "openai", "base_url": model_url, "api_key": llm.openai_key}},
                "models": [{"provider": "sandbox", "model": SCRIPTED_MODEL}],
                # A script costs nothing, and says so: the price of an unknown model is an alarm.
                "prices": {SCRIPTED_MODEL: {"input": 0, "output": 0}},
            },
            # It marks a text as translated and leaves it in its language, unless a scene has better words.
            "translation": {"check_language": False},
            "speech": {"base_url": model_url, "api_key": llm.openai_key, "model": SCRIPTED_EAR},
            "http": {"public_url": jarvis_url},
        }

    return router

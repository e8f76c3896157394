"""What Jarvis needs to know of the simulated Telegram: the bot's token, who its admins are, where alarms go."""

from typing import Any

from fastapi import APIRouter

from core.roles import Role
from sandbox.company import World
from sandbox.company.telegram import ALERTS_CHAT_ID

PATH = "/_sandbox/telegram/credentials"


def credentials_router(world: World, token: str) -> APIRouter:
    """Everything it tells is invented; Jarvis asks for it only on loopback and only for what it was not given."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def credentials() -> dict[str, Any]:
        admins = [person.telegram_id for person in world.people if person.role is Role.ADMIN]
        return {"token": token, "admins": admins, "alerts_chat": ALERTS_CHAT_ID}

    return router

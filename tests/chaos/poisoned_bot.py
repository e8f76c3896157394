"""A bot whose handler dies of one text: takes the updates of its command line through the product's intake."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from aiogram.types import Update

from bot.app import build_bot, build_dispatcher
from bot.desk import Office
from bot.intake import Intake
from core.clock import SystemClock
from core.settings import load_settings
from db.session import Database
from orchestrator.router import route

POISON = "poison"


def main() -> None:
    asyncio.run(take(json.loads(words) for words in sys.argv[1:]))


async def take(updates: Any) -> None:
    settings = load_settings()
    assert settings.database_url is not None
    db = Database(settings.database_url.get_secret_value())
    bot = build_bot(settings)
    office = Office(db, route, settings, SystemClock(), ring)
    dispatcher = build_dispatcher(office)
    dispatcher.update.outer_middleware(die_of_poison)
    intake = Intake(bot, dispatcher, office)
    for update in updates:
        await intake.take(update)
    await bot.session.close()
    await db.close()


async def die_of_poison(handler: Any, event: Update, data: dict[str, Any]) -> Any:
    if event.message is not None and event.message.text == POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    return await handler(event, data)


async def ring(run_ids: Sequence[int], has_commands: bool) -> None:
    """Nobody works here."""

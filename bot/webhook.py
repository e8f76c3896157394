"""Receiving updates by webhook instead of polling: its registration at Telegram."""

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.errors import meaning_of
from bot.intake import ALLOWED_UPDATES

PATH = "/hooks/telegram"


async def register_webhook(bot: Bot, public_url: str, secret: str) -> None:
    """Tell Telegram where updates go. What waits there is kept. Raises the words of core/errors.py."""
    try:
        await bot.set_webhook(
            public_url.rstrip("/") + PATH,
            secret_token=secret,
            allowed_updates=list(ALLOWED_UPDATES),
            drop_pending_updates=False,
        )
    except AiogramError as error:
        raise meaning_of(error) from error

"""Receiving updates by webhook instead of polling: registration, and the check of Telegram's secret header."""

import hmac

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.errors import meaning_of
from bot.intake import ALLOWED_UPDATES

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
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


def is_from_telegram(given: str | None, secret: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest((given or "").encode(errors="replace"), secret.encode())

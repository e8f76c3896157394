"""What Telegram says of the bot itself, for whoever checks an installation."""

from dataclasses import dataclass

from aiogram.exceptions import AiogramError

from bot.app import build_bot
from bot.errors import meaning_of
from core.settings import Settings

PATIENCE_S = 10


@dataclass(frozen=True, slots=True)
class BotSigns:
    """``webhook_url`` is empty when none is registered."""

    username: str
    webhook_url: str
    waiting_updates: int


async def ask_telegram(settings: Settings) -> BotSigns:
    """Raises a word of core/errors.py when Telegram does not answer or does not accept the token."""
    bot = build_bot(settings)
    try:
        me = await bot.get_me(request_timeout=PATIENCE_S)
        hook = await bot.get_webhook_info(request_timeout=PATIENCE_S)
    except AiogramError as error:
        raise meaning_of(error) from error
    finally:
        await bot.session.close()
    return BotSigns(me.username or "", hook.url, hook.pending_update_count)

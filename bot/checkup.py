"""What Telegram says of the bot itself and of its place in chats, for whoever checks an installation."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.app import build_bot
from bot.errors import meaning_of
from bot.rights import forum_problems
from core.settings import Settings

PATIENCE_S = 10


@dataclass(frozen=True, slots=True)
class BotSigns:
    """``webhook_url`` is empty when none is registered, ``last_error`` when its last delivery went well.

    ``problems``: for each chat that was asked for, what keeps the bot from working there.
    """

    username: str
    webhook_url: str
    waiting_updates: int
    last_error: str
    problems: dict[int, tuple[str, ...]]


async def ask_telegram(settings: Settings, *, forums: Sequence[int] = (), chats: Sequence[int] = ()) -> BotSigns:
    """Raises a word of core/errors.py when Telegram does not answer or does not accept the token.

    In ``forums`` the bot must be an administrator with every right, in ``chats`` only a member.
    """
    bot = build_bot(settings)
    try:
        me = await bot.get_me(request_timeout=PATIENCE_S)
        hook = await bot.get_webhook_info(request_timeout=PATIENCE_S)
        problems = {chat_id: await _problems_in_chat(bot, chat_id) for chat_id in chats}
        problems |= {chat_id: await _problems_in_forum(bot, chat_id) for chat_id in forums}
    except AiogramError as error:
        raise meaning_of(error) from error
    finally:
        await bot.session.close()
    return BotSigns(me.username or "", hook.url, hook.pending_update_count, hook.last_error_message or "", problems)


async def _problems_in_forum(bot: Bot, chat_id: int) -> tuple[str, ...]:
    try:
        return await forum_problems(bot, chat_id)
    except AiogramError as error:
        return (str(meaning_of(error)),)


async def _problems_in_chat(bot: Bot, chat_id: int) -> tuple[str, ...]:
    try:
        member = await bot.get_chat_member(chat_id, bot.id, request_timeout=PATIENCE_S)
    except AiogramError as error:
        return (str(meaning_of(error)),)
    return ("the bot is not in it",) if member.status in {"left", "kicked"} else ()

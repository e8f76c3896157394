"""The menu of commands that Telegram shows beside the input, in every language of ours."""

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from bot.errors import meaning_of
from bot.texts import render_plain
from core.commands import Text
from core.roles import LANGUAGES

PRIVATE = (
    "today",
    "car",
    "free",
    "inspect",
    "task",
    "unanswered",
    "away",
    "back",
    "language",
    "link_rentprog",
    "myinfo",
    "help",
)
GROUP = (
    *("today", "car", "free", "inspect", "task", "unanswered"),
    *("take", "assign", "consult", "offer", "link", "close", "reopen"),
    *("bind", "help"),
)
"""The second line serves in the topics of clients."""
DEFAULT_LANGUAGE = "en"
"""For everybody whose Telegram speaks none of ours."""


async def set_commands(bot: Bot) -> None:
    """Tell Telegram the menus; the same call again changes nothing. Raises the words of core/errors.py."""
    scopes = ((BotCommandScopeAllPrivateChats(), PRIVATE), (BotCommandScopeAllGroupChats(), GROUP))
    try:
        for scope, names in scopes:
            for code, language in ((None, DEFAULT_LANGUAGE), *((code, code) for code in LANGUAGES)):
                commands = [BotCommand(command=name, description=_description(name, language)) for name in names]
                await bot.set_my_commands(commands, scope=scope, language_code=code)
    except AiogramError as error:
        raise meaning_of(error) from error


def _description(name: str, language: str) -> str:
    return render_plain(Text(key=f"menu-{name}"), language)

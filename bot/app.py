"""The bot and its dispatcher, built once by orchestrator/wiring.py."""

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode

from bot.desk import Office
from bot.handlers import routers
from bot.middlewares import DeskMiddleware
from core.settings import Settings, WrongSettings


def build_bot(settings: Settings) -> Bot:
    """A client of the Bot API server that the settings name; raises ``WrongSettings`` without a token."""
    token = settings.telegram.token
    if token is None:
        raise WrongSettings("telegram.token (JARVIS_TELEGRAM__TOKEN): the bot needs a token")
    session = AiohttpSession(api=TelegramAPIServer.from_base(settings.telegram.api_url))
    return Bot(token.get_secret_value(), session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))


def build_dispatcher(office: Office) -> Dispatcher:
    """All handlers over one office. No state of conversations is kept in this process."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.update.outer_middleware(DeskMiddleware(office))
    for router in routers():
        dispatcher.include_router(router)
    return dispatcher

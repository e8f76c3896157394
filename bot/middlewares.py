"""Around every update: find out who writes and where, give the handler its desk, save it, answer the press."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, TelegramObject, Update

from bot.desk import Desk, Office, Place, telegram_language
from bot.markup import CALLBACK_ANSWER_LIMIT, cut_plain
from bot.texts import render_plain
from core.log import get_logger
from db.queries import desk as desk_queries

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

_log = get_logger("bot")


class DeskMiddleware(BaseMiddleware):
    """Rights and language are read anew for every update; nothing about a person is remembered between two."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)
        place = place_of(event)
        async with self._office.db.transaction() as tx:
            situation = await desk_queries.situation(
                tx, tg_user_id=place.user_id, chat_id=place.chat_id, thread_id=place.thread_id
            )
        user = getattr(event.event, "from_user", None)
        language = (
            situation.person.language if situation.person else telegram_language(getattr(user, "language_code", None))
        )
        desk = Desk(self._office, event.update_id, place, situation, language)
        data["desk"] = desk
        result = await handler(event, data)
        await desk.close()
        if event.callback_query is not None and situation.person is not None:
            await _answer_press(data["bot"], event.callback_query, desk)
        return result


async def _answer_press(bot: Bot, query: CallbackQuery, desk: Desk) -> None:
    """Stop the waiting sign on the button. A late answer is refused by Telegram, which harms nobody."""
    words = render_plain(desk.toast_text, desk.language) if desk.toast_text else None
    answer = AnswerCallbackQuery(
        callback_query_id=query.id, text=cut_plain(words, CALLBACK_ANSWER_LIMIT) if words else None
    )
    try:
        await bot(answer)
    except TelegramAPIError as error:
        _log.info("press_not_answered", update_id=desk.update_id, reason=str(error))


def place_of(update: Update) -> Place:
    """Who and where. In General and outside forums a reply carries a thread id that is no topic: it is left out."""
    event = update.event
    if isinstance(event, CallbackQuery):
        message = event.message
        if message is None:
            return Place(event.from_user.id, None)
        thread_id = _topic(message) if isinstance(message, Message) else None
        return Place(event.from_user.id, message.chat.id, thread_id, None, message.chat.type == "private")
    if isinstance(event, Message):
        user_id = event.from_user.id if event.from_user else None
        return Place(user_id, event.chat.id, _topic(event), event.message_id, event.chat.type == "private")
    if isinstance(event, ChatMemberUpdated):
        return Place(event.from_user.id, event.chat.id, is_private=event.chat.type == "private")
    return Place(None, None)


def _topic(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None

"""Saying and changing one message: markup with a way out, and a check that it stands where it should."""

from collections.abc import Awaitable, Callable

from aiogram.enums import ParseMode
from aiogram.methods import DeleteMessage, EditMessageText, SendMessage
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters

from bot.calls import Calls
from bot.errors import Fault, RefusedError
from bot.markup import TEXT_LIMIT, cut, plain
from core.commands import Priority
from core.errors import JarvisError
from core.log import get_logger

GENERAL = 1
"""The thread id of General, which Telegram refuses: it is left out instead."""

Keyboard = Callable[[], Awaitable[InlineKeyboardMarkup | None]]
"""Made only when the message may go: its buttons are rows of the database."""

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_log = get_logger(__name__)


class ForumOffError(JarvisError):
    """Topics are switched off in this chat: what was meant for one landed in the main chat (and was taken back)."""


class Posting:
    """Messages of one command. ``markup`` is our HTML; it is cut to what Telegram takes."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def say(
        self,
        chat_id: int,
        markup: str,
        *,
        priority: Priority,
        thread_id: int | None = None,
        reply_to: int | None = None,
        is_silent: bool = False,
        keyboard: Keyboard | None = None,
    ) -> Message:
        await self._calls.budget(chat_id, priority)
        method = SendMessage(
            chat_id=chat_id,
            text=cut(markup, TEXT_LIMIT),
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_id if thread_id != GENERAL else None,
            reply_parameters=_reply(reply_to),
            disable_notification=is_silent,
            link_preview_options=_NO_PREVIEW,
            reply_markup=None if keyboard is None else await keyboard(),
        )
        try:
            message = await self._calls.plain(method)
        except RefusedError as refusal:
            message = await self._calls.plain(method.model_copy(update=_as_plain(method.text, refusal)))
        if method.message_thread_id is not None:
            await self._check_place(message, method.message_thread_id)
        return message

    async def edit(
        self, chat_id: int, message_id: int, markup: str, *, priority: Priority, keyboard: Keyboard | None = None
    ) -> None:
        """Replace text and buttons; raises ``RefusedError`` (MESSAGE_GONE) when there is nothing to edit."""
        await self._calls.budget(chat_id, priority, is_edit=True)
        method = EditMessageText(
            chat_id=chat_id,
            message_id=message_id,
            text=cut(markup, TEXT_LIMIT),
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=None if keyboard is None else await keyboard(),
        )
        try:
            await self._calls.plain(method)
        except RefusedError as refusal:
            if refusal.fault is Fault.NOT_MODIFIED:
                return
            await self._calls.plain(method.model_copy(update=_as_plain(method.text or "", refusal)))

    async def _check_place(self, message: Message, thread_id: int) -> None:
        if message.is_topic_message and message.message_thread_id == thread_id:
            return
        await self._calls.plain(DeleteMessage(chat_id=message.chat.id, message_id=message.message_id))
        raise ForumOffError(f"chat {message.chat.id} takes no topics any more")


def _as_plain(markup: str, refusal: RefusedError) -> dict[str, str | None]:
    """What Telegram could not parse goes out once more without markup; any other refusal is raised."""
    if refusal.fault is not Fault.UNPARSABLE:
        raise refusal
    _log.error("markup_refused", error=refusal)
    return {"text": plain(markup), "parse_mode": None}


def _reply(message_id: int | None) -> ReplyParameters | None:
    if message_id is None:
        return None
    return ReplyParameters(message_id=message_id, allow_sending_without_reply=True)

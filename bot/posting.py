"""Saying and changing one message: markup with a way out, and a check that it stands where it should."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiogram.enums import ParseMode
from aiogram.methods import (
    DeleteMessage,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageText,
    SendMediaGroup,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters

from bot.calls import UPLOAD_TIMEOUT_S, Calls
from bot.errors import Fault, RefusedError
from bot.markup import CAPTION_LIMIT, TEXT_LIMIT, cut, plain
from bot.uploads import Upload, item_of, message_with
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


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one message goes, and how."""

    chat_id: int
    priority: Priority
    thread_id: int | None = None
    reply_to: int | None = None
    is_silent: bool = False

    def fields(self) -> dict[str, Any]:
        return {
            "chat_id": self.chat_id,
            "message_thread_id": self.thread_id if self.thread_id != GENERAL else None,
            "reply_parameters": _reply(self.reply_to),
            "disable_notification": self.is_silent,
        }


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
        spot = Spot(chat_id, priority, thread_id, reply_to, is_silent)
        await self._calls.budget(chat_id, priority)
        method = SendMessage(
            text=cut(markup, TEXT_LIMIT),
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=None if keyboard is None else await keyboard(),
            **spot.fields(),
        )
        return await self._sent(method, spot, "text")

    async def say_file(self, spot: Spot, upload: Upload, markup: str, *, keyboard: Keyboard | None = None) -> Message:
        """One file with its caption."""
        await self._calls.budget(spot.chat_id, spot.priority)
        method = message_with(
            upload,
            caption=cut(markup, CAPTION_LIMIT),
            parse_mode=ParseMode.HTML,
            reply_markup=None if keyboard is None else await keyboard(),
            **spot.fields(),
        )
        return await self._sent(method, spot, "caption")

    async def say_album(self, spot: Spot, uploads: Sequence[Upload], markup: str) -> Message:
        """Several files as one; the caption is that of the first, whose message is returned."""
        await self._calls.budget(spot.chat_id, spot.priority)
        caption = cut(markup, CAPTION_LIMIT)
        try:
            messages = await self._album(spot, uploads, caption=caption, parse_mode=ParseMode.HTML)
        except RefusedError as refusal:
            messages = await self._album(spot, uploads, **_as_plain("caption", caption, refusal))
        await self._check_place(messages, spot)
        return messages[0]

    async def say_gallery(self, spot: Spot, pictures: Sequence[tuple[Upload, str]]) -> Message:
        """Several files as one, each with its own caption; the first message is returned."""
        await self._calls.budget(spot.chat_id, spot.priority)
        media = [
            item_of(one, caption=cut(markup, CAPTION_LIMIT), parse_mode=ParseMode.HTML) for one, markup in pictures
        ]
        method = SendMediaGroup(media=media, **spot.fields())
        messages = await self._calls.plain(method, timeout_s=UPLOAD_TIMEOUT_S)
        await self._check_place(messages, spot)
        return messages[0]

    async def edit(
        self, chat_id: int, message_id: int, markup: str, *, priority: Priority, keyboard: Keyboard | None = None
    ) -> None:
        """Replace text and buttons; raises ``RefusedError`` (MESSAGE_GONE, NO_TEXT) when there is nothing to edit."""
        await self._calls.budget(chat_id, priority, is_edit=True)
        method = EditMessageText(
            chat_id=chat_id,
            message_id=message_id,
            text=cut(markup, TEXT_LIMIT),
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=None if keyboard is None else await keyboard(),
        )
        await self._edited(method, "text")

    async def edit_caption(
        self, chat_id: int, message_id: int, markup: str, *, priority: Priority, keyboard: Keyboard | None = None
    ) -> None:
        await self._calls.budget(chat_id, priority, is_edit=True)
        method = EditMessageCaption(
            chat_id=chat_id,
            message_id=message_id,
            caption=cut(markup, CAPTION_LIMIT),
            parse_mode=ParseMode.HTML,
            reply_markup=None if keyboard is None else await keyboard(),
        )
        await self._edited(method, "caption")

    async def edit_file(
        self,
        chat_id: int,
        message_id: int,
        upload: Upload,
        markup: str,
        *,
        priority: Priority,
        keyboard: Keyboard | None = None,
    ) -> Message | None:
        """Put a file with a caption in the place of what the message was, a text too; the message as it is then."""
        await self._calls.budget(chat_id, priority, is_edit=True)
        caption = cut(markup, CAPTION_LIMIT)
        method = EditMessageMedia(
            chat_id=chat_id,
            message_id=message_id,
            media=item_of(upload, caption=caption, parse_mode=ParseMode.HTML),
            reply_markup=None if keyboard is None else await keyboard(),
        )
        try:
            edited = await self._calls.plain(method, timeout_s=UPLOAD_TIMEOUT_S)
        except RefusedError as refusal:
            media = item_of(upload, **_as_plain("caption", caption, refusal))
            edited = await self._calls.plain(method.model_copy(update={"media": media}), timeout_s=UPLOAD_TIMEOUT_S)
        return edited if isinstance(edited, Message) else None

    async def _sent(self, method: TelegramMethod[Message], spot: Spot, words: str) -> Message:
        timeout_s = None if isinstance(method, SendMessage) else UPLOAD_TIMEOUT_S
        try:
            message = await self._calls.plain(method, timeout_s=timeout_s)
        except RefusedError as refusal:
            plainly = _as_plain(words, getattr(method, words), refusal)
            message = await self._calls.plain(method.model_copy(update=plainly), timeout_s=timeout_s)
        await self._check_place([message], spot)
        return message

    async def _edited(self, method: EditMessageText | EditMessageCaption, words: str) -> None:
        try:
            await self._calls.plain(method)
        except RefusedError as refusal:
            if refusal.fault is Fault.NOT_MODIFIED:
                return
            await self._calls.plain(method.model_copy(update=_as_plain(words, getattr(method, words) or "", refusal)))

    async def _album(self, spot: Spot, uploads: Sequence[Upload], **caption: Any) -> list[Message]:
        media = [item_of(one, **(caption if place == 0 else {})) for place, one in enumerate(uploads)]
        return await self._calls.plain(SendMediaGroup(media=media, **spot.fields()), timeout_s=UPLOAD_TIMEOUT_S)

    async def _check_place(self, messages: Sequence[Message], spot: Spot) -> None:
        thread_id = spot.fields()["message_thread_id"]
        if thread_id is None or all(one.is_topic_message and one.message_thread_id == thread_id for one in messages):
            return
        for stray in messages:
            await self._calls.plain(DeleteMessage(chat_id=stray.chat.id, message_id=stray.message_id))
        raise ForumOffError(f"chat {messages[0].chat.id} takes no topics any more")


def _as_plain(words: str, markup: str, refusal: RefusedError) -> dict[str, str | None]:
    """What Telegram could not parse goes out once more without markup; any other refusal is raised."""
    if refusal.fault is not Fault.UNPARSABLE:
        raise refusal
    _log.error("markup_refused", error=refusal)
    return {words: plain(markup), "parse_mode": None}


def _reply(message_id: int | None) -> ReplyParameters | None:
    if message_id is None:
        return None
    return ReplyParameters(message_id=message_id, allow_sending_without_reply=True)

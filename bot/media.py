"""Keeping what people posted: downloaded once, safe in storage, then told as ``media.stored``, or with its words."""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO

from aiogram.exceptions import AiogramError
from aiogram.methods import GetFile
from aiohttp import ClientError

from bot.errors import Fault, NotYetError, RefusedError, meaning_of
from bot.means import Means
from core.commands import Command, KeepMedia, NewCommand, Priority, SendMessage, Text, chat_destination
from core.errors import NeedsAttention, Temporary
from core.events import AlarmRaised, EventBody, KeptFile, MediaStored, NewEvent, PhotoGiven, StaffWrote
from db import commands
from db.commands import Delivery
from db.queries import chats, media, people
from db.queries.media import StoredMedia
from db.session import Tx

DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""What Telegram's own server lets a bot download."""
DOWNLOAD_TIMEOUT_S = 35
STORAGE_PAUSE = timedelta(seconds=30)
UNKNOWN_TYPE = "application/octet-stream"


async def keep(means: Means, body: KeepMedia, command: Command) -> Delivery:
    """Store the file under the hash of its content. The name people gave it is data, never a path."""
    async with means.db.transaction() as tx:
        known = await media.find(tx, body)
    if known is not None:
        return _delivery(means, body, known)
    if body.size is not None and body.size > DOWNLOAD_LIMIT:
        return await _too_big(means, body, command)
    try:
        data = await _download(means, body)
    except RefusedError as refusal:
        if refusal.fault is not Fault.FILE_TOO_BIG:
            raise
        return await _too_big(means, body, command)
    stored = await _put(means, body, data)
    return _delivery(means, body, stored)


async def _download(means: Means, body: KeepMedia) -> bytes:
    file = await means.calls.plain(GetFile(file_id=body.file_id))
    if file.file_path is None:
        raise Temporary("Telegram has no path for the file yet")
    target = BytesIO()
    try:
        await means.calls.bot.download_file(file.file_path, target, timeout=DOWNLOAD_TIMEOUT_S)
    except AiogramError as error:
        raise meaning_of(error) from error
    except (ClientError, OSError, TimeoutError) as error:
        # Reading twice does no harm, so a cut download is simply tried again.
        raise Temporary(f"the download broke off: {type(error).__name__}") from error
    return target.getvalue()


async def _put(means: Means, body: KeepMedia, data: bytes) -> StoredMedia:
    try:
        stored = await means.storage.put(
            data,
            content_type=body.mime_type or UNKNOWN_TYPE,
            filename=body.file_name,
            metadata={"chat": str(body.chat_id), "message": str(body.message_id)},
        )
    except (NeedsAttention, Temporary) as trouble:
        # A storage that is away must stop neither the texts of this chat nor those of the whole bot: only the file
        # waits, for as long as it takes, and the watchman says so.
        raise NotYetError(STORAGE_PAUSE, f"{media.STORAGE_TROUBLE}{trouble}") from trouble
    return StoredMedia(media.media_id(body), stored.key, stored.sha256, stored.size)


def _delivery(means: Means, body: KeepMedia, stored: StoredMedia) -> Delivery:
    event = _stored(body, stored) if body.words is None else _said(body, body.words, stored)

    async def save(tx: Tx) -> Sequence[NewEvent[EventBody]]:
        await media.put(tx, body, stored, now=means.clock.now())
        return [event]

    return Delivery({"media_id": str(stored.id), "storage_key": stored.storage_key, "size": stored.size}, save)


def _stored(body: KeepMedia, stored: StoredMedia) -> NewEvent[EventBody]:
    told = MediaStored(
        media_id=stored.id,
        storage_key=stored.storage_key,
        chat_id=body.chat_id,
        thread_id=body.thread_id,
        message_id=body.message_id,
        media_group_id=body.media_group_id,
        tg_user_id=body.tg_user_id,
    )
    return NewEvent(body=told, subject=f"chat:{body.chat_id}", external_id=f"media.stored:{stored.id}")


def _said(body: KeepMedia, words: StaffWrote, stored: StoredMedia) -> NewEvent[EventBody]:
    """The words go on as those of whoever wrote them, about what their topic is about."""
    file = KeptFile(
        storage_key=stored.storage_key,
        media_kind=body.media_kind,
        name=body.file_name,
        mime=body.mime_type,
        size=stored.size,
    )
    return NewEvent(
        body=words.model_copy(update={"file": file}),
        subject=words.entity or f"chat:{body.chat_id}",
        external_id=f"words:{stored.id}",
        trust=f"staff:{words.person_id}",
    )


async def _too_big(means: Means, body: KeepMedia, command: Command) -> Delivery:
    """Nothing can be done but tell: the message stays in the chat, because its file is nowhere else.

    Whoever meant it for a client or an inspection hears at once, under it, that it did not get there.
    """
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, body.chat_id)
        author = None if body.words is None else await people.by_id(tx, body.words.person_id)
    alarm = NewEvent(
        body=AlarmRaised(
            key=f"file-too-big:{body.chat_id}",
            text_key="alarm-file-too-big",
            args={"title": chat.title if chat else str(body.chat_id), "megabytes": DOWNLOAD_LIMIT // 1024 // 1024},
        ),
        subject=f"alarm:file-too-big:{body.chat_id}",
    )

    async def save(tx: Tx) -> Sequence[NewEvent[AlarmRaised]]:
        if body.words is not None:
            told = _not_passed_on(body, None if author is None else author.language)
            await commands.order(tx, [told], event_id=command.event_id)
        return [alarm]

    return Delivery({"refused": "the file is too big for a bot", "size": body.size}, save)


def _not_passed_on(body: KeepMedia, language: str | None) -> NewCommand:
    key = "inspection-file-too-big" if isinstance(body.words, PhotoGiven) else "talk-file-too-big"
    text = Text(key=key, args={"megabytes": DOWNLOAD_LIMIT // 1024 // 1024})
    return NewCommand(
        body=SendMessage(
            chat_id=body.chat_id, text=text, language=language, thread_id=body.thread_id, reply_to=body.message_id
        ),
        destination=chat_destination(body.chat_id),
        effect_key=f"too-big:{body.chat_id}:{body.message_id}:{body.file_unique_id}",
        priority=Priority.ANSWER,
    )

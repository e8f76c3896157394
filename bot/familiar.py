"""Pictures of ours that Telegram has already: sent with their bytes once, then by the name that Telegram gave them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from aiogram.types import Message

from bot import posts
from bot.errors import Fault, RefusedError
from bot.means import Means
from bot.topics import Place
from bot.uploads import Upload
from core.log import get_logger
from db.queries import posts as known_posts
from db.queries.posts import Post

FILE = "file"
"""The purpose of the row that keeps the name. It stands at the bot's own number: another bot needs names of its own."""
_log = get_logger(__name__)
M = TypeVar("M", Message, Message | None)


async def shown(means: Means, picture: Upload, act: Callable[[Upload], Awaitable[M]]) -> M:
    """Do it with the known name of a picture of ours; with its bytes where Telegram knows no such name any more."""
    if not picture.is_ours:
        return await act(picture)
    place = Place(means.calls.bot.id, f"picture:{sha256(picture.data).hexdigest()[:32]}", picture.name, 0)
    async with means.db.transaction() as tx:
        known = await known_posts.find(tx, place.chat_id, place.entity, FILE)
    if known is not None:
        try:
            return await act(replace(picture, file_id=known.content_hash))
        except RefusedError as refusal:
            if refusal.fault is not Fault.FILE_GONE:
                raise
            _log.info("picture_uploaded_anew", picture=picture.name, error=refusal)
        async with means.db.transaction() as tx:
            await known_posts.forget(tx, place.chat_id, place.entity, FILE)
    message = await act(picture)
    if message is not None and message.photo:
        kept = Post(message.message_id, None, message.photo[-1].file_id, is_pinned=False)
        await posts.remember(means, place, FILE, kept)
    return message

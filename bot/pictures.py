"""A message of ours that shows a picture: sent once, its picture and caption edited as what it shows changes."""

from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from bot import familiar, posts
from bot.errors import Fault, NotYetError, RefusedError
from bot.markup import CAPTION_LIMIT, length
from bot.means import Means
from bot.posting import Spot
from bot.posts import Look
from bot.topics import Place
from bot.uploads import PHOTO_LIMIT, Upload
from core.commands import Command, Priority
from core.errors import Broken, NeedsAttention, Temporary
from core.log import get_logger
from db.queries import posts as known_posts
from db.queries.posts import Post

STORAGE_PATIENCE = timedelta(minutes=2)
"""So long a message waits for its picture; then it goes without."""
STORAGE_PAUSE = timedelta(seconds=15)
TEXT = "text"
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """Words with their buttons, and the picture above them where there is one."""

    look: Look
    picture: Upload | None = None

    @property
    def mark(self) -> str:
        """Which picture it is; a message without one is a text, and a picture never becomes a text again."""
        return TEXT if self.picture is None else sha256(self.picture.data).hexdigest()[:16]

    @property
    def digest(self) -> str:
        return f"{self.mark}:{self.look.digest}"


async def load(means: Means, key: str | None, name: str, command: Command) -> Upload | None:
    """A picture from the storage. One that is damaged is left out; for a storage that is away the command waits."""
    if key is None:
        return None
    try:
        data = await means.storage.get(key)
    except (Temporary, NeedsAttention) as trouble:
        if means.clock.now() - command.created_at < STORAGE_PATIENCE:
            raise NotYetError(STORAGE_PAUSE, f"the picture waits for the storage: {trouble}") from trouble
        _log.warning("picture_not_read", key=key, error=trouble)
        return None
    except Broken as damage:
        _log.error("picture_damaged", key=key, error=damage)
        return None
    return Upload("photo" if len(data) <= PHOTO_LIMIT else "document", name, data)


async def bring_up(
    means: Means, place: Place, purpose: str, shown: Shown, *, thread_id: int, priority: Priority, below: bool = False
) -> tuple[Post, str]:
    """The post as it is now, and what was done: unchanged, edited or sent.

    ``below``: what stands above is taken away once the new one is there. A caption that is too long stands as a text.
    """
    if shown.picture is not None and length(shown.look.markup) > CAPTION_LIMIT:
        shown = replace(shown, picture=None)
    async with means.db.transaction() as tx:
        known = await known_posts.find(tx, place.chat_id, place.entity, purpose)
    here = known if known is not None and known.thread_id == thread_id else None
    if here is not None and not below:
        if here.content_hash == shown.digest:
            return here, "unchanged"
        if await _edit(means, place.chat_id, here, shown, priority):
            edited = replace(here, content_hash=shown.digest)
            await posts.remember(means, place, purpose, edited)
            return edited, "edited"
    sent = await _send(
        means, Spot(place.chat_id, priority, thread_id, shown.look.reply_to, shown.look.is_silent), shown
    )
    await posts.remember(means, place, purpose, sent)
    if here is not None:
        await posts.take_away(means, place, here)
    return sent, "sent"


async def _send(means: Means, spot: Spot, shown: Shown) -> Post:
    look = shown.look
    if shown.picture is not None:
        message = await familiar.shown(
            means, shown.picture, lambda one: means.posting.say_file(spot, one, look.markup, keyboard=look.keyboard)
        )
    else:
        message = await means.posting.say(
            spot.chat_id,
            look.markup,
            priority=spot.priority,
            thread_id=spot.thread_id,
            reply_to=spot.reply_to,
            is_silent=spot.is_silent,
            keyboard=look.keyboard,
        )
    return Post(message.message_id, spot.thread_id, shown.digest, is_pinned=False)


async def _edit(means: Means, chat_id: int, known: Post, shown: Shown, priority: Priority) -> bool:
    """False when it cannot become that: it was deleted by hand, or a picture would have to become a text."""
    try:
        return await _edit_as(means, chat_id, known, shown, priority)
    except RefusedError as refusal:
        if refusal.fault is Fault.NOT_MODIFIED:
            return True
        if refusal.fault not in {Fault.MESSAGE_GONE, Fault.NO_TEXT}:
            raise
        return False


async def _edit_as(means: Means, chat_id: int, known: Post, shown: Shown, priority: Priority) -> bool:
    stood, look = known.content_hash.partition(":")[0], shown.look
    if shown.picture is None and stood != TEXT:
        return False
    if shown.picture is None:
        await means.posting.edit(chat_id, known.message_id, look.markup, priority=priority, keyboard=look.keyboard)
    elif stood == shown.mark:
        await means.posting.edit_caption(
            chat_id, known.message_id, look.markup, priority=priority, keyboard=look.keyboard
        )
    else:
        await familiar.shown(
            means,
            shown.picture,
            lambda one: means.posting.edit_file(
                chat_id, known.message_id, one, look.markup, priority=priority, keyboard=look.keyboard
            ),
        )
    return True

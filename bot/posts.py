"""A message of ours that stays: sent once, edited when what it shows has changed, pinned where it is a card."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from aiogram.methods import DeleteMessage, PinChatMessage
from aiogram.types import Message

from bot.errors import Fault, RefusedError
from bot.markup import TEXT_LIMIT, length
from bot.means import Means
from bot.posting import Keyboard, Spot
from bot.topics import Place
from bot.uploads import Upload
from core.commands import Priority
from core.events import AlarmRaised, NewEvent
from core.log import get_logger
from db.queries import chats, posts, topics
from db.queries.chats import Chat
from db.queries.posts import Post

PIN_RIGHT = "can_pin_messages"
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What the message shows. ``mark`` tells two looks with the same words and other buttons apart."""

    markup: str
    keyboard: Keyboard | None = None
    mark: str = ""
    reply_to: int | None = None
    is_silent: bool = True
    whole: Upload | None = None
    """All of it as a file, for what is longer than a message takes: then ``caption`` stands with it."""
    caption: str = ""
    note: str = ""
    """Said after the markup by the first sending only."""

    def with_keyboard(self, keyboard: Keyboard, *, mark: str) -> "Look":
        return replace(self, keyboard=keyboard, mark=mark)

    @property
    def is_file(self) -> bool:
        return self.whole is not None and length(self.markup) > TEXT_LIMIT

    @property
    def digest(self) -> str:
        told = self.markup if not self.mark else f"{self.markup}\0{self.mark}"
        return sha256(told.encode()).hexdigest()


async def rename(means: Means, place: Place) -> None:
    """Give the topic its present name."""
    async with means.db.transaction() as tx:
        topic = await topics.alive(tx, place.chat_id, place.entity)
    if topic is not None and topic.name != place.name:
        await means.topics.rename(topic, place.name)


async def bring_up(
    means: Means, place: Place, purpose: str, look: Look, *, thread_id: int, priority: Priority
) -> tuple[Post, str]:
    """The post as it is now, and what was done: unchanged, edited or sent."""
    async with means.db.transaction() as tx:
        known = await posts.find(tx, place.chat_id, place.entity, purpose)
    if known is not None and known.thread_id == thread_id:
        if known.content_hash == look.digest:
            return known, "unchanged"
        edited = replace(known, content_hash=look.digest)
        if await _edit(means, place.chat_id, known.message_id, look, priority):
            await remember(means, place, purpose, edited)
            return edited, "edited"
    message = await _say(means, Spot(place.chat_id, priority, thread_id, look.reply_to, look.is_silent), look)
    sent = Post(message.message_id, thread_id, look.digest, is_pinned=False)
    await remember(means, place, purpose, sent)
    return sent, "sent"


async def pin(means: Means, chat: Chat, place: Place, purpose: str, post: Post) -> tuple[NewEvent[Any], ...]:
    """Pin it once; without the right it stays unpinned, and staff hear of that once."""
    if post.is_pinned or PIN_RIGHT in chat.missing_rights:
        return ()
    call = PinChatMessage(chat_id=chat.chat_id, message_id=post.message_id, disable_notification=True)
    try:
        await means.calls.plain(call)
    except RefusedError as refusal:
        if refusal.fault is not Fault.NO_RIGHT:
            raise
        _log.warning("card_not_pinned", chat=chat.chat_id, error=refusal)
        async with means.db.transaction() as tx:
            await chats.note_missing_right(tx, chat.chat_id, PIN_RIGHT)
        return (_rights_alarm(chat),)
    await remember(means, place, purpose, replace(post, is_pinned=True))
    return ()


async def take_away(means: Means, place: Place, post: Post) -> None:
    """Delete what another post has replaced. One that is gone, or too old to be deleted, is left."""
    try:
        await means.calls.plain(DeleteMessage(chat_id=place.chat_id, message_id=post.message_id))
    except RefusedError as refusal:
        if refusal.fault not in {Fault.MESSAGE_GONE, Fault.UNDELETABLE}:
            raise


async def remember(means: Means, place: Place, purpose: str, post: Post) -> None:
    async with means.db.transaction() as tx:
        await posts.put(tx, place.chat_id, place.entity, purpose, post, now=means.clock.now())


async def _say(means: Means, spot: Spot, look: Look) -> Message:
    markup = f"{look.markup}\n{look.note}" if look.note else look.markup
    if look.whole is not None and look.is_file:
        return await means.posting.say_file(spot, look.whole, look.caption, keyboard=look.keyboard)
    return await means.posting.say(
        spot.chat_id,
        markup,
        priority=spot.priority,
        thread_id=spot.thread_id,
        reply_to=spot.reply_to,
        is_silent=spot.is_silent,
        keyboard=look.keyboard,
    )


async def _edit(means: Means, chat_id: int, message_id: int, look: Look, priority: Priority) -> bool:
    """False when the message was deleted by hand."""
    try:
        await _edit_as(means, chat_id, message_id, look, priority, is_file=look.is_file)
    except RefusedError as refusal:
        match refusal.fault:
            case Fault.NO_TEXT if look.whole is not None:
                # It was too long once and became a file; a file never becomes a text again.
                await _edit_as(means, chat_id, message_id, look, priority, is_file=True)
            case Fault.NOT_MODIFIED:
                pass
            case Fault.MESSAGE_GONE:
                return False
            case _:
                raise
    return True


async def _edit_as(
    means: Means, chat_id: int, message_id: int, look: Look, priority: Priority, *, is_file: bool
) -> None:
    if is_file and look.whole is not None:
        caption = look.caption if look.is_file else look.markup
        await means.posting.edit_file(
            chat_id, message_id, look.whole, caption, priority=priority, keyboard=look.keyboard
        )
        return
    await means.posting.edit(chat_id, message_id, look.markup, priority=priority, keyboard=look.keyboard)


def _rights_alarm(chat: Chat) -> NewEvent[AlarmRaised]:
    return NewEvent(
        body=AlarmRaised(
            key=f"chat-rights:{chat.chat_id}",
            text_key="alarm-chat-rights",
            args={"title": chat.title, "rights": PIN_RIGHT},
        ),
        subject=f"alarm:chat-rights:{chat.chat_id}",
    )

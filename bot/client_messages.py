"""A client's message in the topic: one message of ours, sent once, edited when its words or translation change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from bot import client_files, client_texts, forum_mode, posts
from bot.client_files import Luggage
from bot.errors import Fault, NotYetError, RefusedError
from bot.markup import CAPTION_LIMIT, length
from bot.means import Means
from bot.places import conversation_place, shows_clients
from bot.posting import Spot
from bot.posts import Look
from bot.topics import Place
from core.commands import Command, ShowClientMessage, Text
from core.events import NewEvent
from db.commands import Delivery
from db.queries import chats, messages, people
from db.queries import posts as known_posts
from db.queries.chats import Chat
from db.queries.conversation_cards import ConversationFacts, conversation_facts
from db.queries.messages import Message
from db.queries.posts import Post
from db.session import Tx

CLIENT_MESSAGE = "client_message"
FILES = "client_files"
STORAGE_PATIENCE = timedelta(minutes=2)
"""So long the files wait for the storage, and the next messages behind them; the words have gone before."""
STORAGE_PAUSE = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class _Shown:
    """One showing: what is shown, where, and in what words."""

    means: Means
    command: Command
    chat: Chat
    facts: ConversationFacts
    message: Message
    author: str | None
    """Who of us wrote it, where it is not the client's."""

    @property
    def head(self) -> Text:
        return client_texts.header(self.message, self.facts, self.means.texts, self.chat.language, author=self.author)

    @property
    def place(self) -> Place:
        return conversation_place(self.chat, self.facts, self.means.texts)

    @property
    def words_place(self) -> Place:
        """Posts are known by what they show, in the topic of the conversation."""
        return replace(self.place, entity=entity_of(self.message.id))

    def spot(self, thread_id: int, reply_to: int | None = None) -> Spot:
        return Spot(self.chat.chat_id, self.command.priority, thread_id, reply_to)


def entity_of(message_id: UUID) -> str:
    return f"message:{message_id}"


async def show(means: Means, body: ShowClientMessage, command: Command) -> Delivery:
    """Show the message as it is now, with its files, in the topic of its conversation (opened or healed)."""
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, body.chat_id)
        facts = await conversation_facts(tx, body.conversation_id)
        message = await messages.find(tx, body.message_id)
        author = None if message is None or message.person_id is None else await people.by_id(tx, message.person_id)
    if chat is None or facts is None or message is None or not shows_clients(chat):
        return Delivery({"skipped": "the conversation has no place in this chat now"})
    if message.conversation_id != body.conversation_id:
        return Delivery({"skipped": "the message belongs to another conversation"})
    events = await forum_mode.check(means, chat)
    shown = _Shown(means, command, chat, facts, message, None if author is None else author.name)
    luggage = await client_files.fetch(means, message.attachments)
    post, what = await means.topics.inside(shown.place, lambda thread_id: _bring_up(shown, luggage, thread_id))

    async def save(tx: Tx) -> Sequence[NewEvent[Any]]:
        await messages.note_shown(tx, body.message_id)
        return events

    return Delivery({"message_id": post.message_id, "thread_id": post.thread_id, "message": what}, save)


async def _bring_up(shown: _Shown, luggage: Luggage, thread_id: int) -> tuple[Post, str]:
    await posts.rename(shown.means, shown.place)
    files = await _known(shown, FILES, thread_id)
    look = _look(shown, luggage, has_files=files is not None)
    if files is None and not luggage.batches:
        return await _without_files(shown, luggage, look, thread_id)
    if files is None:
        files = await _send_files(shown, luggage, look, thread_id)
    await _send_more(shown, luggage, thread_id, files)
    words = await _known(shown, CLIENT_MESSAGE, thread_id)
    if words is not None and words.message_id == files.message_id:
        return await _in_caption(shown, look, words, thread_id)
    return await _say_words(shown, replace(look, reply_to=files.message_id), thread_id)


async def _without_files(shown: _Shown, luggage: Luggage, look: Look, thread_id: int) -> tuple[Post, str]:
    """The words wait for nobody; files that the storage keeps back for a moment follow as a reply to them."""
    told = await _say_words(shown, look, thread_id)
    waited = shown.means.clock.now() - shown.command.created_at
    if luggage.late and waited < STORAGE_PATIENCE:
        raise NotYetError(STORAGE_PAUSE, "the files of the message wait for the storage")
    return told


async def _in_caption(shown: _Shown, look: Look, words: Post, thread_id: int) -> tuple[Post, str]:
    if words.content_hash == look.digest:
        return words, "unchanged"
    if length(look.markup) <= CAPTION_LIMIT and await _edit_caption(shown, words, look.markup):
        edited = replace(words, content_hash=look.digest)
        await posts.remember(shown.means, shown.words_place, CLIENT_MESSAGE, edited)
        return edited, "edited"
    await _move_words_below(shown, words)
    return await _say_words(shown, replace(look, reply_to=words.message_id), thread_id)


async def _say_words(shown: _Shown, look: Look, thread_id: int) -> tuple[Post, str]:
    return await posts.bring_up(
        shown.means, shown.words_place, CLIENT_MESSAGE, look, thread_id=thread_id, priority=shown.command.priority
    )


async def _send_files(shown: _Shown, luggage: Luggage, look: Look, thread_id: int) -> Post:
    """The first album or file, with all words as its caption where they fit and do not stand there already."""
    words = await _known(shown, CLIENT_MESSAGE, thread_id)
    is_caption = words is None and length(look.markup) <= CAPTION_LIMIT
    caption = _with_note(look) if is_caption else _headline(shown)
    spot = shown.spot(thread_id, None if words is None else words.message_id)
    number = await client_files.send(shown.means, spot, luggage.batches[0], caption)
    files = Post(number, thread_id, look.digest, is_pinned=False)
    async with shown.means.db.transaction() as tx:
        now, entity = shown.means.clock.now(), shown.words_place.entity
        await known_posts.put(tx, shown.chat.chat_id, entity, FILES, files, now=now)
        if is_caption:
            await known_posts.put(tx, shown.chat.chat_id, entity, CLIENT_MESSAGE, files, now=now)
    return files


async def _send_more(shown: _Shown, luggage: Luggage, thread_id: int, files: Post) -> None:
    """What does not go into the first album hangs on it; each album is remembered, so none is sent twice."""
    for number, batch in enumerate(luggage.batches[1:], start=1):
        purpose = f"{FILES}:{number}"
        if await _known(shown, purpose, thread_id) is None:
            sent = await client_files.send(shown.means, shown.spot(thread_id, files.message_id), batch, "")
            post = Post(sent, thread_id, "", is_pinned=False)
            await posts.remember(shown.means, shown.words_place, purpose, post)


async def _edit_caption(shown: _Shown, files: Post, markup: str) -> bool:
    """False when it was deleted by hand."""
    try:
        await shown.means.posting.edit_caption(
            shown.chat.chat_id, files.message_id, markup, priority=shown.command.priority
        )
    except RefusedError as refusal:
        if refusal.fault is not Fault.MESSAGE_GONE:
            raise
        return False
    return True


async def _move_words_below(shown: _Shown, files: Post) -> None:
    """They fit into the caption no longer: the file keeps its name, the words become a message under it."""
    await _edit_caption(shown, files, _headline(shown))
    async with shown.means.db.transaction() as tx:
        await known_posts.forget(tx, shown.chat.chat_id, shown.words_place.entity, CLIENT_MESSAGE)


async def _known(shown: _Shown, purpose: str, thread_id: int) -> Post | None:
    """A post of this message that stands in this topic; one in a topic that is gone is gone with it."""
    async with shown.means.db.transaction() as tx:
        post = await known_posts.find(tx, shown.chat.chat_id, shown.words_place.entity, purpose)
    return post if post is not None and post.thread_id == thread_id else None


def _look(shown: _Shown, luggage: Luggage, *, has_files: bool) -> Look:
    texts, language, showing = shown.means.texts, shown.chat.language, shown.means.showing
    missing = luggage.missing if has_files else (*luggage.missing, *luggage.late)
    beginning = client_texts.beginning(shown.head, shown.message, showing, missing)
    return Look(
        texts.html(client_texts.told(shown.head, shown.message, showing, missing), language),
        is_silent=False,
        note=texts.html(Text(key="message-may-repeat"), language) if shown.command.is_repeat else "",
        whole=client_texts.as_file(shown.message, texts, language),
        caption=texts.html(beginning, language),
    )


def _headline(shown: _Shown) -> str:
    return shown.means.texts.html(shown.head, shown.chat.language)


def _with_note(look: Look) -> str:
    return f"{look.markup}\n{look.note}" if look.note else look.markup

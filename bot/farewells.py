"""Leaving a topic: the last line with a link to where the car went, then the topic is closed."""

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from bot.errors import Fault, NotYetError, RefusedError
from bot.means import Means
from core.commands import CloseTopic, Command, Text
from db.commands import Delivery
from db.queries import car_cards, chats, posts, topics
from db.queries.posts import Post
from db.queries.topics import Topic

LINK_PATIENCE = timedelta(minutes=3)
"""How long the farewell waits for the new topic to link to; then it goes without."""
LOOK_AGAIN = timedelta(seconds=2)


async def close_topic(means: Means, body: CloseTopic, command: Command) -> Delivery:
    """Say why and close; nothing happens where no topic is open, or where the car has come back meanwhile."""
    async with means.db.transaction() as tx:
        topic = await topics.alive(tx, body.chat_id, body.entity)
        language = await chats.language_of(tx, body.chat_id)
    if topic is None or topic.thread_id is None or topic.is_closed:
        return Delivery({"skipped": "no open topic"})
    if await _belongs_here(means, body):
        return Delivery({"skipped": "the car is here again"})
    markup = means.texts.html(await _with_link(means, body, command), language)
    if await _say(means, body, command, topic, markup):
        await means.topics.close(topic)
    return Delivery({"thread_id": topic.thread_id})


async def _belongs_here(means: Means, body: CloseTopic) -> bool:
    kind, _, key = body.entity.partition(":")
    if kind != "car":
        return False
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, body.chat_id)
        branch = await car_cards.where(tx, UUID(key))
    return chat is not None and chat.is_branch_forum and branch is not None and branch == chat.branch


async def _with_link(means: Means, body: CloseTopic, command: Command) -> Text:
    if body.link_chat_id is None:
        return body.farewell
    async with means.db.transaction() as tx:
        successor = await topics.alive(tx, body.link_chat_id, body.entity)
    if successor is not None and successor.thread_id is not None:
        url = topic_url(body.link_chat_id, successor.thread_id)
        link = Text(key="car-topic-link", args={"url": url})
        return body.farewell.model_copy(update={"parts": (*body.farewell.parts, link)})
    if means.clock.now() - command.created_at < LINK_PATIENCE:
        raise NotYetError(LOOK_AGAIN, "the new topic is not open yet")
    return body.farewell


async def _say(means: Means, body: CloseTopic, command: Command, topic: Topic, markup: str) -> bool:
    """Say the farewell, unless an earlier try did; False when the topic turns out to be deleted or closed by hand."""
    digest = sha256(markup.encode()).hexdigest()
    async with means.db.transaction() as tx:
        said = await posts.find(tx, body.chat_id, body.entity, posts.FAREWELL)
    if said is not None and said.thread_id == topic.thread_id:
        return True
    try:
        message = await means.posting.say(
            body.chat_id, markup, priority=command.priority, thread_id=topic.thread_id, is_silent=True
        )
    except RefusedError as refusal:
        match refusal.fault:
            case Fault.TOPIC_GONE:
                await means.topics.bury(topic, str(refusal))
            case Fault.TOPIC_CLOSED:
                await means.topics.note_closed(topic)
            case _:
                raise
        return False
    post = Post(message.message_id, topic.thread_id, digest, is_pinned=False)
    async with means.db.transaction() as tx:
        await posts.put(tx, body.chat_id, body.entity, posts.FAREWELL, post, now=means.clock.now())
    return True


def topic_url(chat_id: int, thread_id: int) -> str:
    """A link that opens the topic for members: ``t.me/c/`` takes the chat's id without its ``-100``."""
    return f"https://t.me/c/{str(chat_id).removeprefix('-100')}/{thread_id}"

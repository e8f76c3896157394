"""Where inspections are shown: the topic of their car in a forum, the chat itself where there are no topics."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from bot.cards import place_of
from bot.means import Means
from bot.posting import GENERAL
from bot.topics import Place
from core.events import NewEvent
from db.commands import Delivery
from db.queries.car_cards import car_facts
from db.queries.chats import FORUMS, Chat
from db.queries.inspections import Inspection
from db.queries.posts import Post
from db.session import Tx

T = TypeVar("T")


async def topic_of(means: Means, chat: Chat, inspection: Inspection) -> Place | None:
    """The topic of the car; None in a chat that has none."""
    if not chat.is_forum and chat.purpose not in FORUMS:
        return None
    async with means.db.transaction() as tx:
        car = await car_facts(tx, inspection.car_id, now=means.clock.now())
    return None if car is None else place_of(chat, car, means.texts)


async def inside(means: Means, topic: Place | None, act: Callable[[int], Awaitable[T]]) -> T:
    return await act(GENERAL) if topic is None else await means.topics.inside(topic, act)


def delivered(post: Post, what: str, events: Sequence[NewEvent[Any]] = ()) -> Delivery:
    async def save(tx: Tx) -> Sequence[NewEvent[Any]]:
        del tx
        return events

    return Delivery({"message_id": post.message_id, "thread_id": post.thread_id, "post": what}, save)

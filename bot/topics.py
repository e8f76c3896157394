"""Topics that heal: opened once and slowly, opened again when somebody deleted them, reopened when closed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from aiogram.methods import CloseForumTopic, CreateForumTopic, DeleteForumTopic, EditForumTopic, ReopenForumTopic

from bot.calls import Calls
from bot.errors import Fault, NotYetError, RefusedError
from core.clock import Clock
from core.errors import AnswerLost, Broken, JarvisError, NeedsAttention, Temporary
from core.log import get_logger
from db.queries import posts, topics
from db.queries.topics import Topic
from db.session import Database

T = TypeVar("T")

ANSWER_TIME = timedelta(seconds=30)
"""How long a lost answer is waited for: the bot's own ``forum_topic_created`` may still bring the thread id."""
LOOK_AGAIN = timedelta(seconds=2)
CALM = timedelta(minutes=5)
"""A topic that is lost again within this time is not opened again: somebody or something deletes them."""

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something shall stand: the topic of ``entity``, and how it looks if it has to be opened."""

    chat_id: int
    entity: str
    name: str
    icon_color: int


class Topics:
    """The only place that opens, reopens and gives up topics."""

    def __init__(self, calls: Calls, db: Database, clock: Clock, *, pace: timedelta) -> None:
        self._calls = calls
        self._db = db
        self._clock = clock
        self._pace = pace

    async def inside(self, place: Place, act: Callable[[int], Awaitable[T]]) -> T:
        """Do something in the topic (``act`` gets its thread id), after opening or mending it where needed.

        Raises ``NotYetError`` while the pace forbids a new topic, ``Broken`` when the topic is lost twice in a row.
        """
        topic = await self._ensure(place)
        try:
            return await self._open_and(topic, act)
        except RefusedError as refusal:
            mended = await self._mend(place, topic, refusal)
        try:
            return await self._open_and(mended, act)
        except RefusedError as refusal:
            raise _hopeless(mended, refusal) from refusal

    async def rename(self, topic: Topic, name: str) -> None:
        await self._tolerant(EditForumTopic(chat_id=topic.chat_id, message_thread_id=_thread(topic), name=name))
        async with self._db.transaction() as tx:
            await topics.rename(tx, topic.id, name)

    async def close(self, topic: Topic) -> None:
        """Close it; one that is closed or gone already is as good."""
        try:
            await self._tolerant(CloseForumTopic(chat_id=topic.chat_id, message_thread_id=_thread(topic)))
        except RefusedError as refusal:
            if refusal.fault is not Fault.TOPIC_GONE:
                raise
            await self.bury(topic, str(refusal))
            return
        await self.note_closed(topic)

    async def note_closed(self, topic: Topic) -> None:
        async with self._db.transaction() as tx:
            await topics.set_closed(tx, topic.id, is_closed=True)

    async def bury(self, topic: Topic, reason: str) -> None:
        async with self._db.transaction() as tx:
            await topics.bury(tx, topic.id, reason=reason, now=self._clock.now())

    async def _open_and(self, topic: Topic, act: Callable[[int], Awaitable[T]]) -> T:
        if topic.is_closed:
            await self._reopen(topic)
        return await act(_thread(topic))

    async def _reopen(self, topic: Topic) -> None:
        await self._tolerant(ReopenForumTopic(chat_id=topic.chat_id, message_thread_id=_thread(topic)))
        async with self._db.transaction() as tx:
            await topics.set_closed(tx, topic.id, is_closed=False)
            # The farewell is old news now: the next one has to be said again.
            await posts.forget(tx, topic.chat_id, topic.entity, posts.FAREWELL)

    async def _tolerant(self, method: EditForumTopic | CloseForumTopic | ReopenForumTopic) -> None:
        try:
            await self._calls.plain(method)
        except RefusedError as refusal:
            if refusal.fault is not Fault.NOT_MODIFIED:
                raise

    async def _mend(self, place: Place, topic: Topic, refusal: RefusedError) -> Topic:
        match refusal.fault:
            case Fault.TOPIC_CLOSED:
                await self._reopen(topic)
                return topic
            case Fault.TOPIC_GONE:
                await self._give_up(topic, refusal)
                return await self._ensure(place)
            case _:
                raise refusal

    async def _give_up(self, topic: Topic, refusal: RefusedError) -> None:
        now = self._clock.now()
        async with self._db.transaction() as tx:
            if await topics.died_lately(tx, topic, since=now - CALM):
                raise _hopeless(topic, refusal)
            await topics.bury(tx, topic.id, reason=str(refusal), now=now)
        _log.warning("topic_lost", chat=topic.chat_id, entity=topic.entity, version=topic.version)

    async def _ensure(self, place: Place) -> Topic:
        async with self._db.transaction() as tx:
            intent = await topics.intend(
                tx,
                place.chat_id,
                place.entity,
                name=place.name,
                icon_color=place.icon_color,
                now=self._clock.now(),
                pace=self._pace,
                answer_time=ANSWER_TIME,
            )
        if intent.topic is None:
            raise NotYetError(min(intent.wait, LOOK_AGAIN), "a new topic has to wait for its turn")
        return intent.topic if intent.topic.state == "live" else await self._create(place, intent.topic)

    async def _create(self, place: Place, topic: Topic) -> Topic:
        """The intent is committed; whatever happens to the answer, nobody opens the topic twice."""
        try:
            made = await self._calls.plain(
                CreateForumTopic(chat_id=place.chat_id, name=place.name, icon_color=place.icon_color)
            )
        except AnswerLost as lost:
            raise NotYetError(LOOK_AGAIN, f"the answer about the new topic was lost: {lost}") from lost
        except JarvisError as refusal:
            if not isinstance(refusal, Temporary) or refusal.retry_after is not None:
                await self._withdraw(topic)
            raise
        async with self._db.transaction() as tx:
            thread_id = await topics.open_as(tx, topic.id, made.message_thread_id, now=self._clock.now())
            opened = await topics.alive(tx, place.chat_id, place.entity)
        if thread_id != made.message_thread_id:
            await self._remove_stray(place.chat_id, made.message_thread_id)
        if opened is None:
            raise NotYetError(LOOK_AGAIN, "the topic was lost while it was opened")
        return opened

    async def _withdraw(self, topic: Topic) -> None:
        async with self._db.transaction() as tx:
            await topics.withdraw(tx, topic.id)

    async def _remove_stray(self, chat_id: int, thread_id: int) -> None:
        """An earlier call had created the topic after all and its update was adopted: one of the two is too many."""
        try:
            await self._calls.plain(DeleteForumTopic(chat_id=chat_id, message_thread_id=thread_id))
        except JarvisError as error:
            _log.warning("stray_topic_stays", chat=chat_id, thread=thread_id, error=error)


def _thread(topic: Topic) -> int:
    if topic.thread_id is None:
        raise Broken(f"topic {topic.id} is {topic.state} and has no thread")
    return topic.thread_id


def _hopeless(topic: Topic, refusal: RefusedError) -> JarvisError:
    match refusal.fault:
        case Fault.TOPIC_GONE:
            return Broken(f"the topic of {topic.entity} in {topic.chat_id} was lost again right after it was opened")
        case Fault.TOPIC_CLOSED:
            return NeedsAttention(
                f"a closed topic of {topic.chat_id} stays closed: the right can_manage_topics is missing",
                scope="destination",
            )
        case _:
            return refusal

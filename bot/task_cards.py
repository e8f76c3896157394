"""The card of a task: in a topic of its own in its assignee's group of tasks, and under the words it came from."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiogram.types import InlineKeyboardMarkup

from bot import keyboards, posts
from bot.cards import BLUE
from bot.errors import Fault, NotYetError, RefusedError
from bot.means import Means
from bot.posting import GENERAL
from bot.posts import Look
from bot.quoting import line
from bot.task_topics import task_place
from bot.topics import Place
from core.clock import local_text
from core.commands import Command, ShowTaskCard, Text
from core.commands.task_buttons import task_buttons
from core.events import NewEvent
from db.commands import Delivery
from db.queries import chats, tasks, topics
from db.queries import posts as known_posts
from db.queries.chats import Chat
from db.queries.posts import CARD, Post
from db.queries.tasks import RULES, Task
from db.session import Tx

TITLE_LIMIT = 300
LOOK_AGAIN = timedelta(seconds=2)
BIND_PATIENCE = timedelta(minutes=3)
"""How long a card waits for its group: the order may come before the group is written down as one."""


def card_text(task: Task, links: list[tuple[str, str]], now: datetime) -> Text:
    """The card, one text a line; what nobody said is left out."""
    title = {"number": str(task.number), "title": line(task.title, TITLE_LIMIT), "status": task.status}
    return Text(key="task-card-title", args={**title}, parts=tuple(_lines(task, links, now)))


def _lines(task: Task, links: list[tuple[str, str]], now: datetime) -> Iterator[Text]:
    zone = ZoneInfo(task.timezone)
    yield Text(key="task-card-status", args={"status": task.status, "priority": task.priority})
    if task.nature in {"breakdown", "incident"}:
        yield Text(key="task-card-nature", args={"nature": task.nature, "part": task.part or "other"})
    yield Text(key="task-card-assignee", args={"name": line(task.assignee_name or "—")})
    for kind, name in links:
        yield Text(key="task-card-link", args={"kind": kind, "name": line(name)})
    if task.due_at is not None:
        is_late = task.is_open and task.due_at <= now
        yield Text(
            key="task-card-due", args={"time": local_text(task.due_at, zone), "late": "yes" if is_late else "no"}
        )
    if task.is_open and task.snooze_until is not None and task.snooze_until > now:
        yield Text(key="task-card-snoozed", args={"time": local_text(task.snooze_until, zone)})
    if task.created_by == RULES:
        yield Text(key="task-card-by-rules")


async def show(means: Means, body: ShowTaskCard, command: Command) -> Delivery:
    """Bring the card up to date where it stands in this chat; a closed task's topic is closed with it."""
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, body.chat_id)
        language = await chats.language_of(tx, body.chat_id)
        task = await tasks.find(tx, body.task_id)
        links = [] if task is None else await tasks.link_names(tx, task)
    if task is None:
        return Delivery({"skipped": "no such task"})
    look = _look(means, task, body, means.texts.html(card_text(task, links, means.clock.now()), language), language)
    if chat is not None and chat.purpose == "task_group":
        return await _show_in_group(means, chat, task, look, command)
    if body.is_group:
        return _wait_for_group(means, command)
    return await _show_under(means, body, task, look, command)


def _look(means: Means, task: Task, body: ShowTaskCard, markup: str, language: str) -> Look:
    """All cards of a task share their buttons: a press on one of them uses up those of the others."""
    group_key = f"task:{task.id}:{task.version}"

    async def made() -> InlineKeyboardMarkup | None:
        rows = task_buttons(task.id, task.status)
        return await keyboards.keyboard(means, body.chat_id, rows, group_key=group_key, language=language)

    return Look(markup, made, mark=group_key, reply_to=body.reply_to, is_silent=body.reply_to is not None)


def _wait_for_group(means: Means, command: Command) -> Delivery:
    if means.clock.now() - command.created_at < BIND_PATIENCE:
        raise NotYetError(LOOK_AGAIN, "the group is not written down yet")
    return Delivery({"skipped": "this chat is no group of tasks"})


async def _show_in_group(means: Means, chat: Chat, task: Task, look: Look, command: Command) -> Delivery:
    place = task_place(chat, task)
    if not task.is_open or chat.person_id != task.assignee_id:
        return await _archive(means, place, look, command)

    async def bring_up(thread_id: int) -> tuple[Post, str]:
        await posts.rename(means, place)
        return await posts.bring_up(means, place, CARD, look, thread_id=thread_id, priority=command.priority)

    post, what = await means.topics.inside(place, bring_up)
    events = await posts.pin(means, chat, place, CARD, post)

    async def save(_tx: Tx) -> Sequence[NewEvent[Any]]:
        return events

    return Delivery({"message_id": post.message_id, "thread_id": post.thread_id, "card": what}, save)


async def _archive(means: Means, place: Place, look: Look, command: Command) -> Delivery:
    """Say on the card how it ended and close the topic; none is opened for what is over."""
    async with means.db.transaction() as tx:
        topic = await topics.alive(tx, place.chat_id, place.entity)
        card = await known_posts.find(tx, place.chat_id, place.entity, CARD)
    if topic is None or topic.thread_id is None or card is None:
        return Delivery({"skipped": "it has no topic here"})
    if card.thread_id == topic.thread_id and not topic.is_closed:
        await posts.bring_up(means, place, CARD, look, thread_id=topic.thread_id, priority=command.priority)
    await means.topics.close(topic)
    return Delivery({"thread_id": topic.thread_id, "card": "archived"})


async def _show_under(means: Means, body: ShowTaskCard, task: Task, look: Look, command: Command) -> Delivery:
    """A card under words stays in their topic; where the topic is gone, the assignee's own card is enough."""
    place = Place(body.chat_id, task.subject, "", BLUE)
    async with means.db.transaction() as tx:
        known = await known_posts.find(tx, place.chat_id, place.entity, CARD)
    thread_id = known.thread_id if known is not None else body.thread_id
    try:
        post, what = await posts.bring_up(
            means, place, CARD, look, thread_id=thread_id or GENERAL, priority=command.priority
        )
    except RefusedError as refusal:
        if refusal.fault not in {Fault.TOPIC_GONE, Fault.TOPIC_CLOSED}:
            raise
        return Delivery({"skipped": f"the topic takes nothing: {refusal.fault}"})
    return Delivery({"message_id": post.message_id, "thread_id": post.thread_id, "card": what})

"""The commands this agent orders, each with the key that makes it happen once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from core.commands import (
    CloseTopic,
    NewCommand,
    Priority,
    SendMessage,
    ShowCarCard,
    TelegramCommand,
    Text,
    chat_destination,
)
from core.events import Event
from db.queries.chats import Chat


def show(event: Event[Any], forum: Chat, car_id: UUID, *, priority: Priority = Priority.CARD) -> NewCommand:
    """A card; several wishes for one card are one wish, because it shows the newest state."""
    return _order(
        event,
        forum,
        ShowCarCard(chat_id=forum.chat_id, car_id=car_id),
        effect=f"card:{event.id}:{forum.chat_id}:{car_id}",
        priority=priority,
        merge_key=f"card:{forum.chat_id}:{car_id}",
    )


def tell(event: Event[Any], forum: Chat, car_id: UUID, text: Text) -> NewCommand:
    """A short line in the car's topic, without a sound: the topic is read when somebody needs the car."""
    body = SendMessage(chat_id=forum.chat_id, text=text, entity=f"car:{car_id}", is_silent=True)
    return _order(event, forum, body, effect=f"line:{event.id}:{forum.chat_id}:{car_id}", priority=Priority.LINE)


def close(event: Event[Any], forum: Chat, car_id: UUID, farewell: Text, *, link: Chat | None = None) -> NewCommand:
    body = CloseTopic(
        chat_id=forum.chat_id,
        entity=f"car:{car_id}",
        farewell=farewell,
        link_chat_id=None if link is None else link.chat_id,
    )
    return _order(event, forum, body, effect=f"close:{event.id}:{forum.chat_id}:{car_id}", priority=Priority.LINE)


def seed(event: Event[Any], forum: Chat, cars: Sequence[UUID]) -> tuple[NewCommand, ...]:
    """All cards of a forum, behind everything else; the performer keeps the pace."""
    return tuple(show(event, forum, car_id, priority=Priority.SEED) for car_id in cars)


def welcome(event: Event[Any], forum: Chat, cars: int) -> NewCommand:
    text = Text(key="forum-welcome", args={"branch": forum.branch_name or "", "cars": cars})
    body = SendMessage(chat_id=forum.chat_id, text=text)
    return _order(event, forum, body, effect=f"welcome:{event.id}:{forum.chat_id}", priority=Priority.ANSWER)


def _order(
    event: Event[Any],
    forum: Chat,
    body: TelegramCommand,
    *,
    effect: str,
    priority: Priority,
    merge_key: str | None = None,
) -> NewCommand:
    return NewCommand(
        body=body,
        destination=chat_destination(forum.chat_id),
        effect_key=effect,
        priority=priority,
        merge_key=merge_key,
        branch=forum.branch or event.branch,
    )

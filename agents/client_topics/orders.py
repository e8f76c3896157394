"""What is ordered for every place of a conversation at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.commands import (
    NewCommand,
    Text,
    show_car_card,
    show_client_message,
    show_conversation_card,
    tell_topic,
)
from core.events import Event
from db.queries import chats, client_places
from db.queries.conversations import Conversation, Place
from db.session import Tx

LINKED_AFTER = timedelta(seconds=10)
"""The topic of a client is opened by then, so that the card of the car finds it."""
CAUGHT_UP = 30
"""How many unanswered messages somebody is shown who has not read them yet."""

Commands = tuple[NewCommand, ...]


def cards(event: Event[Any], conversation: Conversation, places: Iterable[Place]) -> Commands:
    return tuple(
        show_conversation_card(place.chat_id, conversation.id, event_id=event.id, branch=conversation.branch)
        for place in places
    )


def messages_at(
    event: Event[Any], conversation: Conversation, places: Iterable[Place], message_ids: Sequence[UUID]
) -> Commands:
    return tuple(
        show_client_message(place.chat_id, conversation.id, message_id, event_id=event.id, branch=conversation.branch)
        for place in places
        for message_id in message_ids
    )


def lines(event: Event[Any], conversation: Conversation, places: Iterable[Place], text: Text) -> Commands:
    """One line in the topic of every place."""
    return tuple(
        tell_topic(
            place.chat_id,
            conversation.entity,
            text,
            effect_key=f"talk:{event.id}:{place.chat_id}:{conversation.id}",
            branch=conversation.branch,
        )
        for place in places
    )


async def catch_up(
    tx: Tx,
    event: Event[Any],
    conversation: Conversation,
    places: Sequence[Place],
    *,
    is_shown: bool | None = None,
) -> Commands:
    """What is not answered yet, for places that have not seen it."""
    if not places:
        return ()
    waiting = await client_places.unanswered(tx, conversation.id, limit=CAUGHT_UP, is_shown=is_shown)
    return messages_at(event, conversation, places, waiting)


async def car_card(tx: Tx, event: Event[Any], conversation: Conversation, *, now: datetime) -> Commands:
    """The card of the booking's car, which links to the topic of its client: that was opened or closed now."""
    found = None
    if conversation.booking_id is not None:
        found = await client_places.car_of_booking(tx, conversation.booking_id)
    if found is None:
        return ()
    car_id, branch = found
    forum = await chats.forum_of(tx, branch)
    if forum is None:
        return ()
    order = show_car_card(forum.chat_id, car_id, event_id=event.id, branch=branch, not_before=now + LINKED_AFTER)
    return (order,)

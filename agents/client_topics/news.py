"""What clients and operators wrote, and what became of our own messages: shown wherever the conversation is."""

from typing import Any

from agents.client_topics.frame import Frame
from agents.client_topics.orders import car_card, cards, catch_up, messages_at
from agents.client_topics.places import settle
from agents.spec import Outcome
from core.commands import NewCommand, show_sending
from core.events import (
    ClientWrote,
    ConversationEvent,
    Event,
    MessageNotSent,
    MessageSent,
    MessageTranslated,
    OperatorWrote,
)
from db.queries import client_places, conversations, messages
from db.queries.conversations import Conversation, Place
from db.queries.messages import Message
from db.session import Tx

UNKNOWN = Outcome(note="the conversation is not known")


async def client_wrote(tx: Tx, event: Event[ClientWrote], frame: Frame) -> Outcome:
    """Shown in every place; a place that is new here gets all that waits for an answer."""
    return await _shown(tx, event, frame)


async def operator_wrote(tx: Tx, event: Event[OperatorWrote], frame: Frame) -> Outcome:
    return await _shown(tx, event, frame)


async def _shown(tx: Tx, event: Event[Any], frame: Frame) -> Outcome:
    conversation = await conversations.lock(tx, event.body.conversation_id)
    if conversation is None:
        return UNKNOWN
    shown = await settle(tx, conversation, now=frame.now)
    seen = [place for place in shown.places if place not in shown.added]
    commands = (
        *await catch_up(tx, event, conversation, shown.added),
        *messages_at(event, conversation, seen, (event.body.message_id,)),
        *cards(event, conversation, shown.places),
        *(await car_card(tx, event, conversation, now=frame.now) if shown.added else ()),
    )
    note = None if commands else "nobody has a group to show it in"
    return Outcome(events=shown.events, commands=commands, note=note)


async def translated(tx: Tx, event: Event[MessageTranslated], frame: Frame) -> Outcome:
    del frame
    conversation = await conversations.find(tx, event.body.conversation_id)
    if conversation is None:
        return UNKNOWN
    places = await client_places.read_by_staff(tx, conversation.id)
    return Outcome(commands=messages_at(event, conversation, places, (event.body.message_id,)))


async def sent(tx: Tx, event: Event[MessageSent], frame: Frame) -> Outcome:
    """Under the words of whoever wrote it that it has left; the others read what the client was told."""
    del frame
    conversation, message = await _ours(tx, event)
    if conversation is None or message is None:
        return UNKNOWN
    places = await client_places.read_by_staff(tx, conversation.id)
    others = [place for place in places if place.chat_id != message.chat_id]
    commands = (
        *_sending(event, conversation, message, ()),
        *messages_at(event, conversation, others, (message.id,)),
        *cards(event, conversation, places),
    )
    return Outcome(commands=commands)


async def not_sent(tx: Tx, event: Event[MessageNotSent], frame: Frame) -> Outcome:
    """Whoever wrote it must not believe that it left; where nobody wrote it, every place is told."""
    del frame
    conversation, message = await _ours(tx, event)
    if conversation is None or message is None:
        return UNKNOWN
    places = await client_places.read_by_staff(tx, conversation.id)
    return Outcome(
        commands=(*_sending(event, conversation, message, places), *cards(event, conversation, places)),
        note=event.body.why,
    )


async def _ours(tx: Tx, event: Event[ConversationEvent]) -> tuple[Conversation | None, Message | None]:
    conversation = await conversations.find(tx, event.body.conversation_id)
    return conversation, await messages.find(tx, event.body.message_id)


def _sending(
    event: Event[Any], conversation: Conversation, message: Message, otherwise: list[Place] | tuple[()]
) -> tuple[NewCommand, ...]:
    chats = [place.chat_id for place in otherwise] if message.chat_id is None else [message.chat_id]
    return tuple(
        show_sending(chat_id, conversation.id, message.id, event_id=event.id, branch=conversation.branch)
        for chat_id in chats
    )

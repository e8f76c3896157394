"""Where the topic of something is in a chat, and how it is called."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from bot.cards import BLUE, GREEN, PINK, YELLOW, place_of
from bot.markup import TOPIC_NAME_LIMIT, cut_plain
from bot.means import Means
from bot.quoting import line
from bot.task_topics import task_place
from bot.texts import Texts
from bot.topics import Place
from core.commands import Text
from core.errors import Broken, Rejected
from db.queries import chats, tasks
from db.queries.car_cards import car_facts
from db.queries.chats import Chat
from db.queries.conversation_cards import ConversationFacts, conversation_facts
from db.session import Tx

_COLOURS = {"whatsapp": GREEN, "telegram": BLUE, "instagram": PINK}
_NAME_SHARE = 80
"""A long name of a client leaves the car its part of the topic's name."""


async def place_of_entity(means: Means, chat_id: int, entity: str) -> tuple[Chat, Place]:
    """``Rejected`` when the chat or the thing is unknown, or when this chat is no place for it."""
    kind, _, key = entity.partition(":")
    find = _PLACES.get(kind)
    if find is None:
        raise Broken(f"no topic is known for {entity}")
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, chat_id)
        place = None if chat is None else await find(means, tx, chat, UUID(key))
    if chat is None or place is None:
        raise Rejected(f"no topic for {entity} in {chat_id}: the chat or what it is about is unknown")
    return chat, place


async def _car(means: Means, tx: Tx, chat: Chat, car_id: UUID) -> Place | None:
    car = await car_facts(tx, car_id, now=means.clock.now())
    return None if car is None else place_of(chat, car, means.texts)


async def _conversation(means: Means, tx: Tx, chat: Chat, conversation_id: UUID) -> Place | None:
    facts = await conversation_facts(tx, conversation_id)
    if facts is None or not shows_clients(chat):
        return None
    return conversation_place(chat, facts, means.texts)


async def _task(means: Means, tx: Tx, chat: Chat, task_id: UUID) -> Place | None:
    """A topic of its own, only in the group of whoever owes it."""
    del means
    task = await tasks.find(tx, task_id)
    is_theirs = task is not None and chat.purpose == "task_group" and chat.person_id == task.assignee_id
    return task_place(chat, task) if task is not None and is_theirs else None


_PLACES: Mapping[str, Callable[[Means, Tx, Chat, UUID], Awaitable[Place | None]]] = {
    "car": _car,
    "conversation": _conversation,
    "task": _task,
}


def shows_clients(chat: Chat) -> bool:
    """What a client says is shown in the group of whoever holds the conversation, and nowhere else."""
    return chat.purpose == "personal_group" and chat.can_work


def conversation_place(chat: Chat, facts: ConversationFacts, texts: Texts) -> Place:
    """``<Client> | <Car>``; a client without a car stands alone."""
    parts = [client_name(facts, texts, chat.language), car_name(facts)]
    name = " | ".join(part for part in parts if part)
    return Place(chat.chat_id, facts.entity, cut_plain(name, TOPIC_NAME_LIMIT), _COLOURS.get(facts.channel, YELLOW))


def client_name(facts: ConversationFacts, texts: Texts, language: str) -> str:
    """One calm line: people choose their names themselves."""
    unnamed = texts.plain(Text(key="client-unnamed", args={"number": str(facts.lead_id)}), language)
    return line(facts.name or "", _NAME_SHARE) or unnamed


def car_name(facts: ConversationFacts) -> str:
    """As the car's own topic is called; empty where there is no car."""
    name = " ".join(part for part in (facts.plate, facts.model) if part)
    return name or (f"№{facts.car_number}" if facts.car_number is not None else "")

"""The pinned card of a conversation and its topic: named, opened, closed with the conversation."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bot import forum_mode, posts
from bot.callbacks import screen_button
from bot.conversation_texts import card_text
from bot.errors import Fault, RefusedError
from bot.keyboards import Link, Rows, look_with
from bot.means import Means
from bot.places import conversation_place, shows_clients
from bot.posts import Look
from bot.topics import Place
from core.commands import Button, Command, ShowConversationCard, Text
from core.events import ConversationSteered, NewEvent, Steer
from db.commands import Delivery
from db.queries import chats, topics
from db.queries import posts as known_posts
from db.queries.chats import Chat
from db.queries.conversation_cards import ConversationFacts, conversation_facts
from db.queries.posts import CARD, Post
from db.session import Tx

UMNICO = "https://umnico.com/app/inbox/deals/inbox/details/"
WHOEVER_PRESSES = UUID(int=0)
"""A button is made before anybody knows who presses it: the trust of the press tells."""


async def show(means: Means, body: ShowConversationCard, command: Command) -> Delivery:
    """Bring the topic's name, its card and its being open up to date."""
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, body.chat_id)
        facts = await conversation_facts(tx, body.conversation_id)
    if chat is None or facts is None or not shows_clients(chat):
        return Delivery({"skipped": "the conversation has no place in this chat now"})
    place = conversation_place(chat, facts, means.texts)
    markup = means.texts.html(card_text(facts, means.texts, chat.language), chat.language)
    rows = _rows(facts, chat)
    look = await look_with(means, place, CARD, Look(markup), rows, language=chat.language)
    if facts.is_closed:
        return await _put_away(means, place, look, command)
    return await _show(means, chat, place, look, command)


def umnico_link(lead_id: int) -> Link:
    return Link(Text(key="conversation-open-umnico"), f"{UMNICO}{lead_id}")


async def _show(means: Means, chat: Chat, place: Place, look: Look, command: Command) -> Delivery:
    events = await forum_mode.check(means, chat)

    async def bring_up(thread_id: int) -> tuple[Post, str]:
        await posts.rename(means, place)
        return await posts.bring_up(means, place, CARD, look, thread_id=thread_id, priority=command.priority)

    post, what = await means.topics.inside(place, bring_up)
    events += await posts.pin(means, chat, place, CARD, post)

    async def save(tx: Tx) -> Sequence[NewEvent[Any]]:
        del tx
        return events

    return Delivery({"message_id": post.message_id, "thread_id": post.thread_id, "card": what}, save)


async def _put_away(means: Means, place: Place, look: Look, command: Command) -> Delivery:
    """Say on the card that it is closed, then close the topic. Who closed it was said in the topic just before."""
    async with means.db.transaction() as tx:
        topic = await topics.alive(tx, place.chat_id, place.entity)
        card = await known_posts.find(tx, place.chat_id, place.entity, CARD)
    if topic is None or topic.thread_id is None:
        return Delivery({"skipped": "a closed conversation gets no topic"})
    if card is not None and card.thread_id == topic.thread_id:
        try:
            await posts.bring_up(means, place, CARD, look, thread_id=topic.thread_id, priority=command.priority)
        except RefusedError as refusal:
            if refusal.fault not in {Fault.TOPIC_CLOSED, Fault.TOPIC_GONE}:
                raise
    if not topic.is_closed:
        await means.topics.close(topic)
    return Delivery({"thread_id": topic.thread_id, "card": "put away"})


def _rows(facts: ConversationFacts, chat: Chat) -> Rows:
    umnico = umnico_link(facts.lead_id)
    if facts.is_closed:
        return ((_steer(facts, "reopen", "conversation-button-reopen"),), (umnico,))
    assign = screen_button(Text(key="conversation-button-assign"), "assign", conversation_id=str(facts.id))
    take = () if chat.person_id == facts.holder_id else (_steer(facts, "take", "conversation-button-take", "primary"),)
    consult = (
        _steer(facts, "consult_end", "conversation-button-consult-end", "danger")
        if facts.is_consult
        else _steer(facts, "consult", "conversation-button-consult")
    )
    return (
        (*take, assign),
        (_steer(facts, "prolong", "conversation-button-prolong"), consult),
        (_steer(facts, "close", "conversation-button-close"), umnico),
    )


def _steer(facts: ConversationFacts, act: Steer, label: str, style: str | None = None) -> Button:
    body = ConversationSteered(conversation_id=facts.id, act=act, person_id=WHOEVER_PRESSES)
    return Button(
        label=Text(key=label),
        event_kind=ConversationSteered.kind,
        event=body.model_dump(mode="json"),
        subject=facts.entity,
        style=style,
    )

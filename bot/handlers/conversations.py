"""Commands in a client's topic: who holds the conversation, whether it is open, whether the client hears, who it is."""

import re
from collections.abc import Callable

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.desk import Desk
from bot.filters import InClientTopic, InPersonalGroup, IsStaff
from bot.handlers.assigning import assign, steer
from bot.handlers.client_topics import conversation_of, entity_of, record_answer, words_of
from core.commands import Button, Text
from core.events import ConversationSteered, Steer
from db.queries import client_places, conversations
from db.queries.client_places import Client
from db.queries.conversations import Conversation
from db.session import Tx

SHORTEST_PHONE, LONGEST_NUMBER = 7, 9
"""Digits. What lies between them may be either, and both are looked for."""
SHOWN = 8
NAMES = ("take", "assign", "close", "reopen", "consult", "link", "offer")


def router() -> Router:
    made = Router(name="conversations")
    made.message.filter(IsStaff())
    here = (InClientTopic(), InPersonalGroup())
    made.message.register(take, Command("take"), *here)
    made.message.register(assign, Command("assign"), *here)
    made.message.register(close, Command("close"), *here)
    made.message.register(reopen, Command("reopen"), *here)
    made.message.register(consult, Command("consult"), *here)
    made.message.register(link, Command("link"), *here)
    made.message.register(offer, Command("offer"), *here)
    made.message.register(say_where, Command(*NAMES))
    return made


async def say_where(message: Message, desk: Desk) -> None:
    del message
    desk.reply(Text(key="talk-only-in-topic"))


async def take(message: Message, desk: Desk) -> None:
    await _unless(message, desk, "take", lambda it: it.holder_id == desk.person.id)


async def close(message: Message, desk: Desk) -> None:
    await _unless(message, desk, "close", lambda it: it.state == "closed")


async def reopen(message: Message, desk: Desk) -> None:
    await _unless(message, desk, "reopen", lambda it: it.state == "open")


async def _unless(message: Message, desk: Desk, act: Steer, is_so: Callable[[Conversation], bool]) -> None:
    """Steer the conversation, or say that it is so already."""
    del message
    async with desk.work() as tx:
        conversation = await _conversation(desk, tx)
        if conversation is not None and is_so(conversation):
            desk.reply(Text(key=f"talk-{act}-already"))
        else:
            steer(desk, act, conversation_of(desk))


async def consult(message: Message, desk: Desk) -> None:
    """The same command begins and ends it."""
    del message
    async with desk.work() as tx:
        conversation = await _conversation(desk, tx)
        is_on = conversation is not None and conversation.is_consult
        steer(desk, "consult_end" if is_on else "consult", conversation_of(desk))


async def offer(message: Message, desk: Desk, command: CommandObject) -> None:
    """Words that promise something; a head consents before they leave."""
    words = (command.args or "").strip()
    async with desk.work() as tx:
        conversation = await _conversation(desk, tx)
        if not words:
            desk.reply(Text(key="talk-offer-how"))
        elif conversation is not None and conversation.is_consult:
            desk.reply(Text(key="talk-not-sent-consult"))
        else:
            update = {"text": words, "needs_approval": True}
            record_answer(message, desk, words_of(message, desk).model_copy(update=update))


async def link(message: Message, desk: Desk, command: CommandObject) -> None:
    """By phone or by RentProg's number; of several a person chooses."""
    del message
    digits = re.sub(r"\D", "", command.args or "")
    if not digits:
        desk.reply(Text(key="talk-link-how"))
        return
    number = int(digits) if len(digits) <= LONGEST_NUMBER else None
    phone = digits if len(digits) >= SHORTEST_PHONE else None
    async with desk.work() as tx:
        found = await client_places.clients_named(tx, number=number, phone=phone, limit=SHOWN)
        if not found:
            desk.reply(Text(key="talk-link-none", args={"wanted": (command.args or "").strip()}))
        elif len(found) == 1:
            steer(desk, "link_client", conversation_of(desk), client_id=found[0].id)
        else:
            desk.reply(Text(key="talk-link-which"), tuple((_client_button(desk, one),) for one in found))


def _client_button(desk: Desk, client: Client) -> Button:
    body = ConversationSteered(
        conversation_id=conversation_of(desk), act="link_client", person_id=desk.person.id, client_id=client.id
    )
    label = " · ".join(part for part in (client.name, f"№{client.number}", client.phone) if part)
    return Button(
        label=Text(key="button-plain", args={"label": label}),
        event_kind=ConversationSteered.kind,
        event=body.model_dump(mode="json"),
        subject=entity_of(desk),
    )


async def _conversation(desk: Desk, tx: Tx) -> Conversation | None:
    return await conversations.find(tx, conversation_of(desk))

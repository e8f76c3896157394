"""Write the translation into the row, and let go, hold or tell what follows from it."""

from dataclasses import replace
from typing import Any

from agents.spec import Outcome
from agents.translator.agent import Translated
from agents.translator.context import Context
from agents.translator.decide import Verdict
from core.commands import NewCommand, consent_to_offer, send_to_client, show_sending
from core.events import ClientWrote, Event, MessageTranslated, NewEvent, TranslationWanted
from db.queries import client_places, conversations, messages
from db.queries.conversations import Conversation
from db.queries.messages import Message
from db.session import Tx

EDITABLE = frozenset({"pending", "held"})


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    if not isinstance(outcome.changes, Translated):
        return outcome
    wanted = tuple(
        NewEvent(
            body=TranslationWanted(conversation_id=conversation_id, message_id=message_id),
            subject=conversations.subject_of(conversation_id),
        )
        for conversation_id, message_id in outcome.changes.wanted
    )
    found = await _write(tx, event, outcome.changes)
    return replace(outcome, events=found.events + wanted, commands=found.commands, note=found.note or outcome.note)


async def _write(tx: Tx, event: Event[Any], changes: Translated) -> Outcome:
    context = changes.context
    if context is None:
        return Outcome()
    conversation = await conversations.lock(tx, context.conversation.id)
    message = await messages.lock(tx, context.message.id)
    if conversation is None or message is None or message.words != context.message.words:
        return Outcome(note="it says something else by now")
    if context.is_of_staff:
        return await _of_staff(tx, event, (conversation, message), context, changes)
    return await _of_client(tx, event, (conversation, message), context, changes)


async def _of_client(
    tx: Tx, event: Event[Any], rows: tuple[Conversation, Message], context: Context, changes: Translated
) -> Outcome:
    conversation, message = rows
    verdict = changes.verdict
    if verdict is None or (changes.is_late and message.translation_state != "waiting"):
        return Outcome(note="decided already")
    await messages.store(tx, _with(replace(message, language=context.source), verdict, context))
    is_news = isinstance(event.body, ClientWrote) or (message.author == "client" and conversation.language is None)
    if is_news and context.spoken is not None and context.spoken != conversation.language:
        await conversations.store(tx, replace(conversation, language=context.spoken))
    if not changes.is_late or verdict.state == "waiting":
        return Outcome()
    translated = NewEvent(
        body=MessageTranslated(conversation_id=conversation.id, message_id=message.id),
        subject=conversation.entity,
        trust=conversation.trust,
        branch=conversation.branch,
    )
    return Outcome(events=(translated,))


async def _of_staff(
    tx: Tx, event: Event[Any], rows: tuple[Conversation, Message], context: Context, changes: Translated
) -> Outcome:
    """Whoever decided in the meantime (let it go as written, took it back) is not overruled."""
    conversation, message = rows
    verdict = changes.verdict
    if verdict is None or message.translation_state != "waiting" or message.delivery not in EDITABLE:
        return Outcome(note="decided already")
    if conversation.is_consult and verdict.is_sent:
        verdict = replace(verdict, delivery="held", note="consult")
    message = _with(replace(message, language=context.source), verdict, context)
    message = replace(message, delivery=verdict.delivery or message.delivery)
    await messages.store(tx, message)
    if verdict.state == "waiting" and changes.is_late:
        return Outcome()
    shown = _shown(event, conversation, message)
    return Outcome(commands=(await _order(tx, conversation, message, context), *shown) if verdict.is_sent else shown)


async def _order(tx: Tx, conversation: Conversation, message: Message, context: Context) -> NewCommand:
    words = message.client_words
    approval = None
    if message.needs_approval:
        approval = consent_to_offer(
            conversation.id,
            words,
            staff_text=message.original,
            person_id=message.person_id,
            expires_at=context.offer_expires_at,
            branch=conversation.branch,
        )
    return send_to_client(
        conversation.account_id,
        conversation.lead_id,
        conversation.id,
        message.id,
        words,
        attempt=await client_places.next_attempt(tx, message.id),
        branch=conversation.branch,
        approval=approval,
    )


def _shown(event: Event[Any], conversation: Conversation, message: Message) -> tuple[NewCommand, ...]:
    if message.chat_id is None:
        return ()
    return (show_sending(message.chat_id, conversation.id, message.id, event_id=event.id, branch=conversation.branch),)


def _with(message: Message, verdict: Verdict, context: Context) -> Message:
    return replace(
        message,
        translation=verdict.translation,
        translated_to=context.target if verdict.translation is not None else None,
        translation_state=verdict.state,
        translation_note=verdict.note,
    )

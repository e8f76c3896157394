"""A person lets a message go, takes it back, or wants one sent again."""

from dataclasses import replace

from agents.client_topics.answers import can_change
from agents.client_topics.frame import Frame
from agents.spec import Outcome
from core.commands import TAKEN_BACK, NewCommand, Text, consent_to_offer, send_to_client, show_sending, tell_topic
from core.events import Event, SendConfirmed, SendRetried
from db.queries import client_places, conversations, messages
from db.queries.conversations import Conversation
from db.queries.messages import Message
from db.session import Tx


async def confirmed(tx: Tx, event: Event[SendConfirmed], frame: Frame) -> Outcome:
    conversation = await conversations.lock(tx, event.body.conversation_id)
    message = await messages.lock(tx, event.body.message_id)
    if conversation is None or message is None or message.direction != "outgoing":
        return Outcome(note="there is no such message of ours")
    if not can_change(message):
        return Outcome(commands=_sending(event, conversation, message), note="decided already")
    if not event.body.is_let_go:
        # No translation that comes late may find it waiting, or it would leave after all.
        await messages.store(
            tx, replace(message, delivery="failed", delivery_note=TAKEN_BACK, translation_state="none")
        )
        return Outcome(commands=_sending(event, conversation, message), note=TAKEN_BACK)
    if conversation.is_consult:
        return _refused(event, conversation, message, Text(key="talk-not-sent-consult"))
    if message.translation_state == "waiting" and not event.body.as_written:
        return Outcome(commands=_sending(event, conversation, message), note="there is no translation to let go yet")
    return await _let_go(tx, event, conversation, _as_confirmed(message, as_written=event.body.as_written), frame)


def _as_confirmed(message: Message, *, as_written: bool) -> Message:
    released = replace(message, delivery="pending", delivery_note=None)
    if as_written:
        return replace(released, translation=None, translated_to=None, translation_state="none")
    return replace(released, translation_state="done" if message.translation is not None else "none")


async def retried(tx: Tx, event: Event[SendRetried], frame: Frame) -> Outcome:
    """Each try is an effect of its own; a person pressed for it."""
    conversation = await conversations.lock(tx, event.body.conversation_id)
    message = await messages.lock(tx, event.body.message_id)
    if conversation is None or message is None or message.direction != "outgoing":
        return Outcome(note="there is no such message of ours")
    if message.delivery not in {"failed", "unknown"}:
        return Outcome(commands=_sending(event, conversation, message), note="it is on its way already")
    if conversation.is_consult:
        return _refused(event, conversation, message, Text(key="talk-not-sent-consult"))
    if message.delivery_note == TAKEN_BACK:
        return _refused(event, conversation, message, Text(key="talk-taken-back"))
    return await _let_go(tx, event, conversation, replace(message, delivery="pending", delivery_note=None), frame)


async def _let_go(
    tx: Tx,
    event: Event[SendConfirmed] | Event[SendRetried],
    conversation: Conversation,
    message: Message,
    frame: Frame,
) -> Outcome:
    """An offer waits for consent each time: a confirmation or another try is no way around a head."""
    await messages.store(tx, message)
    words = messages.client_words(message)
    approval = None
    if message.needs_approval:
        approval = consent_to_offer(
            conversation.id,
            words,
            staff_text=message.original,
            person_id=message.person_id,
            expires_at=frame.offer_expires_at,
            branch=conversation.branch,
        )
    order = send_to_client(
        conversation.account_id,
        conversation.lead_id,
        conversation.id,
        message.id,
        words,
        attempt=await client_places.next_attempt(tx, message.id),
        branch=conversation.branch,
        approval=approval,
    )
    return Outcome(commands=(order, *_sending(event, conversation, message)))


def _refused(
    event: Event[SendConfirmed] | Event[SendRetried], conversation: Conversation, message: Message, text: Text
) -> Outcome:
    if message.chat_id is None:
        return Outcome(note=text.key)
    told = tell_topic(
        message.chat_id,
        conversation.entity,
        text,
        effect_key=f"not-sent:{event.id}",
        reply_to=message.message_id,
        branch=conversation.branch,
    )
    return Outcome(commands=(told, *_sending(event, conversation, message)), note=text.key)


def _sending(
    event: Event[SendConfirmed] | Event[SendRetried], conversation: Conversation, message: Message
) -> tuple[NewCommand, ...]:
    if message.chat_id is None:
        return ()
    return (show_sending(message.chat_id, conversation.id, message.id, event_id=event.id, branch=conversation.branch),)

"""What staff write in a client's topic: stored for the client, unless it is meant for colleagues alone."""

from dataclasses import replace

from agents.client_topics.frame import Frame
from agents.client_topics.orders import cards
from agents.client_topics.places import settle
from agents.spec import Outcome
from core.commands import NewCommand, Text, show_draft, show_sending, tell_topic
from core.events import Event, KeptFile, StaffAnswered
from db.queries import conversations, drafts, messages
from db.queries.conversations import Conversation
from db.queries.messages import Attachment, Message
from db.session import Tx

INTERNAL = "internal: the conversation is in consult mode"


async def answered(tx: Tx, event: Event[StaffAnswered], frame: Frame) -> Outcome:
    conversation = await conversations.lock(tx, event.body.conversation_id)
    if conversation is None:
        return Outcome(note="the conversation is not known")
    message_id = messages.id_of_outgoing(event.body.chat_id, event.body.message_id)
    known = await messages.lock(tx, message_id)
    if event.body.is_edit:
        return await _edited(tx, event, conversation, known)
    if conversation.is_consult:
        return Outcome(note=INTERNAL)
    if known is not None:
        return Outcome(note="stored already")
    return await _stored(tx, event, conversation, frame)


async def _stored(tx: Tx, event: Event[StaffAnswered], conversation: Conversation, frame: Frame) -> Outcome:
    """The translator, who is next, lets it go or holds it back."""
    body = event.body
    message_id = messages.id_of_outgoing(body.chat_id, body.message_id)
    await messages.store(
        tx,
        Message(
            id=message_id,
            conversation_id=conversation.id,
            account_id=conversation.account_id,
            custom_id=messages.custom_id_of(message_id),
            direction="outgoing",
            author="staff",
            person_id=body.person_id,
            sent_at=event.occurred_at,
            original=body.text,
            translation_state="waiting",
            attachments=() if body.file is None else (_attachment(body.file),),
            delivery="pending",
            needs_approval=body.needs_approval,
            chat_id=body.chat_id,
            message_id=body.message_id,
        ),
    )
    is_unheld = conversation.holder_id is None
    going_on = await conversations.store(
        tx,
        replace(
            conversations.prolonged(conversation, now=frame.now),
            state="open",
            holder_id=body.person_id if is_unheld else conversation.holder_id,
            held_since=frame.now if is_unheld else conversation.held_since,
        ),
    )
    shown = await settle(tx, going_on, now=frame.now)
    note = "reopened" if conversation.state == "closed" else None
    redrawn = await _without_drafts(tx, event, going_on)
    return Outcome(events=shown.events, commands=(*cards(event, going_on, shown.places), *redrawn), note=note)


async def _without_drafts(tx: Tx, event: Event[StaffAnswered], conversation: Conversation) -> tuple[NewCommand, ...]:
    """Whoever answered in their own words needs no draft any more: nobody may send it on top by mistake."""
    outdated = await drafts.outdate(tx, conversation.id)
    return tuple(
        show_draft(chat_id, conversation.id, draft_id, event_id=event.id, branch=conversation.branch)
        for draft_id, chat_id in await drafts.shown_in(tx, outdated)
    )


def _attachment(file: KeptFile) -> Attachment:
    return Attachment(
        kind=file.media_kind, name=file.name, mime=file.mime, size=file.size, storage_key=file.storage_key
    )


async def _edited(tx: Tx, event: Event[StaffAnswered], conversation: Conversation, known: Message | None) -> Outcome:
    """Only what nobody has ordered to be sent can still change; everything else is said plainly."""
    body = event.body
    if known is not None and known.original == body.text:
        return Outcome(note="the words are the same")
    if known is None and conversation.is_consult:
        return Outcome(note=INTERNAL)
    if known is None or not can_change(known) or conversation.is_consult:
        text = Text(key="talk-edit-too-late")
        told = tell_topic(
            body.chat_id,
            conversation.entity,
            text,
            effect_key=f"edit:{event.id}",
            reply_to=body.message_id,
            branch=conversation.branch,
        )
        return Outcome(commands=(told,), note="the client gets the old words")
    await messages.store(
        tx,
        replace(
            known,
            original=body.text,
            translation=None,
            translated_to=None,
            translation_state="waiting",
            translation_note=None,
            delivery="pending",
            delivery_note=None,
            edited_at=event.occurred_at,
        ),
    )
    shown = show_sending(body.chat_id, conversation.id, known.id, event_id=event.id, branch=conversation.branch)
    return Outcome(commands=(shown,), note="other words")


def can_change(message: Message) -> bool:
    """No order to send it was given: it is held, or not translated yet."""
    return message.delivery == "held" or (message.delivery == "pending" and message.translation_state == "waiting")

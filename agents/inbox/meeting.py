"""Who writes: what a message tells about its contact, which client that is, and who answers them first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from agents.inbox.told import LeadTold
from core.chain import NobodyLeft
from core.events import ConversationMoved
from db.queries import branches, conversations, staff
from db.queries.conversations import Conversation
from db.session import Tx
from integrations.umnico import Channel, UmnicoMessage, phone_digits


def introduced(conversation: Conversation, incoming: Sequence[UmnicoMessage]) -> Conversation:
    """The conversation after these messages of the client, the oldest first; what none of them tells stays.

    The answer goes to the source of the last one, so an old message that came late changes nothing there.
    """
    for message in incoming:
        is_last = conversation.last_incoming_at is None or message.sent_at >= conversation.last_incoming_at
        if is_last or conversation.source_real_id is None:
            conversation = _heard_from(conversation, message)
    return conversation


def _heard_from(conversation: Conversation, message: UmnicoMessage) -> Conversation:
    is_other_source = message.source_real_id not in {None, conversation.source_real_id}
    return replace(
        conversation,
        channel=str(message.channel) if message.channel_type is not None else conversation.channel,
        channel_raw=message.channel_type or conversation.channel_raw,
        sa_id=message.sa_id if is_other_source else message.sa_id or conversation.sa_id,
        source_real_id=message.source_real_id or conversation.source_real_id,
        contact_name=message.sender_name or conversation.contact_name,
        login=message.sender_login or conversation.login,
        phone=_phone(message) or conversation.phone,
        social_id=message.social_id or conversation.social_id,
        customer_id=message.customer_id or conversation.customer_id,
        last_incoming_at=max(message.sent_at, conversation.last_incoming_at or message.sent_at),
    )


def _phone(message: UmnicoMessage) -> str | None:
    """Only WhatsApp's logins are phones: a number elsewhere may be anything."""
    return phone_digits(message.sender_login) if message.channel is Channel.WHATSAPP else None


async def recognised(tx: Tx, conversation: Conversation, lead: LeadTold) -> Conversation:
    """With its client where exactly one fits, and with the booking and the branch it is likely about.

    The branch is the booking's, else that of the account the client wrote to, else the only one there is.
    """
    if conversation.client_id is None:
        matching = await conversations.matching_clients(tx, conversation)
        conversation = replace(conversation, client_id=matching[0] if len(matching) == 1 else None)
    booking = None
    if conversation.client_id is not None:
        booking = await conversations.booking_of(tx, conversation.client_id, now=lead.now)
    if booking is not None:
        conversation = replace(conversation, booking_id=booking["id"], branch=booking["branch"])
    if conversation.branch is None:
        ours = await branches.active(tx)
        named = lead.branches.get(conversation.sa_id) if conversation.sa_id is not None else None
        only = ours[0] if len(ours) == 1 else None
        conversation = replace(conversation, branch=named if named in ours else only)
    return conversation


async def held(tx: Tx, conversation: Conversation, now: datetime) -> tuple[Conversation, ConversationMoved | None]:
    """With a holder who still works; ``ConversationMoved`` when one was chosen now.

    None of both where nobody at all can be asked: the wait for an answer raises that alarm. A conversation of no
    known branch is of its holder's until a booking says otherwise, so that somebody is the head above them.
    """
    chain = await staff.chain_of(tx, conversation.branch, now)
    if any(person.id == conversation.holder_id for person in chain.people):
        return conversation, None
    chosen = chain.assign(
        await _responsible(tx, conversation), now=now, open_conversations=await conversations.open_counts(tx)
    )
    if isinstance(chosen, NobodyLeft):
        return replace(conversation, holder_id=None, held_since=None), None
    moved = ConversationMoved(
        conversation_id=conversation.id,
        to_person=chosen.person.id,
        from_person=conversation.holder_id,
        level=chosen.level,
        why=chosen.choice.value,
        skipped=tuple(int(level) for level in chosen.skipped),
    )
    branch = conversation.branch or chosen.person.branch
    return replace(conversation, holder_id=chosen.person.id, held_since=now, branch=branch), moved


async def _responsible(tx: Tx, conversation: Conversation) -> UUID | None:
    found = None
    if conversation.booking_id is not None:
        found = await conversations.responsible_of(tx, conversation.booking_id)
    return None if found is None else await staff.person_behind(tx, *found)

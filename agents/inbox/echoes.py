"""Echoes: what we sent comes back. It is never shown as somebody's words, and it proves that a piece arrived."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from db.queries import messages
from db.queries.messages import Message
from db.session import Tx
from integrations.umnico import UmnicoMessage, pieces

WRITTEN_BEFORE = timedelta(days=3)
"""So long ago a message may have been written whose echo has no id of ours."""


@dataclass(frozen=True, slots=True)
class Echo:
    """One of ours. ``message`` is our message where the echo tells something new about it."""

    message: Message | None = None
    is_sent_now: bool = False


async def echo_of(tx: Tx, conversation_id: UUID, told: UmnicoMessage, *, operator_id: int | None) -> Echo | None:
    """None for what somebody wrote in Umnico's own window."""
    if messages.is_ours(told.custom_id):
        piece = messages.piece_of(told.custom_id or "")
        found = None if piece is None else await messages.lock(tx, piece.message_id)
        if piece is None or found is None or found.conversation_id != conversation_id or found.sending is None:
            return Echo()
        is_of_these_words = found.sending.since <= piece.attempt <= found.sending.attempt
        return _arrived(found, piece.number, told.message_id) if is_of_these_words else Echo()
    known = await messages.by_umnico(tx, told.account_id, told.message_id)
    if known is not None:
        return Echo() if known.author in {"staff", "jarvis"} else None
    under_way = await messages.on_their_way(tx, conversation_id, since=told.sent_at - WRITTEN_BEFORE)
    return _without_our_id(under_way, told, operator_id)


def _without_our_id(under_way: Sequence[Message], told: UmnicoMessage, operator_id: int | None) -> Echo | None:
    """Umnico may bring back only its own id; of a piece whose answer was lost not even that is known, but its words."""
    if any(message.sending is not None and told.message_id in message.sending.umnico_ids for message in under_way):
        return Echo()
    if told.operator_id not in {None, operator_id}:
        return None
    for message in under_way:
        sending = message.sending
        if sending is not None and sending.is_in_doubt and told.text.strip() in pieces(message.client_words):
            return _arrived(message, sending.begun - 1, told.message_id)
    return None


def _arrived(message: Message, piece: int, umnico_id: str) -> Echo:
    """The piece reached the client, and so did those before it: they leave in their order."""
    sending = message.sending
    if sending is None or umnico_id in sending.umnico_ids:
        return Echo()
    sending = sending.arrived(piece, umnico_id)
    message = replace(message, sending=sending, umnico_id=message.umnico_id or umnico_id)
    if sending.is_whole and message.delivery in {"pending", "unknown", "failed"}:
        return Echo(replace(message, delivery="sent", delivery_note=None), is_sent_now=True)
    return Echo(message)

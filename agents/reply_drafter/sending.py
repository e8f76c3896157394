"""A draft that leaves becomes a message like any other; its cards follow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from core.commands import NewCommand, send_to_client, show_draft
from core.events import Event
from core.ids import outside_id
from db.queries import conversations, drafts, messages
from db.queries.conversations import Conversation
from db.queries.drafts import Draft
from db.queries.messages import Message
from db.queries.people import Person
from db.session import Tx


async def send(
    tx: Tx, conversation: Conversation, draft: Draft, *, staff_language: str, person: Person | None, now: datetime
) -> NewCommand:
    """The message's id is the draft's own, so that a draft is one message however often it is decided.

    The author is whoever let it go; ``jarvis`` where nobody did. The conversation is locked.
    """
    message_id = outside_id("jarvis", "reply", str(draft.id))
    message = Message(
        id=message_id,
        conversation_id=conversation.id,
        account_id=conversation.account_id,
        custom_id=messages.custom_id_of(message_id),
        direction="outgoing",
        author="jarvis" if person is None else "staff",
        person_id=person.id if person else None,
        sent_at=now,
        original=draft.staff_text,
        language=staff_language,
        translation=draft.client_text,
        translated_to=draft.language,
        translation_state="done",
        delivery="pending",
    )
    await messages.store(tx, message)
    held = conversation
    if person is not None and conversation.holder_id is None:
        held = replace(conversation, holder_id=person.id, held_since=now)
    await conversations.store(tx, conversations.prolonged(held, now=now))
    return send_to_client(
        conversation.account_id,
        conversation.lead_id,
        conversation.id,
        message_id,
        draft.client_text,
        branch=conversation.branch,
    )


async def shown_again(
    tx: Tx, event: Event[Any], conversation: Conversation, draft_ids: Sequence[UUID]
) -> tuple[NewCommand, ...]:
    """Every card of these drafts says how it stands now."""
    return tuple(
        show_draft(chat_id, conversation.id, draft_id, event_id=event.id, branch=conversation.branch)
        for draft_id, chat_id in await drafts.shown_in(tx, draft_ids)
    )

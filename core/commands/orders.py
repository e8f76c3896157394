"""Orders that more than one agent gives, each with the key that makes it happen once."""

import hashlib
from datetime import datetime
from uuid import UUID

from core.commands.envelope import AskApproval, NewCommand, Priority
from core.commands.telegram import (
    SendMessage,
    ShowCarCard,
    ShowClientMessage,
    ShowConversationCard,
    ShowDraft,
    ShowInspection,
    ShowSending,
    chat_destination,
)
from core.commands.texts import Text
from core.commands.umnico import SendToClient, lead_destination
from core.roles import Role


def text_hash(text: str) -> str:
    """What a message that was ordered, or consented to, has to say when it leaves."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def send_to_client(
    account_id: int,
    lead_id: int,
    conversation_id: UUID,
    message_id: UUID,
    client_text: str,
    *,
    attempt: int = 0,
    branch: str | None = None,
    approval: AskApproval | None = None,
) -> NewCommand:
    """``attempt`` counts the times a person wanted it again: each is an effect of its own."""
    return NewCommand(
        body=SendToClient(
            conversation_id=conversation_id, message_id=message_id, text_hash=text_hash(client_text), attempt=attempt
        ),
        destination=lead_destination(account_id, lead_id),
        effect_key=f"client:{message_id}:{attempt}",
        priority=Priority.CLIENT,
        branch=branch,
        approval=approval,
    )


def consent_to_offer(
    conversation_id: UUID,
    client_text: str,
    *,
    staff_text: str,
    person_id: UUID | None,
    expires_at: datetime,
    branch: str | None = None,
) -> AskApproval:
    """What promises something to a client (``/offer``) leaves when a head of the branch consents to these words.

    Whoever wrote it does not consent to it themselves.
    """
    return AskApproval(
        role=Role.BRANCH_HEAD,
        shown={"action": "offer", "client_text": client_text, "staff_text": staff_text},
        expires_at=expires_at,
        branch=branch,
        beneficiary_id=person_id,
        subject=f"conversation:{conversation_id}",
    )


def show_client_message(
    chat_id: int, conversation_id: UUID, message_id: UUID, *, event_id: int, branch: str | None = None
) -> NewCommand:
    """Several wishes for one message are one wish: the newest state shows. First ones keep the order of messages."""
    return NewCommand(
        body=ShowClientMessage(chat_id=chat_id, conversation_id=conversation_id, message_id=message_id),
        destination=chat_destination(chat_id),
        effect_key=f"client-message:{chat_id}:{message_id}:{event_id}",
        priority=Priority.CLIENT,
        merge_key=f"client-message:{chat_id}:{message_id}",
        branch=branch,
    )


def show_sending(
    chat_id: int, conversation_id: UUID, message_id: UUID, *, event_id: int, branch: str | None = None
) -> NewCommand:
    """Under what staff wrote in ``chat_id``: what the client gets and how far it is."""
    return NewCommand(
        body=ShowSending(chat_id=chat_id, conversation_id=conversation_id, message_id=message_id),
        destination=chat_destination(chat_id),
        effect_key=f"sending:{chat_id}:{message_id}:{event_id}",
        priority=Priority.CLIENT,
        merge_key=f"sending:{chat_id}:{message_id}",
        branch=branch,
    )


def show_conversation_card(
    chat_id: int, conversation_id: UUID, *, event_id: int, branch: str | None = None
) -> NewCommand:
    return NewCommand(
        body=ShowConversationCard(chat_id=chat_id, conversation_id=conversation_id),
        destination=chat_destination(chat_id),
        effect_key=f"conversation-card:{chat_id}:{conversation_id}:{event_id}",
        priority=Priority.CARD,
        merge_key=f"conversation-card:{chat_id}:{conversation_id}",
        branch=branch,
    )


def show_car_card(
    chat_id: int, car_id: UUID, *, event_id: int, branch: str | None = None, not_before: datetime | None = None
) -> NewCommand:
    """Where the topics of clients stand that have to do with the car."""
    return NewCommand(
        body=ShowCarCard(chat_id=chat_id, car_id=car_id),
        destination=chat_destination(chat_id),
        effect_key=f"card:{event_id}:{chat_id}:{car_id}",
        priority=Priority.CARD,
        merge_key=f"card:{chat_id}:{car_id}",
        not_before=not_before,
        branch=branch,
    )


def show_inspection_card(
    chat_id: int, inspection_id: UUID, *, by: str, event_id: int, branch: str | None = None
) -> NewCommand:
    """``by``: the agent that wants it. Each shows the card after its own work; wishes that wait are one."""
    return NewCommand(
        body=ShowInspection(chat_id=chat_id, inspection_id=inspection_id),
        destination=chat_destination(chat_id),
        effect_key=f"inspection-card:{chat_id}:{inspection_id}:{by}:{event_id}",
        priority=Priority.CARD,
        merge_key=f"inspection-card:{chat_id}:{inspection_id}",
        branch=branch,
    )


def show_draft(
    chat_id: int, conversation_id: UUID, draft_id: UUID, *, event_id: int, branch: str | None = None
) -> NewCommand:
    return NewCommand(
        body=ShowDraft(chat_id=chat_id, conversation_id=conversation_id, draft_id=draft_id),
        destination=chat_destination(chat_id),
        effect_key=f"draft:{chat_id}:{draft_id}:{event_id}",
        priority=Priority.LINE,
        merge_key=f"draft:{chat_id}:{draft_id}",
        branch=branch,
    )


def tell_topic(
    chat_id: int, entity: str, text: Text, *, effect_key: str, reply_to: int | None = None, branch: str | None = None
) -> NewCommand:
    """A line in the topic of ``entity``, in the language of the chat."""
    return NewCommand(
        body=SendMessage(chat_id=chat_id, text=text, entity=entity, reply_to=reply_to),
        destination=chat_destination(chat_id),
        effect_key=effect_key,
        priority=Priority.CLIENT,
        branch=branch,
    )

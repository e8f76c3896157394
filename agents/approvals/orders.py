"""What people are shown and told about an approval, each order with the key that makes it happen once."""

from collections.abc import Sequence
from uuid import UUID

from core.commands import (
    NewCommand,
    Priority,
    SendMessage,
    SendToClient,
    ShowApproval,
    Text,
    chat_destination,
    show_sending,
    tell_topic,
)
from db.queries import approvals, client_places, messages, people
from db.queries.approvals import Approval
from db.session import Tx


def show(chat_id: int, approval: Approval, *, event_id: int) -> NewCommand:
    return NewCommand(
        body=ShowApproval(chat_id=chat_id, approval_id=approval.id),
        destination=chat_destination(chat_id),
        effect_key=f"approval-card:{chat_id}:{approval.id}:{event_id}",
        priority=Priority.ANSWER,
        merge_key=f"approval-card:{chat_id}:{approval.id}",
        branch=approval.branch,
    )


async def show_everywhere(tx: Tx, approval: Approval, *, event_id: int) -> tuple[NewCommand, ...]:
    chats = await approvals.card_chats(tx, approval.id)
    return tuple(show(chat_id, approval, event_id=event_id) for chat_id in chats)


async def tell_end(tx: Tx, approval: Approval, *, event_id: int) -> tuple[NewCommand, ...]:
    """Whoever asked hears it in private, the topic it is about hears it too, and nobody hears what cannot be seen."""
    text = ended_text(approval)
    told: list[NewCommand] = []
    asker = None if approval.beneficiary_id is None else await people.by_id(tx, approval.beneficiary_id)
    if asker is not None:
        told.append(say(asker.tg_user_id, text, asker.language, effect_key=f"approval-told:{approval.id}"))
    entity = approval.subject
    for chat_id in await _topics_of(tx, entity):
        key = f"approval-topic:{approval.id}:{chat_id}"
        told.append(tell_topic(chat_id, entity or "", text, effect_key=key, branch=approval.branch))
    told += await _show_sending(tx, approval, event_id=event_id)
    return tuple(told)


def ended_text(approval: Approval) -> Text:
    """What became of it, and of what; ``approval`` as it stands after the decision."""
    return Text(
        key="approval-ended",
        args={
            "state": approval.state,
            "by": approval.decider or "—",
            "action": approval.arguments.get("action", approval.kind),
        },
    )


def say(chat_id: int, text: Text, language: str, *, effect_key: str) -> NewCommand:
    return NewCommand(
        body=SendMessage(chat_id=chat_id, text=text, language=language),
        destination=chat_destination(chat_id),
        effect_key=effect_key,
        priority=Priority.ANSWER,
    )


async def _topics_of(tx: Tx, entity: str | None) -> Sequence[int]:
    kind, _, key = (entity or "").partition(":")
    if kind != "conversation":
        return ()
    return [place.chat_id for place in await client_places.read_by_staff(tx, UUID(key))]


async def _show_sending(tx: Tx, approval: Approval, *, event_id: int) -> tuple[NewCommand, ...]:
    """Under the words of staff that waited for it stands what became of them."""
    message_id = message_of(approval)
    message = None if message_id is None else await messages.find(tx, message_id)
    if message is None or message.chat_id is None:
        return ()
    order = show_sending(
        message.chat_id, message.conversation_id, message.id, event_id=event_id, branch=approval.branch
    )
    return (order,)


def message_of(approval: Approval) -> UUID | None:
    """The message to a client that waits for consent."""
    return UUID(approval.payload["message_id"]) if approval.kind == SendToClient.kind else None

"""Writes what was told of one lead: each message once, whoever told it first, and what follows from what is new."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agents.inbox import echoes, meeting
from agents.inbox.echoes import Echo
from agents.inbox.told import LeadTold, Told
from agents.spec import Outcome
from core.events import ClientWrote, ConversationEvent, ConversationMoved, MessageSent, NewEvent, OperatorWrote
from db.queries import conversations, messages
from db.queries.conversations import Conversation
from db.queries.messages import Message
from db.session import Tx
from integrations.umnico import UmnicoMessage


@dataclass(slots=True)
class _Filed:
    """What became of the messages of a lead, in their order."""

    rows: list[Message] = field(default_factory=list[Message])
    fresh: list[UmnicoMessage] = field(default_factory=list[UmnicoMessage])
    news: list[ConversationEvent] = field(default_factory=list[ConversationEvent])
    echoes: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.rows and not self.news

    @property
    def note(self) -> str:
        return f"{len(self.fresh)} new, {len(self.rows) - len(self.fresh)} edited, {self.echoes} echoes of ours"


async def file(tx: Tx, told: LeadTold) -> Outcome:
    conversation_id = conversations.id_of(told.account_id, told.lead_id)
    stored = await conversations.lock(tx, conversation_id)
    conversation = stored or Conversation(
        id=conversation_id, account_id=told.account_id, lead_id=told.lead_id, channel="other"
    )
    filed = _Filed()
    for one in told.told:
        await _file_one(tx, conversation, one, filed, told)
    if filed.is_empty:
        return Outcome(note=filed.note)
    conversation, moved = await _brought_up(tx, conversation, filed, told)
    await conversations.store(tx, conversation)
    for row in filed.rows:
        await messages.store(tx, row)
    return Outcome(events=tuple(_events(conversation, moved, filed, told)), note=filed.note)


async def _file_one(tx: Tx, conversation: Conversation, one: Told, filed: _Filed, lead: LeadTold) -> None:
    message = one.message
    if message.direction == "outgoing":
        echo = await echoes.echo_of(tx, conversation.id, message, operator_id=lead.operator_id)
        if echo is not None:
            await _note_echo(tx, conversation, echo, filed)
            return
    known = await messages.by_umnico(tx, message.account_id, message.message_id)
    if known is None:
        row = _row(conversation, one)
        filed.rows.append(row)
        filed.fresh.append(message)
        if one.is_news:
            filed.news.append(_wrote(row))
    elif known.conversation_id == conversation.id and known.original != message.text:
        edited = _edited(known, message, lead)
        filed.rows.append(edited)
        if one.is_news and edited.direction == "incoming":
            filed.news.append(ClientWrote(conversation_id=conversation.id, message_id=edited.id, is_edit=True))


async def _note_echo(tx: Tx, conversation: Conversation, echo: Echo, filed: _Filed) -> None:
    """Written at once: the next echo may be of another piece of the same message."""
    filed.echoes += 1
    if echo.message is not None:
        await messages.store(tx, echo.message)
    if echo.message is not None and echo.is_sent_now:
        filed.news.append(MessageSent(conversation_id=conversation.id, message_id=echo.message.id))


def _row(conversation: Conversation, one: Told) -> Message:
    message = one.message
    is_incoming = message.direction == "incoming"
    return Message(
        id=messages.id_of_incoming(message.account_id, message.message_id),
        conversation_id=conversation.id,
        account_id=message.account_id,
        umnico_id=message.message_id,
        direction=message.direction,
        author="client" if is_incoming else "operator",
        operator_id=message.operator_id,
        sent_at=message.sent_at,
        original=message.text,
        attachments=one.attachments,
        delivery="received" if is_incoming else "sent",
    )


def _edited(known: Message, message: UmnicoMessage, lead: LeadTold) -> Message:
    """The translation was one of the words before."""
    return replace(
        known,
        original=message.text,
        language=None,
        translation=None,
        translated_to=None,
        translation_state="none",
        translation_note=None,
        edited_at=lead.now,
    )


def _wrote(row: Message) -> ConversationEvent:
    kind = ClientWrote if row.direction == "incoming" else OperatorWrote
    return kind(conversation_id=row.conversation_id, message_id=row.id)


async def _brought_up(
    tx: Tx, conversation: Conversation, filed: _Filed, lead: LeadTold
) -> tuple[Conversation, ConversationMoved | None]:
    """The conversation after what was filed; only the client's own news opens it again and calls somebody."""
    conversation = meeting.introduced(conversation, [one for one in filed.fresh if one.direction == "incoming"])
    answers = [one.sent_at for one in filed.fresh if one.direction == "outgoing"]
    known = [] if conversation.last_outgoing_at is None else [conversation.last_outgoing_at]
    conversation = replace(conversation, last_outgoing_at=max([*answers, *known], default=None))
    if filed.news:
        conversation = conversations.prolonged(conversation, now=lead.now)
    if not any(isinstance(event, ClientWrote) for event in filed.news):
        return conversation, None
    conversation = await meeting.recognised(tx, replace(conversation, state="open"), lead)
    return await meeting.held(tx, conversation, lead.now)


def _events(
    conversation: Conversation, moved: ConversationMoved | None, filed: _Filed, lead: LeadTold
) -> Sequence[NewEvent[Any]]:
    written_at = {row.id: row.sent_at for row in filed.rows}
    news = [
        NewEvent(
            body=body,
            subject=conversation.entity,
            trust=conversation.trust if isinstance(body, ClientWrote) else "outside",
            branch=conversation.branch,
            occurred_at=written_at.get(body.message_id, lead.now),
        )
        for body in filed.news
    ]
    if moved is None:
        return news
    return [NewEvent(body=moved, subject=conversation.entity, branch=conversation.branch), *news]

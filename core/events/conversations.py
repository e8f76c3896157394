"""What clients and staff say to each other, and what staff decide about a conversation."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from core.events.envelope import EventBody

Steer = Literal["take", "assign", "close", "reopen", "consult", "consult_end", "prolong", "link_client"]
DraftChoice = Literal["send", "edit", "discard"]
MoveReason = Literal["responsible", "shift", "above", "silent", "absent"]
GroupPurpose = Literal["personal_group", "task_group"]


class UmnicoDelivered(EventBody):
    """A readable webhook of Umnico; its content is parsed again from the raw bytes, so a parser's fix helps replays."""

    kind: ClassVar[str] = "umnico.delivered"
    account_id: int
    lead_id: int | None
    """None for what is about no lead: a customer, one of our own channels."""
    event_type: str
    message_id: str | None = None


class InboxDue(EventBody):
    """Tick: look whether our webhook is switched on, and whether the inbox holds what no webhook told."""

    kind: ClassVar[str] = "inbox.due"


class LeadBehind(EventBody):
    """The inbox shows a newer message of a lead than we have: read its history."""

    kind: ClassVar[str] = "lead.behind"
    account_id: int
    lead_id: int


class ConversationEvent(EventBody):
    conversation_id: UUID
    message_id: UUID


class ClientWrote(ConversationEvent):
    """A client's message is stored with what came with it. ``is_edit``: its text was changed afterwards."""

    kind: ClassVar[str] = "umnico.message.incoming"
    is_edit: bool = False


class MessageSent(ConversationEvent):
    """A message of ours left for the client."""

    kind: ClassVar[str] = "umnico.message.sent"


class OperatorWrote(ConversationEvent):
    """Somebody wrote to the client in Umnico's own window."""

    kind: ClassVar[str] = "operator.wrote"


class MessageTranslated(ConversationEvent):
    """The translation of a client's message came late: the message in the topic is stale."""

    kind: ClassVar[str] = "message.translated"


class MessageNotSent(ConversationEvent):
    """Umnico refused it, or its answer was lost; ``is_unknown``: it may have left all the same."""

    kind: ClassVar[str] = "umnico.message.not_sent"
    why: str
    is_unknown: bool = False


class KeptFile(BaseModel):
    """A file that came with words of staff, safe in storage."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    storage_key: str
    media_kind: str
    name: str | None = None
    mime: str | None = None
    size: int | None = None


class StaffWrote(EventBody):
    """Words of staff in a topic or to the bot. What came with a file is told once the file is safe."""

    kind: ClassVar[str] = "telegram.message.employee"
    chat_id: int
    thread_id: int | None
    message_id: int
    reply_to: int | None = None
    person_id: UUID
    tg_user_id: int
    text: str
    file: KeptFile | None = None
    entity: str | None = None
    """What the topic is about: ``car:…``; None in a private chat."""
    is_edit: bool = False


class StaffAnswered(StaffWrote):
    """Words of staff in a client's topic: for the client, unless the conversation is in consult mode.

    ``needs_approval``: they promise something, and a head has to consent before they leave (``/offer``).
    """

    kind: ClassVar[str] = "conversation.answered"
    conversation_id: UUID
    needs_approval: bool = False


class ConversationSteered(EventBody):
    """A member of staff took, handed over, closed, reopened or silenced a conversation."""

    kind: ClassVar[str] = "conversation.steered"
    conversation_id: UUID
    act: Steer
    person_id: UUID
    to_person: UUID | None = None
    client_id: UUID | None = None


class ConversationMoved(EventBody):
    """The conversation has a new holder, and why; the row tells it already.

    ``why``: ``responsible``, ``shift`` or ``above`` for the first holder, ``silent`` or ``absent`` for an escalation.
    ``level``: 0 employee, 1 branch head, 2 division head, 3 director; ``skipped`` could not be asked, the turn of
    ``missed`` went by while Jarvis was down.
    """

    kind: ClassVar[str] = "conversation.moved"
    conversation_id: UUID
    to_person: UUID
    from_person: UUID | None = None
    level: int = 0
    why: MoveReason
    waited_minutes: int = 0
    skipped: tuple[int, ...] = ()
    missed: tuple[int, ...] = ()


class PersonalGroupBound(EventBody):
    """``/bind me``, ``/bind tasks``: this forum is now a person's own. Rights were checked by the bot just before."""

    kind: ClassVar[str] = "group.bound"
    chat_id: int
    title: str
    person_id: UUID
    purpose: GroupPurpose = "personal_group"


class TranslationsDue(EventBody):
    """Tick: translations that wait for a model."""

    kind: ClassVar[str] = "translations.due"


class TranslationWanted(ConversationEvent):
    """A message still stands in the topic without its translation."""

    kind: ClassVar[str] = "translation.wanted"


class SendConfirmed(ConversationEvent):
    """A member of staff has seen what is about to leave, and lets it go or takes it back.

    ``as_written``: what they wrote goes out itself, without a translation.
    """

    kind: ClassVar[str] = "message.confirmed"
    is_let_go: bool
    as_written: bool = False


class SendRetried(ConversationEvent):
    kind: ClassVar[str] = "message.retried"


class DraftDecided(EventBody):
    kind: ClassVar[str] = "draft.decided"
    draft_id: UUID
    conversation_id: UUID
    choice: DraftChoice
    person_id: UUID | None = None

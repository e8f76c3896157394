"""What clients and staff say to each other, and what staff decide about a conversation."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from core.events.envelope import EventBody

Steer = Literal["take", "assign", "close", "reopen", "consult", "consult_end", "prolong", "link_client"]
DraftChoice = Literal["send", "edit", "discard"]


class UmnicoDelivered(EventBody):
    """A readable webhook of Umnico; its content is parsed again from the raw bytes, so a parser's fix helps replays."""

    kind: ClassVar[str] = "umnico.delivered"
    account_id: int
    lead_id: int
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
    """A message left for the client, sent by us or from Umnico's own window."""

    kind: ClassVar[str] = "umnico.message.sent"


class MessageNotSent(ConversationEvent):
    """Umnico refused it, or its answer was lost; ``is_unknown``: it may have left all the same."""

    kind: ClassVar[str] = "umnico.message.not_sent"
    why: str
    is_unknown: bool = False


class StaffFile(BaseModel):
    """A file that came with words of staff, as Telegram names it."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    file_id: str
    file_unique_id: str
    media_kind: str
    file_name: str | None = None
    mime_type: str | None = None
    size: int | None = None


class StaffWrote(EventBody):
    """Words of staff in a topic or to the bot. ``conversation_id`` is set where the topic is a client's."""

    kind: ClassVar[str] = "telegram.message.employee"
    chat_id: int
    thread_id: int | None
    message_id: int
    media_group_id: str | None = None
    reply_to: int | None = None
    person_id: UUID
    tg_user_id: int
    text: str
    file: StaffFile | None = None
    conversation_id: UUID | None = None
    entity: str | None = None
    """What the topic is about: ``car:…``, ``conversation:…``; None elsewhere."""
    is_edit: bool = False


class ConversationSteered(EventBody):
    """A member of staff took, handed over, closed, reopened or silenced a conversation."""

    kind: ClassVar[str] = "conversation.steered"
    conversation_id: UUID
    act: Steer
    person_id: UUID
    to_person: UUID | None = None
    client_id: UUID | None = None


class PersonalGroupBound(EventBody):
    """``/bind me``: this forum is now a person's own. Rights were checked by the bot just before."""

    kind: ClassVar[str] = "group.bound"
    chat_id: int
    title: str
    person_id: UUID


class TranslationsDue(EventBody):
    """Tick: translations that wait for a model."""

    kind: ClassVar[str] = "translations.due"


class TranslationWanted(ConversationEvent):
    """A message still stands in the topic without its translation."""

    kind: ClassVar[str] = "translation.wanted"


class SendConfirmed(ConversationEvent):
    """A member of staff has seen the translation that is about to leave, and lets it go or takes it back."""

    kind: ClassVar[str] = "message.confirmed"
    is_let_go: bool


class SendRetried(ConversationEvent):
    kind: ClassVar[str] = "message.retried"


class DraftDecided(EventBody):
    kind: ClassVar[str] = "draft.decided"
    draft_id: UUID
    conversation_id: UUID
    choice: DraftChoice
    person_id: UUID | None = None

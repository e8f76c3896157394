"""Conversations with clients: who talks, what was said in both languages, where it is shown, and drafts of answers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.metadata import Created, Model


class ConversationRow(Model):
    """One lead of Umnico. ``holder_id`` has the human lease: the one person who owes the client an answer.

    ``client_id`` is matched by phone or social id, never by name; one that a person chose (``is_client_chosen``) is
    never changed by itself again.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("account_id", "lead_id"),
        CheckConstraint("channel IN ('whatsapp','telegram','instagram','other')", name="channel"),
        CheckConstraint("state IN ('open','closed')", name="state"),
        Index("ix_conversations_client_id", "client_id"),
        Index("ix_conversations_booking_id", "booking_id", postgresql_where=text("booking_id IS NOT NULL")),
        Index("ix_conversations_holder_id", "holder_id", postgresql_where=text("state = 'open'")),
        Index("ix_conversations_phone", "phone", postgresql_where=text("phone IS NOT NULL")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[int]
    lead_id: Mapped[int]
    channel: Mapped[str]
    channel_raw: Mapped[str | None]
    sa_id: Mapped[int | None]
    source_real_id: Mapped[str | None]
    """Of the last incoming message: a lead may have several channels, and the answer takes that one."""
    contact_name: Mapped[str | None]
    login: Mapped[str | None]
    phone: Mapped[str | None]
    """Digits with the country's code."""
    social_id: Mapped[str | None]
    customer_id: Mapped[int | None]
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("clients.id"))
    is_client_chosen: Mapped[bool] = mapped_column(server_default="false")
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id"))
    branch: Mapped[str | None] = mapped_column(ForeignKey("branches.code"))
    language: Mapped[str | None]
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    held_since: Mapped[datetime | None]
    is_consult: Mapped[bool] = mapped_column(server_default="false")
    """While it is true nothing that staff write in the topic leaves the company."""
    state: Mapped[str] = mapped_column(server_default="open")
    session_expires_at: Mapped[datetime | None]
    last_incoming_at: Mapped[datetime | None]
    last_outgoing_at: Mapped[datetime | None]
    created_at: Mapped[Created]
    updated_at: Mapped[Created]


class ConversationPlaceRow(Model):
    """A personal group in which the conversation has a topic; an escalation adds the next person's."""

    __tablename__ = "conversation_places"
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    chat_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    since: Mapped[Created]


class MessageRow(Model):
    """One message in either direction, keyed by Umnico's id and, where we sent it, by the id that we gave it.

    ``delivery``: of an incoming one received or shown; of an outgoing one held (a person must confirm), pending, sent,
    failed or unknown. ``translation_state``: none (needs none), waiting (the model is away), done, held (something
    locked did not survive; ``translation_note`` says what).
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("account_id", "umnico_id"),
        UniqueConstraint("custom_id"),
        CheckConstraint("direction IN ('incoming','outgoing')", name="direction"),
        CheckConstraint("author IN ('client','staff','operator','jarvis')", name="author"),
        CheckConstraint("translation_state IN ('none','waiting','done','held')", name="translation_state"),
        CheckConstraint("delivery IN ('received','shown','held','pending','sent','failed','unknown')", name="delivery"),
        Index("ix_messages_conversation_id_sent_at", "conversation_id", "sent_at"),
        Index("ix_messages_sent_at", "sent_at"),
        Index("ix_messages_waiting", "sent_at", postgresql_where=text("translation_state = 'waiting'")),
        Index("ix_messages_telegram", "chat_id", "message_id", postgresql_where=text("message_id IS NOT NULL")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"))
    account_id: Mapped[int]
    umnico_id: Mapped[str | None]
    custom_id: Mapped[str | None]
    direction: Mapped[str]
    author: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    operator_id: Mapped[int | None]
    sent_at: Mapped[datetime]
    original: Mapped[str]
    language: Mapped[str | None]
    translation: Mapped[str | None]
    translated_to: Mapped[str | None]
    translation_state: Mapped[str] = mapped_column(server_default="none")
    translation_note: Mapped[str | None]
    transcript: Mapped[str | None]
    confidence: Mapped[float | None]
    """Of the transcript, from 0 to 1."""
    attachments: Mapped[list[Any]] = mapped_column(server_default="[]")
    """Each: kind, name, mime, size, storage_key, state (stored, lost), why."""
    delivery: Mapped[str]
    delivery_note: Mapped[str | None]
    """Why it did not leave: a word, which the texts explain, and after a colon what Umnico said."""
    sending: Mapped[dict[str, Any] | None]
    """How far it is on its way: the pieces begun and sent, with what words and by which source (db/queries)."""
    needs_approval: Mapped[bool] = mapped_column(server_default="false")
    """It promises something: each time it is sent, a head has to consent to its words of then."""
    chat_id: Mapped[int | None]
    message_id: Mapped[int | None]
    """Where a member of staff wrote it."""
    edited_at: Mapped[datetime | None]
    created_at: Mapped[Created]


class TranscriptRow(Model):
    """What was said in a recording, whoever sent it: a recording is read once, its words are kept."""

    __tablename__ = "transcripts"
    storage_key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    confidence: Mapped[float | None]
    language: Mapped[str | None]
    seconds: Mapped[float | None]
    created_at: Mapped[Created]


class DraftRow(Model):
    """An answer that Jarvis proposes. ``held``: a number in it equals no value of a tool, and ``why_held`` says so."""

    __tablename__ = "drafts"
    __table_args__ = (
        CheckConstraint("state IN ('open','held','sent','edited','discarded','outdated')", name="state"),
        Index("ix_drafts_conversation_id", "conversation_id", "created_at"),
        Index("ix_drafts_question_id", "question_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id"))
    staff_text: Mapped[str]
    client_text: Mapped[str]
    language: Mapped[str]
    facts: Mapped[list[Any]] = mapped_column(server_default="[]")
    """What the tools answered: every number of the draft is one of these."""
    state: Mapped[str]
    why_held: Mapped[str | None]
    is_shadow: Mapped[bool] = mapped_column(server_default="false")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[Created]


class GlossaryRow(Model):
    """How the company says it: a term of staff and its one translation into a language."""

    __tablename__ = "glossary"
    term: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    translation: Mapped[str]


class SlangRow(Model):
    """A word of staff and what it means, for whoever reads their messages."""

    __tablename__ = "slang"
    word: Mapped[str] = mapped_column(primary_key=True)
    meaning: Mapped[str]


class ModelAccountRow(Model):
    """What models cost on a day, for one agent, branch or object; budgets are compared with it before a question."""

    __tablename__ = "model_accounts"
    scope: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    requests: Mapped[int] = mapped_column(server_default="0")
    tokens: Mapped[int] = mapped_column(server_default="0")
    usd: Mapped[Decimal] = mapped_column(Numeric(14, 6), server_default="0")


class ModelReservationRow(Model):
    """The worst case of a question that is being asked; one that nobody settled, its process died, counts in full."""

    __tablename__ = "model_reservations"
    __table_args__ = (Index("ix_model_reservations_account", "scope", "key", "day"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    day: Mapped[date]
    requests: Mapped[int]
    tokens: Mapped[int]
    usd: Mapped[Decimal] = mapped_column(Numeric(14, 6))
    until: Mapped[datetime]

"""What the bot must remember of Telegram: chats, topics with versions, messages it edits, buttons, stored media."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.metadata import Created, EmptyObject, Model


class ChatRow(Model):
    """A chat the bot knows.

    ``purpose``: private, branch_forum, personal_group and task_group (of ``person_id``), headquarters, alerts, archive,
    unbound.
    """

    __tablename__ = "chats"
    __table_args__ = (
        Index("uq_chats_branch_forum", "branch", unique=True, postgresql_where=text("purpose = 'branch_forum'")),
        Index("uq_chats_personal_group", "person_id", unique=True, postgresql_where=text("purpose = 'personal_group'")),
        Index("uq_chats_task_group", "person_id", unique=True, postgresql_where=text("purpose = 'task_group'")),
    )
    chat_id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    title: Mapped[str]
    branch: Mapped[str | None] = mapped_column(ForeignKey("branches.code"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    is_forum: Mapped[bool] = mapped_column(server_default="false")
    is_member: Mapped[bool] = mapped_column(server_default="true")
    language: Mapped[str | None]
    missing_rights: Mapped[list[Any]] = mapped_column(server_default="[]")
    bound_by: Mapped[str | None]
    created_at: Mapped[Created]
    updated_at: Mapped[Created]


class TopicRow(Model):
    """The registry is the only list of topics there is: Telegram has no method that lists them.

    At most one version of (chat, entity) is not dead. ``entity`` is ``car:<id>`` or ``conversation:<id>``.
    """

    __tablename__ = "topics"
    __table_args__ = (
        UniqueConstraint("chat_id", "entity", "version"),
        CheckConstraint("state IN ('intended','live','dead')", name="state"),
        Index("uq_topics_alive", "chat_id", "entity", unique=True, postgresql_where=text("state <> 'dead'")),
        Index("ix_topics_thread", "chat_id", "thread_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    chat_id: Mapped[int]
    entity: Mapped[str]
    version: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str]
    thread_id: Mapped[int | None]
    name: Mapped[str]
    icon_color: Mapped[int | None]
    is_closed: Mapped[bool] = mapped_column(server_default="false")
    intended_at: Mapped[Created]
    live_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    dead_reason: Mapped[str | None]


class PostRow(Model):
    """A message of ours that will be edited, unpinned or deleted later, by what it is for."""

    __tablename__ = "posts"
    __table_args__ = (UniqueConstraint("chat_id", "entity", "purpose"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    chat_id: Mapped[int]
    entity: Mapped[str]
    purpose: Mapped[str]
    thread_id: Mapped[int | None]
    message_id: Mapped[int]
    content_hash: Mapped[str]
    is_pinned: Mapped[bool] = mapped_column(server_default="false")
    updated_at: Mapped[Created]


class ButtonRow(Model):
    """The row behind an inline button's opaque token; a press turns it into an event, once."""

    __tablename__ = "buttons"
    token: Mapped[str] = mapped_column(primary_key=True)
    group_key: Mapped[str] = mapped_column(index=True)
    """Buttons of one question share it: one press uses all of them."""
    chat_id: Mapped[int]
    event_kind: Mapped[str]
    payload: Mapped[EmptyObject]
    subject: Mapped[str]
    min_role: Mapped[str]
    only_user: Mapped[int | None]
    branch: Mapped[str | None]
    created_at: Mapped[Created]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None]


class MediaRow(Model):
    """A file people posted, safe in storage. The name people gave it is data, never a path."""

    __tablename__ = "media"
    __table_args__ = (UniqueConstraint("chat_id", "message_id", "file_unique_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    storage_key: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    media_kind: Mapped[str]
    mime_type: Mapped[str | None]
    file_name: Mapped[str | None]
    chat_id: Mapped[int]
    thread_id: Mapped[int | None]
    message_id: Mapped[int]
    media_group_id: Mapped[str | None]
    tg_user_id: Mapped[int]
    file_id: Mapped[str]
    file_unique_id: Mapped[str]
    entity: Mapped[str | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[datetime | None]
    stored_at: Mapped[Created]


class TelegramUpdateRow(Model):
    """An update in hand or done with: its tries are counted before the work, so that one that kills us ends too."""

    __tablename__ = "telegram_updates"
    __table_args__ = (Index("ix_telegram_updates_taken_at", "taken_at"),)
    bot_id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(primary_key=True)
    content_hash: Mapped[str]
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    taken_at: Mapped[Created]
    settled_at: Mapped[datetime | None]

"""What somebody owes: tasks, and waits that climb the chain of people until someone owns them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.metadata import Created, Model


class WaitRow(Model):
    """An answer that is owed: to a client, to a task, to an approval. At most one is open for a subject.

    ``level`` is the step of the chain that was taken last; ``next_at`` is when to look again, null while the other side
    has the word. ``told`` lists the steps that were taken: each is taken once.
    """

    __tablename__ = "waits"
    __table_args__ = (
        CheckConstraint("kind IN ('conversation','task','approval','inspection','review')", name="kind"),
        Index("uq_waits_open", "subject", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_waits_next_at", "next_at", postgresql_where=text("ended_at IS NULL")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    branch: Mapped[str | None]
    since: Mapped[datetime]
    level: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    next_at: Mapped[datetime | None]
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    told: Mapped[list[Any]] = mapped_column(server_default="[]")
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]


class AbsenceRow(Model):
    """When a person is not there; whoever is absent is skipped upward, never dropped."""

    __tablename__ = "absences"
    __table_args__ = (Index("ix_absences_person_id", "person_id", "until_at"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    told_by: Mapped[str]


class TaskRow(Model):
    """A task (business rules, section 14). Telegram's numbers are posts, not columns."""

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("status IN ('todo','in_progress','blocked','done','cancelled')", name="status"),
        CheckConstraint("priority IN ('low','normal','high','urgent')", name="priority"),
        CheckConstraint("source IN ('jarvis','agent','rentprog','rentprog_history','human')", name="source"),
        CheckConstraint("nature IN ('breakdown','incident','question','task','other')", name="nature"),
        Index("ix_tasks_assignee_id", "assignee_id", postgresql_where=text("status NOT IN ('done','cancelled')")),
        Index("ix_tasks_due_at", "due_at", postgresql_where=text("status NOT IN ('done','cancelled')")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Identity(always=True), unique=True)
    """How people call it."""
    title: Mapped[str]
    details: Mapped[str | None]
    nature: Mapped[str] = mapped_column(server_default="task")
    part: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="todo")
    priority: Mapped[str] = mapped_column(server_default="normal")
    source: Mapped[str]
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    branch: Mapped[str | None] = mapped_column(ForeignKey("branches.code"))
    due_at: Mapped[datetime | None]
    snooze_until: Mapped[datetime | None]
    created_by: Mapped[str]
    created_at: Mapped[Created]
    closed_at: Mapped[datetime | None]


class TaskLinkRow(Model):
    """What a task is about: ``car:…``, ``booking:…``, ``client:…``, ``conversation:…``; none means personal."""

    __tablename__ = "task_links"
    __table_args__ = (Index("ix_task_links_subject", "subject"),)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)


class TaskChangeRow(Model):
    """Append-only: who changed what of a task."""

    __tablename__ = "task_changes"
    __table_args__ = (Index("ix_task_changes_task_id", "task_id", "id"),)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    at: Mapped[Created]
    actor: Mapped[str]
    field: Mapped[str]
    old: Mapped[str | None]
    new: Mapped[str | None]

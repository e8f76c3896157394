"""Events, runs, commands and what stands beside them: the tables that carry the work (design section 4)."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.metadata import Created, EmptyObject, Model

UNFINISHED_RUN = "state IN ('queued', 'running', 'waiting')"
HEAD_RUN = "state IN ('queued', 'running')"


class EventRow(Model):
    """Append-only. ``content_hash`` finds repeats of deliveries that carry no id of their own."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_events_subject_id", "subject", "id"),
        Index("ix_events_kind_id", "kind", "id"),
        Index(
            "ix_events_content_hash_received_at",
            "content_hash",
            "received_at",
            postgresql_where=text("content_hash IS NOT NULL"),
        ),
        Index("ix_events_caused_by", "caused_by", postgresql_where=text("caused_by IS NOT NULL")),
    )
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    source: Mapped[str]
    external_id: Mapped[str]
    payload: Mapped[dict[str, Any]]
    raw: Mapped[bytes | None]
    headers: Mapped[dict[str, Any] | None]
    content_hash: Mapped[str | None]
    trust: Mapped[str]
    branch: Mapped[str | None]
    occurred_at: Mapped[datetime]
    received_at: Mapped[Created]
    caused_by: Mapped[int | None]


class RunRow(Model):
    """One agent's work on one event.

    ``queued`` and ``running`` are the head of the line of (agent, subject); the unique index makes a second head
    impossible. ``waiting`` stands behind an older run of the line or an earlier stage of its event.
    """

    __tablename__ = "runs"
    __table_args__ = (
        UniqueConstraint("event_id", "agent"),
        CheckConstraint("state IN ('queued','running','waiting','done','failed','dead')", name="state"),
        Index("uq_runs_head", "agent", "subject", unique=True, postgresql_where=text(HEAD_RUN)),
        Index("ix_runs_line", "agent", "subject", "event_id", postgresql_where=text(UNFINISHED_RUN)),
        Index("ix_runs_ready", "agent", "branch", "not_before", "id", postgresql_where=text("state = 'queued'")),
        Index("ix_runs_suspect", "id", postgresql_where=text("state = 'queued' AND crashes >= 2")),
        Index("ix_runs_lease", "lease_until", postgresql_where=text("state = 'running'")),
        Index("ix_runs_dead", "id", postgresql_where=text("state = 'dead'")),
    )
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    agent: Mapped[str]
    stage: Mapped[int] = mapped_column(SmallInteger)
    subject: Mapped[str]
    branch: Mapped[str] = mapped_column(server_default="")
    """Of its event, empty when it belongs to none: branches take turns at the workers."""
    state: Mapped[str]
    attempt: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    crashes: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """How often a worker died with it in hand."""
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    holder: Mapped[int | None]
    """The presence (db/presence.py) of the worker that has it; without it the run is free before its lease ends."""
    not_before: Mapped[Created]
    rung_at: Mapped[datetime | None]
    why: Mapped[str | None]
    model: Mapped[str | None]
    prompt_hash: Mapped[str | None]
    tools: Mapped[list[Any] | None]
    tokens_in: Mapped[int | None]
    tokens_out: Mapped[int | None]
    cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 6))
    queued_at: Mapped[Created]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None]


class BatchRow(Model):
    """The lease of one worker on many runs that need no thinking, for the moment between two commits.

    Written before the work, so that a worker's death is counted for each of its runs; the runs themselves are written
    once, when they are done.
    """

    __tablename__ = "batches"
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    holder: Mapped[int | None]
    taken_at: Mapped[Created]
    lease_until: Mapped[datetime]
    run_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


class CommandRow(Model):
    """Something to do outside, ordered once (``effect_key``) and done in order inside its ``destination``."""

    __tablename__ = "commands"
    __table_args__ = (
        UniqueConstraint("effect_key"),
        CheckConstraint(
            "state IN ('pending','sending','sent','unknown','dead','cancelled','awaiting_approval')", name="state"
        ),
        Index("uq_commands_merge", "merge_key", unique=True, postgresql_where=text("state = 'pending'")),
        Index("ix_commands_line", "destination", "priority", "id", postgresql_where=text("state = 'pending'")),
        Index(
            "ix_commands_open",
            "state",
            "id",
            postgresql_where=text("state IN ('sending', 'unknown', 'dead', 'awaiting_approval')"),
        ),
        Index("ix_commands_run_id", "run_id"),
        Index("ix_commands_answers", "event_id", postgresql_where=text("run_id IS NULL")),
    )
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    run_id: Mapped[int | None]
    event_id: Mapped[int | None]
    kind: Mapped[str]
    system: Mapped[str]
    destination: Mapped[str]
    priority: Mapped[int] = mapped_column(SmallInteger)
    payload: Mapped[dict[str, Any]]
    effect_key: Mapped[str]
    merge_key: Mapped[str | None]
    merged: Mapped[int] = mapped_column(server_default="0")
    branch: Mapped[str | None]
    state: Mapped[str]
    attempt: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    not_before: Mapped[Created]
    may_be_done: Mapped[bool] = mapped_column(server_default="false")
    """An answer was lost once: an earlier try may have reached the outside."""
    created_at: Mapped[Created]
    sent_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str | None]


class DestinationRow(Model):
    """The queue of one chat or account: who delivers it now, until when it is held, why it is parked."""

    __tablename__ = "destinations"
    destination: Mapped[str] = mapped_column(primary_key=True)
    system: Mapped[str]
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    served_at: Mapped[datetime | None]
    """When a deliverer last took it up: whoever was served longest ago goes first."""
    held_until: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]
    parked_reason: Mapped[str | None]


class PauseRow(Model):
    """An outside system or an agent that does nothing until a person resumes it."""

    __tablename__ = "pauses"
    scope: Mapped[str] = mapped_column(primary_key=True)
    """``system`` or ``agent``."""
    name: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    since: Mapped[Created]


class ApprovalRow(Model):
    """A person's consent, bound to the hash of a command's exact arguments and consumed once."""

    __tablename__ = "approvals"
    __table_args__ = (
        CheckConstraint("state IN ('asked','approved','refused','expired','consumed')", name="state"),
        Index("ix_approvals_state_expires_at", "state", "expires_at"),
        Index("uq_approvals_open", "command_id", unique=True, postgresql_where=text("state IN ('asked','approved')")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    command_id: Mapped[int] = mapped_column(ForeignKey("commands.id"))
    arguments_hash: Mapped[str]
    arguments: Mapped[EmptyObject]
    """As they were shown."""
    origin: Mapped[str | None]
    """The stranger's text that led to it, shown as such."""
    beneficiary_id: Mapped[UUID | None]
    """Whoever profits may not consent."""
    subject: Mapped[str | None]
    """Whose topic hears how it ended."""
    role: Mapped[str]
    person_id: Mapped[UUID | None]
    branch: Mapped[str | None]
    state: Mapped[str]
    asked_at: Mapped[Created]
    expires_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]


class AuditRow(Model):
    """Append-only chain: each hash covers the one before, so a removed or changed row shows."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[EmptyObject]
    run_id: Mapped[int | None]
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class ScheduleRow(Model):
    """A rule of the clock. Each slot becomes one event with the external id ``<name>@<slot in UTC>``."""

    __tablename__ = "schedules"
    __table_args__ = (CheckConstraint("catch_up IN ('skip','last','all')", name="catch_up"),)
    name: Mapped[str] = mapped_column(primary_key=True)
    cron: Mapped[str]
    timezone: Mapped[str]
    event_kind: Mapped[str]
    payload: Mapped[EmptyObject]
    subject: Mapped[str]
    branch: Mapped[str | None]
    catch_up: Mapped[str]
    is_enabled: Mapped[bool] = mapped_column(server_default="true")
    last_slot: Mapped[datetime | None]
    next_slot: Mapped[datetime]


class HeartbeatRow(Model):
    """The last proven progress of each process and role, for /readyz and ``jarvis status``."""

    __tablename__ = "heartbeats"
    process: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    details: Mapped[EmptyObject]

"""How the reconcile goes on: passes, the checkpoint of every page, and what could not be stored."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from db.models.metadata import Created, EmptyObject, Model


class SyncRunRow(Model):
    """One pass over one branch. Rows read = added + updated + unchanged + quarantined, for every list.

    ``previous_id``: the last pass of the branch that was finished when this one began.
    """

    __tablename__ = "sync_runs"
    __table_args__ = (Index("uq_sync_runs_open", "branch", unique=True, postgresql_where=text("finished_at IS NULL")),)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    branch: Mapped[str] = mapped_column(ForeignKey("branches.code"))
    is_first: Mapped[bool]
    previous_id: Mapped[int | None]
    started_at: Mapped[Created]
    heartbeat_at: Mapped[Created]
    finished_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(server_default="running")
    read: Mapped[int] = mapped_column(server_default="0")
    added: Mapped[int] = mapped_column(server_default="0")
    updated: Mapped[int] = mapped_column(server_default="0")
    unchanged: Mapped[int] = mapped_column(server_default="0")
    quarantined: Mapped[int] = mapped_column(server_default="0")
    vanished: Mapped[int] = mapped_column(server_default="0")
    drift: Mapped[list[Any]] = mapped_column(server_default="[]")
    error: Mapped[str | None]


class SyncPageRow(Model):
    """The checkpoint: a page that was read and stored, with the ids it held. ``listing`` is one of core/events.

    ``digest`` is that of the answer, ``rows_digest`` that of the fingerprints its rows then had (None: never skip it).
    """

    __tablename__ = "sync_pages"
    sync_id: Mapped[int] = mapped_column(ForeignKey("sync_runs.id", ondelete="CASCADE"), primary_key=True)
    listing: Mapped[str] = mapped_column(primary_key=True)
    page: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    is_last: Mapped[bool]
    ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    read: Mapped[int]
    added: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    quarantined: Mapped[int]
    digest: Mapped[str | None]
    rows_digest: Mapped[str | None]
    at: Mapped[Created]


class QuarantineRow(Model):
    """An outside record that was kept raw and not applied, with the reason; released by a replay."""

    __tablename__ = "quarantine"
    __table_args__ = (Index("ix_quarantine_open", "system", "at", postgresql_where=text("released_at IS NULL")),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    system: Mapped[str]
    branch: Mapped[str | None]
    entity: Mapped[str | None]
    external_id: Mapped[str | None]
    reason: Mapped[str]
    raw: Mapped[EmptyObject]
    event_id: Mapped[int | None]
    at: Mapped[Created]
    released_at: Mapped[datetime | None]

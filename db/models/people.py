"""Branches, people with roles and languages, RentProg's own staff numbers, and references to outside systems."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.metadata import Created, EmptyObject, Model


class BranchRow(Model):
    """A branch; the code is its name everywhere. The parent company is never a row."""

    __tablename__ = "branches"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    company_id: Mapped[int] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(server_default="ru")
    timezone: Mapped[str] = mapped_column(server_default="Asia/Tbilisi")
    is_active: Mapped[bool] = mapped_column(server_default="true")


class PersonRow(Model):
    """A member of staff. Nothing works for a person before ``approved_at``, nor after ``is_active`` ends."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("role IN ('employee','branch_head','division_head','director','admin')", name="role"),
        CheckConstraint("language IN ('ru','en','ka')", name="language"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    branch: Mapped[str | None] = mapped_column(ForeignKey("branches.code"))
    tg_user_id: Mapped[int] = mapped_column(unique=True)
    tg_username: Mapped[str | None]
    language: Mapped[str] = mapped_column(server_default="ru")
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[Created]


class AccessRequestRow(Model):
    """A stranger's ``/start`` that waits for a manager; the messages that ask are kept to be edited later."""

    __tablename__ = "access_requests"
    tg_user_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    username: Mapped[str | None]
    language: Mapped[str]
    state: Mapped[str]
    asked_at: Mapped[Created]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]


class RentprogStaffRow(Model):
    """A user of RentProg in one branch; the same number may exist in several branches with its own cash."""

    __tablename__ = "rentprog_staff"
    branch: Mapped[str] = mapped_column(ForeignKey("branches.code"), primary_key=True)
    rentprog_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_active: Mapped[bool] = mapped_column(server_default="true")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))


class ExternalRefRow(Model):
    """How an outside system names one of our rows. Every look-up names the entity type (database page, mistake 2)."""

    __tablename__ = "external_refs"
    __table_args__ = (UniqueConstraint("system", "entity_type", "external_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    entity_type: Mapped[str]
    entity_id: Mapped[UUID]
    system: Mapped[str]
    external_id: Mapped[str]
    branch: Mapped[str | None]
    data: Mapped[EmptyObject]
    created_at: Mapped[Created]


class AlarmRow(Model):
    """An alarm while it is open: repeats raise ``count`` instead of sending again; its end is said once."""

    __tablename__ = "alarms"
    key: Mapped[str] = mapped_column(primary_key=True)
    text_key: Mapped[str]
    args: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    told_count: Mapped[int] = mapped_column(server_default="0")
    count: Mapped[int]
    cleared_at: Mapped[datetime | None]

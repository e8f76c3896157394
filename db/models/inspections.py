"""Inspections: the form somebody fills, its photos with their proofs, what was read on them, damage and reports."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.metadata import Created, EmptyObject, Model


class InspectionRow(Model):
    """One look at one car: the form of ``person_id`` until it is submitted, then evidence.

    At most one is not finished for a car and occasion, and a person has at most one that is ``open`` (others rest as
    ``paused``). ``steps`` is the list of keys that was asked, frozen at the opening; ``position`` the step that is
    shown. ``before_id`` is the inspection that this one is compared with.
    """

    __tablename__ = "inspections"
    __table_args__ = (
        CheckConstraint("occasion IN ('hand_over','return')", name="occasion"),
        CheckConstraint("state IN ('open','paused','submitted','examined','reviewed','cancelled')", name="state"),
        Index(
            "uq_inspections_in_work",
            "car_id",
            "occasion",
            unique=True,
            postgresql_where=text("state IN ('open','paused')"),
        ),
        Index("uq_inspections_in_hand", "person_id", unique=True, postgresql_where=text("state = 'open'")),
        Index("ix_inspections_car_id", "car_id", "opened_at"),
        Index("ix_inspections_booking_id", "booking_id", "occasion"),
        Index("ix_inspections_state", "state", postgresql_where=text("state IN ('open','paused','submitted')")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Identity(always=True), unique=True)
    """How people call it."""
    car_id: Mapped[UUID] = mapped_column(ForeignKey("cars.id"))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id"))
    branch: Mapped[str | None] = mapped_column(ForeignKey("branches.code"))
    occasion: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="open")
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    planned_at: Mapped[datetime | None]
    steps: Mapped[list[Any]]
    position: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    notice: Mapped[dict[str, Any] | None]
    """What the form says above the step: why a photo has to be taken again. ``{key, args}`` of a text."""
    before_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspections.id"))
    mileage_km: Mapped[int | None]
    fuel_percent: Mapped[float | None]
    is_seen_by_machine: Mapped[bool | None]
    worst: Mapped[int | None] = mapped_column(SmallInteger)
    chain_hash: Mapped[str | None]
    """Of the last photo: the end of the chain over all originals."""
    opened_at: Mapped[Created]
    submitted_at: Mapped[datetime | None]
    examined_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    touched_at: Mapped[Created]


class InspectionPhotoRow(Model):
    """One picture as it came, and what was found out about it. Never changed after it was taken in but for ``state``.

    ``state``: ``accepted``, ``retake`` (asked for again), ``refused`` (no picture, another car), ``replaced`` (a better
    one came), ``extra`` (welcome, asked by no step). ``ordinal`` counts within the inspection; ``chain_hash`` is the
    SHA-256 over the chain so far and this photo's proof (agents/evidence/chain.py).
    """

    __tablename__ = "inspection_photos"
    __table_args__ = (
        UniqueConstraint("inspection_id", "ordinal"),
        UniqueConstraint("inspection_id", "chat_id", "message_id", "sha256"),
        CheckConstraint("state IN ('accepted','retake','refused','replaced','extra')", name="state"),
        Index("ix_inspection_photos_sha256", "sha256"),
        Index("ix_inspection_photos_phash64", "phash64"),
        Index("ix_inspection_photos_received_at", "received_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    step: Mapped[str | None]
    viewpoint: Mapped[str]
    state: Mapped[str]
    storage_key: Mapped[str]
    """The original, untouched."""
    working_key: Mapped[str | None]
    """Upright, stripped of EXIF, at most 2560 px: what is shown and looked at."""
    overlay_key: Mapped[str | None]
    pair_key: Mapped[str | None]
    before_photo_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspection_photos.id"))
    sha256: Mapped[str]
    phash64: Mapped[str | None]
    """16 hex digits."""
    phash256: Mapped[str | None]
    """64 hex digits."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    exif: Mapped[EmptyObject]
    verdict: Mapped[EmptyObject]
    """What the gates measured, and why it has to be taken again."""
    flags: Mapped[list[Any]] = mapped_column(server_default="[]")
    """Reused picture, odd EXIF, taken at another time: ``{flag, …}``."""
    seen: Mapped[EmptyObject]
    """What the detector found on it: ``{model, found: […]}``."""
    finding_id: Mapped[UUID | None]
    """A close-up belongs to this finding."""
    chat_id: Mapped[int]
    message_id: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    chain_hash: Mapped[str]


class InspectionAnswerRow(Model):
    """Append-only: what was answered or skipped at a step, by whom; the newest row of a step counts.

    ``source``: ``person``, or the agent whose proposal a person took over.
    """

    __tablename__ = "inspection_answers"
    __table_args__ = (Index("ix_inspection_answers_inspection_id", "inspection_id", "id"),)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    step: Mapped[str]
    value: Mapped[dict[str, Any] | None]
    """None: skipped, and ``skipped_why`` says why."""
    skipped_why: Mapped[str | None]
    source: Mapped[str] = mapped_column(server_default="person")
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[Created]


class ReadingRow(Model):
    """What a narrow agent proposes to know from a photo; one per inspection and topic, the newest photo wins."""

    __tablename__ = "readings"
    __table_args__ = (
        UniqueConstraint("inspection_id", "topic"),
        CheckConstraint("topic IN ('mileage','fuel','kit','wash','fluids','document')", name="topic"),
        CheckConstraint("verdict IN ('ok','problem','unclear')", name="verdict"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    topic: Mapped[str]
    verdict: Mapped[str]
    value: Mapped[EmptyObject]
    confidence: Mapped[float | None]
    why: Mapped[str | None]
    photo_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspection_photos.id"))
    at: Mapped[Created]


class FindingRow(Model):
    """One place that may be damage. What the machine said stays beside what the person decided.

    ``source``: ``model``, ``person``, ``second_opinion`` never alone. ``views``: the other photos that show it.
    """

    __tablename__ = "findings"
    __table_args__ = (
        UniqueConstraint("inspection_id", "ordinal"),
        CheckConstraint("source IN ('model','person')", name="source"),
        CheckConstraint("state IN ('proposed','new','known','not_damage','need_photo')", name="state"),
        Index("ix_findings_decided_at", "decided_at", postgresql_where=text("decided_at IS NOT NULL")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    photo_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspection_photos.id"))
    source: Mapped[str]
    model: Mapped[str | None]
    kind: Mapped[str]
    part: Mapped[str]
    severity: Mapped[int] = mapped_column(SmallInteger)
    cost_gel: Mapped[int | None]
    confidence: Mapped[float | None]
    box: Mapped[list[Any] | None]
    """Left, top, right, bottom, each 0 to 1 of the photo."""
    polygon: Mapped[list[Any]] = mapped_column(server_default="[]")
    views: Mapped[list[Any]] = mapped_column(server_default="[]")
    why: Mapped[str | None]
    """How it was compared: matched, not matched, could not be compared."""
    opinion: Mapped[dict[str, Any] | None]
    """Of a second model that saw the crop."""
    crop_key: Mapped[str | None]
    """Of the picture by which people decide: the whole photo with the place framed, and the place enlarged."""
    state: Mapped[str]
    decided_kind: Mapped[str | None]
    decided_part: Mapped[str | None]
    decided_severity: Mapped[int | None] = mapped_column(SmallInteger)
    decided_cost_gel: Mapped[int | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    damage_id: Mapped[UUID | None] = mapped_column(ForeignKey("damages.id"))
    created_at: Mapped[Created]


class DamageRow(Model):
    """A damage the car has, confirmed by a person; what is known is not proposed again."""

    __tablename__ = "damages"
    __table_args__ = (
        CheckConstraint("state IN ('open','repaired')", name="state"),
        Index("ix_damages_car_id", "car_id", postgresql_where=text("state = 'open'")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    car_id: Mapped[UUID] = mapped_column(ForeignKey("cars.id"))
    kind: Mapped[str]
    part: Mapped[str]
    severity: Mapped[int] = mapped_column(SmallInteger)
    cost_gel: Mapped[int | None]
    state: Mapped[str] = mapped_column(server_default="open")
    first_inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    first_photo_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspection_photos.id"))
    last_clean_photo_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspection_photos.id"))
    """The newest earlier photo of the same side, on which it was not seen."""
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id"))
    """Who had the car between the two."""
    confirmed_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[Created]
    repaired_at: Mapped[datetime | None]


class HoldRow(Model):
    """A car that should not be issued: proposed by Jarvis for severe damage, decided by a person.

    At most one is open for a car.
    """

    __tablename__ = "car_holds"
    __table_args__ = (
        CheckConstraint("state IN ('proposed','held','released')", name="state"),
        Index("uq_car_holds_open", "car_id", unique=True, postgresql_where=text("state IN ('proposed','held')")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    car_id: Mapped[UUID] = mapped_column(ForeignKey("cars.id"))
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    severity: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[Created]


class ReportRow(Model):
    """A report as it was made: HTML and PDF in storage, with the hash of each; a newer one never replaces it."""

    __tablename__ = "reports"
    __table_args__ = (Index("ix_reports_inspection_id", "inspection_id", "made_at"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    language: Mapped[str]
    html_key: Mapped[str]
    pdf_key: Mapped[str | None]
    """None where WeasyPrint's libraries are missing: said so in the topic."""
    chain_hash: Mapped[str | None]
    made_at: Mapped[Created]


class ReportWordsRow(Model):
    """Words of the report as a model translated them, in the order of their English originals: paid for once."""

    __tablename__ = "report_words"
    language: Mapped[str] = mapped_column(primary_key=True)
    source_hash: Mapped[str] = mapped_column(primary_key=True)
    """Of the English lines: where one changes, they are translated anew."""
    texts: Mapped[list[Any]]
    made_at: Mapped[Created]
